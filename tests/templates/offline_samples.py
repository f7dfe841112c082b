"""Contexts of the pages of the device: full, hostile, with nothing."""

from __future__ import annotations

from typing import Any

from tests.templates.samples import CHIPS, FRAME, HOSTILE, LONGEST

WAITING = {"kind": "wait", "icon": "clock", "label": "Chờ gửi"}
SENDING = {"kind": "doing", "icon": "upload", "label": "Đang gửi"}
ABOUT = {"href": "/tasks/0190", "number": "26-006", "title": LONGEST}
FILES = [
    {"name": "anh-quay-so-3.jpg", "size": "340 kB", "href": "/files/aa", "picture": True},
    {"name": HOSTILE, "size": "1,2 MB", "href": "/files/bb", "picture": False},
]
ROWS = [
    {"label": "Tiến độ", "text": "45 %", "long": False},
    {"label": "Nội dung", "text": "Đã hoàn thành danh mục 128 thủ tục.\n" + LONGEST, "long": True},
    {"label": "Lý do", "text": HOSTILE, "long": False},
]
FIELDS = [
    {"name": "percent", "label": "Tiến độ", "kind": "percent", "value": 45, "required": False},
    {"name": "note", "label": "Nội dung", "kind": "long", "value": HOSTILE, "required": False},
    {"name": "quantity", "label": "Số lượng", "kind": "number", "value": "1.234,5", "required": False},
    {"name": "due", "label": "Thời hạn", "kind": "day", "value": "2026-12-31", "required": True},
    {"name": "product_text", "label": "Sản phẩm", "kind": "line", "value": "Báo cáo", "required": False},
]


def entry(n: int, **more: Any) -> dict[str, Any]:
    """One entry that waits, as `shown` of worker/pages/outbox.js has it."""
    made: dict[str, Any] = {
        "n": n,
        "label": f"Báo cáo tiến độ 45 % – việc 26-014 Rà soát, phân loại giấy tờ, hồ sơ ({n})",
        "when": "08:15 hôm nay",
        "task": ABOUT,
        "chip": WAITING,
        "state": "Chưa gửi; sẽ tự gửi khi có mạng.",
        "rows": ROWS,
        "files": [],
        "folds": n > 2,
        "can_change": True,
        "can_take_back": True,
        "can_retry": False,
        "fields": FIELDS,
    }
    return made | more


DEVICE = {"online": False, "waiting": 12, "sending": 1, "refused": 2, "pulled": "lúc 08:15 hôm nay", "storage": "12 MB", "persisted": False}
CALM = {"online": True, "waiting": 0, "sending": 0, "refused": 0, "pulled": "", "storage": "", "persisted": None}
NO_PROBLEM = {"n": 0, "field": "", "message": ""}
MANY = [
    entry(1, files=FILES, fields=[]),
    entry(
        2,
        chip=SENDING,
        state="Đã gửi đi nhưng chưa nghe máy chủ trả lời.",
        can_change=False,
        can_take_back=False,
        can_retry=True,
        fields=[],
    ),
    entry(3, label=HOSTILE, task=None, rows=[]),
    *(entry(n) for n in range(4, 13)),
]
NOW = {
    "chip": CHIPS["done"],
    "rows": [{"label": "Tiến độ", "text": "100 %", "long": False}, {"label": "Chủ trì", "text": "Lê Thu Hà", "long": False}],
}
BOTH = [
    {"name": "title", "label": "Tên nhiệm vụ", "mine": LONGEST, "now": HOSTILE},
    {"name": "due", "label": "Thời hạn", "mine": "31/12/2026", "now": "(để trống)"},
]


def refused(n: int, **more: Any) -> dict[str, Any]:
    """One entry that the server refused."""
    made: dict[str, Any] = {
        "n": n,
        "label": f"Trình nghiệm thu – việc 26-014 ({n})",
        "when": "08:15, 22/11",
        "why": "Nhiệm vụ đang “Hoàn thành” nên không trình nghiệm thu được.",
        "rows": ROWS,
        "files": FILES,
        "task": ABOUT,
        "now": NOW,
        "fields": [],
        "copy": "Nội dung: Đã xong",
    }
    return made | more


