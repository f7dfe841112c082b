import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from server.errors import Refusal
from server.plans.shapes import Limits
from tests.plans.helpers import DATA, document, pasted, read, table, workbook

XLSX = (DATA / "qd-717-phu-luc.xlsx").read_bytes()
DOCX = (DATA / "qd-717-phu-luc.docx").read_bytes()
PDF = (DATA / "phu-luc.pdf").read_bytes()
HEAD = "TT|Nhiệm vụ|Chủ trì|Thời hạn"


def changed(package: bytes, **parts: bytes) -> bytes:
    """A package with parts added or replaced ("/" written as "__")."""
    out = BytesIO()
    names = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in names:
                new.writestr(part, old.read(part))
        for part, content in names.items():
            new.writestr(part, content)
    return out.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def pdf(*, text: str = "", password: str = "", picture: bool = False) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    if text:
        canvas.drawString(100, 700, text)
    if picture:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("RGB", (20, 20))), 10, 10)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def entities() -> bytes:
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    return changed(XLSX, xl__worksheets__sheet1_DOT_xml=declared + b"<worksheet>&b;</worksheet>")


def lying_zip() -> bytes:
    """A part whose header declares few bytes and that unpacks to many."""
    data = changed(XLSX, xl__media__x_DOT_bin=b"\0" * 40_000_000)
    return data.replace(struct.pack("<L", 40_000_000), struct.pack("<L", 1000))


