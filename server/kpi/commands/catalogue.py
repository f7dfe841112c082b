"""Versions of the catalogue: drafted, put in force, replaced by the next. One that was in force never changes (Đ13)."""

from datetime import date, timedelta
from typing import Any

from server.errors import Refusal
from server.kpi.commands.drafts import drafter, insert_entries, locked, settle, the_draft
from server.kpi.queries.catalogue import entries_of, handbook, of_state, products_of
from server.kpi.rules.catalogue import Wrong
from server.kpi.rules.entries import MOST_ROWS, Entry, coded, counted, faults, tidy, too_long
from server.kpi.tables import KpiCatalogue, KpiProduct
from server.storage.door import Command, handles
from server.storage.engine import insert, row, rows
from server.storage.transaction import Transaction
from server.tasks.commands.common import today_of
from server.words import say

NAME_LENGTH = 200
DOCUMENT_LENGTH = 200


class BeginCatalogue(Command, tag="kpi.catalogue.begin"):
    """Make the first draft of the handbook's rows, where there is no catalogue at all."""


class DraftCatalogue(Command, tag="kpi.catalogue.draft"):
    """Begin the next version: a copy of the one in force."""

    title: str = ""


class DropDraft(Command, tag="kpi.catalogue.drop"):
    """Throw the draft away."""

    catalogue: str


class DescribeDraft(Command, tag="kpi.catalogue.describe"):
    """What the draft is called, and which of its products is the standard one."""

    catalogue: str
    title: str
    note: str = ""
    standard: str | None = None


class PutInForce(Command, tag="kpi.catalogue.put_in_force"):
    """From ``since`` on the draft is the catalogue: by which document, of which day. What was in force is replaced."""

    catalogue: str
    document: str
    document_date: date
    since: date


class ImportCatalogue(Command, tag="kpi.catalogue.import"):
    """Replace the whole draft by rows that were read from a file and looked at; without a draft, make one. ``standard`` is a code."""

    rows: list[Entry]
    standard: str
    file: str = ""


class NotInForce(Refusal):
    """A draft that can't come into force, or rows that can't be a draft. ``found`` is everything that is wrong."""

    def __init__(self, found: list[Wrong], key: str = "kpi.catalogue.faults") -> None:
        self.found = found
        super().__init__("invalid", key, count=len(found), first=sentence(found[0]))


def sentence(wrong: Wrong) -> str:
    """One fault in words, with its row and what stood there."""
    value = wrong.value
    if wrong.fault in ("points", "k", "most", "parts") and value.lstrip("-").isdigit():
        value = f"{int(value) / 1000:g}".replace(".", ",")
    what = say(f"kpi.catalogue.fault.{wrong.fault}", value=value)
    if not wrong.row:
        return what
    return say("kpi.catalogue.at", row=wrong.row, mark=wrong.code or "–", what=what)


@handles(BeginCatalogue)
async def begin(tx: Transaction, given: BeginCatalogue) -> dict[str, Any]:
    """Once, whoever comes first: of two processes at the same moment the second finds it made."""
    await locked()
    if await row("SELECT id FROM kpi_catalogue LIMIT 1"):
        return {"made": False}
    entries, standard = handbook()
    made = await _make(tx, say("kpi.catalogue.starting_name"), entries, standard)
    tx.audit("begin", "catalogue", made, after={"rows": len(entries)})
    return {"made": True, "id": made}


@handles(DraftCatalogue)
async def draft(tx: Transaction, given: DraftCatalogue) -> dict[str, Any]:
    """The rows of the version in force; of the handbook where none ever was."""
    right = await drafter(tx)
    await _no_draft()
    base = await of_state("in_force")
    if base is None:
        entries, standard = handbook()
    else:
        found = await products_of(base.id)
        entries = entries_of(found)
        standard = next((one.code for one in found if one.id == base.standard), "")
    name = given.title.strip() or say("kpi.catalogue.next_name", year=today_of(tx).year)
    made = await _make(tx, _name(name), entries, standard)
    tx.audit("draft", "catalogue", made, after={"name": name, "rows": len(entries)}, on_behalf=right.on_behalf)
    return {"id": made}


@handles(DropDraft)
async def drop(tx: Transaction, given: DropDraft) -> dict[str, Any]:
    """No task names a row of a draft, so nothing else changes."""
    right = await drafter(tx)
    found = await the_draft(given.catalogue)
    await KpiProduct.delete().where(KpiProduct.catalogue == found.id)
    await KpiCatalogue.delete().where(KpiCatalogue.id == found.id)
    tx.audit("drop", "catalogue", found.id, before={"number": found.number, "name": found.name}, on_behalf=right.on_behalf)
    return {"id": found.id}


@handles(DescribeDraft)
async def describe(tx: Transaction, given: DescribeDraft) -> dict[str, Any]:
    """With another standard product every coefficient is counted anew."""
    right = await drafter(tx)
    found = await the_draft(given.catalogue)
    if given.standard is not None and given.standard not in {one.id for one in await products_of(found.id)}:
        raise Refusal("invalid", "kpi.catalogue.standard_unknown", field="standard")
    values = {"name": _name(given.title), "note": given.note.strip()[:2000], "standard": given.standard or found.standard}
    await KpiCatalogue.update({getattr(KpiCatalogue, name): value for name, value in values.items()}).where(KpiCatalogue.id == found.id)
    await settle(found.id)
    before = {name: getattr(found, name) for name in values}
    tx.audit("describe", "catalogue", found.id, before=before, after=values, on_behalf=right.on_behalf)
    return {"id": found.id}