def clash(n: str, **more: Any) -> dict[str, Any]:
    """One edit that a later one replaced."""
    made: dict[str, Any] = {
        "id": n,
        "title": f"Nội dung bạn sửa vừa được người khác sửa tiếp: 26-006 ({n})",
        "when": "09:40 hôm nay",
        "by": "Trần Đức Hải",
        "task": ABOUT,
        "fields": BOTH,
        "can_reuse": True,
    }
    return made | more


TASKS = [
    {
        "href": "/tasks/1?shared=x#do-progress",
        "number": "26-014",
        "title": "Rà soát hồ sơ",
        "chip": CHIPS["late"],
        "due_label": "Hạn 18/11",
    },
    {"href": "/tasks/2?shared=x#do-progress", "number": "26-006", "title": LONGEST, "chip": CHIPS["doing"], "due_label": ""},
    {"href": "/tasks/3?shared=x#do-progress", "number": "26-099", "title": HOSTILE, "chip": CHIPS["wait"], "due_label": ""},
]
SHARE = {"id": "x", "text": "Biên bản họp\n" + HOSTILE, "files": FILES}
NO_SHARE: dict[str, Any] = {"share": None, "shares": [], "tasks": [], "q": "", "problem": ""}

ALL: dict[str, dict[str, dict[str, Any]]] = {
    "outbox": {
        "by the server": {"device": None, "entries": []},
        "twelve": {"device": DEVICE, "entries": MANY, "ask": None, "others": 3, "problem": NO_PROBLEM},
        "nothing": {"device": CALM, "entries": [], "ask": None, "others": 0, "problem": NO_PROBLEM},
        "asked, refused": {
            "device": DEVICE | {"persisted": True},
            "entries": [entry(1), entry(2)],
            "others": 0,
            "ask": {"n": 1, "label": HOSTILE, "others": ["Báo cáo tiến độ 5 %", LONGEST]},
            "problem": {"n": 2, "field": "note", "message": "Nội dung dài 20001 ký tự; tối đa 20000."},
        },
        "refused without a field": {
            "device": CALM,
            "entries": [entry(2)],
            "ask": None,
            "others": 0,
            "problem": {"n": 2, "field": "", "message": HOSTILE},
        },
    },
    "conflicts": {
        "both kinds": {
            "refused": [refused(1), refused(2, fields=BOTH), refused(3, now=None, task=None, files=[], copy="", rows=[])],
            "clashes": [clash("a"), clash("b", can_reuse=False, by="", task=None), clash("c", over=True)],
            "device": DEVICE,
        },
        "nothing": {"refused": [], "clashes": [], "device": CALM},
        "by the server": {"refused": [], "clashes": [clash("a")], "device": None},
    },
    "share": {
        "choose": NO_SHARE | {"share": SHARE, "tasks": TASKS},
        "searched in vain": NO_SHARE | {"share": SHARE, "q": HOSTILE},
        "no tasks": NO_SHARE | {"share": SHARE | {"text": "", "files": []}},
        "several": NO_SHARE
        | {"shares": [{"id": "x", "href": "/share/x", "label": HOSTILE}, {"id": "y", "href": "/share/y", "label": LONGEST}]},
        "nothing": NO_SHARE,
        "refused": NO_SHARE | {"problem": "Máy đã hết chỗ nên chưa giữ được tệp nào."},
    },
    "none": {
        "bare": {},
        "known": {"device": {"waiting": 3, "pulled": "lúc 08:15 hôm nay"}, "retry": "/me?a=1&b=2", "sent": False},
        "sent": {"sent": True},
        "report": {"reports": [{"href": "/reports?period=2026-11&unit=x", "title": HOSTILE, "when": "Bản xem lúc 14:05 ngày 22/11/2026"}]},
        "no report": {"reports": [], "retry": "/reports"},
    },
    "kept": {"said": {"said": "Bản xem lúc 14:05 ngày 22/11/2026, khi có mạng sẽ cập nhật."}},
    "leave": {
        "full": {
            "waiting": 12,
            "rejected": 2,
            "problem": "",
            "entries": [{"label": LONGEST, "when": "08:15"}, {"label": HOSTILE, "when": "09:00"}],
            "more": 12,
        },
        "refused only": {"waiting": 0, "rejected": 1, "problem": "Chưa gửi hết.", "entries": [], "more": 0},
        "bare": {"waiting": 1, "rejected": 0, "problem": ""},
    },
}
PAGES = [(f"shared/offline/{page}.html", said, FRAME | context) for page, some in ALL.items() for said, context in some.items()]
