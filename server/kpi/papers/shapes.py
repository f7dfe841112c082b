"""What stands on a paper, as plain values: amounts are integers in thousandths, days are dates, None or "" is not known yet.

A paper made of an empty struct is the blank form. ``fill.py`` makes these from sheets and scores; ``contexts.py`` turns them into the words
of a PDF, ``workbooks.py`` into cells.
"""

from datetime import date
from typing import Literal

import msgspec

from server.kpi.rules.lines import LineKind
from server.kpi.rules.ruleset import Band, LateBy, PeriodKind


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues: ``parent`` is the agency above (may be ""), ``place`` stands before the date ("Bắc Ninh")."""

    name: str = ""
    parent: str = ""
    place: str = ""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Under a signature block: the day that it was given, and the name."""

    name: str = ""
    day: date | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Họ và tên; chức vụ, chức danh; đơn vị công tác."""

    name: str = ""
    title: str = ""
    unit: str = ""


class When(msgspec.Struct, frozen=True, kw_only=True):
    """The period: a month, a quarter, or with no ``kind`` the whole year."""

    year: int
    kind: PeriodKind | None = None
    number: int = 0


class AnnexLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the handbook's tables (chapter VI), its columns 2 to 14.

    ``given`` is column 7, ``done`` 9, ``on_time`` 12, ``sound`` 14, in millionths of a standard product, 12 and 14 in hundred-millionths,
    as ``rules.lines.Parts`` has them. ``late`` and ``failed`` are what was counted against the line.
    """

    task: str
    product: str = ""
    due: date | None = None
    done_on: date | None = None
    kind: LineKind = "planned"
    k: int
    assigned: int
    accepted: int
    given: int
    done: int
    late: int = 0
    on_time: int = 0
    failed: int = 0
    sound: int = 0
    late_excused: bool = False
    failed_excused: bool = False


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """One of a, b, c, d, dd (đ), e, or of support staff quality, compliance, effect; in thousandths of a percent."""

    letter: str
    percent: int


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """How the points were made. ``general`` is what was confirmed for each criterion, ``reason`` why it differs from what the person gave;
    neither is shown while the sheet's ``general`` is None.

    ``given``, ``amount``, ``progress``, ``quality`` are the sums of the columns 7, 9, 12 and 14, in the units of the lines; ``late_by`` and
    ``penalty`` (percent) are those of the rule set that ``rules`` names.
    """

    lines: tuple[AnnexLine, ...] = ()
    given: int = 0
    amount: int = 0
    progress: int = 0
    quality: int = 0
    ratios: tuple[Ratio, ...] = ()
    mean: int | None = None
    capped: bool = False
    general: dict[str, int] = {}
    reason: str = ""
    rules: str = ""
    late_by: LateBy = "calendar_day"
    penalty: int = 25


class SheetPaper(msgspec.Struct, frozen=True, kw_only=True):
    """Mẫu số 01. ``self_points`` by criterion (``rules.general``); ``general`` is the confirmed sum; ``tasks`` is rounded to two decimals.

    ``version`` above 1 and ``version_reason`` are said in the annex.
    """

    agency: Agency = Agency()
    when: When | None = None
    person: Person = Person()
    self_points: dict[str, int] = {}
    general: int | None = None
    tasks: int | None = None
    total: int | None = None
    band: Band | None = None
    strengths: str = ""
    weaknesses: str = ""
    comment: str = ""
    own: Signature = Signature()
    rater: Signature = Signature()
    annex: Annex | None = None
    version: int = 1
    version_reason: str = ""


class YearMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A row of Mẫu số 02; ``note`` is ready text ("Nghỉ thai sản")."""

    number: int
    total: int | None = None
    note: str = ""


class YearPaper(msgspec.Struct, frozen=True, kw_only=True):
    """Mẫu số 02. ``self_band`` is part II, ``band`` part III."""

    agency: Agency = Agency()
    year: int | None = None
    person: Person = Person()
    months: tuple[YearMonth, ...] = ()
    mean: int | None = None
    mean_note: str = ""
    self_band: Band | None = None
    band: Band | None = None
    proposal: str = ""
    own: Signature = Signature()
    rater: Signature = Signature()


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs for the agency: ``by`` is "", "KT." or "TL." before ``authority`` ("GIÁM ĐỐC"); then ``title`` is his own."""

    by: Literal["", "TM.", "KT.", "TL.", "TUQ."] = ""
    authority: str = ""
    title: str = ""
    name: str = ""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The result, told to the person in writing (Đ21.1đ, Đ21.2đ). ``basis`` is the decision's number and day as text, if there is one."""

    agency: Agency = Agency()
    number: str = ""
    day: date | None = None
    when: When
    person: Person
    general: int | None = None
    tasks: int | None = None
    total: int | None = None
    band: Band | None = None
    reason: str = ""
    basis: str = ""
    petition_days: int = 7
    recipients: tuple[str, ...] = ()
    signer: Signer = Signer()


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list: never points."""

    person: Person
    band: Band | None = None
    note: str = ""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """The list that is published. ``with_document`` is the notice that it goes with ("Thông báo số 12/TB-TTPVHCC ngày 15/12/2026")."""

    agency: Agency = Agency()
    day: date | None = None
    when: When
    rows: tuple[Published, ...] = ()
    with_document: str = ""
    signer: Signer = Signer()


class RoomRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person's line of a room's month; ratios in thousandths of a percent; ``missing`` is ready text."""

    person: Person
    a: int | None = None
    b: int | None = None
    c: int | None = None
    tasks: int | None = None
    general: int | None = None
    total: int | None = None
    band: Band | None = None
    state: str = ""
    missing: str = ""


class RoomPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A room's period as a table, for those who score."""

    agency: Agency = Agency()
    unit: str = ""
    when: When
    rows: tuple[RoomRow, ...] = ()


class YearRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person's year in one line: twelve totals, their mean, both ratings."""

    person: Person
    months: tuple[int | None, ...] = ()
    mean: int | None = None
    self_band: Band | None = None
    band: Band | None = None
    note: str = ""


class YearList(msgspec.Struct, frozen=True, kw_only=True):
    """The year of many people, for those who rate."""

    agency: Agency = Agency()
    year: int
    rows: tuple[YearRow, ...] = ()
