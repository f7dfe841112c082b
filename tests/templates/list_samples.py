"""Contexts of the lists of tasks, as `server/tasks/show/lists.py` and `reviews.py` make them."""

from __future__ import annotations

from tests.templates.samples import FILES, FRAME, GROUPS, HA, HAI, HOSTILE, LONGEST, MINH, TASKS, UNDO
from tests.templates.task_samples import SUGGESTIONS

CARDS = [task | {"id": f"t{place}", "href": f"/tasks/t{place}?q=a&status=all", "current": place == 1} for place, task in enumerate(TASKS)]
FILTERS = {
    "q": "", "status": "open", "whose": "all", "person": "", "unit": "", "field": "", "priority": "", "plan": "", "parent": "",
    "due_from": "", "due_to": "", "sort": "due", "start": 0,
}  # fmt: skip
CHOICES = {
    "status": [{"value": "open", "label": "Đang mở"}, {"value": "all", "label": "Tất cả"}],
    "whose": [{"value": "all", "label": "Mọi việc tôi được xem"}, {"value": "mine", "label": "Việc tôi tham gia"}],
    "sort": [{"value": "due", "label": "Thời hạn gần nhất"}],
    "priority": [{"value": "urgent", "label": "Khẩn"}],
    "units": [{"value": "u1", "label": "Phòng Hành chính - Tổng hợp"}],
    "fields": [
        {"group": "Cải cách hành chính", "options": [{"value": "f1", "label": "Kiểm soát thủ tục", "group": "Cải cách hành chính"}]}
    ],
    "people": GROUPS,
}
EMPTY = {"title": "Không có việc nào khớp bộ lọc", "text": HOSTILE, "href": "/tasks?q=a&status=all", "label": "Tìm trong mọi việc"}
PLAIN: dict[str, object] = FRAME | {
    "shows": "list", "tasks": CARDS, "q": "", "filter_href": "/tasks/filter", "set_filters": [], "keep": [], "empty": EMPTY, "query": "",
    "list_href": "/tasks", "quick": [{"href": "/tasks?", "label": "Đang mở", "current": True}],
    "pages": {"next": "/tasks?start=30", "first": "", "label": "30 việc đầu tiên"},
    "assigns": False,
}  # fmt: skip
LISTS: dict[str, dict[str, object]] = {
    "an officer's": PLAIN,
    "a leader's, narrowed": PLAIN
    | {
        "assigns": True,
        "notice": UNDO,
        "q": HOSTILE,
        "filter_href": "/tasks/filter?q=a&person=p3",
        "set_filters": [{"label": f"Người: {HOSTILE}", "href": "/tasks?q=a&field=f1"}],
        "keep": [{"name": "status", "value": "all"}, {"name": "person", "value": "p3"}],
        "query": "q=a&person=p3",
        "list_href": "/tasks?q=a&person=p3",
        "pages": {"next": "", "first": "/tasks?q=a", "label": "37 việc"},
    },
    "empty": PLAIN | {"tasks": []},
    "nothing found": PLAIN | {"tasks": [], "query": "q=zz", "assigns": True},
}
FORM: dict[str, object] = FRAME | {"filters": FILTERS, "choices": CHOICES, "list_href": "/tasks", "in_place": False}
FORMS: dict[str, dict[str, object]] = {
    "untouched": FORM,
    "in the list": FORM
    | {
        "filters": FILTERS | {"q": HOSTILE, "person": "p3", "field": "f1", "plan": "k1", "parent": "t9", "due_from": "2026-01-01"},
        "list_href": "/tasks?q=a&person=p3",
        "in_place": True,
    },
}
ASSIGN: dict[str, object] = FRAME | {
    "what": "assign", "tasks": CARDS, "people": GROUPS, "today_iso": "2026-11-23",
    "back": "/tasks?q=a&person=p3", "values": {}, "errors": {},
}  # fmt: skip
BULKS: dict[str, dict[str, object]] = {
    "people": ASSIGN,
    "a day": ASSIGN | {"what": "due", "people": [], "tasks": CARDS[:1]},
    "nobody chosen": ASSIGN | {"values": {"reason": HOSTILE}, "errors": {"lead": "Hãy chọn người chủ trì."}},
    "no day": ASSIGN | {"what": "due", "people": [], "values": {"due": HOSTILE, "reason": "x"}, "errors": {"due": HOSTILE}},
    "no reason": ASSIGN | {"values": {"lead": "p3"}, "errors": {"reason": "Hãy ghi lý do."}},
}
DAY: dict[str, object] = FRAME | {
    "day": "Thứ Hai, 23/11",
    "hello": HA["name"],
    "stats": [{"number": "1", "label": "quá hạn", "href": "/tasks?whose=mine&status=overdue", "kind": "late"},
              {"number": "0", "label": "chờ bạn duyệt", "href": "/reviews", "kind": ""}],
    "decisions": 0, "decision_kinds": [], "sections": [], "empty": EMPTY,
}  # fmt: skip
DAYS: dict[str, dict[str, object]] = {
    "nothing": DAY,
    "only decisions": DAY | {"decisions": 2, "decision_kinds": [{"label": "Xin gia hạn", "count": 2, "href": "/reviews#extensions"}]},
    "much": DAY
    | {
        "sections": [
            {"key": "late", "title": "Quá hạn", "tasks": CARDS[:1], "more": 0, "href": "/tasks?status=overdue"},
            {"key": "rest", "title": "Việc khác đang mở", "tasks": CARDS, "more": 3, "href": "/tasks?whose=mine"},
        ]
    },
}


