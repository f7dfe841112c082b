
from server.plans.rules.duplicates import duplicates, similar, title_key
from tests.plans.helpers import DATA, read


def test_it_takes_titles_of_the_same_words_as_the_same() -> None:
    assert title_key("Soạn QUY CHẾ, làm việc.") == title_key("soạn quy chế làm việc")
    assert similar("Soạn quy chế làm việc", "soạn quy chế làm việc!") == 1.0
    assert similar("Soạn quy chế", "Nâng cấp phần mềm") == 0.0
    assert similar("", "") == 0.0


def test_it_finds_same_and_near_tasks_among_those_that_exist() -> None:
    existing = {"a": "Soạn quy chế làm việc của Trung tâm", "b": "Báo cáo tháng"}
    found = duplicates(["SOẠN QUY CHẾ LÀM VIỆC CỦA TRUNG TÂM", "Soạn quy chế làm việc của Trung tâm năm", "Khác hẳn", ""], existing)
    assert [(one.row, one.task, one.ratio == 1.0) for one in found] == [(0, "a", True), (1, "a", False)]


def test_it_compares_5000_rows_with_5000_tasks() -> None:
    titles = [f"Rà soát quy trình giải quyết thủ tục hành chính lĩnh vực {n % 70} đợt {n}" for n in range(5000)]
    found = duplicates(titles, {str(n): title for n, title in enumerate(titles)})
    assert len(found) == 5000


def test_it_gives_a_row_the_same_key_in_every_reading() -> None:
    first, again = (read((DATA / name).read_bytes()) for name in ("qd-717-phu-luc.docx", "qd-717-phu-luc.tsv"))
    assert [row.key for row in first.rows] == [row.key for row in again.rows]