SPACIOUS = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row'
    b' r="1"><c r="A1" t="inlineStr"><is><t>TT</t></is></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData><mergeCells><mergeCell'
    b' ref="A1:XFD1048576"/></mergeCells></worksheet>'
)
BAD = [
    ("empty", b"", "rỗng"),
    ("blank", b" \n\t ", "rỗng"),
    ("zeros", b"\0" * 100, "rỗng"),
    ("binary", bytes(range(256)) * 20, "không phải Word"),
    ("png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "là ảnh"),
    ("rtf", b"{\\rtf1\\ansi x}", "dạng cũ (RTF)"),
    ("doc", ole("WordDocument"), "lưu lại thành .docx"),
    ("xls", ole("Workbook"), "lưu lại thành .xlsx"),
    ("locked office", ole("EncryptedPackage"), "mật khẩu"),
    ("other ole", ole("Nothing"), "không phải Word"),
    ("macro by part", changed(XLSX, xl__vbaProject_DOT_bin=b"x"), "macro"),
    (
        "macro by type",
        changed(XLSX, **{"[Content_Types]_DOT_xml": b'<Types ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'}),
        "macro",
    ),
    ("macro in Word", changed(DOCX, word__vbaProject_DOT_bin=b"x"), "lưu thành .docx"),
    ("zip of nothing", changed(b"PK\x05\x06" + b"\0" * 18, x=b"y"), "không phải Word"),
    ("ods", changed(b"PK\x05\x06" + b"\0" * 18, mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    ("bomb", changed(XLSX, xl__media__x_DOT_bin=b"\0" * 60_000_000), "bung ra quá lớn"),
    ("many parts", changed(XLSX, **{f"x{n}": b"" for n in range(5001)}), "bung ra quá lớn"),
    ("entities", entities(), "DOCTYPE"),
    (
        "entities in UTF-16",
        changed(DOCX, word__document_DOT_xml='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")),
        "DOCTYPE",
    ),
    ("cut xlsx", XLSX[: len(XLSX) // 2], "bị hỏng"),
    ("cut docx", DOCX[: len(DOCX) // 2], "bị hỏng"),
    ("cut pdf", PDF[:2000], "bị hỏng"),
    ("broken part", changed(XLSX, xl__worksheets__sheet1_DOT_xml=b"<worksheet"), "bị hỏng"),
    ("broken document", changed(DOCX, word__document_DOT_xml=b"<w:document"), "bị hỏng"),
    ("huge sheet", changed(XLSX, xl__worksheets__sheet1_DOT_xml=SPACIOUS), "quá nhiều ô"),
    ("far cell", changed(XLSX, xl__worksheets__sheet1_DOT_xml=SPACIOUS.split(b"<mergeCells>")[0] + b"</worksheet>"), "quá nhiều ô"),
    ("locked pdf", pdf(text="x", password="abc"), "mật khẩu"),
    ("scan", pdf(picture=True), "bản quét, không có lớp chữ"),
    ("blank pdf", pdf(), "bản quét, không có lớp chữ"),
    ("pdf without table", pdf(text="Ke hoach"), "Không tìm thấy bảng"),
    ("no table in Word", document(before=()), "Không tìm thấy bảng"),
    ("no table in text", "Kế hoạch năm 2026\nkhông có bảng".encode(), "Không tìm thấy bảng"),
    ("no header", table("a|b|c", "d|e|f").encode(), "không thấy dòng tiêu đề"),
    ("empty header", table("|||", "1|Việc|Phòng HCTH|2026").encode(), "không thấy dòng tiêu đề"),
    ("header without its tasks", table("TT||Chủ trì|Thời hạn", "1|Việc|Phòng HCTH|2026").encode(), "để trống tên cột nhiệm vụ"),
    ("empty workbook", workbook(), "Không tìm thấy bảng"),
    ("only a header", table(HEAD).encode(), "không có dòng nhiệm vụ nào"),
]


@pytest.mark.parametrize(("data", "part"), [(data, part) for _, data, part in BAD], ids=[name for name, _, _ in BAD])
def test_it_refuses_a_bad_file_with_a_sentence(data: bytes, part: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(data, "ke-hoach.xlsx")
    assert caught.value.code == "invalid"
    assert part in caught.value.message and "ke-hoach.xlsx" in caught.value.message


def test_it_does_not_believe_a_zip_that_lies_about_its_sizes() -> None:
    with pytest.raises(Refusal):
        read(lying_zip())


def test_it_refuses_a_file_that_is_too_large_before_it_reads_it() -> None:
    with pytest.raises(Refusal, match="nặng 200 MB, quá giới hạn 25 MB"):
        read(XLSX + b"\0" * (200 * 1024 * 1024 - len(XLSX)))


def test_it_refuses_more_rows_than_the_limit_and_takes_as_many() -> None:
    rows = [HEAD, *(f"{n}|Việc {n}|Phòng HCTH|2026" for n in range(1, 12))]
    assert len(read(table(*rows).encode(), limits=Limits(rows=11)).rows) == 11
    with pytest.raises(Refusal, match="11 dòng, quá giới hạn 10"):
        read(table(*rows).encode(), limits=Limits(rows=10))


def test_it_refuses_a_pdf_of_too_many_pages() -> None:
    with pytest.raises(Refusal, match="trang, quá giới hạn 2 trang"):
        read(PDF, limits=Limits(pages=2))


def test_it_goes_by_content_and_not_by_name() -> None:
    assert len(read(DOCX, "a.csv").rows) == len(read(XLSX, "b.pdf").rows) == len(read(PDF, "c.docx").rows) == 18


def understood(data: bytes) -> None:
    try:
        read(data)
    except Refusal:
        return


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"%PDF-1.7\n",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\xff\xfe",
            b"<table>",
            b"TT\tNhi\xe1\xbb\x87m v\xe1\xbb\xa5\tCh\xe1\xbb\xa7 tr\xc3\xac\n",
        ]
    ),
)
def test_it_raises_nothing_but_a_refusal_on_any_bytes(data: bytes, start: bytes) -> None:
    understood(start + data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([XLSX, DOCX]), st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_it_raises_nothing_but_a_refusal_on_a_damaged_package(package: bytes, at: int, damage: bytes) -> None:
    at %= len(package)
    understood(package[:at] + damage + package[at + len(damage) :])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200_000), st.binary(min_size=1, max_size=8))
def test_it_raises_nothing_but_a_refusal_on_a_damaged_pdf(at: int, damage: bytes) -> None:
    small = pdf(text="TT Nhiem vu")
    at %= len(small)
    understood(small[:at] + damage + small[at + len(damage) :])


cell = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["1", "I", "a)", "1.1", "Quý", "IV/2021", "-", "Phòng HCTH", "31/02/2026", "TT", "Nhiệm vụ", "Thời hạn", "Tổng cộng", ""]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(cell, max_size=6), max_size=12), st.booleans())
def test_it_raises_nothing_but_a_refusal_on_any_cells(rows: list[list[str]], headed: bool) -> None:
    text = "\n".join("\t".join(row) for row in rows)
    try:
        plan = pasted((table(HEAD) + "\n" if headed else "") + text)
    except Refusal:
        return
    assert [row.row for row in plan.rows] == list(range(1, len(plan.rows) + 1))
    assert len({row.key for row in plan.rows}) == len(plan.rows)


def test_it_never_reads_a_png_of_text() -> None:
    with pytest.raises(Refusal, match="là ảnh"):
        read(b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x") + b"\0")
