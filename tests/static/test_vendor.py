"""Other people's files are the ones that vendor.json names, byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
PARTS = json.loads((STATIC / "vendor/vendor.json").read_text(encoding="utf-8"))["parts"]
LISTED = {entry["file"]: entry["sha256"] for part in PARTS for entry in part["files"]}


def test_it_lists_every_vendored_file_and_font() -> None:
    found = {p.relative_to(STATIC).as_posix() for folder in ("vendor", "fonts") for p in (STATIC / folder).iterdir()}
    assert found - {"vendor/vendor.json"} == set(LISTED)


def test_it_holds_the_bytes_that_were_reviewed() -> None:
    for name, expected in LISTED.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == expected, name


def test_it_names_version_licence_and_source_of_every_part() -> None:
    for part in PARTS:
        assert all(part[key] for key in ("name", "version", "licence", "source", "why"))
        assert part["source"].endswith("@" + part["version"])
        assert any("LICENSE" in entry["file"] for entry in part["files"])
