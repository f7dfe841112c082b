"""Thông báo: a full inbox, one that goes on, and one with nothing in it."""

from __future__ import annotations

from tests.templates.samples import FRAME, HOSTILE, LONGEST


def notice(kind: str, group: str, text: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": f"0190-{kind}", "kind": kind, "group": group, "about": "Giao việc", "text": text, "detail": "", "day": "Hôm nay",
        "begins": False, "when": "08:15", "iso": "2026-11-23T08:15:00.000+07:00", "read": False, "chooses": False, "href": "/tasks/26-014",
    }  # fmt: skip
    return row | more


NOTICES = [
    notice("task.assigned", "assigned", f"Việc mới: 26-014 {LONGEST}", begins=True, detail="Hạn: thứ Ba, 24/11\nNgười giao: Trần Đức Hải"),
    notice("task.overdue", "due", HOSTILE, detail=HOSTILE),
    notice("task.edited_over", "changed", "Nội dung bạn sửa vừa được người khác sửa tiếp: 26-031", chooses=True, href="/conflicts"),
    notice("task.accepted", "verdict", "Kết quả đã được nghiệm thu: 26-002", read=True, day="Hôm qua", begins=True),
    notice("nothing.known", "no group of ours", "Có thay đổi", read=True),
]
TABS = [
    {"href": "/notices", "label": "Tất cả", "count": None, "current": True},
    {"href": "/notices?show=unread", "label": "Chưa đọc", "count": 3, "current": False},
]
FULL: dict[str, object] = FRAME | {
    "page": "notices", "unread": 3, "until": "2026-11-23T08:15:00.000+07:00", "tabs": TABS, "notices": NOTICES,
    "pages": {"next": "/notices?start=30", "label": "Đang hiện 30 thông báo"}, "empty": {"title": "", "text": ""},
}  # fmt: skip
EMPTY: dict[str, object] = FULL | {
    "notices": [], "unread": 0, "pages": {"next": "", "label": ""},
    "empty": {"title": "Chưa có thông báo nào", "text": "Khi bạn được giao việc …"},
}  # fmt: skip
PAGES = [("shared/notices/list.html", "full", FULL), ("shared/notices/list.html", "empty", EMPTY)]
