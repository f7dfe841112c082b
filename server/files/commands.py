"""What changes: a sent file is written down, a written file is hung on a task.

Both are functions for a handler's transaction and deliberately no commands of the door: a client can push every command that has a name,
and one that said "this content is mine" would open any file to whoever knows its hash. Only ``intake``, which has read the bytes, may.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from server.errors import Refusal
from server.files import rules
from server.files.queries import MaySee, usable
from server.files.tables import Attachment, File, Upload
from server.storage.transaction import Transaction
from server.words import say


class Facts(Protocol):
    """What is known of a content that is in the store (``intake.Taken``)."""

    @property
    def sha256(self) -> str: ...
    @property
    def sent(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...
    @property
    def thumb(self) -> str | None: ...


async def keep(tx: Transaction, facts: Facts, *, by: str) -> None:
    """Write down that ``by`` sent this content, which is in the store. The same content again only renews its time."""
    renewed = await File.update({File.sent_at: tx.now}).where(File.id == facts.sha256).returning(File.id)
    if not renewed:
        row = File(
            id=facts.sha256,
            size=facts.size,
            media_type=facts.type,
            width=facts.width,
            height=facts.height,
            thumb=facts.thumb,
            created_at=tx.now,
            created_by=by,
            attached=False,
            sent_at=tx.now,
        )
        # Two people may send one content at one moment: the second finds the first one's row.
        await File.insert(row).on_conflict(target=File.id, action="DO UPDATE", values=[File.sent_at])
    known = await Upload.exists().where((Upload.file == facts.sha256) & (Upload.sent == facts.sent) & (Upload.person == by))
    if not known:
        await Upload.insert(Upload(id=tx.new_id(), sent=facts.sent, file=facts.sha256, name=facts.name, person=by, at=tx.now))
        tx.audit("send", "file", facts.sha256, after={"name": facts.name, "size": facts.size, "type": facts.type})


async def attach(
    tx: Transaction,
    *,
    task: str,
    files: Sequence[str],
    by: str,
    may_see: MaySee,
    report: str | None = None,
    comment: str | None = None,
    names: Mapping[str, str] | None = None,
) -> list[str]:
    """Hang files, by what was sent or by what is kept of it, on a task; the identifiers of the attachments in the order of ``files``.

    ``names`` may give a file another name than it was sent under. Refusal (invalid) if one of them is not in the store, or if ``by``
    neither sent it nor may see it: the sentence is the same, so that nobody can ask which contents exist.
    """
    asked = list(dict.fromkeys(files))
    if len(asked) > rules.MOST_FILES:
        raise Refusal("invalid", "files.too_many", field="files", most=rules.MOST_FILES)
    if not asked:
        return []
    found = await usable(by, asked, may_see)
    kept = sorted({file.id for file in found.values()})
    # The row is marked before anything points to it: a sweep at this moment either sees the mark or has taken the row already.
    marked = await File.update({File.attached: True}).where(File.id.is_in(kept)).returning(File.id) if kept else []
    if len(found) != len(asked) or len(marked) != len(kept):
        raise Refusal("invalid", "files.not_yours", field="files")
    rows: dict[str, Attachment] = {}
    for sha in asked:
        file = found[sha]
        name = (names or {}).get(sha) or file.name
        row = Attachment(
            id=tx.new_id(),
            file=file.id,
            name=rules.clean_name(name, file.media_type, say("files.unnamed")),
            task=task,
            report=report,
            comment=comment,
            added_by=by,
            added_at=tx.now,
        )
        rows.setdefault(file.id, row)
    await Attachment.insert(*rows.values())
    for row in rows.values():
        # With a report or a comment the task's own entry tells of it; alone it is an event of the task.
        kind, subject = ("file", row.file) if report or comment else ("task", task)
        tx.audit("attach", kind, subject, after={"task": task, "file": row.file, "name": row.name, "report": report, "comment": comment})
    return [row.id for row in rows.values()]
