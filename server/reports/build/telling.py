"""Parts of the sentences that say what a list shows. Plain values in, words out."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from server.reports.build.figures import share
from server.reports.build.lines import Line
from server.reports.words import number
from server.words import say

#: What is said where nothing was counted.
NOTHING: Final = "reports.said.nothing"
#: Of what a sentence names some and counts the others.
Noun = Literal["unit", "person", "field", "day", "part"]
#: Of so many lines a sentence tells; of more it tells how many.
NAMED: Final = 3


def counted(value: float) -> str:
    """``1.234``."""
    return number(value, "count")


def share_of(part: int, whole: int) -> str:
    """``86,4 %``; "–" of nothing."""
    return number(share(part, whole), "share")


def joined(parts: Iterable[str]) -> str:
    """Parts of a sentence as one.

    >>> joined(["phòng A xong 3 việc", "", "không có việc quá hạn"])
    'Phòng A xong 3 việc; không có việc quá hạn.'
    """
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def named(names: Sequence[str], noun: Noun) -> str:
    """``A``, ``A và B``, ``A, B và C``, ``A, B, C và 2 người khác``."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= NAMED:
        return say("reports.said.and", first=", ".join(names[:-1]), last=names[-1])
    return say("reports.said.and", first=", ".join(names[:NAMED]), last=say(f"reports.other.{noun}", count=len(names) - NAMED))


def most(lines: Sequence[Line], what: Literal["done", "total"], noun: Literal["unit", "person", "field"]) -> str:
    """Whose number is the highest: alone, or together with others. Lines that are of nobody are not named."""
    known = [(int(getattr(one.counts, what)), one.label) for one in lines if one.key]
    top = max((count for count, _ in known), default=0)
    if not top:
        return say("reports.said.none_done") if what == "done" else ""
    names = [label for count, label in known if count == top]
    if len(names) > 1:
        return say(f"reports.said.{what}_tie", names=named(names, noun), each=say(f"reports.each.{noun}"), count=counted(top))
    return say(f"reports.said.{what}_{'only' if len(known) == 1 else 'most'}", names=names[0], count=counted(top))


def owing(lines: Sequence[Line], noun: Noun) -> str:
    """Who has overdue tasks, the most first."""
    owed = sorted(((one.counts.overdue, one.label) for one in lines if one.counts.overdue), key=lambda one: -one[0])
    if not owed:
        return say("reports.said.none_overdue")
    told = [say("reports.said.overdue_of", name=owed[0][1], count=counted(owed[0][0]))]
    told += [say("reports.said.overdue_more", name=label, count=counted(count)) for count, label in owed[1:NAMED]]
    rest = [count for count, _ in owed[NAMED:]]
    if rest:
        told.append(say("reports.said.overdue_more", name=say(f"reports.other.{noun}", count=len(rest)), count=counted(sum(rest))))
    return ", ".join(told)


def of_these_overdue(count: int) -> str:
    """``trong đó 3 việc quá hạn``."""
    return say("reports.said.of_these_overdue", count=counted(count)) if count else say("reports.said.none_overdue")
