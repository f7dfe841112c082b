"""A year's ratings: from months to Mẫu số 02, decided by a person, published, corrected by a new version (Đ10.2, Đ19 to Đ21)."""

from typing import Any, get_args

from server.errors import Refusal
from server.kpi import rights
from server.kpi.commands import year_store
from server.kpi.commands.periods import ClosePeriod
from server.kpi.queries.periods import period
from server.kpi.queries.year_book import YearBook, YearOf, decides_year
from server.kpi.rules.ruleset import Band, worse
from server.kpi.tables import KpiYear
from server.storage.door import Command, follows, handles
from server.storage.engine import insert, row
from server.storage.ids import is_id
from server.storage.transaction import Transaction
from server.tasks.commands.common import actor_of, today_of

KIND = "kpi_year"


class ComputeYear(Command, tag="kpi.year.compute"):
    """Roll the months up for everybody, or for ``people``; as often as one likes: what was decided stays.

    Answers ``{"made", "changed", "missing": [{"person", "months"}]}``: whose months are not there yet.
    """

    year: int
    people: list[str] = []


class SelfRateYear(Command, tag="kpi.year.self"):
    """Part II of Mẫu số 02: the person's own rating of his year. Again until it is decided. Answers ``{"id", "state"}``."""

    year: int
    band: Band
    note: str = ""


class DecideYear(Command, tag="kpi.year.decide"):
    """Part III: the rating of whoever has the right to it (Đ10.2). Again until it is published. Answers ``{"id", "state", "band"}``.

    ``band`` None: not rated, only for under six months (Đ11.1). ``reason`` where it is not what the points made; ``proposal`` is part IV.
    ``document`` is wanted for the director's own, which comes from outside. ``without`` names exactly the months that are missing,
    ``without_self``: the person did not rate himself.
    """

    year: int
    person: str
    band: Band | None
    reason: str = ""
    proposal: str = ""
    document: str = ""
    without: list[int] = []
    without_self: bool = False


class PublishYears(Command, tag="kpi.year.publish"):
    """Publish what was decided: of everybody, or of ``people``. Answers ``{"published", "not_decided": [person]}``."""

    year: int
    people: list[str] = []


class CorrectYear(Command, tag="kpi.year.correct"):
    """A new decision in place of a published one (Đ21.3), with its reason and document; the old one stays, and stands until the new one
    is published. The months are those of now. Answers ``{"id", "version"}``."""

    id: str
    year: int
    person: str
    band: Band | None
    reason: str
    document: str
    proposal: str = ""
    without: list[int] = []


@handles(ComputeYear)
async def compute(tx: Transaction, given: ComputeYear) -> dict[str, Any]:
    """By whoever keeps the centre's periods."""
    _, actor = await actor_of(tx)
    if not rights.keeps(actor, today_of(tx)):
        raise Refusal("not_allowed", "kpi.year.compute_not_yours")
    book = await year_store.locked_book(tx, given.year)
    people = [one for one in given.people or book.people if book.of(one)]
    return await _compute(tx, book, people)


async def _compute(tx: Transaction, book: YearBook, people: list[str]) -> dict[str, Any]:
    made, changed = await year_store.refresh(tx, book, people)
    if made or changed:
        tx.audit("compute", KIND, str(book.year), after={"made": made, "changed": changed})
    missing = [
        {"person": one, "months": list(book.of(one).result.missing)}
        for one in people
        if book.of(one).result.missing and not book.of(one).settled
    ]
    return {"made": made, "changed": changed, "missing": missing}


@follows(ClosePeriod)
async def roll_up(tx: Transaction, closed: ClosePeriod) -> None:
    """The year's last period, or one of a year that was rolled up before, brings the ratings that are not decided in line."""
    found = await period(closed.period)
    last = found.number == (12 if found.kind == "month" else 4)
    if last or await row("SELECT id FROM kpi_year WHERE year = $1 LIMIT 1", found.year):
        book = await year_store.locked_book(tx, found.year)
        await _compute(tx, book, list(book.people))


