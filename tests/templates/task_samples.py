"""Contexts of a task's page and of its forms, as `server/tasks/show/one.py` makes them."""

from __future__ import annotations

from typing import Any, cast

from tests.templates.samples import CHECKLIST, CHIPS, FILES, FRAME, GROUPS, HA, HAI, HOSTILE, LONGEST, MINH, TASKS, TIMELINE, UNDO

MOVES = (
    "decide",
    "edit",
    "assign",
    "progress",
    "submit",
    "review",
    "pause",
    "resume",
    "cancel",
    "reopen",
    "hand_back",
    "extend",
    "comment",
    "check",
    "follow",
    "bin",
    "restore",
    "split",
    "decide_extension",
    "assign_handed_back",
)
QUIET: dict[str, object] = {"move": "", "message": "", "field": "", "values": {}}
#: Suggested scores of two parts, one of which has been reviewed.
SUGGESTIONS: list[dict[str, object]] = [
    {
        "id": one,
        "name": HOSTILE if score else "Lê Thu Hà",
        "total": "61",
        "score": score,
        "factors": [
            {"key": "progress", "points": "100", "reasons": ["Sớm 10 ngày làm việc"]},
            {"key": "quality", "points": "13", "reasons": ["Thiếu số liệu", HOSTILE]},
            {"key": "frequency", "points": "35", "reasons": []},
        ],
    }
    for one, score in (("p3", ""), ("p4", "87,5"))
]
PART = HA | {
    "id": "p3",
    "role": "Chủ trì",
    "is_lead": True,
    "share": "85 %",
    "percent": 60,
    "state": "",
    "can_review": True,
    "note": "Chủ trì · 85 %",
}
OTHER = MINH | {
    "id": "p4",
    "role": "Phối hợp",
    "is_lead": False,
    "share": "15 %",
    "percent": 20,
    "state": "",
    "can_review": True,
    "note": "Phối hợp · 15 %",
}
PHRASES = {name: ["Đúng kế hoạch.", HOSTILE] for name in ("progress", "submit", "return", "accept", "extend", "hand_back")}
HISTORY: list[dict[str, Any]] = [
    {**cast("dict[str, Any]", entry), "seq": place, "action": "progress" if place else "submit"} for place, entry in enumerate(TIMELINE)
]


def can(*moves: str) -> dict[str, bool]:
    """What this person may do."""
    return {move: move in moves for move in MOVES}


TASK: dict[str, object] = TASKS[2] | {
    "id": "t1",
    "status": "in_progress",
    "status_label": "Đang thực hiện",
    "description": f"Dòng một\n{HOSTILE}\n" + "Nội dung. " * 90,
    "version": 3,
    "deleted": False,
    "handed_back": False,
    "handed_back_reason": "",
    "demo": True,
    "title": LONGEST,
}


def page(next_move: str, *moves: str, **more: object) -> dict[str, object]:
    """A full page on which these moves are possible."""
    context: dict[str, object] = {
        "task": TASK,
        "can": can(*moves),
        "next": next_move,
        "has_menu": True,
        "my_percent": 60,
        "my_role": "Chủ trì",
        "facts": [{"label": "Người giao", "text": HOSTILE}],
        "people": [PART, OTHER],
        "reviewable": [],
        "followers": [HAI, None],
        "following": True,
        "checklist": CHECKLIST,
        "checklist_done": 1,
        "children": [TASKS[0] | {"href": "/tasks/t2"}],
        "parent": {"number": "26-001", "title": LONGEST, "href": "/tasks/t0"},
        "extension": None,
        "submission": None,
        "standing": None,
        "leads": [],
        "due_iso": "2026-12-31",
        "source": {"number": "717/QĐ-UBND", "date": "01/06/2026", "issuer": "UBND tỉnh"},
        "files": FILES,
        "history": HISTORY,
        "history_more": "/tasks/t1/history?before=7",
        "phrases": PHRASES,
        "list_href": "/tasks?status=overdue&q=a",
        "query": "status=overdue&q=a",
        "min_due": "2026-11-23",
        "refused": "",
        "shows": "detail",
        "problem": QUIET,
        "problem_shown": False,
        "mutation": dict.fromkeys((*MOVES, "item", "status"), "0190aaaa-0000-7000-8000-000000000001"),
        "max_bytes": 26214400,
        "max_label": "25 MB",
        "waits": 0,
        "refused_entries": [],
    }
    return FRAME | context | more


def refused(move: str, field: str, **values: str) -> dict[str, object]:
    """What the page knows of a refused form."""
    return {"problem": {"move": move, "message": "Hãy ghi lý do.", "field": field, "values": values}, "problem_shown": True}


EXTENSION = {"by": "Lê Thu Hà", "due": "08/12/2026", "due_iso": "2026-12-08", "old_due": "26/11/2026", "reason": HOSTILE}
LEAD = ("progress", "submit", "extend", "hand_back", "comment", "check", "follow")
MANAGER = ("edit", "assign", "split", "pause", "cancel", "bin", "comment", "check", "follow")

