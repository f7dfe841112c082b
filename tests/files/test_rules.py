"""Names, headers and ranges."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.files import rules
from server.files.ranges import Part, matches, wanted


@pytest.mark.parametrize(
    ("given_name", "media_type", "clean"),
    [
        ("Báo cáo quý III – Sở Nội vụ.pdf", rules.PDF, "Báo cáo quý III – Sở Nội vụ.pdf"),
        ("Đề án.PDF", rules.PDF, "Đề án.pdf"),
        ("../../etc/passwd", rules.TEXT, "passwd.txt"),
        ("C:\\Users\\an\\Ảnh 1.JPG", rules.JPEG, "Ảnh 1.jpg"),
        ("..", rules.PDF, "tep.pdf"),
        ("", rules.PDF, "tep.pdf"),
        ("ảnh\u202egnp.exe", rules.PNG, "ảnhgnp.exe.png"),
        ("a\r\nSet-Cookie: x.pdf", rules.PDF, "aSet-Cookie_ x.pdf"),
        ("a\x00b\u200b.pdf", rules.PDF, "ab.pdf"),
        ("ảnh.png", rules.JPEG, "ảnh.jpg"),
        ("ảnh.jpeg", rules.JPEG, "ảnh.jpeg"),
        ("CON.pdf", rules.PDF, "_CON.pdf"),
        ('a"b<c>|?*.csv', rules.CSV, "a_b_c____.csv"),
        ("tờ trình v1.2", rules.DOCX, "tờ trình v1.2.docx"),
    ],
)
def test_it_makes_a_name_safe_and_true(given_name: str, media_type: str, clean: str) -> None:
    assert rules.clean_name(given_name, media_type, "tep") == clean


def test_it_composes_letters_that_a_mac_sends_in_pieces() -> None:
    assert rules.clean_name(unicodedata.normalize("NFD", "Bảng ước.pdf"), rules.PDF, "tep") == "Bảng ước.pdf"


@given(st.text(max_size=400), st.sampled_from(sorted(rules.KINDS)))
def test_it_makes_any_name_fit_a_file_system_and_a_header(name: str, media_type: str) -> None:
    clean = rules.clean_name(name, media_type, "tep")
    assert len(clean.encode()) <= rules.LONGEST_NAME
    assert not set(clean) & set('/\\\r\n\0"')
    assert rules.extension_of(clean) in rules.KINDS[media_type].extensions
    assert rules.clean_name(clean, media_type, "tep") == clean
    rules.disposition(clean, media_type).encode("ascii")


def test_it_opens_only_pictures_and_pdf_in_the_browser() -> None:
    inline = {kind for kind in rules.KINDS if rules.disposition("a", kind).startswith("inline;")}
    assert inline == {rules.JPEG, rules.PNG, rules.WEBP, rules.GIF, rules.PDF}
    assert rules.disposition("a", "text/html").startswith("attachment;")
    assert rules.disposition("a", rules.PDF, saved=True).startswith("attachment;")


def test_it_says_a_vietnamese_name_in_both_ways() -> None:
    said = rules.disposition("Đề án 50%.pdf", rules.PDF)
    assert said == "inline; filename=\"De an 50_.pdf\"; filename*=UTF-8''%C4%90%E1%BB%81%20%C3%A1n%2050%25.pdf"


def test_it_forbids_everything_to_a_served_file() -> None:
    for kind in rules.KINDS:
        headers = rules.safety_headers(kind)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("sandbox;") is (kind != rules.PDF)


@pytest.mark.parametrize("text", ["", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n", None, 5])
def test_it_takes_nothing_but_a_hash_for_a_hash(text: object) -> None:
    assert not rules.is_sha(text)
    assert rules.is_sha("0" * 64)


@pytest.mark.parametrize(
    ("header", "want"),
    [
        (None, "whole"),
        ("bytes=0-0", Part(0, 0)),
        ("bytes=0-99", Part(0, 99)),
        ("bytes=40-59", Part(40, 59)),
        ("bytes=99-", Part(99, 99)),
        ("bytes=0-", Part(0, 99)),
        ("bytes=-10", Part(90, 99)),
        ("bytes=-500", Part(0, 99)),
        ("bytes=90-500", Part(90, 99)),
        ("Bytes = 1-2", Part(1, 2)),
        ("bytes=100-", "unsatisfiable"),
        ("bytes=100-200", "unsatisfiable"),
        ("bytes=-0", "unsatisfiable"),
        ("bytes=5-4", "whole"),
        ("bytes=-", "whole"),
        ("bytes=0-1,5-6", "whole"),
        ("lines=0-1", "whole"),
        ("bytes=a-b", "whole"),
    ],
)
def test_it_reads_a_range_as_the_rfc_does(header: str | None, want: object) -> None:
    assert wanted(header, 100) == want


def test_it_compares_tags_weakly_for_a_copy_and_strictly_for_a_part() -> None:
    assert matches('"b", W/"a"', '"a"', weak=True)
    assert matches("*", '"a"', weak=True)
    assert not matches('W/"a"', '"a"', weak=False)
    assert not matches('"b"', '"a"', weak=True)
    assert not matches(None, '"a"', weak=True)
