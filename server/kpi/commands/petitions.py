"""A person does not agree (Đ22)."""

from typing import Any, Literal

from server.storage.door import Command, handles
from server.storage.transaction import Transaction


class FilePetition(Command, tag="kpi.petition.file"):
    """About one's own closed sheet or published rating of a year. Answers ``{"id", "due"}``: seven working days from its receipt."""

    id: str
    about: Literal["sheet", "year"]
    subject: str
    text: str


class AnswerPetition(Command, tag="kpi.petition.answer"):
    """``upheld``: it was right; with ``reopen`` (the id of the new version) the period opens again for this person. Answers ``{"id"}``."""

    petition: str
    outcome: Literal["upheld", "rejected"]
    answer: str
    reopen: str | None = None


@handles(FilePetition)
async def file_petition(tx: Transaction, given: FilePetition) -> dict[str, Any]:
    """One open petition about one thing."""
    raise NotImplementedError


@handles(AnswerPetition)
async def answer_petition(tx: Transaction, given: AnswerPetition) -> dict[str, Any]:
    """By the rater of the sheet or by whoever decides for the centre; about a year by the latter."""
    raise NotImplementedError
