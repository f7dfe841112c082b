"""Cân tải and Dự báo: full, with a form that was refused, with nothing in them."""

from __future__ import annotations

from tests.templates.list_samples import CARDS
from tests.templates.samples import FRAME, HOSTILE

PERSON = {"id": "p1", "name": "Lê Thu Hà", "initials": "TH", "position": "Chuyên viên"}
OTHER = {"id": "p2", "name": HOSTILE, "initials": "NM", "position": "Chuyên viên"}
OVER = {"counted": True, "peak": "1,31", "kind": "late", "icon": "late", "word": "quá tải nặng", "interval": "khoảng 0,9–1,6", "bar": 87}
NEW = {"counted": False, "peak": "", "kind": "wait", "icon": "circle", "word": "chưa tính", "interval": "", "bar": 0}
DAYS = [
    {
        "day": "23/11",
        "short": "T2",
        "today": True,
        "percent": "131",
        "kind": "late",
        "away": "",
        "said": "Thứ Hai, 23/11: 131%, quá tải nặng",
    },
    {
        "day": "25/11",
        "short": "T4",
        "today": False,
        "percent": "96",
        "kind": "soon",
        "away": "half",
        "said": "Thứ Tư, 25/11: 96%, nghỉ một phần ngày",
    },
    {"day": "26/11", "short": "T5", "today": False, "percent": "", "kind": "none", "away": "", "said": "Thứ Năm, 26/11: chưa tính"},
]
EFFECT = [
    {"name": "Lê Thu Hà", "before": "1,31", "after": "0,96", "kind": "soon", "word": "cần chú ý"},
    {"name": HOSTILE, "before": "0,58", "after": "0,83", "kind": "done", "word": "vừa sức"},
]
ENTRY = {
    "id": "d1", "uid": "-d1", "task": CARDS[0], "giver": PERSON, "receiver": OTHER, "reasons": ["Chưa bắt đầu", HOSTILE], "effect": EFFECT,
    "reason": "", "message": "", "accept": {"mutation": "m1"}, "decline": {"mutation": "m2"},
}  # fmt: skip
PROPOSALS = {
    "entries": [ENTRY, ENTRY | {"id": "d2", "uid": "-d2", "task": CARDS[1], "reason": HOSTILE, "message": "Hãy ghi lý do."}],
    "more": "Còn 2 đề xuất khác", "ready": ["Việc sắp xong"], "empty": {"title": "", "text": ""},
}  # fmt: skip
NO_PROPOSALS = {"entries": [], "more": "", "ready": [], "empty": {"title": "Không có đề xuất chuyển việc", "text": HOSTILE}}
ROW = {**OVER, "id": "p1", "person": PERSON, "unit": "CNTT", "days": DAYS, "href": "/foresight/load", "open": True, "takes": True}
TASK = {
    **CARDS[0], "id": "t1", "time": "3,5 giờ", "source": "theo hệ số sản phẩm", "part": "",
    "move_href": "/foresight/load?person=p1&move=t1", "says": True, "uid": "-t1",
}  # fmt: skip
MOVE = {
    "task": "t1", "title": HOSTILE, "number": "#26-014", "giver": "Lê Thu Hà", "options": [{"value": "p2", "label": HOSTILE}], "to": "p2",
    "reason": HOSTILE, "effect": EFFECT, "cancel": "/foresight/load?person=p1", "errors": {"reason": "Hãy ghi lý do."}, "message": HOSTILE,
    "mutation": "m3",
}  # fmt: skip
LOAD: dict[str, object] = FRAME | {
    "page": "foresight", "scope": "centre", "title": "Cân tải", "unit_name": "Toàn trung tâm", "unit": "",
    "tabs": [{"href": "/foresight/load?unit=u1", "label": "Phòng", "count": 0, "current": False},
             {"href": "/foresight/load", "label": "Trung tâm", "count": 0, "current": True}],
    "rooms": [{"href": "/foresight/load?unit=u1", "label": "CNTT", "current": True}, {"href": "/x", "label": HOSTILE, "current": False}],
    "columns": DAYS, "people": [ROW, {**NEW, **{key: ROW[key] for key in ("days", "href")}, "id": "p2", "person": OTHER, "unit": "",
                                      "open": False, "takes": False}],
    "more": {"href": "/foresight/load?start=60", "label": "Xem 3 người nữa"}, "at": "Tính lúc 08:15 hôm nay", "moves": True,
    "empty": {"title": "", "text": ""}, "move": MOVE, "here": "/foresight/load?person=p1",
    "opened": {"id": "p1", "name": "Lê Thu Hà", "heading": "Tải của Lê Thu Hà gồm", "hidden": 2, "empty": "",
               "leave_href": "/foresight/leave",
               "tasks": [TASK, {**TASK, "id": "t2", "uid": "-t2", "move_href": "", "says": False, "part": "phối hợp"}]},
    "refused": {"form": "estimate", "task": "t1", "value": HOSTILE, "message": "Hãy ghi số giờ."}, "proposals": PROPOSALS,
}  # fmt: skip
OWN: dict[str, object] = LOAD | {
    "scope": "own", "title": "Tải của tôi", "tabs": [], "rooms": [], "more": None, "at": "", "moves": False, "move": None, "refused": None,
    "people": [ROW], "proposals": NO_PROPOSALS,
    "opened": {"id": "p1", "name": "", "heading": "Tải của bạn gồm", "tasks": [], "hidden": 0, "empty": "Không có việc.", "leave_href": ""},
}  # fmt: skip
NOBODY: dict[str, object] = OWN | {"people": [], "opened": None, "empty": {"title": "Chưa có ai", "text": HOSTILE}}
RISK = {"band": "high", "icon": "flag", "label": "Nguy cơ cao", "reasons": ["9 ngày chưa cập nhật", HOSTILE]}
GOOD = {"title": "Không ai quá tải", "text": HOSTILE}
MORNING: dict[str, object] = FRAME | {
    "page": "foresight", "day": "Thứ Hai, 23/11", "leads": True, "here": "/foresight", "own": None, "proposals": PROPOSALS,
    "risks": {"entries": [{**CARDS[0], "risk": RISK}], "said": "1 việc nguy cơ cao", "foreign": True, "empty": GOOD},
    "people": {"entries": [{**OVER, "id": "p1", "person": PERSON, "href": "/foresight/load?person=p1"}], "count": 1, "said": "1 người",
               "empty": GOOD},
}  # fmt: skip
QUIET: dict[str, object] = MORNING | {
    "risks": {"entries": [], "said": "", "foreign": False, "empty": GOOD}, "people": {"entries": [], "count": 0, "said": "", "empty": GOOD},
    "proposals": NO_PROPOSALS,
}  # fmt: skip
OFFICER: dict[str, object] = QUIET | {"leads": False, "people": None, "proposals": None, "own": {**OVER, "days": DAYS}}
PAGES = [(f"shared/foresight/{name}.html", said, context) for name, said, context in (
    ("load", "full", LOAD), ("load", "own", OWN), ("load", "empty", NOBODY),
    ("morning", "full", MORNING), ("morning", "quiet", QUIET), ("morning", "officer", OFFICER),
)]  # fmt: skip
