"""The protocol over HTTP, on the whole application."""

import fcntl
import gzip
import hashlib
import uuid

import brotli
import httpx
import pytest

from server.storage.ids import new_id
from tests.office import CAST
from tests.sync.device import report, task

pytestmark = pytest.mark.anyio

AT = "2026-11-23T08:15:00+07:00"
PDF = b"%PDF-1.4\n" + b"x" * 3000 + b"\n%%EOF\n"
SHA = hashlib.sha256(PDF).hexdigest()


class Outbox:
    """The queue of a signed-in browser."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.client = str(uuid.uuid4())
        self.seq = 0

    async def do(self, name: str, **args):
        self.seq += 1
        mutation = {"seq": self.seq, "id": new_id(), "name": name, "at": AT, "args": args}
        answer = await self.http.post("/sync/push", json={"client_id": self.client, "schema": 1, "mutations": [mutation]})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["last_seq"] == self.seq
        return body["results"][0]


async def test_a_stranger_gets_401_and_a_foreign_page_403_as_json(visit):
    nobody, boss = await visit(), await visit("giamdoc")
    for method, path in (
        ("GET", "/sync/pull"),
        ("GET", "/sync/events"),
        ("POST", "/sync/push"),
        ("GET", f"/files/{SHA}"),
        ("PUT", f"/files/{SHA}"),
    ):
        answer = await nobody.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out"), path
    del boss.headers["X-CSRF-Token"]
    for method, path in (("POST", "/sync/push"), ("PUT", f"/files/{SHA}")):
        answer = await boss.request(method, path, content=b"{}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
    assert (await boss.get("/sync/pull")).status_code == 200, "reading needs no token"


async def test_push_and_pull_have_the_shapes_of_the_protocol(visit):
    boss = await visit("giamdoc")
    result = await Outbox(boss).do("task.create", **task())
    assert result | {"id": "", "data": {}} == {"seq": 1, "id": "", "status": "applied", "code": "", "message": "", "data": {}}
    answer = await boss.get("/sync/pull")
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"cursor", "more", "reset", "changes"} and (body["more"], body["reset"]) == (False, False)
    assert {frozenset(one) for one in body["changes"]} == {frozenset({"kind", "id", "op", "data"})}
    page = (await boss.get("/sync/pull", params={"limit": 2})).json()
    assert page["more"] is True and len(page["changes"]) == 2
    for limit in ("-1", "x", "1.5", "²"):
        assert (await boss.get("/sync/pull", params={"limit": limit})).status_code == 422


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("BR;q=0.5", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br; q=0", "gzip"),
        ("identity", None),
        ("brotli, x-gzip", None),
        ("", None),
    ],
)
async def test_a_long_answer_is_compressed_as_the_other_end_can_take_it(visit, accepted, encoding):
    boss = await visit("giamdoc")
    async with boss.stream("GET", "/sync/pull", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding and answer.headers["vary"] == "Accept-Encoding"
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](raw)
    assert plain.startswith(b'{"cursor"') and (encoding is None or len(raw) < len(plain) / 2)


#: One for every worker: the examples of a test must be the same in each of them.
SOME_ID = b"01a20136-152e-7a81-ac94-78c86d31b966"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b'{"client_id": 5, "schema": 1, "mutations": []}', b"[" * 100_000,
        b'{"client_id": "x", "schema": 1, "mutations": []}', b'{"client_id": "%b", "schema": 2, "mutations": []}' % SOME_ID,
        b'{"client_id": "%b", "schema": 1, "mutations": [{"seq": 0, "id": "", "name": ""}]}' % SOME_ID,
        b'{"client_id": "%b", "schema": 1, "mutations": [{"seq": 1e999, "id": "", "name": ""}]}' % SOME_ID,
        b'{"client_id": "%b", "schema": 1, "mutations": [{"seq": 1, "id": "\\ud800", "name": ""}]}' % SOME_ID,
        b'{"client_id": "%b", "schema": 1, "mutations": [{"seq": 1, "id": 4, "name": []}]}' % SOME_ID,
    ],
)  # fmt: skip
async def test_a_body_that_can_not_be_read_is_400_with_a_sentence(visit, body):
    answer = await (await visit("giamdoc")).post("/sync/push", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["message"]


async def test_a_push_that_is_too_large_is_413(visit):
    boss = await visit("giamdoc")
    many = [{"seq": n + 1, "id": new_id(), "name": "task.create", "at": AT, "args": task()} for n in range(1001)]
    answer = await boss.post("/sync/push", json={"client_id": new_id(), "schema": 1, "mutations": many})
    assert answer.status_code == 413 and "1000" in answer.json()["message"]
    answer = await boss.post("/sync/push", content=b" " * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413 and "8 MB" in answer.json()["message"]


async def test_a_file_goes_up_in_pieces_and_no_report_points_to_one_that_is_not_there(visit):
    boss, officer, stranger = await visit("giamdoc"), await visit("cntt.cv1"), await visit("hcth.cv1")
    outbox = Outbox(officer)
    task_id = (await Outbox(boss).do("task.create", **task()))["data"]["id"]
    early = await outbox.do("task.progress", **report(task_id, 10, files=[SHA]))
    assert (early["status"], early["code"]) == ("rejected", "invalid")

    def piece(first, last):
        return {"headers": {"Content-Range": f"bytes {first}-{last}/{len(PDF)}"}, "content": PDF[first : last + 1]}

    assert (await officer.head(f"/files/{SHA}")).status_code == 404
    assert (await officer.put(f"/files/{SHA}", **piece(0, 999))).status_code == 202
    here = await officer.head(f"/files/{SHA}")
    assert (here.status_code, here.headers["upload-offset"], here.headers["content-length"]) == (200, "1000", "1000")
    assert here.headers["upload-complete"] == "?0"
    assert (await stranger.head(f"/files/{SHA}")).status_code == 404, "the pieces of a person are his own"
    ahead = await officer.put(f"/files/{SHA}", **piece(2000, 2999))
    assert (ahead.status_code, ahead.headers["upload-offset"], ahead.json()["code"]) == (409, "1000", "conflict")
    assert (await officer.put(f"/files/{SHA}", **piece(500, 1999))).json() == {"received": 2000, "complete": False}
    done = await officer.put(f"/files/{SHA}", params={"name": "Biên bản kiểm tra.pdf"}, **piece(2000, len(PDF) - 1))
    assert (done.status_code, done.json()["complete"], done.json()["name"]) == (201, True, "Biên bản kiểm tra.pdf")
    again = await officer.put(f"/files/{SHA}", content=PDF)
    assert (again.status_code, again.json()["sha256"]) == (200, SHA)
    whole = await officer.head(f"/files/{SHA}")
    assert (whole.headers["upload-complete"], whole.headers["upload-offset"]) == ("?1", str(len(PDF)))

    assert (await boss.get(f"/files/{SHA}")).status_code == 404, "it hangs on nothing yet"
    assert (await outbox.do("task.progress", **report(task_id, 10, files=[SHA])))["status"] == "applied"
    assert (await boss.get(f"/files/{SHA}")).content == PDF
    assert (await stranger.get(f"/files/{SHA}")).status_code == 404
    [kept] = [one["data"] for one in (await boss.get("/sync/pull")).json()["changes"] if one["kind"] == "report"]
    assert kept["files"] == [SHA] and kept["attachments"][0]["name"] == "Biên bản kiểm tra.pdf"


@pytest.mark.parametrize("asked", ["bytes 0-9", "bytes 5-2/10", "bytes 0-10/10", "items 0-9/10", "bytes */10", "bytes 0-9/*"])
async def test_a_range_that_can_not_be_read_is_refused(visit, asked):
    answer = await (await visit("cntt.cv1")).put(f"/files/{SHA}", content=b"0123456789", headers={"Content-Range": asked})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (answer.headers["upload-offset"], answer.headers["upload-complete"]) == ("0", "?0")


async def test_a_piece_that_arrives_twice_at_one_moment_is_told_where_to_go_on(visit, settings):
    officer = await visit("cntt.cv1")
    piece = {"headers": {"Content-Range": f"bytes 0-999/{len(PDF)}"}, "content": PDF[:1000]}
    assert (await officer.put(f"/files/{SHA}", **piece)).status_code == 202
    [path] = settings.data.rglob(f"{SHA}.*")
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = await officer.put(f"/files/{SHA}", **piece)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert (answer.headers["upload-offset"], answer.headers["upload-complete"]) == ("1000", "?0")
    assert (await officer.put(f"/files/{SHA}", **piece)).status_code == 202


async def test_pieces_that_are_not_what_their_name_says_start_again(visit):
    officer = await visit("cntt.cv1")
    wrong = await officer.put(f"/files/{SHA}", content=PDF[:-1] + b"y")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["upload-offset"]) == (422, "invalid", "0")
    assert (await officer.head(f"/files/{SHA}")).status_code == 404
    short = await officer.put(f"/files/{SHA}", content=PDF[:500], headers={"Content-Range": f"bytes 0-999/{len(PDF)}"})
    assert short.status_code == 422
    assert (await officer.head(f"/files/{SHA}")).headers["upload-offset"] == "500", "what arrived stays"
    assert (await officer.put("/files/../../etc/passwd", content=b"x")).status_code in (404, 405)
    assert (await officer.put(f"/files/{'G' * 64}", content=b"x")).status_code == 422


async def test_the_director_of_the_cast_is_who_the_cookie_says(visit):
    body = (await (await visit("giamdoc")).get("/sync/pull")).json()
    own = [one for one in body["changes"] if one["kind"] == "person" and "may_assign" in one["data"]]
    assert [one["id"] for one in own] == [CAST.director]


async def test_every_answer_says_for_whom_it_is(visit):
    boss = await visit("giamdoc")
    session = await boss.get("/api/v1/session")
    assert set(session.json()) == {"person", "csrf_token"} and session.json()["person"]["id"] == CAST.director
    pushed = {"client_id": new_id(), "schema": 1, "mutations": []}
    answers = [
        session,
        await boss.get("/sync/pull"),
        await boss.get("/sync/pull", params={"limit": "x"}),
        await boss.post("/sync/push", json=pushed),
        await boss.post("/sync/push", content=b"{"),
        await boss.post("/sync/push", json={**pushed, "person": CAST.officer}),
    ]
    assert {one.headers["soviec-person"] for one in answers} == {CAST.director}
    assert "soviec-person" not in (await (await visit()).get("/sync/pull")).headers


async def test_the_outbox_of_another_person_is_not_taken(visit):
    officer = await visit("cntt.cv1")
    asked = {"seq": 1, "id": new_id(), "name": "task.propose", "at": AT, "args": task()}
    body = {"client_id": new_id(), "schema": 1, "mutations": [asked]}
    answer = await officer.post("/sync/push", json={**body, "person": CAST.colleague})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "other_person", None)
    assert "Trần Bảo Kha" in answer.json()["message"], "it says who is signed in"
    assert (await officer.post("/sync/push", json={**body, "mutations": []})).json()["last_seq"] == 0, "nothing was taken"
    taken = (await officer.post("/sync/push", json={**body, "person": CAST.officer})).json()
    assert (taken["last_seq"], taken["results"][0]["status"]) == (1, "applied")
