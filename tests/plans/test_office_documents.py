"""Documents as offices make them, and what a careful clerk reads in each."""

from server.plans.shapes import Plan
from tests.plans.helpers import read
from tests.plans.word import HEADER, NATIONAL, SIGNATURES, cell, grid, paragraph, row, run, word


def said(plan: Plan) -> list[tuple[str | None, str, str, str, str | None]]:
    return [(one.group, one.title, one.lead_text, one.partners_text, one.due.isoformat() if one.due else None) for one in plan.rows]


def clear(plan: Plan) -> bool:
    return not any(one.doubts for one in plan.rows)


def test_it_takes_neither_the_national_heading_nor_the_signatures_for_the_plan() -> None:
    tasks = grid(
        HEADER, row("1", "Việc A", "Phòng HCTH", "Phòng CNTT", "Tháng 3", "Báo cáo"), row("2", "Việc B", "Phòng CNTT", "", "Quý II", "")
    )
    plan = read(
        word(NATIONAL, "KẾ HOẠCH", "Cải cách hành chính năm 2026", "I. MỤC ĐÍCH", "Nội dung", tasks, "Trên đây là kế hoạch.", SIGNATURES)
    )
    assert said(plan) == [
        (None, "Việc A", "Phòng HCTH", "Phòng CNTT", "2026-03-31"),
        (None, "Việc B", "Phòng CNTT", "", "2026-06-30"),
    ]
    assert clear(plan) and plan.warnings == []
    assert (plan.heading.title, plan.heading.number, plan.heading.year) == ("KẾ HOẠCH", "15/KH-TTPVHCC", 2026)


def test_it_takes_the_chapter_above_a_single_table_for_no_group() -> None:
    tasks = grid(HEADER, row("1", "Việc A", "Phòng HCTH", "", "Quý I/2026", ""))
    assert said(read(word("III. NHIỆM VỤ CỤ THỂ", tasks, SIGNATURES)))[0][0] is None


def test_it_takes_the_headings_above_several_tables_for_groups() -> None:
    first = grid(HEADER, row("1", "Việc A", "Phòng HCTH", "", "Quý I/2026", ""))
    second = grid(HEADER, row("1", "Việc B", "Phòng HCTH", "", "Quý II/2026", ""))
    plan = read(word("I. Thể chế", first, "II. Thủ tục", "(theo Đề án 06)", second))
    assert [one.group for one in plan.rows] == ["Thể chế", "Thủ tục"]


def test_it_leaves_out_a_table_of_aims_beside_the_table_of_tasks() -> None:
    tasks = grid(HEADER, row("1", "Việc A", "Phòng HCTH", "Phòng CNTT", "Tháng 3/2026", "Báo cáo"))
    for header, aim in (
        (("STT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu năm 2026", "Đơn vị chủ trì"), ("1", "Hồ sơ trực tuyến", "%", "80", "Phòng CNTT")),
        (("STT", "Mục tiêu", "Chỉ tiêu", "Thời gian"), ("1", "Nâng cao chất lượng", "80%", "2026")),
        (("STT", "Chỉ tiêu", "Đơn vị theo dõi", "Thời hạn"), ("1", "Hồ sơ trực tuyến", "Phòng CNTT", "2026")),
    ):
        plan = read(word("Mục tiêu", grid(row(*header), row(*aim)), "Nhiệm vụ", tasks))
        assert said(plan) == [(None, "Việc A", "Phòng HCTH", "Phòng CNTT", "2026-03-31")] and clear(plan)


def test_it_reads_a_document_with_tracked_changes_as_it_would_be_accepted() -> None:
    title = paragraph(f"<w:ins>{run('Việc mới')}</w:ins>", "<w:del><w:r><w:delText>Việc cũ</w:delText></w:r></w:del>")
    due = paragraph("<w:del><w:r><w:delText>30/6</w:delText></w:r></w:del>", f"<w:ins>{run('30/9')}</w:ins>", "/2026")
    gone = row("2", "Việc bị xóa", "A", "B", "2026", "", properties='<w:del w:id="5" w:author="a"/>')
    came = row("2", "Việc thêm", "Phòng B", "", "2026", "", properties='<w:ins w:id="6" w:author="a"/>')
    plan = read(word(grid(HEADER, row("1", cell(title), "Phòng A", "", cell(due), ""), gone, came)))
    assert said(plan) == [(None, "Việc mới", "Phòng A", "", "2026-09-30"), (None, "Việc thêm", "Phòng B", "", "2026-12-31")]


def test_it_reads_controls_links_and_breaks_and_leaves_out_notes_and_hidden_words() -> None:
    note = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    hidden = run("nội bộ", "<w:vanish/>")
    title = paragraph("Theo ", f"<w:hyperlink>{run('Quyết định 12')}</w:hyperlink>", note, hidden, "<w:r><w:br/><w:t>ban hành</w:t></w:r>")
    due = paragraph("Quý", "<w:r><w:br/><w:t>III/2026</w:t></w:r>")
    lead = f"<w:sdt><w:sdtContent>{cell('Phòng A')}</w:sdtContent></w:sdt>"
    first = row("1", cell(title), "LEAD", "", cell(due), "").replace(cell("LEAD"), lead)
    second = f"<w:sdt><w:sdtContent>{row('2', 'Việc hai', 'Phòng B', '', 'Quý IV/2026', '')}</w:sdtContent></w:sdt>"
    plan = read(word(grid(HEADER, first, second)))
    assert said(plan) == [
        (None, "Theo Quyết định 12 ban hành", "Phòng A", "", "2026-09-30"),
        (None, "Việc hai", "Phòng B", "", "2026-12-31"),
    ]