@handles(PutInForce)
async def put_in_force(tx: Transaction, given: PutInForce) -> dict[str, Any]:
    """Raises NotInForce with every fault of the draft."""
    right = await drafter(tx)
    found = await the_draft(given.catalogue)
    document = given.document.strip()
    if not document or len(document) > DOCUMENT_LENGTH:
        raise Refusal("invalid", "kpi.catalogue.document_missing", field="document", limit=DOCUMENT_LENGTH)
    _check_days(given, today_of(tx))
    products = await products_of(found.id)
    standard = next((one.code for one in products if one.id == found.standard), "")
    wrong = faults(entries_of(products), standard)
    if wrong:
        raise NotInForce(wrong)
    before = await of_state("in_force", lock=True)
    if before is not None:
        if before.since and given.since < before.since:
            raise Refusal("invalid", "kpi.catalogue.since_before", field="since", since=f"{before.since:%d/%m/%Y}", number=before.number)
        until = max(given.since - timedelta(days=1), before.since or given.since)
        await KpiCatalogue.update({KpiCatalogue.state: "replaced", KpiCatalogue.until: until}).where(KpiCatalogue.id == before.id)
        for one in await products_of(before.id):
            tx.change("product", one.id)
    values = {"state": "in_force", "document": document, "document_date": given.document_date, "since": given.since}
    await KpiCatalogue.update({getattr(KpiCatalogue, name): value for name, value in values.items()}).where(KpiCatalogue.id == found.id)
    for one in products:
        tx.change("product", one.id)
    after = {**values, "number": found.number, "rows": len(products)}
    tx.audit("put_in_force", "catalogue", found.id, before={"state": "draft"}, after=after, on_behalf=right.on_behalf)
    return {"id": found.id, "number": found.number}


@handles(ImportCatalogue)
async def take_in(tx: Transaction, given: ImportCatalogue) -> dict[str, Any]:
    """The whole draft, or nothing. Raises NotInForce with every fault of the rows."""
    right = await drafter(tx)
    entries = whole([tidy(one) for one in given.rows], given.standard)
    found = await of_state("draft", lock=True)
    if found is None:
        made = await _make(tx, say("kpi.catalogue.next_name", year=today_of(tx).year), entries, given.standard)
    else:
        made = found.id
        await KpiProduct.delete().where(KpiProduct.catalogue == made)
        ids = await insert_entries(tx, made, entries)
        await KpiCatalogue.update({KpiCatalogue.standard: ids[given.standard]}).where(KpiCatalogue.id == made)
    tx.audit("import", "catalogue", made, after={"file": given.file[:200], "rows": len(entries)}, on_behalf=right.on_behalf)
    return {"id": made, "rows": len(entries)}


def whole(entries: list[Entry], standard: str) -> list[Entry]:
    """The rows with codes and coefficients. Raises NotInForce, or Refusal for what is too much or too long."""
    if len(entries) > MOST_ROWS:
        raise Refusal("invalid", "kpi.catalogue.many_rows", count=len(entries), limit=MOST_ROWS)
    for one in entries:
        for name in too_long(one):
            raise Refusal("invalid", "kpi.catalogue.long", row=one.row, what=say(f"kpi.catalogue.field.{name}"))
    found = counted(coded(entries), standard)
    wrong = faults(found, standard)
    if wrong:
        raise NotInForce(wrong, "kpi.catalogue.faults_file")
    return found


def _check_days(given: PutInForce, today: date) -> None:
    if given.since > today:
        # Tasks name products from the moment it is in force: there is no version that waits for its day.
        raise Refusal("invalid", "kpi.catalogue.since_future", field="since", since=f"{given.since:%d/%m/%Y}")
    if given.document_date > today:
        raise Refusal("invalid", "kpi.catalogue.document_future", field="document_date", day=f"{given.document_date:%d/%m/%Y}")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        raise Refusal("invalid", "kpi.catalogue.name_bad", field="title", limit=NAME_LENGTH)
    return name


async def _no_draft() -> None:
    there = await of_state("draft")
    if there is not None:
        raise Refusal("conflict", "kpi.catalogue.draft_there", number=there.number)


async def _make(tx: Transaction, name: str, entries: list[Entry], standard: str) -> str:
    last = await rows("SELECT max(number) AS n FROM kpi_catalogue")
    made = tx.new_id()
    number = (last[0]["n"] or 0) + 1
    ids = {one.code: tx.new_id() for one in entries}
    head = {"id": made, "number": number, "name": name, "state": "draft", "standard": ids.get(standard)}
    head |= {"made_by": tx.actor, "made_at": tx.now}
    await insert(KpiCatalogue, head)
    await insert_entries(tx, made, entries, ids)
    return made
