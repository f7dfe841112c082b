"""What holds of a file that is on its way. Plain values."""

import re
import unicodedata
from datetime import timedelta
from typing import Final, Literal

What = Literal["xlsx", "pdf", "listing"]
State = Literal["waiting", "making", "ready", "failed", "gone"]

WHATS: Final[tuple[What, ...]] = ("xlsx", "pdf", "listing")
UNDER_WAY: Final = ("waiting", "making")
#: Somebody who presses twice gets the file that is under way, or that was made a moment ago.
FRESH: Final = timedelta(minutes=1)
#: A maker that has not said for so long that he is there is gone.
LEASE: Final = timedelta(seconds=30)
#: A file that nobody began after so long is anybody's to make.
PATIENCE: Final = timedelta(seconds=10)
#: The first try, and two more where its maker vanished.
MOST_TRIES: Final = 3
#: A person's files under way at one time.
MOST_AT_ONCE: Final = 5
#: A finished file is kept so long; what is known of it, so long after.
KEPT: Final = timedelta(hours=24)
REMEMBERED: Final = timedelta(days=30)
ENDINGS: Final[dict[What, str]] = {"xlsx": "xlsx", "pdf": "pdf", "listing": "xlsx"}
STEMS: Final[dict[What, str]] = {"xlsx": "bao-cao", "pdf": "bao-cao", "listing": "danh-sach-nhiem-vu"}


def file_name(what: What, unit: str, period: str) -> str:
    """What the file is called, in letters that every system takes. ``unit``: the short name.

    >>> file_name("xlsx", "Phòng Đất đai & TNMT", "2026-11"), file_name("listing", "", "2026-Q4")
    ('bao-cao-phong-dat-dai-tnmt-2026-11.xlsx', 'danh-sach-nhiem-vu-2026-Q4.xlsx')
    """
    bare = unicodedata.normalize("NFD", unit.lower().replace("đ", "d"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    said = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:40].strip("-")
    return "-".join(part for part in (STEMS[what], said, period) if part) + f".{ENDINGS[what]}"
