"""A zip from outside, looked through before any library opens it."""

import zipfile
from io import BytesIO

from server.errors import Refusal
from server.plans.shapes import Limits

_STEP = 1 << 20
#: A small file may be packed very well; from this size on the ratio counts.
_SMALL = 8 * 1024 * 1024


def checked(data: bytes, name: str, form: str, limits: Limits) -> zipfile.ZipFile:
    """The package in ``data``, every part unpacked once and counted. Raises `Refusal` for bombs, entities and broken zips."""
    try:
        package = zipfile.ZipFile(BytesIO(data))
        parts = package.infolist()
    except Exception as error:
        raise Refusal("invalid", "plans.broken", name=name, form=form) from error
    declared = sum(part.file_size for part in parts)
    if (
        len(parts) > limits.entries
        or declared > limits.unpacked_bytes
        or (declared > _SMALL and declared > limits.ratio * max(len(data), 1))
    ):
        raise Refusal("invalid", "plans.bomb", name=name)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refusal("invalid", "plans.locked", name=name)
    total = 0
    for part in parts:
        try:
            size = _read_through(package, part, name, limits, limits.unpacked_bytes - total)
        except Refusal:
            raise
        except Exception as error:
            raise Refusal("invalid", "plans.broken", name=name, form=form) from error
        total += size
        if total > _SMALL and total > limits.ratio * max(len(data), 1):
            raise Refusal("invalid", "plans.bomb", name=name)
    return package


def _read_through(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, limits: Limits, left: int) -> int:
    """The real size of a part, read in steps so that a header that lies costs nothing. XML is looked through for a DOCTYPE."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with package.open(part) as stream:
        while chunk := stream.read(_STEP):
            size += len(chunk)
            if size > left or (is_xml and size > limits.part_bytes):
                raise Refusal("invalid", "plans.bomb", name=name)
            if is_xml:
                # Without its zeros UTF-16 reads like ASCII here; a DOCTYPE is how entities are brought in.
                plain = tail + chunk.replace(b"\0", b"")
                if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                    raise Refusal("invalid", "plans.entities", name=name)
                tail = plain[-16:]
    return size