@handles(SelfRateYear)
async def rate_self(tx: Transaction, given: SelfRateYear) -> dict[str, Any]:
    """Only one's own, and only until it is decided."""
    book = await year_store.locked_book(tx, given.year)
    if tx.actor is None or tx.actor not in book.raters.people:
        raise Refusal("not_allowed", "kpi.year.nobody")
    note = year_store.text(given.note, "note", year_store.LONG_TEXT)
    if book.of(tx.actor).settled:
        raise Refusal("conflict", "kpi.year.decided_before")
    stored = await year_store.row_of(tx, book, tx.actor)
    before = {"band": stored.get("self_band"), "state": stored["state"]}
    await year_store.update(stored, {"self_band": given.band, "self_note": note, "state": "self_rated"})
    tx.audit("rate_self", KIND, stored["id"], before=before, after={"band": given.band, "state": "self_rated"})
    return {"id": stored["id"], "state": "self_rated"}


@handles(DecideYear)
async def decide(tx: Transaction, given: DecideYear) -> dict[str, Any]:
    """By the director; the director's own by whoever keeps the centre's, with the document of his rater."""
    book = await year_store.locked_book(tx, given.year)
    found = _decidable(tx, book, given.person)
    if found.state == "published":
        raise Refusal("conflict", "kpi.year.published_before")
    if found.state == "draft" and not given.without_self and given.band is not None:
        raise Refusal("invalid", "kpi.year.not_self_rated", field="without_self")
    replaces = bool(found.stored and found.stored["replaces"])
    values = _decision(tx, book, found, given, document_wanted=replaces)
    stored = await year_store.row_of(tx, book, given.person)
    before = {"state": stored["state"], "band": stored.get("decided_band"), "reason": stored.get("reason", "")}
    await year_store.update(stored, values)
    tx.audit("decide", KIND, stored["id"], before=before, after=_said(values), on_behalf=_behalf(tx, book))
    return {"id": stored["id"], "state": "decided", "band": given.band}


@handles(CorrectYear)
async def correct(tx: Transaction, given: CorrectYear) -> dict[str, Any]:
    """By whoever decides; a new version that names the one it replaces."""
    if not is_id(given.id):
        raise Refusal("invalid", "tasks.id_bad", field="id", id=given.id[:60])
    book = await year_store.locked_book(tx, given.year)
    found = _decidable(tx, book, given.person)
    if found.stored is None or found.state != "published":
        raise Refusal("conflict", "kpi.year.not_published")
    reason = year_store.text(given.reason, "reason", year_store.LONG_TEXT, required="kpi.year.correct_reason")
    values = _decision(tx, book, found, given, document_wanted=True)
    old = found.stored
    made = {
        **{name: old[name] for name in ("year", "person", "self_band", "self_note")},
        **values,
        "id": given.id,
        "version": old["version"] + 1,
        "replaces": old["id"],
        "version_reason": reason,
    }
    await year_store.update(old, {"current": False})
    await insert(KpiYear, made)
    before = {"id": old["id"], "band": old["decided_band"]}
    tx.audit("correct", KIND, given.id, before=before, after={**_said(values), "version": made["version"]}, on_behalf=_behalf(tx, book))
    return {"id": given.id, "version": made["version"]}


