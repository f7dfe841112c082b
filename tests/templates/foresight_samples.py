"""The pages of foresight: full, narrowed, with nothing in them."""

from __future__ import annotations

from tests.templates.list_samples import CARDS, CHOICES
from tests.templates.samples import FRAME, HOSTILE

TABS = [
    {"href": "/foresight/tasks", "label": "Tất cả", "count": 34, "current": True},
    {"href": "/foresight/tasks?band=high", "label": "Nguy cơ cao", "count": 2, "current": False},
    {"href": "/foresight/tasks?band=watch", "label": "Cần chú ý", "count": 0, "current": False},
]
RISKS: dict[str, object] = FRAME | {
    "page": "foresight", "own": False, "tasks": CARDS, "tabs": TABS, "filters": {"band": "", "unit": "", "person": ""},
    "choices": {"units": CHOICES["units"], "people": CHOICES["people"]}, "foreign": True, "scored": "Tính lần gần nhất: 08:15 hôm nay",
    "pages": {"next": "/foresight/tasks?start=30", "first": "", "label": "Đang xem 30 việc đầu, còn nữa"},
    "empty": {"title": "", "text": ""},
}  # fmt: skip
NARROWED: dict[str, object] = RISKS | {
    "filters": {"band": "high", "unit": HOSTILE, "person": "p3"}, "foreign": False,
    "pages": {"next": "", "first": "/foresight/tasks?band=high", "label": "Đã xem hết 34 việc"},
}  # fmt: skip
NONE: dict[str, object] = RISKS | {
    "own": True, "choices": None, "tasks": [], "scored": "", "foreign": False,
    "empty": {"title": "Bạn chưa có việc nào để dự báo", "text": HOSTILE},
}  # fmt: skip
PAGES = [(f"shared/foresight/{name}.html", said, context) for name, said, context in (
    ("tasks", "full", RISKS), ("tasks", "narrowed", NARROWED), ("tasks", "empty", NONE),
)]  # fmt: skip
