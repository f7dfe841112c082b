"""Finding tasks by words, with marks or without, over a hundred thousand of them.

SQLite keeps a full-text table (FTS5), PostgreSQL two word vectors with GIN indexes. Both hold the words twice: as they are written,
and without marks; each word that is asked for must begin a word of the task.
"""

import re
import unicodedata

from server.storage.engine import is_sqlite, rows

WORD = re.compile(r"\w+", re.UNICODE)
MAX_WORDS = 12
#: Letters of a word: PostgreSQL refuses words of 2 kB.
LONGEST = 100


def marked(text: str) -> str:
    """NFC, lower case: the form that exact matches compare."""
    return unicodedata.normalize("NFC", text).lower()


def plain(text: str) -> str:
    """Without marks: ``Đường`` becomes ``duong``."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")).replace("đ", "d")


def words(text: str) -> list[str]:
    """The words that are asked for, the first twelve; of a word longer than any task's, its beginning."""
    return [word[:LONGEST] for word in WORD.findall(marked(text))[:MAX_WORDS]]


def has_marks(text: str) -> bool:
    """Whether the question is written with marks, so that exact matches can be told from others."""
    return marked(text) != plain(text)


async def create_search() -> None:
    """Make the full-text table of this engine."""
    if is_sqlite():
        await rows(
            "CREATE VIRTUAL TABLE IF NOT EXISTS task_search USING fts5("
            "task UNINDEXED, marked, plain, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"
        )
        return
    await rows("CREATE TABLE IF NOT EXISTS task_search (ordinal bigint PRIMARY KEY, task varchar(36), marked tsvector, plain tsvector)")
    await rows("CREATE INDEX IF NOT EXISTS task_search_marked ON task_search USING gin (marked)")
    await rows("CREATE INDEX IF NOT EXISTS task_search_plain ON task_search USING gin (plain)")


async def index(task: str, ordinal: int, text: str) -> None:
    """Put a task's words into the index, in place of the old ones."""
    if is_sqlite():
        await rows("DELETE FROM task_search WHERE rowid = $1", ordinal)
        await rows("INSERT INTO task_search (rowid, task, marked, plain) VALUES ($1, $2, $3, $4)", ordinal, task, marked(text), plain(text))
        return
    await rows(
        "INSERT INTO task_search (ordinal, task, marked, plain) VALUES ($1, $2, to_tsvector('simple', $3), to_tsvector('simple', $4)) "
        "ON CONFLICT (ordinal) DO UPDATE SET marked = excluded.marked, plain = excluded.plain",
        ordinal,
        task,
        " ".join(WORD.findall(marked(text))),
        " ".join(WORD.findall(plain(text))),
    )


def condition(asked: list[str], exact: bool, place: str) -> tuple[str, str]:
    """The SQL condition on ``task_search`` and the value of its one place, for words already split."""
    if is_sqlite():
        column = "marked" if exact else "plain"
        terms = " ".join(f'"{word if exact else plain(word)}"*' for word in asked)
        return f"task_search MATCH {place}", f"{column} : ({terms})"
    terms = " & ".join(f"'{word if exact else plain(word)}':*" for word in asked)
    return f"task_search.{'marked' if exact else 'plain'} @@ to_tsquery('simple', {place})", terms


def newest_first() -> str:
    """How matches are ordered, by the key of the index itself."""
    return "task_search.rowid DESC" if is_sqlite() else "task_search.ordinal DESC"
