"""Sending and reading over HTTP."""

import hashlib
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.files.commands import attach
from server.files.store import Store
from server.storage.transaction import transaction
from tests.files import make
from tests.files.conftest import COLLEAGUE, LIMIT, NOW, OFFICER, STRANGER, TASK, may_see

Client = TestClient[Litestar]
CONTENT = make.pdf(b"%" + bytes(range(65, 91)) * 40 + b"\n%%EOF\n")


def _send(client: Client, *files: tuple[str, bytes], who: str = OFFICER) -> Any:
    return client.post("/files", files=[("files", (name, content)) for name, content in files], headers={"who": who})


def _get(client: Client, path: str, *, who: str = OFFICER, method: str = "GET", **headers: str) -> Any:
    return client.request(
        method, f"/files/{path}", headers={"who": who, **{name.replace("_", "-"): value for name, value in headers.items()}}
    )


def _attach(client: Client, sha: str, **more: Any) -> None:
    async def hang() -> None:
        async with transaction(actor=OFFICER, now=NOW, source="page") as tx:
            await attach(tx, task=TASK, files=[sha], by=OFFICER, may_see=may_see, **more)

    with client.portal() as portal:
        portal.call(hang)


@pytest.fixture
def sha(client: Client) -> str:
    sent = _send(client, ("Báo cáo tháng 11.pdf", CONTENT)).json()
    return str(sent[0]["sha256"])


def test_it_keeps_several_files_and_says_what_they_are(client: Client, store: Store) -> None:
    answer = _send(client, ("Báo cáo.pdf", CONTENT), ("C:\\ảnh\\Ảnh hiện trường.JPG", make.photo()))
    assert answer.status_code == 201
    document, photo = answer.json()
    assert document["sha256"] == document["sent"] == hashlib.sha256(CONTENT).hexdigest()
    assert (document["name"], document["type"], document["size"], document["thumb"]) == (
        "Báo cáo.pdf",
        "application/pdf",
        len(CONTENT),
        None,
    )
    assert (photo["name"], photo["type"], photo["width"], photo["height"]) == ("Ảnh hiện trường.jpg", "image/jpeg", 200, 400)
    assert photo["sent"] == hashlib.sha256(make.photo()).hexdigest() != photo["sha256"]
    assert set(store.contents()) == {document["sha256"], photo["sha256"], photo["thumb"]}


def test_it_takes_a_file_up_to_the_limit_and_not_a_byte_more(client: Client, store: Store) -> None:
    start, end = b"%PDF-1.4\n", b"\n%%EOF\n"
    fits = start + b"%" * (LIMIT - len(start) - len(end)) + end
    assert _send(client, ("a.pdf", fits)).status_code == 201
    answer = _send(client, ("a.pdf", b"%PDF-1.4\n%" + fits[9:]))
    assert answer.status_code == 422
    assert answer.json()["field"] == "files"
    assert len(list(store.contents())) == 1
    assert not list(store.incoming.iterdir())


def test_it_takes_no_more_than_ten_files_at_once(client: Client, store: Store) -> None:
    assert _send(client, *[(f"{n}.txt", b"a%d" % n) for n in range(10)]).status_code == 201
    answer = _send(client, *[(f"{n}.txt", b"b%d" % n) for n in range(11)])
    assert (answer.status_code, "tối đa 10 tệp" in answer.json()["message"]) == (422, True)
    assert len(list(store.contents())) == 10


def test_it_writes_none_down_if_one_is_not_welcome(client: Client) -> None:
    answer = _send(client, ("a.txt", b"hay"), ("ảnh.jpg", b"MZ\x90\0" + bytes(100)))
    assert answer.status_code == 422
    assert "ảnh.jpg" in answer.json()["message"]
    assert _get(client, hashlib.sha256(b"hay").hexdigest()).status_code == 404


def test_it_passes_over_an_empty_field(client: Client) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n'
    )
    answer = client.post("/files", content=body, headers={"who": OFFICER, "content-type": "multipart/form-data; boundary=x"})
    assert (answer.status_code, answer.json()) == (201, [])


def test_it_keeps_a_file_once_whoever_sends_it(client: Client, store: Store) -> None:
    first, again = (_send(client, (name, CONTENT)).json()[0] for name in ("a.pdf", "b.pdf"))
    other = _send(client, ("c.pdf", CONTENT), who=STRANGER).json()[0]
    assert first["sha256"] == again["sha256"] == other["sha256"]
    assert len(list(store.contents())) == 1
    assert _get(client, first["sha256"], who=STRANGER).status_code == 200


def test_it_gives_the_whole_file_with_every_guard(client: Client, sha: str) -> None:
    answer = _get(client, sha)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["etag"] == f'"{sha}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"Bao cao thang 11.pdf\"; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20th%C3%A1ng%2011.pdf"
    )


