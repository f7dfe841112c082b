"""Attachments as rows name and describe them."""

from collections import defaultdict
from typing import Literal

from server.storage.engine import places, rows
from sync.reader import Row

Column = Literal["task", "report", "comment"]


async def files_of(column: Column, ids: list[str]) -> defaultdict[str, list[Row]]:
    """What hangs on tasks themselves, on reports or on comments, oldest first, by what it hangs on."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if ids:
        itself = "AND a.report IS NULL AND a.comment IS NULL" if column == "task" else ""
        sql = (
            f"SELECT a.{column} AS owner, a.file, a.name, f.media_type, f.size, f.width, f.height, f.thumb FROM attachment a "
            f"JOIN file f ON f.id = a.file WHERE a.{column} IN ({places(len(ids))}) {itself} ORDER BY a.added_at, a.id"
        )
        for one in await rows(sql, *ids):
            found[one.pop("owner")].append(one)
    return found


def attached(files: list[Row]) -> Row:
    """The fields ``files`` and ``attachments`` of a row."""
    return {
        "files": [one["file"] for one in files],
        "attachments": [
            {
                "sha256": one["file"],
                "name": one["name"],
                "type": one["media_type"],
                "size": one["size"],
                "width": one["width"],
                "height": one["height"],
                "thumb": one["thumb"],
            }
            for one in files
        ],
    }
