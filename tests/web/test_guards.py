"""What guards every page: the token of forms, the headers, the errors, the files."""

import gzip
import re
from typing import Any

import pytest
from litestar import get, post
from litestar.routes import HTTPRoute

from server.app import create_app
from server.storage.engine import row
from server.web.assets import asset_version
from tests.office import CAST, NOW, PASSWORD

pytestmark = pytest.mark.anyio
#: Writes that open a session: there is none yet to bind a token to (``test_another_site_can_sign_nobody_in``).
#: And what other apps share: nothing of it is read, nothing changes (``test_what_is_shared_before_the_app_was_opened_changes_nothing``).
#: And where a service calls in, which proves who it is by a signature (``tests/notify``).
WITHOUT_VIEWER = {"/sign-in", "/api/v1/session", "/share", "/hooks/zalo", "/hooks/telegram"}


async def test_every_write_asks_who_it_is(app):
    """The dependency checks the token; a write that does not ask for it would not be checked."""
    open_doors = []
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                asks = "viewer" in handler.parsed_fn_signature.parameters
                if method not in ("GET", "HEAD", "OPTIONS") and not asks:
                    open_doors.append((method, route.path))
    assert {path for _, path in open_doors} <= WITHOUT_VIEWER
    assert {method for method, _ in open_doors} == {"POST"}


async def forms(client: Any, token: str | None) -> list[int]:
    """A harmless write, as a form and as a program sends it."""
    client.headers.pop("X-CSRF-Token", None)
    data = {} if token is None else {"csrf_token": token}
    headers = {} if token is None else {"X-CSRF-Token": token}
    urlencoded = await client.post("/me/sessions", data=data)
    multipart = await client.post("/me/sessions", data=data, files={"x": b"y"})
    program = await client.post("/me/sessions", headers=headers)
    return [urlencoded.status_code, multipart.status_code, program.status_code]


async def test_a_form_with_the_token_of_its_session_is_taken(visit):
    client = await visit("giamdoc")
    assert await forms(client, client.headers["X-CSRF-Token"]) == [303, 303, 303]


async def test_a_form_without_or_with_another_token_is_refused(visit):
    client, other, mine = await visit("giamdoc"), await visit("pgd1"), await visit("giamdoc")
    assert await forms(client, None) == [403] * 3
    assert await forms(client, "") == [403] * 3
    assert await forms(client, "không phải mã".encode().hex()) == [403] * 3
    assert await forms(client, other.headers["X-CSRF-Token"]) == [403] * 3
    assert await forms(client, mine.headers["X-CSRF-Token"]) == [403] * 3, "not even of another session of the same person"


async def test_a_refused_form_says_what_was_kept_and_what_to_do(visit):
    client = await visit("giamdoc")
    del client.headers["X-CSRF-Token"]
    page = await client.post("/me/sessions", headers={"Referer": "http://soviec.test/me/sessions"})
    assert page.status_code == 403
    assert "chưa có gì được ghi" in page.text
    assert "Đã giữ lại" in page.text
    assert "Việc cần làm" in page.text
    assert 'href="/me/sessions"' in page.text
    found = await row("SELECT count(*) AS n FROM audit_entry WHERE action = 'sign_out_everywhere'")
    assert found == {"n": 0}