def test_it_reads_bullets_in_cells_as_the_items_of_a_list() -> None:
    cells = (cell("Xây dựng hệ thống:", "- Khảo sát;", "- Thiết kế."), cell("- Sở Nội vụ", "- Sở Tài chính"))
    partners = cell("- Các sở, ban, ngành;", "- UBND các xã, phường.")
    plan = read(word(grid(HEADER, row("1", *cells, partners, "Quý I/2026", ""))))
    title = "Xây dựng hệ thống: - Khảo sát; - Thiết kế."
    assert said(plan) == [(None, title, "Sở Nội vụ; Sở Tài chính", "Các sở, ban, ngành; UBND các xã, phường.", "2026-03-31")]
    assert [agency.text for agency in plan.rows[0].leads] == ["Sở Nội vụ", "Sở Tài chính"]


def test_it_reads_groups_merged_over_the_table_and_cells_merged_downwards() -> None:
    upper = row("1", "Việc A", cell("Phòng HCTH", merge="restart"), "B", cell("Quý I/2026", merge="restart"), "")
    lower = row("2", "Việc B", cell(merge="continue"), "C", cell(merge="continue"), "")
    total = row(cell("Tổng cộng", wide=2), "", "", "", "")
    groups = (row(cell("I. CẢI CÁCH THỂ CHẾ", wide=6)), row("II", cell("CẢI CÁCH THỦ TỤC", wide=5)))
    plan = read(word(grid(HEADER, groups[0], upper, lower, groups[1], row("1", "Việc C", "P", "", "2026", ""), total)))
    assert said(plan) == [
        ("CẢI CÁCH THỂ CHẾ", "Việc A", "Phòng HCTH", "B", "2026-03-31"),
        ("CẢI CÁCH THỂ CHẾ", "Việc B", "Phòng HCTH", "C", "2026-03-31"),
        ("CẢI CÁCH THỦ TỤC", "Việc C", "P", "", "2026-12-31"),
    ]
    assert clear(plan)


def test_it_reads_two_header_lines_with_start_and_end_under_one_word() -> None:
    on = cell(merge="continue")
    upper = row(cell("TT", merge="restart"), cell("Nhiệm vụ", merge="restart"), cell("Phân công", wide=2), cell("Thời gian", wide=2))
    lower = row(on, on, "Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc")
    numbers = row("(1)", "(2)", "(3)", "(4)", "(5)", "(6)")
    tasks = (row("1", "Việc A", "P A", "P B", "01/3/2026", "30/6/2026"), row("2", "Việc B", "P A", "", "Tháng 4/2026", "Tháng 6/2026"))
    plan = read(word(grid(upper, lower, numbers, *tasks, row("3", "Việc C", "P A", "", "30/6/2026", "01/6/2026"))))
    assert [(str(one.start), str(one.due)) for one in plan.rows] == [
        ("2026-03-01", "2026-06-30"),
        ("2026-04-01", "2026-06-30"),
        ("None", "2026-06-01"),
    ]
    assert [len(one.doubts) for one in plan.rows] == [0, 0, 1] and "trước ngày bắt đầu" in plan.rows[2].doubts[0].message


def test_it_joins_tables_that_word_split_with_and_without_their_header() -> None:
    first = grid(HEADER, row("1", "Việc A", "P A", "P B", "Quý", "Báo cáo"))
    second = grid(row("", "tiếp của A", "", "", "III/2026", ""), row("2", "Việc B", "P A", "", "2026", ""))
    third = grid(HEADER, row("3", "Việc C", "P A", "", "2026", ""))
    plan = read(word(first, "", second, "", third))
    assert [(one.title, str(one.due)) for one in plan.rows] == [
        ("Việc A tiếp của A", "2026-09-30"),
        ("Việc B", "2026-12-31"),
        ("Việc C", "2026-12-31"),
    ]


def test_it_finds_the_plan_inside_another_table_and_no_plan_in_a_table_inside_it() -> None:
    inner = grid(row("STT", "Chỉ tiêu", "Số"), row("1", "x", "2"))
    task = row("1", "Việc có bảng con", "P A", "P B", "2026", "").replace("</w:p></w:tc>", f"</w:p>{inner}<w:p/></w:tc>", 2)
    table = grid(HEADER, task)
    frame = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/>{table}<w:p/></w:tc></w:tr></w:tbl>"
    for block in (table, frame):
        assert said(read(word(block))) == [(None, "Việc có bảng con", "P A", "P B", "2026-12-31")]


def test_it_takes_signatures_and_remarks_in_the_last_lines_of_the_table_for_no_task() -> None:
    task = row("1", "Việc A", "P A", "P B", "2026", "")
    signed = row(cell("NGƯỜI LẬP", wide=3), cell("GIÁM ĐỐC", wide=3))
    remark = row(cell("Ghi chú: Các đơn vị báo cáo trước ngày 25 hằng tháng.", wide=6))
    for last in (signed, remark):
        assert len(read(word(grid(HEADER, task, last))).rows) == 1