PAGES: dict[str, dict[str, object]] = {
    "the lead": page("progress", *LEAD, notice=UNDO),
    "the lead, his number refused": page(
        "progress", *LEAD, **refused("progress", "quantity", percent="80", note=HOSTILE, quantity="nhiều")
    ),
    "the lead, his reason refused": page("progress", *LEAD, **refused("extend", "reason", due="2026-12-30")),
    "the lead, his item refused": page("progress", *LEAD, **refused("item", "text", text="")),
    "a manager": page("", *MANAGER, refused="Lê Thu Hà đang chủ trì nhiệm vụ này."),
    "a manager, his reason refused": page("", *MANAGER, **refused("status", "reason", to="cancelled")),
    "a reviewer": page("review", "review", "comment", reviewable=[PART, OTHER], submission=HISTORY[0], suggestions=SUGGESTIONS),
    "a reviewer, his reason refused": page(
        "review", "review", reviewable=[PART, OTHER], **refused("review", "reason", person="p4", verdict="return")
    ),
    "a decider": page(
        "decide",
        "decide",
        leads=GROUPS,
        standing={"title": "Đề xuất nhiệm vụ", "reason": "", "by": "Hà", "when": "hôm qua", "warns": False},
    ),
    "a decider of a later due date": page(
        "decide_extension", "decide_extension", extension=EXTENSION, **refused("decide", "reason", decision="decline")
    ),
    "handed back": page(
        "assign_handed_back", "assign", "assign_handed_back", task=TASK | {"handed_back": True, "handed_back_reason": HOSTILE}
    ),
    "paused": page("resume", "resume", standing={"title": "Tạm dừng", "reason": HOSTILE, "by": "Hải", "when": "hôm nay", "warns": True}),
    "what waits on the device": page(
        "progress",
        *LEAD,
        waits=2,
        refused_entries=[{"label": HOSTILE, "message": "Hãy ghi lý do.", "href": "/conflicts"}],
        history=[HISTORY[0] | {"seq": None, "pending": True, "files": [{**FILES[0], "note": "Chờ gửi"}]}, *HISTORY],
    ),
    "in the bin": page("restore", "restore", has_menu=False, task=TASK | {"deleted": True}),
    "overtaken": page("", problem={"move": "progress", "message": "Đã tạm dừng.", "field": "", "values": {"note": HOSTILE}}),
    "nothing": page(
        "",
        has_menu=False,
        my_role="",
        facts=[],
        people=[],
        followers=[],
        checklist=[],
        checklist_done=0,
        children=[],
        parent=None,
        source=None,
        files=[],
        history=[],
        history_more="",
        query="",
        list_href="/tasks",
        task=TASK | {"title": "Việc", "description": "", "lead": None, "chip": CHIPS["wait"]},
    ),
}

_VALUES = {
    "title": LONGEST,
    "lead": "p2",
    "due": "2026-12-31",
    "no_due": "",
    "priority": "urgent",
    "kind": "planned",
    "quantity": "1.234,5",
    "collaborators": ["p3"],
    "followers": ["p1"],
    "shares": {"p3": "20"},
    "description": HOSTILE,
    "checklist": "Một\nHai",
    "unit": "u1",
    "field": "f2",
    "product": "pr2",
    "product_text": HOSTILE,
    "start": "",
    "source_number": "717",
    "source_date": "",
    "source_issuer": "",
    "parent": "",
    "id": "0190",
    "mutation": "0190",
    "reason": HOSTILE,
}
_FORM: dict[str, object] = FRAME | {
    "values": _VALUES,
    "base": _VALUES,
    "errors": {},
    "proposes": False,
    "people": GROUPS,
    "everybody": GROUPS,
    "units": [{"value": "u1", "label": "Phòng"}],
    "message": "",
    "mutation": "0190",
    "handed_back": "",
    "parent": None,
    "fields": [
        {"value": "f1", "label": "Một cửa", "group": "A"},
        {"value": "f2", "label": "Số hóa", "group": "A"},
        {"value": "f3", "label": "Khác", "group": "B"},
    ],
    "products": [
        {"value": "pr1", "label": HOSTILE, "group": "Nhóm 1"},
        {"value": "pr2", "label": LONGEST, "group": "Nhóm 2"},
    ],
    "priorities": [{"value": "normal", "label": "Thường"}, {"value": "urgent", "label": "Khẩn"}],
    "kinds": [{"value": "planned", "label": "Theo kế hoạch"}],
    "no_dues": [{"value": "none", "label": "Không thời hạn"}, {"value": "ongoing", "label": "Thường xuyên"}],
    "task": {"id": "t1", "number": "26-014", "title": LONGEST, "version": 3},
}
FORMS: dict[str, dict[str, object]] = {
    "full": _FORM | {"parent": {"id": "t0", "number": "26-001", "title": HOSTILE}, "handed_back": HOSTILE},
    "wrong": _FORM | {"errors": {"due": "Hãy nhập thời hạn.", "collaborators": "Tổng tỷ trọng quá lớn."}, "message": "Hãy nhập thời hạn."},
    "refused": _FORM | {"errors": {"": "Không được."}, "message": "Không được.", "proposes": True},
    "blank": _FORM
    | {
        "values": {"collaborators": [], "followers": [], "shares": {}, "priority": "normal", "mutation": "1", "id": "2"},
        "people": [],
        "everybody": [],
        "fields": [],
        "products": [],
        "units": [],
    },
}
