"""How a command ends early."""


class Ending(Exception):
    """One sentence for the person at the terminal, and the number to end with."""

    def __init__(self, message: str, number: int = 1) -> None:
        self.number = number
        super().__init__(message)
