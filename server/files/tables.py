"""What is stored of files: the content's facts, who sent it, and what it hangs on."""

from piccolo.columns import BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class File(Table):
    """One content, once. The bytes are in the store under ``id``."""

    #: SHA-256 of the bytes as they are kept, which for a picture are not those that were sent.
    id = Varchar(length=64, primary_key=True, default=None)
    size = BigInt()
    media_type = Varchar(length=100)
    width = Integer(default=None, null=True)
    height = Integer(default=None, null=True)
    thumb = Varchar(length=64, default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = Varchar(length=36)
    #: Set with the first attachment, never taken back: what hangs on a task is kept.
    attached = Boolean(default=False)
    #: The last time that somebody sent it; unattached files are swept by this.
    sent_at = Timestamptz(default=None, index=True)


class Upload(Table):
    """That a person sent a content: he may read and attach it. ``sent`` is the SHA-256 of what he sent, by which his device knows it."""

    id = Varchar(length=36, primary_key=True, default=None)
    sent = Varchar(length=64, index=True)
    file = Varchar(length=64, index=True)
    name = Text()
    person = Varchar(length=36, index=True)
    at = Timestamptz(default=None)


class Attachment(Table):
    """A file on a task; ``report`` or ``comment`` if it came with one. Never changed, never removed."""

    id = Varchar(length=36, primary_key=True, default=None)
    file = Varchar(length=64, index=True)
    name = Text()
    task = Varchar(length=36, index=True)
    report = Varchar(length=36, default=None, null=True)
    comment = Varchar(length=36, default=None, null=True)
    added_by = Varchar(length=36)
    added_at = Timestamptz(default=None)
