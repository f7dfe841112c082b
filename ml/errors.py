"""What may go wrong, as a sentence for a person. The caller keeps what he had."""


class BadLog(Exception):
    """A log cannot be used: a file, a column or its rows are not what the two tables want."""


class ModelRefused(Exception):
    """A model file does not match its card, or not what this code computes: the model in force stays in force."""


class NotEnough(Exception):
    """There is too little, or too little of one kind, to learn from."""
