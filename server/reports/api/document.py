"""The interface described by itself: OpenAPI 3.1, made of the operations and of the shapes that the handlers read and answer with."""

from functools import cache
from typing import Any, Final

import msgspec

from server.keys.rules import API_DAYS
from server.reports.api.answers import SCHEMAS, Problem
from server.reports.api.guard import REQUESTS
from server.reports.api.operations import BASE, OPERATIONS, Operation
from server.words import say

VERSION: Final = "1.0.0"
REF: Final = "#/components/schemas/{name}"
PROBLEM: Final = "application/problem+json"
KEY: Final = "key"
#: The refusals that every operation knows.
REFUSALS: Final = ("401", "403", "404", "422", "429")


@cache
def document() -> dict[str, Any]:
    """The whole document, to be turned into JSON. Nothing of it depends on the office that serves it."""
    schemas = _schemas()
    paths = {one.path: {"get": _operation(one)} for one in OPERATIONS}
    return {
        "openapi": "3.1.0",
        "info": {"title": say("api.title"), "version": VERSION, "description": say("api.about")},
        "servers": [{"url": "/"}],
        "security": [{KEY: []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {KEY: {"type": "http", "scheme": "bearer", "description": say("api.key_about")}},
        },
        "x-limits": {"requests_per_minute": REQUESTS, "key_days": API_DAYS, "base": BASE},
    }


def _schemas() -> dict[str, Any]:
    """Every shape with its description in Vietnamese; what Python says of it is not for those who read the document."""
    kinds = [*(one.answers for one in OPERATIONS), Problem]
    _, found = msgspec.json.schema_components(kinds, ref_template=REF)
    for name, one in found.items():
        one.pop("title", None)
        one["description"] = say(SCHEMAS[name])
    return found


def _operation(one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.id,
        "summary": say(one.title),
        "description": say(one.about),
        "parameters": [*_of_path(one), *_of_query(one), *_of_headers(one)],
        "responses": {
            "200": _answer("200", one),
            **({"304": {"description": say("api.answer.304"), "headers": _etag()}} if one.kept else {}),
            **{status: _refusal(status) for status in REFUSALS},
        },
    }
    if one.scope:
        # HTTP Bearer has no scopes of its own in OpenAPI; since 3.1 the list may name roles.
        said["security"] = [{KEY: [one.scope]}]
    return said


def _of_path(one: Operation) -> list[dict[str, Any]]:
    if not one.names:
        return []
    return [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": say(one.names),
            "schema": {"type": "string", "minLength": 1},
            "example": one.example.lstrip("/"),
        }
    ]


def _of_query(one: Operation) -> list[dict[str, Any]]:
    shape = msgspec.json.schema(one.asks)["$defs"][one.asks.__name__]
    required = shape.get("required", [])
    found = []
    for name, schema in shape["properties"].items():
        description = schema.pop("description")
        # A parameter that is not sent is not there: it is never null.
        schema = next((kind for kind in schema.get("anyOf", ()) if kind["type"] != "null"), schema)
        if schema.get("default") in ("", None):
            schema.pop("default", None)
        found.append({"name": name, "in": "query", "required": name in required, "description": description, "schema": schema})
    return found


def _of_headers(one: Operation) -> list[dict[str, Any]]:
    if not one.kept:
        return []
    return [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": say("api.answer.304"),
            "schema": {"type": "string"},
        }
    ]


def _etag() -> dict[str, Any]:
    return {"ETag": {"schema": {"type": "string"}}}


def _answer(status: str, one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": say(f"api.answer.{status}"),
        "content": {"application/json": {"schema": {"$ref": REF.format(name=one.answers.__name__)}}},
    }
    if one.kept:
        said["headers"] = _etag()
    return said


def _refusal(status: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": say(f"api.answer.{status}"),
        "content": {PROBLEM: {"schema": {"$ref": REF.format(name=Problem.__name__)}}},
    }
    if status == "401":
        said["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == "429":
        said["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said