@pytest.mark.parametrize("path", ["/sign-in", "/me", "/people", "/nowhere"])
async def test_pages_carry_the_headers_that_guard_them(visit, path):
    page = await (await visit(None if path == "/sign-in" else "giamdoc")).get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_pages_are_compressed_for_those_who_can_take_it(visit):
    client = await visit("giamdoc")
    plain = await client.get("/people", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/people", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.text == packed.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert "Accept-Encoding" in plain.headers["vary"]


async def test_an_unknown_address_is_told_as_a_page_or_as_json(visit):
    client = await visit("giamdoc")
    page = await client.get("/khong-co")
    assert (page.status_code, "Không tìm thấy trang này" in page.text) == (404, True)
    program = await client.get("/api/v1/nothing")
    assert (program.status_code, program.json()["code"]) == (404, "not_found")
    wrong = await client.put("/me")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["allow"]


async def test_what_is_too_large_is_told(visit, settings):
    client = await visit("giamdoc")
    body = b"x" * (settings.upload_limit * 4 + 2 * 1024 * 1024)
    del client.headers["X-CSRF-Token"]
    page = await client.post("/me/sessions", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert page.status_code == 413
    assert "25 MB" in page.text


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/session"])
async def test_nobody_can_fill_the_memory_at_the_door(visit, path):
    client = await visit()
    assert (
        await client.post(path, content=b"x" * 100_000, headers={"Content-Type": "application/x-www-form-urlencoded"})
    ).status_code == 413


class TestOurFault:
    @pytest.fixture
    async def app(self, settings, clock, anyio_backend):
        @get("/broken")
        async def broken() -> None:
            raise RuntimeError("the secret of the house")

        @post("/api/broken")
        async def broken_program() -> None:
            raise RuntimeError("the secret of the house")

        made = create_app(settings, clock=clock)
        made.register(broken)
        made.register(broken_program)
        async with made.lifespan():
            yield made

    async def test_it_shows_a_number_and_no_trace(self, visit, caplog):
        page = await (await visit()).get("/broken")
        assert page.status_code == 500
        assert "secret of the house" not in page.text
        assert "Traceback" not in page.text
        number = re.search(r"Số tham chiếu: ([0-9a-f]{12})", page.text)
        assert number
        assert number.group(1) in caplog.text
        assert "the secret of the house" in caplog.text

    async def test_a_program_gets_json(self, visit):
        answer = await (await visit()).post("/api/broken")
        assert (answer.status_code, answer.json()["code"]) == (500, "error")
        assert "secret" not in answer.text


async def test_files_of_a_release_are_kept_for_ever_and_another_release_has_none_here(visit):
    client = await visit()
    asked = await client.get(f"/static/v-{asset_version()}/css/soviec.css")
    assert asked.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asked.headers["content-type"] == "text/css; charset=utf-8"
    for other in ("v-old", "v-", f"v-{asset_version()[:-1]}"):
        assert (await client.get(f"/static/{other}/css/soviec.css")).status_code == 404
    bare = await client.get("/static/css/soviec.css")
    assert bare.headers["cache-control"] == "no-cache"
    again = await client.get("/static/css/soviec.css", headers={"If-None-Match": bare.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    font = await client.get("/static/fonts/be-vietnam-pro-latin-400.woff2")
    assert (font.status_code, font.headers["content-type"]) == (200, "font/woff2")
    assert "immutable" in font.headers["cache-control"]


async def test_files_are_sent_compressed_and_whole(visit):
    async with (await visit()).stream("GET", "/static/css/soviec.css", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    plain = await (await visit()).get("/static/css/soviec.css", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize(
    "name", ["../pyproject.toml", "%2e%2e/pyproject.toml", "..%2fserver/app.py", "css/../../server/app.py", "/etc/passwd", ""]
)
async def test_nothing_else_is_served_as_a_file(visit, name):
    answer = await (await visit()).get(f"/static/{name}")
    assert answer.status_code in (404, 405)
    assert "import" not in answer.text


@pytest.mark.parametrize("username", ["giamdoc", "pgd1", "cntt.truong", "cntt.pho1", "cntt.cv1", "quantri"])
async def test_the_bar_of_the_phone_has_five_places_or_six_for_who_judges(visit, username):
    page = (await (await visit(username)).get("/me")).text
    bar = re.search(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    assert bar
    places = re.findall(r"<li( class=\"wide\")?><a href=\"([^\"]+)\"", bar.group())
    narrow = [href for wide, href in places if not wide]
    judges = username in ("giamdoc", "pgd1", "cntt.truong", "cntt.pho1")
    assert len(narrow) == 5 + judges
    assert places[-1][1] == "/me" and "/notices" in narrow
    assert ("/reviews" in narrow) is judges
    assert ("/messages" in narrow) is (username == "quantri")
    assert ("/plans" in [href for _, href in places]) is (username in ("giamdoc", "pgd1", "cntt.truong"))


async def test_hostile_names_are_shown_as_text(visit):
    client = await visit()
    page = await client.post("/sign-in", data={"username": '"><script>alert(1)</script>', "password": PASSWORD})
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert CAST.officer not in page.text
    assert NOW.isoformat() not in page.text