def entry(place: int, **more: object) -> dict[str, object]:
    """What every card of Chờ duyệt has."""
    shared = {"id": f"t{place}", "uid": f"-t{place}", "task": CARDS[place], "others": [], "by": HA, "mutation": f"0190{place}"}
    return shared | more


RESULT: dict[str, object] = {"when": "08:15 hôm nay", "note": "", "quantity": "", "amounts": "", "files": [], "in_time": True}
PROPOSAL: dict[str, object] = {"when": "08:15, 20/11", "has_lead": True, "lead_id": "p3", "due": "27/11/2026", "due_iso": "2026-11-27"}
ASIDE: dict[str, object] = FRAME | {
    "page": "reviews", "groups": [], "jumps": [], "empty": EMPTY,
    "ready": {name: ["Thiếu số liệu, đề nghị bổ sung.", HOSTILE] for name in ("accept", "return", "decline", "keep")},
}  # fmt: skip
GROUPS_OF_REVIEWS: list[dict[str, object]] = [
    {"key": "results", "title": "Kết quả chờ nghiệm thu", "count": 2, "entries": [
        entry(0, **RESULT | {"suggestion": SUGGESTIONS[0]}),
        entry(2, **RESULT | {"note": LONGEST, "quantity": "3", "amounts": "3 trên 5 được giao", "files": FILES, "in_time": False,
                             "others": [MINH["name"], HOSTILE]})]},
    {"key": "proposals", "title": "Đề xuất chờ duyệt", "count": 2, "entries": [
        entry(1, **PROPOSAL), entry(4, **PROPOSAL | {"has_lead": False, "lead_id": "", "due": "", "due_iso": ""})]},
    {"key": "extensions", "title": "Xin gia hạn", "count": 1, "entries": [
        entry(3, note=HOSTILE, old_due="", due="04/12/2026")]},
    {"key": "hand_backs", "title": "Việc bị trả lại", "count": 1, "entries": [entry(6, by=None, note="Đi công tác.")]},
]  # fmt: skip
REVIEWS: dict[str, dict[str, object]] = {
    "nothing": ASIDE,
    "one group": ASIDE | {"groups": GROUPS_OF_REVIEWS[:1]},
    "all": ASIDE
    | {
        "groups": GROUPS_OF_REVIEWS,
        "jumps": [{"href": f"#{one['key']}", "label": one["title"], "count": one["count"], "current": False} for one in GROUPS_OF_REVIEWS],
    },
}
BIN = [card | {"by": HAI["name"], "when": "08:15 hôm qua", "left": "còn 29 ngày để khôi phục"} for card in CARDS]
BINS: dict[str, dict[str, object]] = {"empty": FRAME | {"tasks": [], "empty": EMPTY}, "full": FRAME | {"tasks": BIN, "empty": EMPTY}}
ALIKE: dict[str, dict[str, object]] = {
    "none": {"alike": []},
    "some": {"alike": [{"number": "#26-014", "title": title, "href": "/tasks/t1"} for title in (LONGEST, HOSTILE)]},
}
ALL: dict[str, dict[str, dict[str, object]]] = {
    "list": LISTS, "pane": LISTS, "filter": FORMS, "narrow": FORMS, "bulk_page": BULKS,
    "today": DAYS, "reviews": REVIEWS, "bin": BINS, "alike": ALIKE,
}  # fmt: skip
