"""What a file is, whatever it is called."""

import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from server.errors import Refusal
from server.files import rules
from server.files.sniff import sniff
from tests.files import make

ODT = {"mimetype": rules.ODT, "content.xml": "<x/>"}
EXE = b"MZ\x90\0" + bytes(200)


def _sniff(tmp_path: Path, content: bytes, name: str) -> str:
    path = tmp_path / "sent"
    path.write_bytes(content)
    return sniff(path, name)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (make.photo(), "a.exe", rules.JPEG),
        (make.picture("PNG"), "a.pdf", rules.PNG),
        (make.picture("WEBP"), "a.webp", rules.WEBP),
        (make.moving_gif(), "a.gif", rules.GIF),
        (make.pdf(), "Báo cáo.docx", rules.PDF),
        (make.docx(), "a.zip", rules.DOCX),
        (make.office("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "a", rules.XLSX),
        (make.office("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), "a", rules.PPTX),
        (make.archive_of(ODT), "a.odt", rules.ODT),
        (make.archive_of({"Ảnh/1.jpg": "x", "ghi chú.txt": "y", "data.xml": "<x/>"}), "a.zip", rules.ZIP),
        ("Họ tên;Năm sinh\nNguyễn Ân;1980\n".encode(), "a.csv", rules.CSV),
        ("Họ tên\r\n".encode("utf-8-sig"), "a.txt", rules.TEXT),
        ("Ghi chú".encode("utf-16"), "a.txt", rules.TEXT),
        ("Céng hßa x· héi chñ nghÜa".encode("latin-1"), "cũ.txt", rules.TEXT),
        (b"3 < 5 and a <b", "a.txt", rules.TEXT),
    ],
)
def test_it_knows_a_file_by_its_content(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    assert _sniff(tmp_path, content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.pdf", "empty"),
        (EXE, "ảnh.jpg", "program"),
        (b"\x7fELF" + bytes(60), "a.pdf", "program"),
        (b"\xcf\xfa\xed\xfe" + bytes(60), "a.png", "program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png", "web_page"),
        (b"<?xml version='1.0'?><svg/>", "a.svg.txt", "web_page"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><script>1</script>", "a.txt", "web_page"),
        ("<HTML>".encode("utf-16"), "a.txt", "web_page"),
        (b"<script>alert(1)</script>", "a.csv", "web_page"),
        (b"<?php system($_GET[0]);", "a.txt", "web_page"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "script"),
        (b"del /s C:\\", "a.bat", "script"),
        (b"Invoke-Expression 1", "a.PS1", "script"),
        (make.docx({"word/vbaProject.bin": "x"}), "a.docx", "macros"),
        (make.office("application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", "macros"),
        (make.docx({"xl/macrosheets/sheet1.xml": "x"}), "a.xlsx", "macros"),
        (make.archive_of({**ODT, "Basic/Standard/Module1.xml": "x"}), "a.odt", "macros"),
        (make.office("application/unheard.of"), "a.docx", "unknown"),
        (make.archive_of({"mimetype": "application/epub+zip"}), "a.epub", "unknown"),
        (make.archive_of({"thư mục/hóa đơn.pdf.EXE": "x"}), "a.zip", "program_inside"),
        (make.archive_of({"a.exe. ": "x"}), "a.zip", "program_inside"),
        (make.archive_of({}), "a.zip", "unknown"),
        (make.docx()[:-40], "a.docx", "broken_document"),
        (make.docx()[:60], "a.docx", "broken_document"),
        (make.pdf(tail=b""), "a.pdf", "broken_document"),
        (make.pdf() + make.archive_of({"x.class": "x"}), "a.pdf", "two_in_one"),
        (b"ghi chep\n" + make.archive_of({"x": "x"}), "a.txt", "unknown"),
        (b"Rar!\x1a\x07\x00" + bytes(30), "a.rar", "other_archive"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a.mp4", "video"),
        (bytes(range(256)) * 4, "a.txt", "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.doc", "broken_document"),
    ],
)
def test_it_refuses_and_says_why(tmp_path: Path, content: bytes, name: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        _sniff(tmp_path, content, name)
    assert (refused.value.code, refused.value.key, refused.value.field) == ("invalid", f"files.{why}", "files")
    assert name in refused.value.message


def test_it_refuses_a_directory_that_would_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(make.archive_of({"a.txt": "x"}))
    opened: list[int] = []
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: opened.append(1))
    struct.pack_into("<I", content, len(content) - 22 + 12, 50_000_000)
    with pytest.raises(Refusal) as refused:
        _sniff(tmp_path, bytes(content), "a.zip")
    assert refused.value.key == "files.broken_document"
    assert not opened


def _workbook(*kinds: int) -> bytes:
    sheets = b"".join(struct.pack("<HHIBB", 0x0085, 8, 0, 0, kind) + b"\x01\0" for kind in kinds)
    return struct.pack("<HHI", 0x0809, 4, 0) + sheets + struct.pack("<HH", 0x000A, 0)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (make.compound("WordDocument"), rules.DOC),
        (make.compound("PowerPoint Document"), rules.PPT),
        (make.compound("Workbook", _workbook(0, 2)), rules.XLS),
        (make.compound("Book", _workbook(0)), rules.XLS),
        (make.compound("Workbook", struct.pack("<HH", 0x0085, 60_000)), rules.XLS),
    ],
)
def test_it_knows_the_old_office_formats(tmp_path: Path, content: bytes, kind: str) -> None:
    assert _sniff(tmp_path, content, "a.jpg") == kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (make.compound("WordDocument", storage="Macros"), "macros"),
        (make.compound("Workbook", _workbook(0), storage="_VBA_PROJECT_CUR"), "macros"),
        (make.compound("Workbook", _workbook(0, 1)), "macros"),
        (make.compound("EncryptedPackage"), "locked"),
        (make.compound("SummaryInformation"), "unknown"),
        (make.compound("WordDocument")[:700], "broken_document"),
    ],
)
def test_it_refuses_what_hides_in_the_old_office_formats(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        _sniff(tmp_path, content, "a.doc")
    assert refused.value.key == f"files.{why}"


def test_the_file_command_of_this_machine_agrees(tmp_path: Path) -> None:
    """The samples of these tests are what they claim, by an opinion that is not ours."""
    path = tmp_path / "a"
    path.write_bytes(make.photo())
    try:
        said = subprocess.run(["file", "--brief", "--mime-type", str(path)], check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        pytest.skip("no file command")
    assert said.strip() == rules.JPEG