def test_it_gives_text_only_to_save(client: Client) -> None:
    sha = _send(client, ("Ghi chú.txt", "xin chào".encode())).json()[0]["sha256"]
    answer = _get(client, sha)
    assert answer.headers["content-disposition"].startswith('attachment; filename="Ghi chu.txt"')
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_it_answers_head_like_get_without_the_content(client: Client, sha: str) -> None:
    head, get = _get(client, sha, method="HEAD"), _get(client, sha)
    assert (head.status_code, head.content) == (200, b"")
    arrived = {"upload-offset": str(len(CONTENT)), "upload-complete": "?1"}
    assert dict(head.headers) == {**get.headers, **arrived}
    assert _get(client, sha, method="HEAD", range="bytes=0-1").status_code == 200
    assert _get(client, sha, method="HEAD", who=STRANGER).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 9), ("bytes=500-599", 500, 599), ("bytes=-7", -7, None), ("bytes=1000-", 1000, None)]
)
def test_it_gives_a_part(client: Client, sha: str, asked: str, first: int, last: int | None) -> None:
    size = len(CONTENT)
    want = CONTENT[first : None if last is None else last + 1]
    answer = _get(client, sha, range=asked)
    start = first % size
    assert (answer.status_code, answer.content) == (206, want)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(want) - 1}/{size}"
    assert answer.headers["content-length"] == str(len(want))


def test_it_says_that_a_part_is_beyond_the_end(client: Client, sha: str) -> None:
    answer = _get(client, sha, range=f"bytes={len(CONTENT)}-")
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert answer.headers["cache-control"] == "no-store"


def test_it_gives_the_whole_for_several_parts(client: Client, sha: str) -> None:
    assert _get(client, sha, range="bytes=0-1,5-6").content == CONTENT


def test_it_gives_a_part_only_of_the_content_that_the_reader_has(client: Client, sha: str) -> None:
    assert _get(client, sha, range="bytes=0-1", if_range=f'"{sha}"').status_code == 206
    for other in ('"other"', f'W/"{sha}"', "Mon, 23 Nov 2026 01:15:00 GMT"):
        assert _get(client, sha, range="bytes=0-1", if_range=other).status_code == 200


def test_it_sends_nothing_twice(client: Client, sha: str) -> None:
    for tag in (f'"{sha}"', f'W/"{sha}"', f'"x", "{sha}"', "*"):
        answer = _get(client, sha, if_none_match=tag, range="bytes=0-1")
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == f'"{sha}"'
        assert "content-type" not in answer.headers
    assert _get(client, sha, if_none_match='"x"').status_code == 200
    assert _get(client, sha, if_none_match=f'"{sha}"', who=STRANGER).status_code == 404


def test_it_shows_an_unattached_file_to_its_sender_alone(client: Client, sha: str) -> None:
    for who, status in ((OFFICER, 200), (COLLEAGUE, 404), (STRANGER, 404)):
        assert _get(client, sha, who=who).status_code == status


def test_it_shows_an_attached_file_to_those_who_may_see_the_task(client: Client, sha: str) -> None:
    _attach(client, sha)
    for who, status in ((OFFICER, 200), (COLLEAGUE, 200), (STRANGER, 404)):
        assert _get(client, sha, who=who).status_code == status


def test_it_knows_a_photo_by_what_its_sender_has_too(client: Client) -> None:
    photo = _send(client, ("a.jpg", make.photo())).json()[0]
    assert _get(client, photo["sent"]).headers["etag"] == f'"{photo["sha256"]}"'
    _attach(client, photo["sent"])
    assert _get(client, photo["sha256"], who=COLLEAGUE).status_code == 200
    assert _get(client, photo["sent"], who=COLLEAGUE).status_code == 404


def test_it_believes_only_a_name_that_the_file_has(client: Client, sha: str) -> None:
    _attach(client, sha, names={sha: "Phụ lục.pdf"})
    assert 'filename="Phu luc.pdf"' in _get(client, f"{sha}?name=Ph%E1%BB%A5%20l%E1%BB%A5c.pdf").headers["content-disposition"]
    assert 'filename="Phu luc.pdf"' in _get(client, f"{sha}?name=evil.exe", who=COLLEAGUE).headers["content-disposition"]


def test_it_gives_the_thumbnail_to_the_same_people(client: Client, sha: str) -> None:
    photo = _send(client, ("a.jpg", make.photo())).json()[0]
    answer = _get(client, f"{photo['sha256']}/thumb")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.headers["etag"] == f'"{photo["thumb"]}"'
    assert _get(client, f"{photo['sha256']}/thumb", who=STRANGER).status_code == 404
    assert _get(client, photo["thumb"]).status_code == 404, "a thumbnail is no file of its own"
    assert _get(client, f"{sha}/thumb").status_code == 404


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "%2e%2e/settings", "0" * 64, "x", "a" * 63 + "%00"])
def test_it_finds_nothing_under_a_name_that_is_no_hash(client: Client, path: str) -> None:
    assert _get(client, path).status_code == 404


def test_it_says_that_a_content_is_lost(client: Client, store: Store, sha: str) -> None:
    store.path(sha).unlink()
    answer = _get(client, sha)
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")
