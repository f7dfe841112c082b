"""What is true of a file: which kinds are welcome, under which name and with which headers it leaves the house."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

import msgspec

MEGABYTE: Final = 1024 * 1024
#: Largest file, in bytes, where the settings say nothing else.
DEFAULT_LIMIT: Final = 25 * MEGABYTE
#: Most files that one form may carry.
MOST_FILES: Final = 10
#: A name longer than this, in UTF-8 bytes, does not fit in the file systems that people save to (255, less room for " (1)").
LONGEST_NAME: Final = 200


class Kind(msgspec.Struct, frozen=True):
    """A kind of file that is welcome. The first of ``extensions`` is the one that a name gets when it has none of them."""

    media_type: str
    extensions: tuple[str, ...]
    picture: bool = False
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

JPEG, PNG, WEBP, GIF, HEIC = "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"
PDF, ZIP, TEXT, CSV = "application/pdf", "application/zip", "text/plain", "text/csv"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
ODT, ODS, ODP = f"{_ODF}.text", f"{_ODF}.spreadsheet", f"{_ODF}.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"

KINDS: Final[dict[str, Kind]] = {
    kind.media_type: kind
    for kind in (
        Kind(JPEG, ("jpg", "jpeg", "jpe", "jfif"), picture=True, inline=True),
        Kind(PNG, ("png",), picture=True, inline=True),
        Kind(WEBP, ("webp",), picture=True, inline=True),
        Kind(GIF, ("gif",), picture=True, inline=True),
        Kind(HEIC, ("heic", "heif"), picture=True),
        Kind(PDF, ("pdf",), inline=True),
        Kind(DOCX, ("docx",)),
        Kind(XLSX, ("xlsx",)),
        Kind(PPTX, ("pptx",)),
        Kind(ODT, ("odt",)),
        Kind(ODS, ("ods",)),
        Kind(ODP, ("odp",)),
        Kind(DOC, ("doc",)),
        Kind(XLS, ("xls",)),
        Kind(PPT, ("ppt",)),
        Kind(ZIP, ("zip",)),
        Kind(TEXT, ("txt",)),
        Kind(CSV, ("csv",)),
    )
}
_KNOWN_EXTENSIONS = frozenset(extension for kind in KINDS.values() for extension in kind.extensions)

#: What a double click would run on somebody's machine: refused as text and inside a zip.
RUNNABLE: Final = frozenset(
    {"exe", "com", "scr", "pif", "cpl", "msi", "msp", "msix", "appx", "dll", "sys", "lnk", "reg", "inf", "chm", "iso", "img", "vhd"}
    | {"bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "ws", "wsf", "wsh", "hta", "url", "jar", "jnlp", "apk"}
    | {"sh", "bash", "command", "app", "dmg", "pkg", "deb", "rpm", "py", "pyw", "pl", "rb", "php"}
    | {"html", "htm", "xhtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl"}
    | {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"}
)

_SHA = re.compile(r"[0-9a-f]{64}")
_WINDOWS_FORBIDS = re.compile(r'[<>:"|?*]')
_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def is_sha(text: object) -> bool:
    """Whether ``text`` is a SHA-256 in the one spelling that is stored; nothing else ever becomes a path."""
    return isinstance(text, str) and _SHA.fullmatch(text) is not None


def extension_of(name: str) -> str:
    """The extension in lower case without its dot, or an empty string."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def text_kind(name: str) -> str:
    """Text says nothing of its kind, so here the name may choose, between these two only."""
    return CSV if extension_of(name) == "csv" else TEXT


def clean_name(given: str, media_type: str, fallback: str) -> str:
    """A name that is safe to save under, with the extension of what the file really is.

    Vietnamese letters stay. Folders, control and direction characters (``photo\\u202egpj.exe``) and what Windows forbids go.
    ``fallback`` is the stem where nothing is left.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    # Category C is control, format (direction, zero width), surrogate and unassigned; Z is every kind of space.
    name = "".join(" " if unicodedata.category(c)[0] == "Z" else c for c in name if unicodedata.category(c)[0] != "C")
    name = " ".join(_WINDOWS_FORBIDS.sub("_", name).split()).strip(". ")
    kind = KINDS[media_type]
    stem, extension = name, extension_of(name)
    if extension in _KNOWN_EXTENSIONS:
        stem = name[: -len(extension) - 1].rstrip(". ")
    if extension not in kind.extensions:
        extension = kind.extensions[0]
    if _WINDOWS_DEVICE.match(stem):
        stem = f"_{stem}"
    room = LONGEST_NAME - len(extension) - 1
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem or fallback}.{extension}"


def disposition(name: str, media_type: str, *, saved: bool = False) -> str:
    """``Content-Disposition``: only pictures and PDF open in the browser, unless they are to be ``saved``. RFC 6266, with the plain
    name for what can't read RFC 5987.
    """
    kind = KINDS.get(media_type)
    how = "inline" if kind is not None and kind.inline and not saved else "attachment"
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c if " " <= c <= "~" else "_" for c in plain if not unicodedata.combining(c))
    plain = re.sub(r'["\\%]', "_", plain)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safety_headers(media_type: str) -> dict[str, str]:
    """Headers that keep a served file from doing anything, whatever is in it.

    A PDF goes without ``sandbox``: today's Chromium shows it all the same, the older browsers of offices show nothing. Its viewer is no
    page of ours and runs no script in our origin.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    if media_type != PDF:
        policy = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }
