"""Sample contexts: invented people, and the real 690-character task of a published provincial plan (a title's hardest case)."""

from __future__ import annotations

LONGEST = (
    "Trang bị Hệ thống giám sát, đánh giá tự động sử dụng công nghệ (như: trí tuệ nhân tạo, kết nối nối vạn vật,...) để phân tích "
    "cảm xúc, kết nối với Bản đồ Bộ phận Một cửa, tự động cập nhật dữ liệu và phân tích dữ liệu gốc một cách thường xuyên, liên "
    "tục để đưa ra kết quả đánh giá khách quan, trung thực, chính xác về sự hài lòng của tổ chức, cá nhân, tinh thần, thái độ phục "
    "vụ của nhân sự tại Bộ phận Một cửa (đây là cơ sở để đánh giá, xếp loại nhân sự tại Bộ phận Một cửa hàng năm. Đồng thời, đưa "
    "ra những dự báo về xu hướng nhu cầu của người dân, những vấn đề cần tiếp tục cải thiện để nâng cao chất lượng phục vụ. Qua "
    "đó, tối ưu hóa nguồn lực, nâng cao chất lượng cung cấp dịch vụ công)."
)
HOSTILE = "<script>alert('Việc')</script> & \"ngoặc\" </textarea>"

CHIPS = {
    "wait": {"kind": "wait", "icon": "circle", "label": "Chưa bắt đầu"},
    "doing": {"kind": "doing", "icon": "play", "label": "Đang làm"},
    "review": {"kind": "review", "icon": "eye", "label": "Chờ nghiệm thu"},
    "done": {"kind": "done", "icon": "done", "label": "Hoàn thành"},
    "soon": {"kind": "soon", "icon": "clock", "label": "Còn 2 ngày làm việc"},
    "late": {"kind": "late", "icon": "late", "label": "Quá hạn 3 ngày"},
}
HA = {"name": "Lê Thu Hà", "initials": "LH", "position": "Chuyên viên", "username": "ha.le"}
MINH = {"name": "Nguyễn Quang Minh", "initials": "NM", "position": "Chuyên viên", "username": "minh.nguyen"}
HAI = {"name": "Trần Đức Hải", "initials": "TH", "position": "Trưởng phòng", "username": "hai.tran"}


def task(number: str, title: str, kind: str, percent: int, **more: object) -> dict[str, object]:
    """One row of a list, as `server/tasks/show.py` prepares it."""
    row: dict[str, object] = {
        "number": number, "title": title, "chip": CHIPS[kind], "due_label": "", "percent": percent, "lead": HA,
        "role": "Chủ trì", "why": "", "priority_label": "", "overdue": kind == "late", "flags": [],
    }  # fmt: skip
    return row | more


TASKS = [
    task("26-014", "Rà soát, phân loại giấy tờ, hồ sơ thực hiện số hóa tại Trung tâm và Bộ phận một cửa", "late", 60,
         due_label="Hạn Thứ Tư, 18/11", priority_label="Khẩn"),
    task("26-031", "Báo cáo đánh giá kết quả thí điểm tiếp nhận hồ sơ không phụ thuộc địa giới hành chính", "soon", 40,
         role="Phối hợp", lead=MINH, risk={"band": "high", "icon": "flag", "label": "Nguy cơ cao",
               "reasons": ["9 ngày chưa cập nhật", HOSTILE]},
         flags=[{"icon": "paperclip", "label": "Có tệp đính kèm"}]),
    task("26-006", LONGEST, "doing", 25, due_label="Hạn 31/12/2026",
         risk={"band": "watch", "icon": "eye", "label": "Cần chú ý", "reasons": []}),
    task("26-027", "Danh mục thủ tục hành chính đủ điều kiện trực tuyến toàn trình", "review", 100),
    task("26-040", "Đào tạo, bồi dưỡng công chức trực tại Bộ phận một cửa các cấp", "wait", 0, lead=None),
    task("26-002", "Cải tiến, nâng cấp hợp nhất Cổng dịch vụ công", "done", 100, role=""),
    task("26-099", HOSTILE, "doing", 5),
]  # fmt: skip

