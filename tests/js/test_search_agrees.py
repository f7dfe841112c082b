"""The device finds what the server finds: both fold, split and match the same strings the same way."""

import sqlite3
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.tasks import rules, search
from tests.js.node import run

TEXTS = (
    "Rà soát thủ tục hành chính đường bộ",
    "ĐƯỜNG TRUYỀN SỐ LIỆU chuyên dùng",
    "duong truyen khong dau",
    "Đề án 06/CP, số 123/KH-UBND ngày 05/01/2026",
    "#26-014 báo cáo quý IV",
    "Ðường (chữ Ð của Iceland) và Ɖ",
    "to\u0302\u0309ng ho\u031b\u0323p viết bằng dấu rời",
    "tổng hợp viết liền",
    "Bắc\u200bNinh không dấu cách\u00a0cứng",
    "so_hieu van_ban_01 gạch_dưới",
    "½ ² ③ Ⅳ ٢٦ １２",
    "ẞ ß ﬁ ŉ ΟΔΟΣ Οδος",
    "emoji 🚀 và 𝔘𝔫𝔦",
    "\"trích\" 'dẫn' * ^ : ( ) { } AND OR NOT NEAR",
    "日本語 và tiếng Việt",
    "xΣ x xΣy ς",
    "q\u0301ua dấu không ghép được",
    "x" * 150,
    "",
)
ASKED = (
    "duong",
    "đường",
    "Đường truyền",
    "THỦ TỤC",
    "thu tuc duong bo",
    "tong hop",
    "tổng hợp",
    "to\u0302\u0309ng",
    "06/cp",
    "123/KH-UBND",
    "26-014",
    "#26-14",
    "26-1234567",
    "226-14",
    "２６-０１４",
    " 26-014\x1c",
    "\ufeff26-014",
    "so_hieu",
    "_",
    "so _",
    "_ hieu _",
    "van_ban_0",
    "hieu",
    "xΣ",
    "½",
    "iv",
    "Ⅳ",
    "ss",
    "οδος",
    "ΟΔΟΣ",
    "and or not",
    'near" OR "x',
    "* - :",
    "bắc",
    "ninh",
    "🚀",
    "日本",
    "q\u0301u",
    "qua",
    "ua",
    "x" * 150,
    "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba",
    "",
)


def _ours(texts: list[str], asked: list[str]) -> dict[str, Any]:
    """What the server says to the same, with the full-text table of SQLite."""
    held = sqlite3.connect(":memory:")
    held.execute("CREATE VIRTUAL TABLE task_search USING fts5(task UNINDEXED, marked, plain, tokenize = 'unicode61 remove_diacritics 0')")
    for place, one in enumerate(texts):
        held.execute(
            "INSERT INTO task_search (rowid, task, marked, plain) VALUES (?, ?, ?, ?)", (place, "", search.marked(one), search.plain(one))
        )
    strings = [
        {
            "marked": search.marked(one),
            "plain": search.plain(one),
            "words": search.words(one),
            "has_marks": search.has_marks(one),
            "ordinal": rules.ordinal_of(one),
        }
        for one in (*texts, *asked)
    ]
    found = []
    for one in asked:
        words = search.words(one)
        both: list[list[int]] = [[], []]
        for place, exact in enumerate((True, False)):
            if words:
                condition, value = search.condition(words, exact, "?")
                both[place] = [row[0] for row in held.execute(f"SELECT rowid FROM task_search WHERE {condition} ORDER BY rowid", (value,))]
        found.append(both)
    return {"strings": strings, "found": found}


def _agree(texts: list[str], asked: list[str]) -> None:
    ours, device = _ours(texts, asked), run("search.mjs", {"texts": texts, "asked": asked})
    for one, server, said in zip((*texts, *asked), ours["strings"], device["strings"], strict=True):
        assert said == server, repr(one)
    for one, server, said in zip(asked, ours["found"], device["found"], strict=True):
        assert said == server, repr(one)


@pytest.fixture(autouse=True)
def _sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "is_sqlite", lambda: True)


def test_it_folds_splits_and_finds_a_table_of_hostile_strings_as_the_server_does() -> None:
    _agree(list(TEXTS), list(ASKED))


#: What people type: Vietnamese in both normal forms, numbers and signs.
TYPED = st.text(
    alphabet=st.sampled_from(
        'aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯáàảãạắấếốớứýỳỷỹỵ0123456789 -/_.,#"*()\u0301\u0300\u0309\u0303\u0323\u031b\u0302\u0306ßςΣ½'
    ),
    max_size=30,
)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(TYPED, min_size=40, max_size=40), st.lists(TYPED, min_size=40, max_size=40))
def test_it_agrees_on_what_people_may_type(texts: list[str], asked: list[str]) -> None:
    # Beginnings of the texts, so that something is found.
    _agree(texts, [*asked, *(one[: 3 + place % 5] for place, one in enumerate(texts))])
