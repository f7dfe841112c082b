"""The agencies named in a cell: split apart, and matched to this office's units through spelling variants."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from server.plans.rules.agency_names import OUTSIDE, OWN_NAMES, SHORT_FORMS, SPREAD_FORMS
from server.plans.rules.text import flat, fold, words
from server.plans.shapes import Agency, Unit

_STARTS = (
    "sở|ubnd|uỷ ban|ủy ban|hđnd|hội đồng|văn phòng|vp|trung tâm|tt|phòng|ban|bộ|cục|chi cục|công an|viện|"
    "thành phố|thị xã|huyện|hội|đoàn|liên đoàn|tỉnh đoàn|tỉnh ủy|báo|đài|"
    "kho bạc|bảo hiểm|thanh tra|ngân hàng|trường|bệnh viện|thuế|hải quan|tòa án|toà án|điện lực|bưu điện|vnpt|"
    "viettel|cổng|cơ quan|các|lãnh đạo|giám đốc|phó giám đốc|đồng chí|đ/c|ông|bà|"
    "doanh nghiệp|đơn vị|tổ|chi nhánh|mttq|bộ phận"
)
_START = re.compile(rf"(?:[-+•*]\s*)?(?:{_STARTS})(?=[\s.,:;]|$)", re.IGNORECASE)
#: What follows a comma inside one name ("Sở Văn hóa, Thể thao và Du lịch") or one phrase ("Các sở, ban, ngành").
_INSIDE = re.compile(
    r"(?:thể thao|thương binh|du lịch|xã hội|truyền thông|môi trường|công nghệ|đầu tư|đào tạo|phát triển|tôn giáo|gia đình|"
    r"ban(?:,|\s*$| và| ngành| thuộc)|ngành|cấp |đoàn thể|địa phương|cơ quan chuyên môn|đơn vị|thị xã|thành "
    r"phố|huyện|xã|phường|thị trấn|doanh nghiệp|tổ chức|thuộc|cùng)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:đ/c|đồng chí|ông|bà|đ\.c)[.:]?\s+\S+", re.IGNORECASE)
_FAMILY = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh dao doan lam trinh mai to ta "
    "ha luong luu cao thai quach chu trieu la nghiem than "
    "kieu tong chau kim vuong phung tang ninh giap".split()
)
_LOCAL = re.compile(r"\b(?:cap huyen|cap xa|huyen|xa|phuong|thi xa|thi tran)\b")
_TAIL = re.compile(r"(?:\s+(?:cap|tinh|thanh pho(?= [a-z]+ [a-z]+$)))(?:\s+[a-z]+){0,3}$")
_OF_THE_OFFICE = re.compile(r" (?:thuoc |cua )?trung tam(?: phuc vu)?(?: hanh chinh cong)?(?: tinh)?$")
_UNFINISHED = re.compile(rf"(?:^|.*[,;]\s*|.*\s(?:và|thuộc|của)\s)(?:{_STARTS})|.*(?:[,;-]|\s(?:và|thuộc|của|cùng))", re.IGNORECASE)
#: From this likeness on a name is taken for a unit's, with a doubt.
NEAR = 0.88


@lru_cache(maxsize=16_384)
def agency_key(text: str) -> str:
    """``text`` with its abbreviations written out and the joining words gone, for comparing."""
    plain = re.sub(r"\((?:[^()]*)\)", " ", fold(text))
    parts = [word for word in words(plain.replace("&", " ")) if word != "va"]
    joined = f" {' '.join(parts)} "
    for short, full in SPREAD_FORMS:
        joined = joined.replace(f" {short} ", f" {full} ")
    return " ".join(SHORT_FORMS.get(word, word) for word in joined.split())


class Agencies:
    """Knows this office's ``units`` by all their names, and the usual agencies outside."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._own: dict[str, Unit] = {}
        self._office = next((unit for unit in units if unit.office), None)
        synonyms = [{agency_key(name) for name in names} for names in OWN_NAMES]
        for unit in sorted(units, key=lambda unit: not unit.office):
            keys = {agency_key(name) for name in (unit.name, unit.short, *unit.aliases) if name}
            for names in synonyms:
                if names & {agency_key(unit.name), agency_key(unit.short)} - {""}:
                    keys |= names
            for key in keys - {""}:
                self._own.setdefault(key, unit)
        self._outside = {agency_key(name): name for name in OUTSIDE}

    def read(self, text: str) -> list[Agency]:
        """Every agency named in ``text``, in order; unknown ones stay as written."""
        return [self.match(piece) for piece in split_agencies(text)]

    def match(self, text: str) -> Agency:
        """One agency, matched by its whole name; a name that is only nearly a unit's gives that unit, marked ``near``."""
        key = agency_key(text)
        unit = self._own.get(key) or self._own.get(_OF_THE_OFFICE.sub("", key))
        if unit is None and self._office is not None and not _LOCAL.search(key):
            # "Trung tâm HCC tỉnh Bắc Ninh": the name of the province may follow.
            bare = _TAIL.sub("", key)
            unit = self._own.get(bare) if bare != key and self._own.get(bare) is self._office else None
        if unit is not None:
            return self._ours(text, unit)
        name = self._outside.get(key) or self._outside.get(_TAIL.sub("", key)) or self._outside.get(_TAIL.sub("", key) + " tinh")
        if name is not None:
            return Agency(text, "outside", name)
        if is_person(text):
            return Agency(text, "person")
        near = self._near(key)
        if near is not None:
            return self._ours(text, near, near=True)
        return Agency(text, "outside" if _START.match(text) and not text.lower().startswith("phòng") else "unknown")

    def _near(self, key: str) -> Unit | None:
        if len(key) < 10 or _LOCAL.search(key):
            return None
        best: tuple[float, Unit | None] = (NEAR, None)
        for own, unit in self._own.items():
            if abs(len(own) - len(key)) <= 6:
                ratio = SequenceMatcher(None, own, key, autojunk=False).ratio()
                best = max(best, (ratio, unit), key=lambda pair: pair[0])
        return best[1]

    def _ours(self, text: str, unit: Unit, *, near: bool = False) -> Agency:
        return Agency(text, "office" if unit.office else "room", unit.name, unit.id, near)


