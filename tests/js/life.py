"""A small year of the test office: tasks in every state, with everything that a list can show of one."""

from dataclasses import dataclass, field
from datetime import timedelta

from server.storage.engine import rows
from tests.office import CAST, NOW, Clock, fixed_id
from tests.tasks.desk import Desk

#: What a title may hold that a careless page would take for something else.
HOSTILE = (
    "<script>alert(1)</script> & \"trích\" 'dẫn' {{ 7 * 7 }} {% raw %}",
    "{count} việc %s $& $1 \\u0041 ${title}",
    "Đường truyền 🚀 Bắc\u200bNinh \u202eđảo ngược * ~ ' ( ) ! + = & # ? / %zz %41",
    "x" * 40 + "…" + "ư" * 40,
)
LONG = ("Rà soát, tổng hợp, báo cáo việc thực hiện nhiệm vụ được giao tại văn bản " * 10)[:690].strip()


@dataclass
class Life:
    """The desk at which it happened, and its tasks by what they are."""

    desk: Desk
    tasks: dict[str, str] = field(default_factory=dict)

    def after(self, clock: Clock, **much: float) -> None:
        """Time goes by, on the office's clock too."""
        self.desk.now += timedelta(**much)
        clock.now = max(clock.now, self.desk.now)


#: Fields of work in two groups that take turns, and one that is given up.
FIELDS = (("Cải cách hành chính", "A", 1), ("Số hóa hồ sơ", "A", 2), ("Văn thư", "B", 3), ("Kiểm soát thủ tục", "A", 4), ("Cũ", "B", 5))
FIELD_IDS = tuple(fixed_id(name) for name, _, _ in FIELDS)


async def _fields() -> None:
    """The office of the tests has none: they come with an office's first plan."""
    for one, (name, group, sort) in zip(FIELD_IDS, FIELDS, strict=True):
        await rows(
            "INSERT INTO field (id, name, field_group, sort, active) VALUES ($1, $2, $3, $4, $5)", one, name, group, sort, name != "Cũ"
        )
    await rows("UPDATE counter SET value = value + 1 WHERE name = 'directory'")


async def live(clock: Clock) -> Life:
    """From twelve days before ``NOW`` to ``NOW``; the clock says the moment after the last command."""
    desk = Desk(NOW - timedelta(days=12))
    life = Life(desk)
    tasks = life.tasks
    await _fields()
    await _running(desk, tasks)
    await _waiting(desk, tasks)
    life.after(clock, days=11, hours=20)
    await _ended(desk, tasks)
    await desk.do(CAST.officer, "task.submit", task=tasks["late_submit"], note="Trình muộn")
    await desk.do(CAST.officer, "task.progress", task=tasks["soon"], percent=35, note="Đang làm")
    clock.now = max(NOW, desk.now)
    desk.now = clock.now
    return life


def _in(days: int) -> str:
    return (NOW + timedelta(days=days)).date().isoformat()


async def _running(desk: Desk, tasks: dict[str, str]) -> None:
    """Tasks that somebody works on, with every kind of due date."""
    head, officer, colleague = CAST.head, CAST.officer, CAST.colleague
    one_field, other_field = FIELD_IDS[0], FIELD_IDS[2]
    tasks["overdue"] = await desk.task(due=_in(-5), priority="critical", field=one_field, source={"number": "717/QĐ-UBND"})
    tasks["overdue_old"] = await desk.task(head, colleague, due=_in(-9), title="Đường truyền số liệu của Ủy ban")
    tasks["today"] = await desk.task(due=_in(0), priority="urgent", title="Cơ sở dữ liệu người dùng")
    tasks["soon"] = await desk.task(due=_in(1), title="Cỡ số trang in", collaborators=[{"person": colleague, "share": 0.3}])
    for days in (2, 3, 4, 5, 6, 7, 8, 14, 29, 30, 38, 39, 59, 60, 61, 62, 400):
        tasks[f"in_{days}"] = await desk.task(due=_in(days), title=f"Việc đến hạn sau {days} ngày", field=other_field)
    tasks["none"] = await desk.task(no_due="none", title="Không có hạn", product_text="Tờ trình")
    tasks["ongoing"] = await desk.task(no_due="ongoing", cadence="ongoing", title=LONG, followers=[CAST.stranger])
    for place, title in enumerate(HOSTILE):
        tasks[f"hostile_{place}"] = await desk.task(by=CAST.deputy, title=title, due=_in(10 + place), description=HOSTILE[-1 - place])
    tasks["far_room"] = await desk.task(CAST.director, CAST.delegate, title="Việc của phòng Hành chính", due=_in(3))
    tasks["other_room"] = await desk.task(CAST.delegate, CAST.stranger, title="Sắp xếp hồ sơ lưu trữ", due=_in(-1), priority="urgent")
    tasks["across"] = await desk.task(
        CAST.director, CAST.head, title="Việc liên phòng", due=_in(5), collaborators=[{"person": CAST.stranger, "share": 0.25}]
    )
    tasks["parent"] = await desk.task(CAST.director, CAST.head, title="Chuyển đổi số năm 2026", due=_in(20))
    tasks["child_one"] = await desk.task(CAST.head, officer, parent=tasks["parent"], title="Việc con thứ nhất", due=_in(15))
    tasks["child_two"] = await desk.task(CAST.head, colleague, parent=tasks["parent"], title="Việc con thứ hai", due=_in(-2))
    await desk.do(officer, "task.progress", task=tasks["child_one"], percent=50, note="")
    await desk.do(officer, "task.progress", task=tasks["overdue"], percent=80, note="Gần xong")
    await desk.do(colleague, "task.progress", task=tasks["soon"], percent=90, note="Phần tôi")
    tasks["paused"] = await desk.task(due=_in(-3), title="Tạm dừng mà quá hạn")
    await desk.do(CAST.head, "task.status", task=tasks["paused"], to="paused", reason="Chờ kinh phí")
    tasks["paused_soon"] = await desk.task(due=_in(1), title="Tạm dừng, sắp đến hạn")
    await desk.do(CAST.head, "task.status", task=tasks["paused_soon"], to="paused", reason="Chờ ý kiến")


async def _waiting(desk: Desk, tasks: dict[str, str]) -> None:
    """Tasks on which something waits for somebody."""
    officer = CAST.officer
    tasks["submitted"] = await desk.submitted(due=_in(2), title="Trình đúng hạn")
    tasks["late_submit"] = await desk.task(due=_in(-2), title="Trình muộn")
    tasks["submitted_then_late"] = await desk.submitted(due=_in(-1), title="Trình đúng hạn, nay đã qua hạn")
    tasks["submitted_leader"] = await desk.submitted(CAST.director, CAST.head, due=_in(4), title="Lãnh đạo giao, trưởng phòng trình")
    tasks["submitted_none"] = await desk.submitted(no_due="none", title="Trình, không có hạn")
    tasks["returned"] = await desk.submitted(due=_in(6), title="Bị trả lại")
    await desk.do(CAST.head, "task.review", task=tasks["returned"], verdict="return", note="Thiếu số liệu")
    tasks["returned_paused"] = await desk.submitted(due=_in(6), title="Bị trả lại rồi tạm dừng")
    await desk.do(CAST.head, "task.review", task=tasks["returned_paused"], verdict="return", note="Thiếu số liệu")
    await desk.do(CAST.head, "task.status", task=tasks["returned_paused"], to="paused", reason="Chờ")
    tasks["proposed"] = await desk.proposal(due=_in(9), title="Đề xuất của chuyên viên")
    tasks["proposed_late"] = await desk.proposal(due=_in(-4), title="Đề xuất đã qua hạn")
    tasks["proposed_nobody"] = await desk.proposal(lead=None, title="Đề xuất chưa có người làm", no_due="none")
    tasks["proposed_other"] = await desk.proposal(CAST.stranger, CAST.stranger, title="Đề xuất phòng khác", due=_in(12))
    tasks["handed_back"] = await desk.task(due=_in(3), title="Trả lại việc")
    await desk.do(officer, "task.hand_back", task=tasks["handed_back"], reason="Quá tải")
    tasks["handed_back_part"] = await desk.task(
        due=_in(8), title="Người phối hợp trả lại", collaborators=[{"person": CAST.colleague, "share": 0.4}]
    )
    await desk.do(CAST.colleague, "task.hand_back", task=tasks["handed_back_part"], reason="Đi công tác")
    tasks["extension"] = await desk.task(due=_in(2), title="Xin gia hạn")
    await desk.do(officer, "task.extend", task=tasks["extension"], due=_in(20), reason="Chờ phối hợp")
    tasks["extension_leader"] = await desk.task(CAST.director, CAST.head, due=_in(2), title="Trưởng phòng xin gia hạn")
    await desk.do(CAST.head, "task.extend", task=tasks["extension_leader"], due=_in(20), reason="Khối lượng lớn")


async def _ended(desk: Desk, tasks: dict[str, str]) -> None:
    """Tasks that are over, and one that was put away."""
    tasks["completed"] = await desk.completed(due=_in(5), title="Đã nghiệm thu")
    tasks["completed_late"] = await desk.completed(due=_in(-6), title="Nghiệm thu việc quá hạn", lead=CAST.colleague)
    tasks["part_open"] = await desk.submitted(
        due=_in(5), title="Còn phần phối hợp", collaborators=[{"person": CAST.colleague, "share": 0.5}]
    )
    await desk.do(CAST.head, "task.review", task=tasks["part_open"], person=CAST.officer, verdict="accept", score=80)
    tasks["cancelled"] = await desk.task(due=_in(5), title="Bị hủy")
    await desk.do(CAST.head, "task.status", task=tasks["cancelled"], to="cancelled", reason="Trùng lặp")
    tasks["declined"] = await desk.proposal(title="Không được duyệt", due=_in(5))
    await desk.do(CAST.head, "task.decide", task=tasks["declined"], decision="decline", reason="Đã có việc tương tự")
    tasks["binned"] = await desk.task(due=_in(5), title="Vào thùng rác")
    await desk.do(CAST.head, "task.bin", task=tasks["binned"], reason="Nhầm")
