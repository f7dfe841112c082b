"""An invented report with every section, for the tests of whatever draws one: no figure of it was counted anywhere.

It has what is hard to draw: a name of 200 characters, a title that a workbook would run, values that are missing, and zeros.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from server.reports.build.figures import LISTED, column, kind_of, label_of
from server.reports.shape import VERSION, Chart, Column, Headline, Report, Row, Section, Table, Value

LONG_NAME: Final = ("Nguyễn Phúc Vĩnh Thụy Hoàng Long " * 7)[:199] + "ỹ"
FORMULA: Final = '=HYPERLINK("x")'
#: The figures of a plan, which its tasks have not.
EMPTY: Final = (None,) * 6
ROOMS: Final = ("Phòng Ứng dụng CNTT", "Phòng Hành chính - Tổng hợp", "Phòng Hỗ trợ và Kiểm soát")


def sample_report(rows: int = 9, running: bool = False) -> Report:
    """November 2026 of an invented centre; ``rows`` people lead tasks."""
    now = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
    return Report(
        version=VERSION,
        period="2026-11",
        period_label="Tháng 11 năm 2026",
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        as_of=now if running else datetime(2026, 11, 30, 17, tzinfo=UTC),
        running=running,
        unit="centre",
        unit_label="Trung tâm Phục vụ hành chính công",
        headlines=_headlines(),
        sections=[
            _summary(),
            _course(),
            _calendar(),
            _listed("units", "Theo đơn vị", list(ROOMS), "stacked", "unit"),
            _people(rows),
            _listed("leaders", "Theo lãnh đạo phụ trách", ["Ngô Thị Hạnh Dung", "Chưa phân công theo dõi"], "bars", "overseer"),
            _listed("fields", "Theo lĩnh vực", ["Chuyển đổi số", "Đất đai"], "bars", "field"),
            _listed("priorities", "Theo mức độ ưu tiên", ["Thường", "Khẩn", "Hỏa tốc"], "bars", "priority"),
            _listed("origins", "Theo kế hoạch và đột xuất", ["Theo kế hoạch", "Đột xuất"], "bars", "origin"),
            _flow(),
            _load(),
            _kpi(),
            _plans(),
        ],
    )


def _headlines() -> list[Headline]:
    told: list[tuple[str, Value, Value, Value, int]] = [
        ("total", 1234, 1100, None, 0),
        ("assigned", 120, 96, 0, 0),
        ("done", 100, 80, 90, 1),
        ("on_time_share", 0.864, 0.9, None, 1),
        ("late", 12, 9, 0, -1),
        ("open", 0, 4, 7, 0),
        ("overdue", 5, 0, 3, -1),
        ("due_next", 31, 20, 25, 0),
        ("median_days", 6.5, None, 8.0, -1),
    ]
    return [
        Headline(key, label_of(key), kind_of(key), now, before, year, f"of={key}" if kind_of(key) == "count" else "", good)
        for key, now, before, year, good in told
    ]


def _summary() -> Section:
    columns = [Column("now", "Tháng 11/2026"), Column("before", "Tháng 10/2026"), Column("year_before", "Tháng 11/2025")]
    told = [
        ("carried", 0, 34), ("assigned", 0, 120), ("total", 0, 154), ("done", 0, 100), ("on_time", 1, 76), ("late", 1, 12),
        ("undated", 1, 12), ("open", 0, 52), ("in_time", 1, 47), ("overdue", 1, 5), ("submitted", 1, 0), ("paused", 1, 3),
        ("cancelled", 0, 2),
    ]  # fmt: skip
    lines = [Row(key, label_of(key), [value, value // 2, None], f"of={key}", level=level) for key, level, value in told]
    said = "Có 154 nhiệm vụ phải làm trong kỳ, đã hoàn thành 100; còn lại 52, trong đó 5 quá hạn."
    return Section("summary", "Kết quả chung", said, Table("Chỉ tiêu", columns, lines))


def _course() -> Section:
    columns = [column(key) for key in ("assigned", "done", "on_time", "late", "undated", "cancelled")]
    lines = [Row(f"2026-W{45 + n}", f"Tuần {45 + n}", [30 - n, 25 - 5 * n, 20 - 4 * n, 3, 2 if n < 5 else 0, 0]) for n in range(5)]
    return Section(
        "course", "Diễn biến trong kỳ", "Tuần 45 hoàn thành nhiều nhất: 25 việc.", Table("Tuần", columns, lines),
        Chart("stacked", ["on_time", "late", "undated"]), "Tuần ở đầu và cuối tháng chỉ tính những ngày thuộc tháng.",
    )  # fmt: skip


def _calendar() -> Section:
    days = [date(2026, 11, 2) + timedelta(days=n) for n in range(28) if (date(2026, 11, 2) + timedelta(days=n)).weekday() < 5]
    lines = [Row(f"{one}", f"{one:%d/%m/%Y}", [one.day % 7]) for one in days]
    table = Table("Ngày", [column("done")], lines)
    return Section("calendar", "Hoàn thành theo ngày", "Nhiều nhất là ngày 06/11/2026, 6 việc.", table, Chart("calendar", ["done"]))


def _values(n: int) -> list[Value]:
    """One line of a list, in the order of ``LISTED``; each third has nothing."""
    if n % 3 == 2:
        return [0] * 14 + [None, None]
    done = 20 - n % 12
    return [done + 11, 9, done + 1, 1, done, done - 3, 2, 1, 10, 8, 2, 1, 3, 1, (done - 3) / (done - 1), done / (done + 10)]


def _total(lines: list[Row], skip: int = 0) -> Row:
    sums = [sum(int(one.values[skip + n] or 0) for one in lines) for n in range(14)]
    on_time, late, done, total, cancelled = sums[5], sums[6], sums[4], sums[0], sums[13]
    shares: list[Value] = [
        on_time / (on_time + late) if on_time + late else None,
        done / (total - cancelled) if total - cancelled else None,
    ]
    return Row("", "Cộng", [None] * skip + [*sums, *shares])


def _listed(key: str, title: str, names: list[str], shape: str, drill: str) -> Section:
    lines = [Row(f"{key}-{n}", name, _values(n), f"{drill}={key}-{n}") for n, name in enumerate(names)]
    said = f"{names[0]} hoàn thành nhiều nhất (20 việc); {names[-1]} không có việc quá hạn."
    chart = (
        Chart("stacked", ["on_time", "late", "undated", "in_time", "overdue"]) if shape == "stacked" else Chart("bars", ["done", "overdue"])
    )
    return Section(key, title, said, Table("Tên", [column(one) for one in LISTED], lines, _total(lines)), chart)


def _people(rows: int) -> Section:
    columns = [column(one) for one in ("position", "unit", *LISTED)]
    lines = []
    for n in range(rows):
        name = LONG_NAME if n == 1 else f"Trần Thị Số {n + 1}"
        note = "Đã nghỉ hoặc chuyển công tác." if n == 3 else ""
        lines.append(Row(f"person-{n}", name, ["Chuyên viên", ROOMS[n % 3], *_values(n)], f"lead=person-{n}", note))
    said = f"{rows} người chủ trì nhiệm vụ; {LONG_NAME} có 2 việc quá hạn."
    chart = Chart("stacked", ["on_time", "late", "undated", "in_time", "overdue"])
    return Section("people", "Theo người chủ trì", said, Table("Họ và tên", columns, lines, _total(lines, 2)), chart)


def _flow() -> Section:
    columns = [column(one) for one in ("done", "median_days", "mean_days", "asked", "extended", "returned")]
    lines = [
        Row("room-0", ROOMS[0], [20, 6.5, 7.25, 4, 3, 1], "unit=room-0"),
        Row("room-1", ROOMS[1], [0, None, None, 0, 0, 0], "unit=room-1"),
    ]
    said = "Một nửa số việc xong trong 6,5 ngày làm việc; 4 lần xin gia hạn, 3 lần được gia hạn; 1 lần trả lại."
    return Section(
        "flow", "Thời gian xử lý, gia hạn, trả lại", said, Table("Đơn vị", columns, lines, Row("", "Cộng", [20, 6.5, 7.25, 4, 3, 1]))
    )


def _load() -> Section:
    columns = [column(one) for one in ("people", "open", "load", "load_before")]
    lines = [Row("room-0", ROOMS[0], [4, 10, 2.5, 2.0], "unit=room-0"), Row("room-1", ROOMS[1], [0, 0, None, None], "unit=room-1")]
    table = Table("Đơn vị", columns, lines, Row("", "Cộng", [4, 10, 2.5, 2.0]))
    return Section("load", "Khối lượng đang mang", f"{ROOMS[0]} mang nhiều nhất: 2,5 việc mỗi người.", table, Chart("bars", ["load"]))


def _kpi() -> Section:
    bands = [f"kpi_band_{one}" for one in ("excellent", "good", "fair", "failed")]
    columns = [column(one) for one in ("kpi_people", "kpi_mean", *bands)]
    lines = [Row("room-0", ROOMS[0], [5, 86.4, 1, 4, 0, 0]), Row("room-1", ROOMS[1], [None] * 6, note="Dưới 3 người, không nêu.")]
    table = Table("Đơn vị", columns, lines, Row("", "Cộng", [9, 85.25, 2, 6, 1, 0]))
    return Section(
        "kpi", "Kết quả KPI", "Điểm bình quân 85,3 của 9 người.", table, Chart("stacked", bands), "Không nêu điểm của nhóm dưới 3 người."
    )


def _plans() -> Section:
    columns = [column(one) for one in ("total", "done", "late", "open", "overdue", "done_share", "lead", "product", "state", "due")]
    lines = [
        Row("plan-0", FORMULA, [3, 1, 0, 2, 1, 1 / 3, None, None, None, None], "plan=plan-0"),
        Row("task-0", FORMULA, [*EMPTY, LONG_NAME, "Báo cáo", "Hoàn thành", "2026-11-20"], level=1),
        Row(
            "task-1",
            "Rà soát danh mục thủ tục hành chính " * 5 + "quý IV",
            [*EMPTY, "Trần Thị Số 1", "", "Đang thực hiện", None],
            level=1,
        ),
        Row("task-2", "Tập huấn", [*EMPTY, "", "Tài liệu", "Quá hạn", "2026-11-10"], level=1),
    ]
    said = "1 kế hoạch với 3 nhiệm vụ, đã hoàn thành 1; 1 quá hạn."
    return Section("plans", "Tiến độ kế hoạch", said, Table("Kế hoạch, nhiệm vụ", columns, lines), Chart("bars", ["done_share"]))