NAV = [
    {"key": "today", "href": "/", "label": "Hôm nay", "icon": "home", "badge": None},
    {"key": "tasks", "href": "/tasks", "label": "Việc", "icon": "list", "badge": None},
    {"key": "add", "href": "/tasks/new", "label": "Thêm", "icon": "add", "badge": None},
    {"key": "review", "href": "/review", "label": "Chờ duyệt", "icon": "check", "badge": 2, "wide": True},
    {"key": "plans", "href": "/plans", "label": "Nhập kế hoạch", "icon": "import", "badge": None, "wide": True},
    {"key": "people", "href": "/people", "label": "Nhân sự", "icon": "people", "badge": None, "wide": True},
    {"key": "inbox", "href": "/inbox", "label": "Thông báo", "icon": "bell", "badge": 4},
    {"key": "me", "href": "/me", "label": "Tôi", "icon": "me", "badge": None},
]
GROUPS = [
    {"unit": "Lãnh đạo Trung tâm", "people": [{"id": "p1", "name": "Phạm Văn An", "position": "Giám đốc", "note": ""}]},
    {"unit": "Phòng Ứng dụng CNTT và hỗ trợ nghiệp vụ", "people": [
        {"id": "p2", "name": "Trần Đức Hải", "position": "Trưởng phòng", "note": "tải 72%"},
        {"id": "p3", "name": "Lê Thu Hà", "position": "Chuyên viên", "note": "tải 131%"}]},
]  # fmt: skip
FILES: list[dict[str, object]] = [
    {"href": "/files/aa", "name": "Biên bản nghiệm thu đợt 1 – Bộ phận một cửa.pdf", "size": "1,2 MB", "kind_icon": "document",
     "thumb": None, "note": "23/11/2026"},
    {"href": "/files/bb", "name": "anh-quay-so-3.jpg", "size": "340 kB", "kind_icon": "image", "thumb": "/static/mark.svg", "note": ""},
]  # fmt: skip
TIMELINE = [
    {"icon": "send", "kind": "review", "title": "Trình nghiệm thu", "when": "Thứ Hai, 23/11 09:40", "iso": "2026-11-23T09:40:00+07:00",
     "person": HA, "note": "Đã hoàn thành danh mục 128 thủ tục.\nĐề nghị nghiệm thu.", "files": FILES},
    {"icon": "chart", "kind": "doing", "title": "Tiến độ 60% → 85%", "when": "20/11 16:05", "iso": None,
     "person": HA, "note": "", "files": []},
    {"icon": "return", "kind": "soon", "title": "Trả lại để bổ sung", "when": "18/11 08:12", "iso": None, "person": HAI,
     "note": HOSTILE, "files": []},
]  # fmt: skip
CHECKLIST = [
    {"id": "c1", "text": "Lập danh mục hồ sơ", "done": True, "by": "Lê Thu Hà, 20/11"},
    {"id": "c2", "text": "Phân loại theo mức độ ưu tiên số hóa; lấy ý kiến các phòng", "done": False, "by": ""},
]
UNDO = {"kind": "success", "text": "Đã nghiệm thu việc 26-027.",
        "undo": {"action": "/tasks/26-027/undo", "label": "Hoàn tác", "fields": [{"name": "mutation", "value": "0190"}]}}  # fmt: skip

FRAME: dict[str, object] = {
    "me": HAI, "nav": NAV, "page": "tasks", "csrf": "token<&>", "notice": None, "asset_version": "1", "theme": None,
    "title": "Việc",
}  # fmt: skip
PHONE_DETAIL: dict[str, object] = {"shows": "detail", "tasks": TASKS, "current": "26-027"}
EVERYTHING: dict[str, object] = {
    "tasks": TASKS, "chips": CHIPS, "person_": HAI, "groups": GROUPS, "files": FILES, "timeline": TIMELINE, "checklist": CHECKLIST,
    "hostile": HOSTILE, "longest": LONGEST, "shows": "list",
    "filters": [{"href": "?f=mine", "label": "Của tôi", "count": 12, "current": True},
                {"href": "?f=late", "label": "Quá hạn", "count": 1, "current": False},
                {"href": "?f=soon", "label": "Đến hạn tuần này", "count": 0, "current": False},
                {"href": "?f=review", "label": "Chờ nghiệm thu", "current": False}],
    "tabs": [{"href": "#a", "label": "Phòng", "count": 3, "current": True}, {"href": "#b", "label": "Trung tâm", "count": None,
                                                                             "current": False}],
    "pages": {"next": "/tasks?page=2", "shown": 7, "total": 41},
    "phrases": ["Đúng tiến độ, không có vướng mắc.", "Đang chờ ý kiến đơn vị phối hợp.", "Đã xong phần thu thập số liệu."],
    "facts": [{"label": "Người giao", "text": "Phạm Văn An, Giám đốc"}, {"label": "Thời hạn", "text": "Thứ Sáu, 27/11/2026"},
              {"label": "Sản phẩm", "text": "Danh mục thủ tục được phê duyệt"}, {"label": "Căn cứ", "text": "QĐ 717/QĐ-UBND"}],
}  # fmt: skip
EMPTY: dict[str, object] = EVERYTHING | {
    "tasks": [], "groups": [], "files": [], "timeline": [], "checklist": [], "filters": [], "tabs": [], "phrases": [], "facts": [],
    "pages": {"next": None, "shown": 0, "total": 0},
}  # fmt: skip
