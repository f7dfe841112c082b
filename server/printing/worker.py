"""The process that prints: ``python -m server.printing.worker``.

Laying a document out takes seconds of a whole core and hundreds of megabytes, so it happens beside the server, which goes on answering.
"""

import contextlib
import gc
import hashlib
import os
import resource
import sys
import traceback
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher

from server.printing.wire import Fault, Job, Paper, Printed, receive, send

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
MEMORY = 2 * 1024**3
#: Tagged for screen readers, with its language and title.
VARIANT = "pdf/ua-1"
TYPE = "Liberation Serif"
#: A paper has all that it shows in its template: whatever a text in it says, nothing is fetched.
NOTHING = URLFetcher(allowed_protocols=())


@cache
def peak() -> int:
    """Bytes that this process has needed at most. What ``getrusage`` says begins with what its parent held when it started this one."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def pages() -> Environment:
    """The templates, strict: a value that is missing is an error, not a gap on a paper that somebody signs."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def styles() -> list[CSS]:
    """The style of every paper, and what reports have besides."""
    return [CSS(filename=TEMPLATES / "print" / name, url_fetcher=NOTHING) for name in ("paper.css", "report.css")]


def html_of(paper: Paper, title: str, contents: bool = False) -> str:
    """The paper as HTML, of one that can have a table of contents with or without it."""
    own = {} if paper.contents_over is None else {"contents": contents}
    return pages().get_template(f"print/{paper.template}").render({**paper.context, **own, "file_title": title})


def laid_out(paper: Paper, title: str) -> tuple[str, Document]:
    """The paper as HTML and as pages, of a long one with its table of contents."""
    most = paper.contents_over
    if most is not None and paper.contents_likely:
        text, document = _rendered(paper, title, contents=True)
        if len(document.pages) - _before_text(document) > most:
            return text, document
    text, document = _rendered(paper, title)
    if most is not None and len(document.pages) > most:
        text, document = _rendered(paper, title, contents=True)
    return text, document


def _rendered(paper: Paper, title: str, contents: bool = False) -> tuple[str, Document]:
    text = html_of(paper, title, contents)
    return text, HTML(string=text, url_fetcher=NOTHING).render(stylesheets=styles(), pdf_variant=VARIANT)


def _before_text(document: Document) -> int:
    """How many pages the head and the table of contents take."""
    return next((place for place, page in enumerate(document.pages) if "text" in page.anchors), 0)


class NoType(Exception):
    """The type that papers are set in is not installed, or has no Vietnamese; another one would take its place in silence."""


@cache
def _type_is_there() -> None:
    """Once: what a line of Vietnamese is really set in. Raises NoType."""
    document = HTML(string=pages().get_template("print/letters.html").render()).render(stylesheets=styles())
    document.write_pdf()
    if not document.fonts or any(font.family != TYPE for font in document.fonts.values()):
        raise NoType


def pdf_of(job: Job) -> bytes:
    """The papers as one PDF. The same job gives the same bytes. Raises NoType."""
    _type_is_there()
    texts, documents = zip(*(laid_out(paper, job.title) for paper in job.papers), strict=True)
    whole = documents[0].copy([page for document in documents for page in document.pages])
    identifier = hashlib.sha256("\0".join(texts).encode()).hexdigest().encode()
    pdf: bytes = whole.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
    return pdf


def main() -> None:
    """Print jobs from the standard input until it ends. What goes wrong is told on the standard error and answered with no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whatever a library prints must not get between the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # A paper is a great many objects that all live until it is written: looking for garbage in between took a quarter of the time.
    gc.disable()
    while (given := receive(sys.stdin.buffer)) is not None:
        try:
            pdf = pdf_of(msgspec.msgpack.decode(given, type=Job))
            fault: Fault = ""
        except Exception as error:
            traceback.print_exc()
            pdf, fault = b"", "no_type" if isinstance(error, NoType) else "failed"
        send(answers, Printed(pdf=pdf, fault=fault, memory=peak()))
        del pdf, given
        gc.collect()


if __name__ == "__main__":
    main()
