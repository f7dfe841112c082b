"""The document as a page reads it, and the record of what was given out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from server.people.directory import Directory
from server.reports.api.document import document
from server.reports.api.operations import DOCUMENT, OPERATIONS, Operation
from server.storage.engine import Row
from server.tasks.show.values import moment, name_of
from server.words import say

#: What the formats of texts are called.
FORMATS: Final = {"date": "api.kind.date", "date-time": "api.kind.moment"}
TYPES: Final = {
    "string": "api.kind.string",
    "integer": "api.kind.integer",
    "number": "api.kind.number",
    "boolean": "api.kind.boolean",
}
#: What the page calls the key in its examples; whoever copies one puts his own there.
KEY: Final = "$KHOA"


def page_context(base: str) -> dict[str, Any]:
    """Operations and shapes of the document; ``base``: the address of the product as people type it."""
    said = document()
    return {
        "base": base,
        "document": DOCUMENT,
        "about": said["info"]["description"],
        "limits": said["x-limits"],
        "operations": [_operation(one, said["paths"][one.path]["get"], base) for one in OPERATIONS],
        "shapes": [_shape(name, one) for name, one in said["components"]["schemas"].items()],
    }


def _operation(one: Operation, said: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "path": one.path,
        "title": said["summary"],
        "about": said["description"],
        "scope": say(f"keys.scope.{one.scope}") if one.scope else say("api.kind.any_key"),
        "answers": one.answers.__name__,
        "curl": curl(one, base),
        "parameters": [
            {"name": given["name"], "required": given["required"], "kind": kind_of(given["schema"]), "about": given["description"]}
            for given in said["parameters"]
            if given["in"] != "header"
        ],
    }


def curl(one: Operation, base: str) -> str:
    """How the operation is tried from a command line."""
    address = f"{base}{one.path.replace('/{id}', '')}{one.example}"
    return f'curl -H "Authorization: Bearer {KEY}" "{address}"'


def _shape(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "about": said["description"],
        "fields": [
            {"name": field, "kind": kind_of(schema), "about": schema.get("description", "")} for field, schema in said["properties"].items()
        ],
    }


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a value is, in a few words."""
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
        words = ", ".join(dict.fromkeys(kind_of(one) for one in kinds))
        return say("api.kind.or_null", of=words) if len(kinds) < len(schema["anyOf"]) else words
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return say("api.kind.one_of", names=", ".join(str(one) for one in schema["enum"] if one))
    if schema.get("type") == "array":
        return say("api.kind.list", of=kind_of(schema["items"]))
    if schema.get("type") == "object":
        return say("api.kind.map", of=kind_of(schema["additionalProperties"]))
    return say(FORMATS.get(schema.get("format", ""), TYPES[schema["type"]]))


def log_lines(found: Sequence[Row], known: Directory, now: datetime) -> list[dict[str, Any]]:
    """The record, a line an answer, or those of one minute that were about the same."""
    titles = {one.id: say(one.title) for one in OPERATIONS}
    return [
        {
            "when": moment(one["at"], now),
            "key": one["name"],
            "hint": one["hint"],
            "holder": name_of(known, one["person"]),
            "what": titles.get(one["operation"], one["operation"]),
            "about": _about(one["asked"], known),
            "times": one["times"],
            "items": one["items"],
        }
        for one in found
    ]


def _about(asked: str, known: Directory) -> str:
    """What was asked about; a unit by its name."""
    pairs = parse_qsl(asked)
    return ", ".join(known.units[value].name if name == "unit" and value in known.units else value for name, value in pairs) or say(
        "api.log.nothing"
    )