def is_person(text: str) -> bool:
    """Whether ``text`` reads as the name of a person: two to five capitalised words after a family name, or "Đ/c …"."""
    plain = flat(text)
    if _PERSON.match(plain) is not None:
        return True
    names = plain.split(" ")
    capitalised = 2 <= len(names) <= 5 and all(
        name.isalpha() and name[0].isupper() and (len(name) == 1 or name[1:].islower()) for name in names
    )
    return capitalised and fold(names[0]) in _FAMILY


def split_agencies(text: str) -> list[str]:
    """The agencies of a list; commas inside a name or a phrase ("Các sở, ban, ngành") do not split it."""
    pieces: list[str] = []
    for line in re.split(r"[;\n]", lined(text)):
        for piece in re.split(r",(?!\d)|\s\+\s", line):
            piece = re.sub(r"^[-+•*–\s]+|^(?:và|cùng)\s+|^(?:chủ trì|phối hợp)\s*:\s*", "", flat(piece), flags=re.IGNORECASE).strip(" .:")
            if not piece:
                continue
            begins = piece[0].isupper() or re.match(r"(?:các|ubnd)\b", piece, re.IGNORECASE) is not None
            if (
                pieces
                and pieces[-1]
                and ((_INSIDE.match(piece) and not re.match(r"(?:Đơn vị|Huyện|Thành phố|Thị xã|Doanh nghiệp)", piece)) or not begins)
            ):
                pieces[-1] += f", {piece}"
            else:
                pieces.append(piece)
        pieces.append("")
    return [part for piece in pieces if piece for part in _and(piece)]


def _and(piece: str) -> list[str]:
    """ "Sở Nội vụ và Sở Tài chính" are two; "Trung tâm HCC tỉnh và Thành phố Bắc Ninh" stays one."""
    found = re.split(r"\s+và\s+(?=(?:Sở|UBND|Văn phòng|Trung tâm|Phòng|Công an|Ban|các)\s)", piece)
    return [part for part in found if part]


def lined(text: str) -> str:
    """A new line separates agencies only where one begins; elsewhere it is a line too short for its name."""
    lines = text.split("\n")
    joined = lines[0]
    for line in lines[1:]:
        begins = (_START.match(line) is not None and (line[0].isupper() or line[0] in "-+•*")) or is_person(line)
        listed = begins and line[0] in "-+•*" and re.match(r"\s*[-+•*]\s", lines[0]) is not None
        glue = " " if not begins or (_UNFINISHED.fullmatch(joined.rpartition("\n")[2].strip()) and not listed) else "\n"
        joined += glue + line
    return joined


def shown(text: str) -> str:
    """The list as one line of text: what was written, lines joined by ";" and no separator left at its end."""
    parts = (re.sub(r"^[-+•]\s+", "", flat(line)).strip().rstrip(",;").strip() for line in lined(text).split("\n"))
    return "; ".join(part for part in parts if part)
