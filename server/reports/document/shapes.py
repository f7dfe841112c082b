"""The frame of the document, as plain values."""

from datetime import date
from typing import Literal

import msgspec

#: How the signer does it (Nghị định 30/2020): for the collective, in place of the head, on the head's order, by authorisation.
By = Literal["", "TM.", "KT.", "TL.", "TUQ."]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of the document by Nghị định 30/2020. What is not known yet stands on dots.

    ``number`` and ``symbol`` are the parts of "Số: 45/BC-TTPVHCC": ``number`` "45" (None: not numbered yet), ``symbol`` the abbreviation of
    who issues ("TTPVHCC"). ``authority`` is whose signature it is ("Giám đốc"), ``by`` how the signer gives it, ``position`` his own where
    he signs for another ("Phó Giám đốc"). ``recipients`` without "- " and ";"; the line "- Lưu: …" is made of ``archive``.
    """

    parent: str = ""
    agency: str = ""
    symbol: str = ""
    number: str | None = None
    place: str = ""
    day: date | None = None
    #: After "BÁO CÁO"; "": the usual one of the period.
    subject: str = ""
    by: By = ""
    authority: str = ""
    position: str = ""
    name: str = ""
    recipients: tuple[str, ...] = ()
    archive: str = "VT"
    #: It bears the mark "DỰ THẢO" until it is fixed.
    draft: bool = True
