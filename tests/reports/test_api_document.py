"""The document says what the interface does: asked by a machine that reads nothing else, and drawn as a page."""

import copy
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from server.people.queries import directory
from server.reports.api import guard, queries
from server.reports.api.asks import FiledAsk, TasksAsk
from server.reports.api.data import HANDLED
from server.reports.api.document import document
from server.reports.api.guard import Caller
from server.reports.api.operations import OPERATIONS
from tests.keys.ring import Ring
from tests.office import CAST, TODAY, Clock, Visit

pytestmark = pytest.mark.anyio

#: Questions of each sort, for each operation.
EXAMPLES = 6


def cases(operation: Any, mode: Any) -> list[Any]:
    """What the machine asks, the same in every run."""
    found: list[Any] = []

    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found


async def test_every_operation_answers_a_machine_as_the_document_says(visit: Visit, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    # Read here, for it takes a second: by the one worker that runs this.
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi import checks

    asserted: list[Any] = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
        checks.negative_data_rejection,
    ]
    ring = Ring()
    await ring.task(due="2026-11-30", title='=HYPERLINK("x")', source={"number": "12/KH"})
    await ring.completed(due="2026-11-25")
    secret = ring.secrets[await ring.make(CAST.director, "api", scopes=["reports", "tasks", "scores"])]
    clock.now = ring.now
    monkeypatch.setattr(guard, "REQUESTS", 10_000)
    client = await visit()
    # Keys are tried in test_api.py; here every question has one, so that it gets further.
    open_document = copy.deepcopy((await client.get("/api/v1/openapi.json")).json())
    del open_document["security"]
    for path in open_document["paths"].values():
        path["get"].pop("security", None)
    client.headers["Authorization"] = f"Bearer {secret}"
    schema = schemathesis.openapi.from_dict(open_document)
    schema.validate()
    statuses: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        # What is only a name in the path can't be asked wrongly.
        modes = list(schemathesis.GenerationMode) if operation.query else [schemathesis.GenerationMode.POSITIVE]
        for mode in modes:
            asked = cases(operation, mode)
            for case in asked:
                words = case.as_transport_kwargs(base_url="http://soviec.test")
                headers = {name: value for name, value in words["headers"].items() if name == "If-None-Match"}
                answer = await client.request(words["method"], words["url"], params=words.get("params"), headers=headers)
                case.validate_response(answer, checks=asserted)
                statuses.setdefault(operation.label, set()).add(answer.status_code)
    assert {name for name, seen in statuses.items() if 200 in seen} >= {"GET /api/v1/units", "GET /api/v1/tasks"}
    assert 422 in statuses["GET /api/v1/tasks"] and 404 in statuses["GET /api/v1/tasks/{id}"]


def test_every_handler_is_an_operation_of_the_document_and_the_other_way_round() -> None:
    handled = {path.replace("{name:str}", "{id}"): one.opt["operation"] for one in HANDLED for path in one.paths}
    assert handled == {one.path: one for one in OPERATIONS}
    assert all("by" in one.signature_model.__struct_fields__ for one in HANDLED if hasattr(one, "signature_model"))
    assert set(document()["paths"]) == set(handled)
    text = str(document())
    assert "http://" not in text and "https://" not in text and "Why a request" not in text


async def test_the_page_shows_the_whole_document_without_a_script_of_anybody_else(visit: Visit) -> None:
    client = await visit()
    page = await client.get("/api")
    text = unescape(page.text)
    assert page.status_code == 200 and "Kết nối hệ thống" in text and 'href="/keys"' not in text
    for operation in OPERATIONS:
        assert f"GET {operation.path}" in text
        assert 'curl -H "Authorization: Bearer $KHOA" "http://soviec.test/api/v1/' in text
    for path in document()["paths"].values():
        for one in path["get"]["parameters"]:
            assert one["in"] == "header" or one["description"] in text
    for name, shape in document()["components"]["schemas"].items():
        assert f'id="s-{name}"' in text and shape["description"] in text
    assert all(one.startswith("/static/") for one in re.findall(r'<script[^>]*src="([^"]+)"', page.text))
    assert set(re.findall(r'href="#s-(\w+)"', page.text)) <= set(document()["components"]["schemas"])
    assert 'href="/keys"' in (await (await visit("giamdoc")).get("/api")).text
    tag = (await client.get("/api/v1/openapi.json")).headers["etag"]
    assert (await client.get("/api/v1/openapi.json", headers={"If-None-Match": tag})).status_code == 304


async def test_what_is_read_for_others_is_read_on_both_engines(engine: object) -> None:
    ring = Ring()
    made = [await ring.task(due="2026-11-30") for _ in range(3)]
    key = await ring.opens(await ring.make(CAST.director, "api"), "api")
    known = await directory()
    assert key is not None
    by = Caller(key=key, holder=known.actor(key.person), directory=known, unit=CAST.centre, now=ring.now)
    first = await queries.tasks(by, TasksAsk(limit=2, due_to=date(2026, 12, 1), updated_since=ring.now.replace(hour=0)), TODAY)
    second = await queries.tasks(by, TasksAsk(limit=2, status="open", cursor=first.cursor or ""), TODAY)
    assert [one["id"] for one in first.rows + second.rows] == made and second.cursor is None
    assert await queries.task(by, made[0], TODAY) is not None
    filed = await queries.filed(by, FiledAsk(since=ring.now))
    assert filed.rows == [] and (await queries.filed(by, FiledAsk(cursor=first.cursor or ""))).rows == []
    assert await queries.scores(made[0], [CAST.cntt]) == [] and await queries.fetches([key.id]) == []
