"""What the service worker is given, and that no page mixes two releases."""

import re
from typing import Any

import orjson
import pytest
from PIL import Image

from server.web.assets import STATIC, asset_version
from server.web.page import HEADERS, VERSION_HEADER
from tests.tasks.desk import Desk

pytestmark = pytest.mark.anyio
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
OLD = {VERSION_HEADER: "an-older-one"}
IMPORTED = re.compile(r'^(?:import|export) (?:[^"\n]* from )?"([^"]+)"', re.MULTILINE)


def imports(name: str) -> set[str]:
    """A script of ``static/`` and all that it imports, by path below ``static/``."""
    found, left = set(), [name]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            folder = (STATIC / here).parent
            said = IMPORTED.findall((STATIC / here).read_text(encoding="utf-8"))
            left += [(folder / one).resolve().relative_to(STATIC).as_posix() for one in said]
    return found


async def offline(visit: Any) -> dict[str, Any]:
    answer = await (await visit()).get(f"/offline/{asset_version()}.json")
    assert answer.status_code == 200
    return orjson.loads(answer.content)


async def test_the_worker_names_its_release_and_alone_may_run_webassembly(visit):
    answer = await (await visit()).get("/sw.js")
    assert f'"/static/v-{asset_version()}/js/worker/main.js"' in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
    assert "wasm" not in HEADERS["Content-Security-Policy"]


async def test_a_release_brings_its_templates_words_and_headers(visit):
    said = await offline(visit)
    assert said["version"] == asset_version()
    assert "{% extends" in said["templates"]["shared/tasks/list.html"]
    assert not [name for name in said["templates"] if not name.startswith("shared/")]
    assert said["words"]["web.nav.today"] == "Hôm nay"
    assert said["headers"] == HEADERS
    assert said["max_bytes"] == 25 * 1024 * 1024


async def test_every_file_of_a_release_is_there(visit):
    said = await offline(visit)
    client = await visit()
    for address in [*said["files"], said["wasm"]]:
        assert (await client.get(address)).status_code == 200, address


async def test_every_script_and_style_of_a_page_is_in_the_release(visit):
    files = set((await offline(visit))["files"])
    page = (await (await visit()).get("/sign-in")).text
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)"', page)) - {"/static/icons/apple-180.png"}
    assert named <= files
    scripts = {f"/static/v-{asset_version()}/{name}" for name in imports("js/app.js")}
    assert scripts <= files


async def test_another_release_is_not_here(visit):
    assert (await (await visit()).get("/offline/an-older-one.json")).status_code == 404


async def test_a_page_says_its_release(visit):
    answer = await (await visit("cntt.cv1")).get("/")
    assert f'data-version="{asset_version()}"' in answer.text
    assert answer.headers[VERSION_HEADER] == asset_version()


@pytest.mark.parametrize("headers", [BOOSTED, {"HX-Request": "true", "HX-Target": "detail"}])
async def test_a_page_of_an_older_release_is_told_to_load_anew(visit, headers):
    answer = await (await visit("cntt.cv1")).get("/tasks?status=all", headers=headers | OLD)
    assert (answer.headers["hx-redirect"], answer.text) == ("/tasks?status=all", "")


@pytest.mark.parametrize("headers", [BOOSTED, BOOSTED | {VERSION_HEADER: asset_version()}, OLD])
async def test_the_page_of_this_release_and_a_plain_visit_are_not(visit, headers):
    answer = await (await visit("cntt.cv1")).get("/tasks", headers=headers)
    assert "hx-redirect" not in answer.headers
    assert 'id="frame"' in answer.text


async def test_what_an_older_page_sends_is_done_before_it_loads_anew(visit):
    client = await visit("cntt.cv1")
    answer = await client.post("/me/sessions", headers=BOOSTED | OLD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/sessions")
    after = await client.get("/me/sessions", headers=BOOSTED | OLD)
    assert after.headers["hx-redirect"] == "/me/sessions"
    assert 'class="toast"' in (await client.get("/me/sessions")).text, "the sentence waits for the page that shows it"


@pytest.mark.parametrize("said", [OLD, {VERSION_HEADER: asset_version()}], ids=["an older page", "a page of now"])
async def test_a_refused_form_of_an_older_page_comes_as_a_whole_page_with_what_was_typed(visit, said):
    client = await visit("cntt.cv1")
    task = f"/tasks/{await Desk().task()}"
    typed = {"percent": "thật nhiều", "note": "Đã làm xong phần một"}
    answer = await client.post(f"{task}/progress", data=typed, headers={"HX-Request": "true", "HX-Target": "detail"} | said)
    assert answer.status_code == 422
    assert "Đã làm xong phần một" in answer.text and "hx-redirect" not in answer.headers
    # The scripts of the page replace their document with an answer of another release that is a whole page: js/releases.js.
    assert ('id="frame"' in answer.text) == (said is OLD)
    assert answer.headers[VERSION_HEADER] == asset_version()


async def test_the_product_can_be_installed(visit):
    client = await visit()
    answer = await client.get("/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    said = orjson.loads(answer.content)
    assert (said["name"], said["lang"], said["start_url"], said["scope"], said["display"]) == ("Sổ Việc", "vi", "/", "/", "standalone")
    for icon in said["icons"]:
        assert (await client.get(icon["src"])).status_code == 200
        if icon["type"] == "image/png":
            with Image.open(STATIC / icon["src"].removeprefix("/static/")) as picture:
                assert "{}x{}".format(*picture.size) == icon["sizes"]
    sizes = {(icon["sizes"], icon["purpose"]) for icon in said["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    assert [one["url"] for one in said["shortcuts"]] == ["/", "/tasks/new", "/reviews", "/outbox"]
    assert (said["share_target"]["action"], said["share_target"]["method"]) == ("/share", "POST")
    page = (await client.get("/sign-in")).text
    assert 'rel="manifest" href="/manifest.webmanifest"' in page
    with Image.open(STATIC / "icons/apple-180.png") as picture:
        assert (picture.size, picture.mode) == ((180, 180), "RGB"), "an iPhone paints what is clear in black"


async def test_a_session_says_whose_it_is_and_its_end_takes_that_back(visit):
    client = await visit("cntt.cv1")
    answer = await client.get("/api/v1/session")
    person = answer.json()["person"]["id"]
    assert client.cookies["soviec_person"] == person
    client.cookies.delete("soviec_person")
    again = await client.get("/api/v1/session")
    assert f"soviec_person={person}" in again.headers["set-cookie"]
    assert "httponly" not in again.headers["set-cookie"].lower()
    assert "set-cookie" not in (await client.get("/api/v1/session")).headers
    out = await client.delete("/api/v1/session")
    assert out.status_code == 204
    assert "soviec_person" not in client.cookies


async def test_a_session_that_ended_elsewhere_is_nobodys(visit):
    client = await visit("cntt.cv1")
    client.cookies.set("soviec_person", "somebody")
    client.cookies.delete("soviec_session")
    answer = await client.get("/api/v1/session")
    assert answer.status_code == 401
    assert 'soviec_person=""' in answer.headers["set-cookie"] or "soviec_person=;" in answer.headers["set-cookie"]
