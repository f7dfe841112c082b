"""Papers as tests, pictures and measurements print them."""

from datetime import date

from server.kpi.papers import fill
from server.kpi.papers.shapes import (
    Agency,
    Notice,
    Person,
    Publication,
    Published,
    SheetPaper,
    Signature,
    Signer,
    When,
    YearPaper,
)
from server.kpi.rules import general
from server.kpi.rules.lines import Line
from server.kpi.rules.ruleset import BANDS, RuleSet
from server.kpi.rules.score import Leading, score
from server.kpi.rules.year import Month, rate

RULES = RuleSet(name="Bộ quy tắc số 1 theo Nghị định 335/2025/NĐ-CP")
AGENCY = Agency(name="Trung tâm Phục vụ hành chính công", parent="Ủy ban nhân dân tỉnh Bắc Ninh", place="Bắc Ninh")
NOVEMBER = When(year=2025, kind="month", number=11)
PERSON = Person(name="Nguyễn Thị Ánh Tuyết", title="Chuyên viên", unit="Phòng Hành chính - Tổng hợp")
LONG = Person(
    name="Công Tằng Tôn Nữ Hoàng Nguyễn Thị Phương Khánh Quỳnh Như Ngọc Ánh",
    title="Phó Trưởng phòng phụ trách, kiêm Thư ký Ban Chỉ đạo Chuyển đổi số và Cải cách hành chính",
    unit="Phòng Công nghệ thông tin, Chuyển đổi số và Kiểm soát thủ tục hành chính, Trung tâm Phục vụ hành chính công tỉnh",
)
_REMARK = (
    "Trong kỳ, đồng chí đã chủ động tham mưu, hoàn thành phần lớn nhiệm vụ được giao, phối hợp tốt với các phòng chuyên môn và đơn vị "
    "cấp xã; tuy nhiên còn để chậm một số văn bản trả lời kiến nghị của người dân, doanh nghiệp, cần rà soát lịch công tác hằng tuần. "
)
#: A comment of 690 letters, as long as people wrote.
COMMENT = (_REMARK * 3)[:689].rstrip() + "."
HALVES = dict.fromkeys(general.MOST, 2500) | {"character": 5000, "discipline": 4500, "initiative": 2000}
LINES = [
    Line(
        id="1",
        title="Soạn văn bản tham gia ý kiến với đơn vị chủ trì",
        product="Công văn",
        k=1000,
        assigned=5000,
        accepted=4000,
        late=4,
        due=date(2025, 11, 15),
        done=date(2025, 11, 19),
    ),
    Line(
        id="2",
        title="Trả lời kiến nghị của người dân, doanh nghiệp",
        product="Công văn trả lời",
        k=2700,
        assigned=3000,
        accepted=3000,
        late=2,
        failed=1,
        due=date(2025, 11, 10),
        done=date(2025, 11, 12),
    ),
    Line(
        id="3",
        title="Báo cáo tổng hợp về công tác chuyên môn",
        product="Báo cáo",
        k=3700,
        assigned=1000,
        accepted=800,
        failed=2,
        due=date(2025, 11, 19),
        done=date(2025, 11, 18),
    ),
]
OWN = Signature(name="Nguyễn Thị Ánh Tuyết", day=date(2025, 12, 2))
RATER = Signature(name="Trần Đức Thịnh", day=date(2025, 12, 5))


def sheet(person: Person = PERSON, *, leader: bool = False, annex: bool = True, comment: str = COMMENT, lines: int = 0) -> SheetPaper:
    """The handbook's month; with ``lines`` as many as a busy month has."""
    work = LINES if not lines else [LINES[n % 3] for n in range(lines)]
    led = Leading(totals=(76_700, 50_000), organising=50, uniting=100)
    found = score(work, 30_000, RULES, "leader" if leader else "officer", led if leader else None)
    return fill.sheet_paper(
        agency=AGENCY,
        when=NOVEMBER,
        person=person,
        lines=work,
        found=found,
        rules=RULES,
        self_points=HALVES,
        points=general.MOST,
        reason="Cộng điểm vì đã nhận thêm việc.",
        strengths="Chủ động, đúng quy trình.",
        weaknesses="Còn chậm hai văn bản.",
        comment=comment,
        own=OWN,
        rater=RATER,
        with_annex=annex,
    )


def year(person: Person = PERSON) -> YearPaper:
    """A year with two months of leave."""
    months = [Month(n, None if n in (6, 7) else 88_000 + 500 * n, "sick" if n in (6, 7) else "") for n in range(1, 13)]
    return fill.year_paper(
        agency=AGENCY,
        year=2026,
        person=person,
        months=months,
        rating=rate(months, RULES),
        self_band="excellent",
        band="good",
        proposal="Bố trí đúng vị trí việc làm hiện nay; đề nghị xét khen thưởng cuối năm.",
        own=OWN,
        rater=RATER,
    )


def notice(*, whole_year: bool = True) -> Notice:
    """The notice of the year's, or the month's result."""
    return Notice(
        agency=AGENCY,
        number="45/TB-TTPVHCC",
        day=date(2026, 2, 5),
        when=When(year=2026) if whole_year else NOVEMBER,
        person=PERSON,
        general=30_000,
        tasks=46_700,
        total=76_700,
        band="good",
        basis="kết luận cuộc họp đánh giá, xếp loại ngày 10 tháng 12 năm 2026",
        recipients=("Bà Nguyễn Thị Ánh Tuyết", "Phòng Hành chính - Tổng hợp"),
        signer=Signer(by="KT.", authority="Giám đốc", title="Phó Giám đốc", name="Lê Hoàng Việt"),
    )


def publication(count: int = 40) -> Publication:
    """A list over two pages."""
    return Publication(
        agency=AGENCY,
        day=date(2026, 12, 15),
        when=When(year=2026),
        with_document="Thông báo số 45/TB-TTPVHCC ngày 15 tháng 12 năm 2026 của Trung tâm Phục vụ hành chính công",
        rows=tuple(Published(person=LONG if n == 7 else PERSON, band=None if n == 9 else BANDS[n % 4]) for n in range(count)),
        signer=Signer(authority="Giám đốc", name="Phạm Quốc Bảo"),
    )
