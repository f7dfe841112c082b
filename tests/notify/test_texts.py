"""What people are told: every kind has words, long and strange texts are cut whole, strangers see neither titles nor names."""

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.notify.channels import Letter, To
from server.notify.rules.kinds import KINDS, kind_of
from server.notify.tables import NoticeChoice
from server.notify.texts import letter_of, told_of
from server.notify.texts.pieces import TITLE, day_words, short
from server.people.directory import Directory, Profile
from server.people.queries import directory
from server.storage.engine import Engine, insert, rows
from tests.notify.mornings import at, desk_at, morning
from tests.office import CAST, fixed_id

SEEN = date(2026, 11, 23)
TO = To(id=fixed_id("address"), channel="telegram", address="42", person=CAST.officer)
TASK = {"number": "#26-014", "title": "Rà soát thủ tục hành chính", "due": "2026-11-24", "by": "head"}


def office(name: str = "Đặng Hoài Sang") -> Directory:
    head = Profile(id="head", username="head", name=name, position="head", unit=None, rank=1, active=True, demo=False)
    return Directory(1, [], [head])


def told(kind: str, data: dict[str, Any], today: date | None = None, name: str = "Đặng Hoài Sang") -> Any:
    return told_of(kind, "task-id", data, office(name), SEEN, today)


def message(number: int, kind: str, data: dict[str, Any], slot: str | None = None) -> dict[str, Any]:
    return {
        "id": fixed_id(f"message-{number}"), "kind": kind, "subject": fixed_id(f"task-{number}"), "data": json.dumps(data),
        "at": at("2026-11-23"), "slot": slot,
    }  # fmt: skip


def test_every_kind_has_words_of_its_own_a_group_and_a_place_to_go() -> None:
    whats = {}
    for kind in KINDS:
        found = told(kind, TASK if kind.startswith(("task.", "extension.")) else {"when": "Tháng 11/2026", "year": 2026})
        whats[kind] = found.what
        assert found.title.startswith(found.what) and found.bare.startswith(found.what) and found.group == KINDS[kind].group
        assert found.link.startswith("/") and (found.link == "/tasks/26-014") == kind.startswith(("task.", "extension."))
    assert len(set(whats.values())) == len(KINDS), "two kinds that say the same"
    other = told("something.new", TASK)
    assert (other.what, other.group) == ("Có thay đổi", kind_of("something.new").group) and "26-014" in other.title


@pytest.mark.parametrize(
    ("kind", "more", "title", "lines"),
    [
        ("task.assigned", {}, "Việc mới: 26-014 Rà soát thủ tục hành chính", ["Hạn: thứ Ba, 24/11", "Người giao: Đặng Hoài Sang"]),
        ("task.assigned", {"due": "2027-01-05"}, None, ["Hạn: thứ Ba, 05/01/2027", "Người giao: Đặng Hoài Sang"]),
        ("task.returned", {"reason": "Thiếu số liệu"}, None, None),
        ("task.decided", {"decision": "decline", "reason": "Trùng"}, "Đề xuất không được duyệt: 26-014 Rà soát thủ tục hành chính", None),
        ("task.status", {"status": "paused", "reason": "Chờ"}, "Việc tạm dừng: 26-014 Rà soát thủ tục hành chính", None),
        ("task.due_changed", {"due": None}, None, ["Không còn thời hạn", "Người đổi: Đặng Hoài Sang"]),
        ("task.mentioned", {"text": "Xem giúp\nmục 2"}, None, ["Đặng Hoài Sang: “Xem giúp mục 2”", "Hạn: thứ Ba, 24/11"]),
        (
            "extension.asked", {"asked": "2026-12-01"}, "Xin gia hạn: 26-014 Rà soát thủ tục hành chính",
            ["Hạn: thứ Ba, 24/11", "Xin lùi đến: thứ Ba, 01/12", "Người xin: Đặng Hoài Sang"],
        ),
        (
            "task.risk",
            {"by": None, "band": "high", "reasons": [{"group": "?"}, {"group": "quiet", "values": {"quiet_days": 9, "updates": 1}}]},
            "Nguy cơ trễ hạn: 26-014 Rà soát thủ tục hành chính", ["Hạn: thứ Ba, 24/11", "Nguy cơ cao: 9 ngày chưa cập nhật"],
        ),
        ("task.risk", {"by": None, "band": "watch", "reasons": "nothing"}, None, ["Hạn: thứ Ba, 24/11", "Cần chú ý"]),
        ("task.due_soon", {"asked": "2026-12-01"}, None, ["Hạn: thứ Ba, 24/11", "Đang chờ quyết định gia hạn đến thứ Ba, 01/12"]),
    ],
)  # fmt: skip
def test_it_says_what_when_who_and_why(kind: str, more: dict[str, Any], title: str | None, lines: list[str] | None) -> None:
    found = told(kind, TASK | more)
    assert title is None or found.title == title
    assert lines is None or list(found.lines) == lines
    assert "reason" not in more or any(more["reason"] in line for line in found.lines)