@handles(PublishYears)
async def publish(tx: Transaction, given: PublishYears) -> dict[str, Any]:
    """By the director, or whoever holds the centre by delegation: ratings only, which everybody is told anyway."""
    _, actor = await actor_of(tx)
    if not rights.decides(actor, today_of(tx)):
        raise Refusal("not_allowed", "kpi.year.publish_not_yours")
    book = await year_store.locked_book(tx, given.year)
    people = [one for one in given.people or book.people if book.of(one)]
    ready = [one for one in (book.of(person).stored for person in people) if one is not None and one["state"] == "decided"]
    behalf = rights.on_behalf(actor, today_of(tx))
    for one in ready:
        await year_store.update(one, {"state": "published", "published_at": tx.now})
        after = {"band": one["decided_band"], "version": one.get("version", 1)}
        tx.audit("publish", KIND, one["id"], after=after, on_behalf=behalf)
        tx.change("score", one["id"])
        if one["replaces"]:
            tx.change("score", one["replaces"], "drop")
        tx.message("kpi.year.published", [one["person"]], subject=one["id"], data={"year": book.year})
    return {"published": len(ready), "not_decided": [one for one in people if not book.of(one).settled]}


def _decidable(tx: Transaction, book: YearBook, person: str) -> YearOf:
    """The person's year, if the actor decides it. Whoever may not even see it is told that there is none."""
    if tx.actor is None or not (book.raters.may_see(tx.actor, person) or decides_year(book.raters, tx.actor, person)):
        raise Refusal("not_found", "kpi.year.unknown")
    found = book.of(person)
    if not decides_year(book.raters, tx.actor, person):
        raise Refusal("not_allowed", "kpi.year.decide_own" if tx.actor == person else "kpi.year.decide_not_yours")
    return found


def _decision(tx: Transaction, book: YearBook, found: YearOf, given: DecideYear | CorrectYear, *, document_wanted: bool) -> dict[str, Any]:
    """The columns of a decision, if the decree allows it."""
    rating = found.result.rating
    if given.band is not None and given.band not in get_args(Band):
        raise Refusal("invalid", "kpi.year.band_wanted", field="band")
    if found.decision is not None and given.band != "failed":
        raise Refusal("invalid", "kpi.year.forced", field="band", document=found.decision["document"])
    if (given.band is None) != (rating.why == "short"):
        raise Refusal("invalid", "kpi.year.short" if rating.why == "short" else "kpi.year.band_wanted", field="band")
    if rating.why not in ("short", "forced") and sorted(set(given.without)) != list(found.result.missing):
        months = ", ".join(str(one) for one in found.result.missing)
        raise Refusal("invalid", "kpi.year.months_missing" if months else "kpi.year.months_there", field="without", **_named(months))
    _check_head(book, found, given.band)
    differs = given.band != rating.band
    outside = book.directory.people[found.person].position == "director"
    return {
        **year_store.computed_values(book, found),
        "state": "decided",
        "decided_band": given.band,
        "reason": year_store.text(given.reason, "reason", year_store.LONG_TEXT, required="kpi.year.reason_wanted" if differs else ""),
        "proposal": year_store.text(given.proposal, "proposal", year_store.LONG_TEXT),
        "document": year_store.text(
            given.document, "document", year_store.SHORT_TEXT, required="kpi.year.document_wanted" if outside or document_wanted else ""
        ),
        "decided_by": tx.actor,
        "decided_at": tx.now,
    }


def _named(months: str) -> dict[str, str]:
    return {"months": months} if months else {}


def _check_head(book: YearBook, found: YearOf, band: Band | None) -> None:
    """A head is never rated above his unit, so the unit comes first (Đ9.1, Đ20.6)."""
    if found.heads is None or band in (None, "failed"):
        return
    unit = book.directory.units[found.heads].name
    if found.unit_band is None:
        raise Refusal("conflict", "kpi.year.unit_first", field="band", unit=unit)
    if worse(band, found.unit_band) != band:
        raise Refusal("invalid", "kpi.year.above_unit", field="band", unit=unit)


def _said(values: dict[str, Any]) -> dict[str, Any]:
    names = ("state", "decided_band", "band", "mean", "reason", "document")
    return {name: values[name] for name in names}


def _behalf(tx: Transaction, book: YearBook) -> str | None:
    return rights.on_behalf(book.directory.actor(tx.actor), today_of(tx)) if tx.actor else None
