"""What the commands of this folder share: their options, their voice, and how a mistake ends.

It ends with a sentence and exit code 2, never with a trace.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ml.errors import BadLog, ModelRefused, NotEnough


def say(text: str) -> None:
    """Progress, for a person who waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def options(about: str) -> argparse.ArgumentParser:
    """The options that all of the commands have."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--tasks", nargs="+", action="extend", type=Path, required=True, metavar="T", help="CSV or CSV.GZ; several may be given"
    )
    parser.add_argument(
        "--events", nargs="+", action="extend", type=Path, required=True, metavar="E", help="CSV or CSV.GZ; several may be given"
    )
    parser.add_argument("--after", metavar="TIME", help="keep only snapshots after it, such as 2016-05-01 or 2016-05-01T00:00:00Z")
    return parser


def tell_skipped(skipped: dict[str, int]) -> None:
    """Says what was left out."""
    for reason, count in sorted(skipped.items()):
        say(f"left out: {count} × {reason}")


def ended(work: Callable[[Sequence[str] | None], None], given: Sequence[str] | None = None) -> int:
    """Runs a command; 0, or 2 after a sentence on stderr."""
    try:
        work(given)
    except (BadLog, ModelRefused, NotEnough) as error:
        say(str(error))
        return 2
    except OSError as error:
        say(f"{error.filename or 'A file'} cannot be written: {error.strerror or error}.")
        return 2
    except ImportError as error:
        say(f"The training libraries are missing ({error.name}): install the dependency group train.")
        return 2
    return 0
