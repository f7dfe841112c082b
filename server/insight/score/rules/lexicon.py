"""The words by which a report is read: what there is of them, not which they are. They stand in ``server/words``, for server and device."""

import re
import unicodedata
from functools import cache

import msgspec

#: Letters of the marks of Vietnamese once they stand apart from their letters.
MARKS = re.compile("[\u0300-\u036f]")


class Lexicon(msgspec.Struct, frozen=True):
    """Words and phrases in NFC and lower case, each with its marks."""

    #: Verbs of something that was done; they count after ``did`` or at the beginning of a sentence.
    done: tuple[str, ...]
    did: tuple[str, ...]
    #: Words that say by themselves that something is finished.
    finished: tuple[str, ...]
    next: tuple[str, ...]
    obstacle: tuple[str, ...]
    #: Said of any work on any day: they tell the reader nothing.
    vague: tuple[str, ...]
    #: What is counted: a number beside one of these is a quantity.
    counted: tuple[str, ...]
    #: What joins words to sentences; a string of words for the rules has hardly any.
    joining: tuple[str, ...]
    #: Kinds of documents, which a number follows, and the word that may stand between.
    papers: tuple[str, ...]
    numbered: tuple[str, ...]
    #: Words of the calendar: before a number of a day, a month, a quarter; the days of a week after theirs; today and yesterday.
    days: tuple[str, ...]
    quarters: tuple[str, ...]
    weeks: tuple[str, ...]
    weekdays: tuple[str, ...]
    now: tuple[str, ...]
    #: A number after one of these is a moment, no count.
    calendar: tuple[str, ...]


class Words(msgspec.Struct, frozen=True):
    """A lexicon made ready: its lists, and the patterns that are built of them."""

    lists: Lexicon
    document: re.Pattern[str]
    date: re.Pattern[str]


def bare(text: str) -> str:
    """Without marks, for reports typed without them."""
    return MARKS.sub("", unicodedata.normalize("NFD", text.replace("đ", "d")))


@cache
def words_of(lexicon: Lexicon, plain: bool) -> Words:
    """The lexicon for a report with marks, or for one that was typed without.

    Without marks some short words mean many things: those of one or two letters are left out.
    """
    lists = lexicon
    if plain:
        bared = {
            name: tuple(bare(one) for one in getattr(lexicon, name) if len(one) > 2 or name in _CALENDAR or not one.isalpha())
            for name in lexicon.__struct_fields__
        }
        lists = Lexicon(**bared)
    papers, numbered = _any(lists.papers), _any(lists.numbered)
    document = (
        r"(?<!\w)[0-9]{1,6} ?/ ?(?:[0-9]{4}/)?[a-z\u0111]{2,}[a-z\u01110-9]*(?:-[a-z\u01110-9]+)*"
        rf"|(?<!\w)(?:{papers}) (?:{numbered} ?)?[0-9]+"
    )
    day, month = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
    date = (
        rf"(?<![\w/]){day} ?/ ?{month}(?: ?/ ?[0-9]{{2,4}})?(?!\w)"
        rf"|(?<!\w){day} ?[.-] ?{month} ?[.-] ?[0-9]{{2,4}}(?!\w)"
        rf"|(?<!\w)(?:{_any(lists.days)}) [0-9]{{1,2}}(?!\w)|(?<!\w)(?:{_any(lists.quarters)}) [1-4ivx]+(?!\w)"
        rf"|(?<!\w)(?:{_any(lists.weeks)}) (?:{_any(lists.weekdays)})(?!\w)|(?<!\w)(?:{_any(lists.now)})(?!\w)"
    )
    return Words(lists, re.compile(document), re.compile(date))


#: Short words of the calendar and of documents mean what they mean without marks too: a number stands beside them.
_CALENDAR = ("did", "papers", "numbered", "days", "quarters", "weeks", "weekdays", "now", "calendar")


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(one) for one in words)
