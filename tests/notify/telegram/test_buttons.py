"""A press under a letter goes through the one door, as the person whose account pressed it."""

from datetime import timedelta

import pytest

from server.notify.telegram.buttons import read
from server.storage.engine import row, rows
from server.storage.ids import new_id
from server.words import say
from tests.notify.telegram.office import COLLEAGUE, OFFICER, STRANGER, Room, pct
from tests.office import CAST
from tests.tasks.desk import Desk, contents, parts

pytestmark = pytest.mark.anyio


async def test_seen_reads_the_notice_and_its_button_goes(office, room: Room, desk: Desk, telegram):
    await room.link()
    delivery = await room.letter_about(await desk.task())
    press = room.pressed(f"seen:{delivery}")
    assert await room.hear(press) == say("notify.telegram.button.seen")
    read_at = await row("SELECT read_at FROM outbox WHERE kind = 'task.assigned' AND person = $1", CAST.officer)
    assert read_at is not None and read_at["read_at"] == room.clock()
    assert telegram.asked("editMessageReplyMarkup")[-1]["reply_markup"] == {"inline_keyboard": []}


async def test_progress_asks_how_much_and_reports_it_once_as_the_person(engine, room: Room, desk: Desk, telegram):
    await room.link()
    task = await desk.task()
    delivery = await room.letter_about(task)
    await room.hear(room.pressed(f"ask:{delivery}"))
    shown = telegram.asked("editMessageReplyMarkup")[-1]["reply_markup"]["inline_keyboard"]
    assert [one["callback_data"] for one in shown[-1]] == [pct(many, delivery) for many in (25, 50, 75, 100)]
    press = room.pressed(pct(50, delivery))
    assert await room.hear(press) == say("notify.telegram.button.progress", percent=50)
    again = {**press, "update_id": press["update_id"] + 1000}
    assert await room.hear(again) == say("notify.telegram.button.progress", percent=50), "the same press under another number"
    reports = await rows("SELECT person, percent, note FROM report WHERE task = $1", task)
    assert reports == [{"person": CAST.officer, "percent": 50, "note": "Báo từ Telegram"}]
    entry = await row("SELECT actor, source FROM audit_entry WHERE subject = $1 AND action = 'progress'", task)
    assert entry == {"actor": CAST.officer, "source": "chat"}
    assert await room.hear(room.pressed(pct(100, delivery))) == say("notify.telegram.button.finished")
    assert (await parts(task))[CAST.officer]["percent"] == 100


async def test_a_press_that_the_rules_refuse_gets_the_sentence_and_writes_nothing(office, room: Room, desk: Desk, telegram):
    await room.link(CAST.officer, OFFICER)
    await room.link(CAST.colleague, COLLEAGUE)
    mine, closed = await desk.task(), await desk.completed()
    letters = {name: await room.letter_about(task) for name, task in {"mine": mine, "closed": closed}.items()}
    old = await room.letter_about(mine)
    await rows("UPDATE delivery SET made_at = $1 WHERE id = $2", room.clock() - timedelta(days=31), old)
    before = await contents()
    answers = [
        await room.hear(room.pressed(pct(50, letters["mine"]), COLLEAGUE)),
        await room.hear(room.pressed(f"seen:{letters['mine']}", COLLEAGUE)),
        await room.hear(room.pressed(pct(50, letters["closed"]))),
        await room.hear(room.pressed(pct(50, old))),
        await room.hear(room.pressed(pct(50, new_id()))),
        await room.hear(room.pressed("rm -rf")),
        await room.hear(room.pressed(pct(50, letters["mine"]), STRANGER)),
    ]
    assert answers[1] == say("sync.notice_unknown")
    assert answers[3:6] == [say("notify.telegram.button.old")] * 3
    assert answers[6] == say("notify.telegram.button.no_account")
    assert all(answers) and all(len(one) <= 200 for one in answers)
    assert all(one["show_alert"] for one in telegram.asked("answerCallbackQuery"))
    assert telegram.asked("editMessageReplyMarkup") == []
    assert await contents() == before, "somebody's press wrote something"


async def test_who_left_the_office_acts_no_more(office, room: Room, desk: Desk):
    await room.link()
    delivery = await room.letter_about(await desk.task())
    await desk.do(CAST.admin, "person.disable", person=CAST.officer)
    before = await contents()
    for asked in (room.pressed(f"seen:{delivery}"), room.pressed(pct(50, delivery)), room.written("/viec")):
        assert await room.hear(asked) == say("notify.telegram.chat.left")
    assert await contents() == before


async def test_the_answer_to_a_press_may_be_lost_without_a_second_report(office, room: Room, desk: Desk, telegram):
    await room.link()
    task = await desk.task()
    telegram.fail("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    await room.hear(room.pressed(pct(25, await room.letter_about(task))))
    assert len(await rows("SELECT id FROM report WHERE task = $1", task)) == 1


@pytest.mark.parametrize("data", ["", "pct:30:x", "pct:٢٥:{id}", "pct:50", "seen:", "seen:{id}:1", "ask:not-an-id", "PCT:50:{id}"])
def test_what_no_button_of_ours_says_is_nothing(data):
    assert read(data.replace("{id}", new_id())) is None
