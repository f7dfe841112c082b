"""Which line of a table is its header, and which column is which field, in whatever words the office wrote."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from server.plans.rules.text import clean, flat, fold, words
from server.plans.shapes import Cell, Line

#: Fields of a column. "person" is a column of people, "group" one that names the group of each row.
FIELDS = ("number", "title", "lead", "partners", "person", "due", "start", "product", "note", "group")

_NUMBER = re.compile(
    r"(?:s\.?\s?t\.?\s?t|t\.?\s?t|so tt|so thu tu|thu tu|no|#|so|muc|ma so|ma|id|ma (?:nv|nhiem vu|viec|cong viec)|so hieu)[.:]?"
)
#: Columns that only sound like a field: the unit of a measure, who gives the order, how far it is.
_NO_FIELD = re.compile(
    r"^(?:don vi (?:tinh|do)|dvt|(?:nguoi|lanh dao|don vi|co quan|ngay ban hanh|so hieu) (?:giao|van ban)|van ban giao)\b"
)
#: Among columns of people, those of the ones who watch over the work and do not do it.
_OVERSEERS = re.compile(r"\b(?:lanh dao|theo doi|chi dao)\b")
#: In this order: the first that fits decides.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("group", re.compile(r"^(?:nhom (?:nhiem vu|cong viec|noi dung|giai phap)|linh vuc|nhom|truc noi dung|chuyen de)\b")),
    (
        "title",
        re.compile(
            r"^(?:ten )?(?:cac )?(?:nhiem vu|noi dung|cong viec|hoat dong|dau viec|dau muc|viec|hang muc|giai "
            r"phap)\b(?!.*\b(?:phoi hop|chu tri)\b)"
        ),
    ),
    ("partners", re.compile(r"^(?!.*\bchu tri\b).*\b(?:phoi hop|cung thuc hien|ho tro|tham gia|partners?|support)\b")),
    ("lead", re.compile(r"\b(?:chu tri|dau moi|chu dau tu)\b")),
    ("person", re.compile(r"\b(?:lanh dao|nguoi|can bo|chuyen vien|dong chi|ca nhan|cong chuc|vien chuc)\b")),
    ("note", re.compile(r"^(?:ghi chu|luu y|chu thich|chu giai|notes?|remarks?|y kien)\b")),
    (
        "product",
        re.compile(
            r"^(?:(?:cac )?san pham|ket qua|muc tieu|dau ra|chi tieu|hinh thuc (?:san pham|van ban)|yeu cau|"
            r"output|deliverables?|results?)\b"
        ),
    ),
    ("start", re.compile(r"\b(?:bat dau|khoi cong|start)\b(?!.*\b(?:ket thuc|hoan thanh)\b)|^(?:tu ngay|ngay giao|tu)$")),
    (
        "due",
        re.compile(
            r"\b(?:thoi han|thoi gian|thoi diem|tien do|ky han|han|deadline|due|ket thuc|lo trinh|moc|ngay hoan thanh|"
            r"hoan thanh truoc|ngay den han|ngay ket thuc|"
            r"ke hoach hoan thanh)\b|^den ngay$|^(?:ngay )?hoan thanh$"
        ),
    ),
    (
        "lead",
        re.compile(
            r"\b(?:phu trach|chiu trach nhiem|trach nhiem|thuc hien chinh|phan cong|duoc giao|to chuc thuc hien|owner|"
            r"assignee|lead|responsible)\b|"
            r"^(?:cac )?(?:co quan|don vi|phong|ban|phong ban|bo phan)\b|\b(?:co quan|don vi|phong|bo phan) thuc hien\b|^thuc hien$"
        ),
    ),
    ("product", re.compile(r"\b(?:san pham|ket qua|muc tieu|dau ra)\b")),
    (
        "title",
        re.compile(
            r"\b(?:nhiem vu|noi dung|cong viec|hoat dong|du an|de an|chuong trinh|giai phap|hang muc|tasks?|activity|"
            r"activities|viec|van ban|chi tieu|ke hoach)\b"
        ),
    ),
    ("note", re.compile(r"\bghi chu\b")),
)
#: The words of which headers are made; a line of data has others.
_WORDS = frozenset(
    "stt tt so thu tu no muc ma id hieu nhiem vu noi dung cong viec hoat dong du an de an dau giai phap hang "
    "ten cac chi tiet cu the trong tam chu yeu can thuc hien "
    "trien khai xay dung co quan don vi phong ban bo phan to chuc ca nhan chu tri dau moi phoi hop cung tham "
    "gia ho tro lanh dao nguoi can bo chuyen vien dong cong chuc "
    "vien phu trach chiu trach theo doi duoc giao phan chinh thoi gian han diem tien do ky deadline due date "
    "ket thuc bat hoan thanh ngay thang nam quy lo trinh moc "
    "du kien ke hoach truoc den tu san pham qua muc tieu ra tieu hinh thuc yeu cau ghi luu y chu thich va "
    "hoac cua nhom linh vuc truc chuong trinh van toan bo viec "
    "kinh phi nguon von vi tri tham muu xuat bao cao dat noi can "
    "ai lam task tasks title name owner assignee lead responsible partner partners start output deliverable "
    "deliverables result results note notes remarks support activity".split()
)
_STRONG = {"title", "lead", "partners", "due", "product", "person", "start"}


_SHORT = {
    "dv": "don vi",
    "cq": "co quan",
    "tg": "thoi gian",
    "t/gian": "thoi gian",
    "sp": "san pham",
    "kq": "ket qua",
    "nv": "nhiem vu",
    "gc": "ghi chu",
}
_SHORT_FORM = re.compile(rf"(?<![a-z/])(?:{'|'.join(_SHORT)})(?![a-z/])")


class Header(msgspec.Struct, frozen=True):
    """The header of a table: how many lines it takes, the words of each column, and the columns of each field."""

    height: int
    names: tuple[str, ...]
    fields: dict[str, tuple[int, ...]]
    folded: tuple[str, ...] = ()
    guessed_title: bool = False

    def first(self, field: str) -> int | None:
        """The column of ``field``, or None."""
        found = self.fields.get(field)
        return found[0] if found else None

    @property
    def complete(self) -> bool:
        """Whether it names tasks and something about them."""
        return "title" in self.fields and bool(_STRONG.intersection(self.fields) - {"title"})


def field_of(name: str) -> str | None:
    """The field that a header names, or None if it names none that is known."""
    text = _SHORT_FORM.sub(lambda found: _SHORT[found.group()], re.sub(r"\(.*?\)", " ", fold(clean(name))))
    text = " ".join(re.sub(r"[^a-z0-9#./,;&-]", " ", text).split()).strip(" .,;:-")
    if not text or len(text) > 120:
        return None
    if _NUMBER.fullmatch(text):
        return "number"
    if _NO_FIELD.match(text):
        return None
    if re.match(r"(?:ket qua|san pham|muc tieu|chi tieu|yeu cau)\b", text) is None or not re.search(r"[,/&;]|\bva\b", text):
        plain = text
    else:
        # "Mục tiêu, nhiệm vụ" names tasks; "Sản phẩm, kết quả thực hiện nhiệm vụ" does not.
        parts = [part.strip() for part in re.split(r"[,/&;]|\bva\b", text)]
        plain = next((part for part in parts if _RULES[1][1].search(part)), text)
    return next((field for field, rule in _RULES if rule.search(plain)), None)


def looks_like_header(cells: Sequence[Cell]) -> bool:
    """Whether these cells are made of the words of headers: no numbering, no long text, two known fields at least."""
    texts = [clean(cell.text) for cell in cells if cell.text and not cell.left and not cell.above]
    texts = [text for text in texts if text]
    if len(texts) < 2 or any(len(text) > 120 for text in texts) or any(cell.day for cell in cells):
        return False
    shares = [_share(text) for text in texts]
    if sum(share >= 0.5 for share in shares) * 2 <= len(shares):
        return False
    known = [(field_of(text), share) for text, share in zip(texts, shares, strict=True)]
    sure = {field for field, share in known if field is not None and share >= 0.7}
    if "title" not in sure and len(sure) < 2:
        return False
    named = {field for field, _ in known if field is not None}
    return len(named) >= 2 and len(sure) >= 2 and not _numbered(texts[0])


@lru_cache(maxsize=32_768)
def _share(text: str) -> float:
    """How much of ``text`` is made of header words; years count as such, other numbers do not."""
    found = words(_SHORT_FORM.sub(lambda short: _SHORT[short.group()], fold(text)))
    return sum(word in _WORDS or bool(re.fullmatch(r"20\d\d|n|s|t", word)) for word in found) / len(found) if found else 0.0


def _numbered(text: str) -> bool:
    return re.fullmatch(r"\(?(?:\d{1,4}(?:\.\d+)*|[IVX]+|[A-Z])[.)]?", text) is not None


def numbers_columns(cells: Sequence[Cell]) -> bool:
    """Whether the line only numbers the columns: "(1) (2) (3)", "A B 1 2"."""
    texts = [clean(cell.text).strip("()[] .") for cell in cells if not cell.left]
    texts = [text for text in texts if text]
    digits = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    letters = [text for text in texts if re.fullmatch(r"[A-Za-z]", text)]
    if len(texts) < 3 or len(digits) + len(letters) < len(texts) or len(letters) > 3:
        return False
    return all(b == a + 1 for a, b in pairwise(digits))


def header_at(lines: Sequence[Line], start: int) -> Header | None:
    """The header that begins at line ``start``, its lower lines joined in, or None."""
    width = max(len(line.cells) for line in lines[start : start + 3])
    top = lines[start].cells
    two_lined = start + 1 < len(lines) and _below(lines[start + 1].cells, width)
    if not looks_like_header(top):
        # A line like "TT | Nhiệm vụ | Đơn vị" may only be recognisable together with the one below.
        own = [cell for cell in top if not cell.left and clean(cell.text)]
        if not (two_lined and len(own) >= 2 and looks_like_header(_joined(top, lines[start + 1].cells, width))):
            return None
    height, names = 1, _names(top, width)
    while start + height < len(lines) and height < 4 and _below(lines[start + height].cells, width):
        lower = _names(lines[start + height].cells, width)
        names = [" ".join(dict.fromkeys(part for part in (upper, below) if part)) for upper, below in zip(names, lower, strict=True)]
        height += 1
    header = _assigned(names, lines[start : start + height], height)
    return header if header.complete or len(header.fields) >= 2 else None


def _names(cells: Sequence[Cell], width: int) -> list[str]:
    names: list[str] = []
    for column in range(width):
        cell = cells[column] if column < len(cells) else Cell()
        text = flat(clean(cell.text))
        names.append(names[-1] if cell.left and names else "" if cell.above else text)
    return names


def _joined(top: Sequence[Cell], lower: Sequence[Cell], width: int) -> list[Cell]:
    upper, below = _names(top, width), _names(lower, width)
    return [Cell(low or high) for high, low in zip(upper, below, strict=True)]


def _below(cells: Sequence[Cell], width: int) -> bool:
    """Whether these cells are a lower line of a header: covered or empty at some columns, header words at the others."""
    texts = [(column, clean(cell.text)) for column, cell in enumerate(cells) if not cell.above and not cell.left]
    texts = [(column, text) for column, text in texts if text]
    if not texts or len(texts) >= max(width, 2):
        return False
    fields = [field_of(text) for _, text in texts]
    if texts[0][0] == 0 and fields[0] != "number":
        return False
    if not all(len(text) <= 60 and _share(text) >= 0.7 for _, text in texts) or not any(fields):
        return False
    # A group row ("Nhiệm vụ trọng tâm") is one text in the column of tasks; a lower header line names agencies or times.
    return any(field not in (None, "title", "number", "group") for field in fields)


def _assigned(names: list[str], lines: Sequence[Line], height: int) -> Header:
    lowest = _names(lines[-1].cells, len(names)) if height > 1 else names
    fields: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        # "Thời gian" over "Bắt đầu" and "Kết thúc": the lower words know better.
        field = field_of(lowest[column]) if height > 1 and lowest[column] else None
        field = field or field_of(name)
        if field is not None:
            fields.setdefault(field, []).append(column)
    if "person" in fields and "lead" not in fields:
        # "Lãnh đạo phụ trách | Chuyên viên thực hiện": who does the work leads it.
        fields["lead"] = sorted(fields.pop("person"), key=lambda column: _OVERSEERS.search(fold(names[column])) is not None)
    if len(fields.get("title", ())) > 1:
        # "Văn bản chỉ đạo | Nhiệm vụ được giao": the plain word for a task goes first.
        fields["title"].sort(key=lambda column: _RULES[1][1].search(fold(names[column])) is None)
    if "title" not in fields and "group" in fields:
        fields["title"] = fields.pop("group")
    guessed = False
    if "title" not in fields and len(_STRONG.intersection(fields)) >= 2:
        taken = {column for columns in fields.values() for column in columns}
        free = [column for column, name in enumerate(names) if name and column not in taken and not _NO_FIELD.match(fold(name))]
        if not free and len(fields.get("product", ())) == 1:
            # "Chỉ tiêu | Chủ trì | Thời hạn": what is to be reached is all there is.
            free = fields.pop("product")
        if free:
            fields["title"], guessed = [free[0]], True
    folded = tuple(fold(name) for name in names)
    return Header(height, tuple(names), {field: tuple(columns) for field, columns in fields.items()}, folded, guessed)


def behind_header(cells: Sequence[Cell], header: Header) -> list[Cell] | None:
    """The cells without the words of the header, where a page that repeats it draws no rule under it; else None."""
    if header.height > 1 or len(cells) != len(header.names) or sum(bool(name) for name in header.names) < 3:
        return None
    texts = [flat(clean(cell.text)) for cell in cells]
    if texts == list(header.names) or not all(
        text == name or (name and text.startswith(f"{name} ")) for text, name in zip(texts, header.names, strict=True)
    ):
        return None
    rest = [text[len(name) :].strip() for text, name in zip(texts, header.names, strict=True)]
    # "Nhiệm vụ trọng tâm" below "Nhiệm vụ" is another header.
    return [Cell(text) for text in rest] if any(text and _share(text) < 0.7 for text in rest) else None


def repeats(cells: Sequence[Cell], header: Header) -> bool:
    """Whether the line is the header again (or one of its lines, or the line that numbers its columns)."""
    texts = [(column, fold(flat(clean(cell.text)))) for column, cell in enumerate(cells) if cell.text]
    texts = [(column, text) for column, text in texts if text]
    if len(texts) < 2:
        return False
    named = sum(
        column < len(header.folded)
        and (header.folded[column] == text or header.folded[column].endswith(" " + text) or header.folded[column].startswith(text + " "))
        for column, text in texts
    )
    return named == len(texts)