def test_a_letter_says_how_long_there_is_and_the_inbox_what_holds_for_ever() -> None:
    assert told("task.due_soon", TASK | {"due": "2026-11-25"}).lines[0] == "Hạn: thứ Tư, 25/11"
    assert told("task.due_soon", TASK | {"due": "2026-11-25"}, SEEN).lines[0] == "Hạn: thứ Tư, 25/11, còn 1 ngày làm việc"
    assert told("task.due_soon", TASK | {"due": "2026-11-29"}, date(2026, 11, 27)).lines[0].endswith("hôm nay là ngày làm việc cuối cùng")
    assert told("task.overdue", TASK, date(2026, 11, 25)).lines[0] == "Hạn: thứ Ba, 24/11, đã quá 1 ngày"
    assert day_words(date(2026, 11, 29), SEEN) == "chủ Nhật, 29/11"


texts = st.text(max_size=400) | st.text(alphabet="👩‍👧 é️🇻🇳<b>*_[]", max_size=400)


@given(text=texts, most=st.integers(10, 150))
@example(text="00000000\u200d 0", most=10)
@example(text="x" * 5000, most=TITLE)
@example(text="Rà soát " * 700, most=TITLE)
@example(text="👩\u200d👩\u200d👧\u200d👦" * 60, most=TITLE)
def test_a_text_is_cut_to_one_line_and_no_letter_is_torn(text: str, most: int) -> None:
    found = short(text, most)
    assert len(found) <= most and "\n" not in found and not any(unicodedata.category(letter) == "Cc" for letter in found)
    if found.endswith("…") and not text.rstrip().endswith("…"):
        assert not found[:-1].endswith("\u200d"), "cut inside an emoji"


def test_texts_that_turn_the_line_around_are_straightened() -> None:
    assert short("a\u202eb\u2066c\u0000d\r\ne", 50) == "abc d e"
    assert short({"no": "text"}, 50) == short(None, 50) == ""


@pytest.mark.parametrize(
    "data",
    [{}, {"number": 7, "title": ["x"], "due": 5, "by": {}, "reason": 3, "values": 1, "held": 4, "tasks": [1]}],
    ids=["nothing", "nonsense"],
)
def test_a_message_without_sense_is_still_a_message(data: dict[str, Any]) -> None:
    for kind in (*KINDS, "unknown"):
        found = told(kind, data)
        assert found.title and found.bare and found.link.startswith("/")


def test_markup_and_emoji_stay_what_they_are_for_the_channel_to_escape() -> None:
    found = told("task.assigned", TASK | {"title": "<b>*Gấp*</b> 🔥"}, name="Nguyễn <i>An</i> 🌻")
    assert found.about == "26-014 <b>*Gấp*</b> 🔥" and found.lines[-1] == "Người giao: Nguyễn <i>An</i> 🌻"


@pytest.mark.anyio
async def test_one_message_is_a_letter_with_what_to_do(engine: Engine) -> None:
    desk = desk_at("2026-11-16")
    await desk.task(due="2026-11-25", title="Rà soát " * 120)
    await morning("2026-11-23")
    [assigned, warned] = await rows("SELECT * FROM outbox WHERE person = $1 AND kind LIKE 'task.%' ORDER BY at", CAST.officer)
    known = await directory()
    letter = await letter_of("d1", [warned], TO, known, at("2026-11-23"))
    assert (letter.id, letter.kind, letter.number, letter.link) == ("d1", "task.due_soon", "26-001", "/tasks/26-001")
    assert letter.tag == f"{warned['subject']}:alert" and letter.task == warned["subject"] and letter.messages == [warned["id"]]
    assert letter.bare == "Sắp đến hạn 26-001" and len(letter.title) < 160 and letter.show_content is False
    assert [one.action for one in letter.buttons] == ["seen", "progress", "open"]
    assert letter.lines[0] == "Hạn: thứ Tư, 25/11, còn 1 ngày làm việc"
    other = await letter_of("d2", [assigned], TO, known, at("2026-11-23"))
    assert other.tag == f"{assigned['subject']}:part" and other.lines[-1] == "Người giao: Đặng Hoài Sang"
    await insert(NoticeChoice, {"person": CAST.officer, "show_content": True, "changed_at": at("2026-11-23")})
    assert (await letter_of("d1", [warned], TO, known, at("2026-11-23"))).show_content is True


@pytest.mark.anyio
async def test_several_are_one_letter_that_counts_them(engine: Engine) -> None:
    known = await directory()

    async def bundled(*several: dict[str, Any]) -> Letter:
        return await letter_of("d1", several, TO, known, at("2026-11-23"))

    def due(number: int, day: str) -> dict[str, Any]:
        return message(number, "task.due_soon", {"number": f"#26-{number:03d}", "title": "Việc bí mật " * 30, "due": day}, "alert")

    same = await bundled(*[due(number, "2026-11-24") for number in range(1, 14)])
    assert (same.title, same.bare, same.kind, same.link) == ("13 việc đến hạn ngày mai", "13 việc sắp đến hạn", "bundle", "/notices")
    assert len(same.lines) == 11 and same.lines[0].startswith("26-001 Việc bí mật") and same.lines[-1] == "… và 3 thông báo khác"
    assert len(same.messages) == 13 and "bí mật" not in same.bare
    apart = await bundled(due(1, "2026-11-24"), due(2, "2026-11-25"))
    assert apart.title == "2 việc sắp đến hạn" and apart.lines[1].endswith("(hạn thứ Tư, 25/11)")
    mixed = await bundled(due(1, "2026-11-24"), message(2, "kpi.remind.self", {"when": "Tháng 11/2026"}))
    assert (mixed.title, mixed.lines[1]) == ("2 thông báo mới", "Nhắc tự chấm điểm: Tháng 11/2026")
