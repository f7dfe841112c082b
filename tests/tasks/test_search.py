"""Finding tasks by words, with marks or without, on both engines; no question is an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.people.queries import directory
from server.storage.engine import Engine
from server.tasks import search
from server.tasks.queries.lists import PAGE, Filters, alike, listed
from tests.office import TODAY, Cast
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio


async def find(person: str, q: str, **more: object) -> list[str]:
    known = await directory()
    found = await listed(Filters(q=q, **{"status": "all", **more}), known.actor(person), TODAY, known)  # type: ignore[arg-type]
    return [one["id"] for one in found.rows]


async def test_words_without_marks_find_words_with_them(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Rà soát ĐƯỜNG truyền số liệu", description="Báo cáo Ủy ban")
    for q in ("duong truyen", "ĐƯỜNG", "đường truyền", "uy ban", "ra SOAT duong", "so lieu", "số li", "du", "duong  -- truyen?!"):
        assert await find(cast.head, q) == [task], q
    assert await find(cast.head, "truyện") == [task], "what only sounds alike comes after, but it comes"
    for q in ("duongx", "lieu sox", "oat", "đườngx"):
        assert await find(cast.head, q) == [], q


async def test_decomposed_letters_are_the_same_letters(engine: Engine, cast: Cast, desk: Desk) -> None:
    import unicodedata

    task = await desk.task(title=unicodedata.normalize("NFD", "Tổng hợp số liệu"))
    assert await find(cast.head, "tổng hợp") == [task]
    assert await find(cast.head, unicodedata.normalize("NFD", "tổng hợp")) == [task]


async def test_with_marks_what_is_written_just_so_comes_first(engine: Engine, cast: Cast, desk: Desk) -> None:
    exact = await desk.task(title="Kiểm tra cơ sở")
    alike_sound = await desk.task(title="Kiểm tra cỡ số")
    assert await find(cast.head, "cơ sở") == [exact, alike_sound]
    assert await find(cast.head, "cỡ số") == [alike_sound, exact]
    assert await find(cast.head, "co so") == [alike_sound, exact], "without marks the newest comes first"


async def test_a_number_finds_its_task_and_nothing_else(engine: Engine, cast: Cast, desk: Desk) -> None:
    first, second = await desk.task(), await desk.task(title="Nhắc lại #26-001")
    for q in ("#26-001", "26-001", " 26-1 ", "#26-0001"):
        assert await find(cast.head, q) == [first], q
    assert await find(cast.head, "#26-003") == []
    assert await find(cast.head, "nhắc lại 26-001") == [second]
    assert await find(cast.stranger, "#26-001") == [], "another room's number tells nothing"


async def test_it_finds_by_document_and_product(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(source={"number": "717/QĐ-UBND"}, product_text="Tờ trình")
    assert await find(cast.head, "717/qd") == [task]
    assert await find(cast.head, "717/QĐ-UBND") == [task]
    assert await find(cast.head, "to trinh") == [task]


async def test_everybody_finds_only_what_he_sees(engine: Engine, cast: Cast, desk: Desk) -> None:
    ours, theirs = await desk.task(title="Báo cáo quý"), await desk.task(cast.delegate, cast.stranger, title="Báo cáo quý")
    assert set(await find(cast.director, "báo cáo")) == {ours, theirs}
    assert await find(cast.officer, "bao cao") == [ours]
    assert await find(cast.stranger, "bao cao") == [theirs]
    assert await find(cast.admin, "bao cao") == []
    await desk.do(cast.head, "task.bin", task=ours)
    assert await find(cast.officer, "bao cao") == []


async def test_edited_words_replace_the_old_ones(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Hội nghị")
    await desk.do(cast.head, "task.edit", task=task, fields={"title": "Tập huấn"})
    assert await find(cast.head, "tap huan") == [task]
    assert await find(cast.head, "hoi nghi") == []


async def test_pages_of_matches_follow_each_other(engine: Engine, cast: Cast, desk: Desk) -> None:
    tasks = [await desk.task(title=f"Số hóa hồ sơ {'số' if place % 2 else 'sổ'} {place}") for place in range(PAGE + 5)]
    for q in ("so hoa", "số hóa", "sổ"):
        known = await directory()
        first = await listed(Filters(q=q, status="all"), known.actor(cast.head), TODAY, known)
        second = await listed(Filters(q=q, status="all", start=PAGE), known.actor(cast.head), TODAY, known)
        assert first.more and not second.more
        assert {one["id"] for one in (*first.rows, *second.rows)} == set(tasks)
        assert len(first.rows) + len(second.rows) == len(tasks)


HOSTILE = [
    *("'", '"', '""', '"*', "*", "*:*", ":", "a:b", "marked:x", "plain : (x)", "(", ")", "((", "NOT", "a NOT b", "AND OR NOT", "NEAR(a b)"),
    *("^a", "-a", "a -b", "+", "{a}", "\\", "\\'", "a\\", "'; DROP TABLE task; --", "a & b", "a | !b", "!", "!!", "<->", "a <-> b", "a:*"),
    *(
        "':*",
        "\x00",
        "a\x00b",
        "%",
        "_",
        "a_b",
        "__",
        "²",
        "26-²",
        "½",
        "①",
        "…",
        "。",
        "،",
        "🙂",
        "a🙂b",
        "\u0301",
        "ê\u0301\u0301",
        "\u200b",
    ),
    *("\ufeff", "\u202e", "ﷺ", "İ", "ß", "ﬁ", "1e5", "1.5", "-7", "0x1F", "26-014-3", "http://a.b/c?d=e", "a@b.vn", "/etc/passwd", "a/b/c"),
    *("<b>", "&amp;", "x" * 10_000, "đ" * 3_000, " ".join(["từ"] * 5_000), "?" * 10_000, "\n\t\r", "한국어", "中文", "ก็", "अनुच्छेद"),
]


async def test_no_question_is_an_error(engine: Engine, cast: Cast, desk: Desk) -> None:
    await desk.task(title="Việc thường")
    known = await directory()
    for q in HOSTILE:
        await find(cast.head, q)
        await alike(f"{q} {q} {q}", known.actor(cast.head), TODAY, known)


async def test_what_is_written_is_found_by_its_own_words(engine: Engine, cast: Cast, desk: Desk) -> None:
    for title in (
        "Chỉ tiêu 1e5 và 3.5%",
        "Văn bản a_b/c-d",
        "Thông tư số 01/2026/TT-BNV",
        "Mã 0x1F, e-mail a@b.vn",
        "Phần mềm iGate2.0",
        "Ngày 5/12",
    ):
        task = await desk.task(title=title)
        assert task in await find(cast.head, title), title
        for word in search.words(title):
            assert task in await find(cast.head, word), (title, word)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_folding_is_stable_and_finds_itself(text: str) -> None:
    assert search.plain(search.plain(text)) == search.plain(text)
    assert all(len(word) <= search.LONGEST for word in search.words(text))


async def test_a_title_like_an_open_tasks_is_noticed(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.task(title="Báo cáo kết quả giải quyết thủ tục hành chính quý IV")
    known = await directory()
    found = await alike("báo cáo kết quả giải quyết", known.actor(cast.head), TODAY, known)
    assert [one["id"] for one in found] == [task]
    assert await alike("báo cáo", known.actor(cast.head), TODAY, known) == [], "two words say nothing"
    assert await alike("báo cáo kết quả giải quyết", known.actor(cast.stranger), TODAY, known) == []


async def test_a_number_finds_its_task_in_whatever_state_it_is(engine: Engine, cast: Cast, desk: Desk) -> None:
    task = await desk.completed()
    assert await find(cast.head, "26-001", status="open") == [task]
