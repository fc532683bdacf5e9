"""The description of the API: stable names of operations, and an example of each body, answer and parameter."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from heyet.api_examples import BODIES, FIELDS, FORMATS, TYPES

Json = dict[str, Any]
JSON = "application/json"
_AROUND = re.compile(r"^(New|Listed)|(In|Out|Made|Change|Detail|Brief)$")
SEVERAL = ("portal", "tasks")
REFERENCE = "#/components/schemas/"


def operation_id(route: APIRoute) -> str:
    """The name that clients call an operation by: the slice and its function, `agenda_add_session`.

    Where several packages have a slice of that name, the package stands before it.
    """
    folders = route.endpoint.__module__.split(".")[:-1]
    prefix = "_".join((folders[0], folders[-1])) if folders[-1] in SEVERAL else folders[-1]
    return f"{prefix}_{route.endpoint.__name__}"


def describe(app: FastAPI) -> None:
    """Let the application's description say who may call, and carry examples: once, when it is first asked for."""
    plain: Callable[[], Json] = app.openapi

    def openapi() -> Json:
        is_new = app.openapi_schema is None
        document = plain()
        if is_new:
            _add_callers(document, app)
            add_examples(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _add_callers(document: Json, app: FastAPI) -> None:
    """Say of each operation which right its caller needs, and that the token stands in the header."""
    rights = {
        operation_id(route): next((right for one in route.dependant.dependencies if (right := _right_of(one.call))), "")
        for context in iter_route_contexts(app.routes)
        if isinstance(route := context.original_route, APIRoute) and route.include_in_schema
    }
    scheme = {"type": "http", "scheme": "bearer", "description": "An API token, or that of a personal link."}
    document["components"]["securitySchemes"] = {"token": scheme}
    for one in operations(document):
        one.about["x-heyet-caller"] = rights[one.id]
        one.about["security"] = [] if rights[one.id] == "anyone" else [{"token": []}]


def _right_of(call: object) -> str:
    return str(getattr(call, "declares", ""))


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    id: str
    verb: str
    path: str
    tag: str
    about: Json

    @property
    def summary(self) -> str:
        """What it does, in its first sentence."""
        return re.split(r"(?<=\.)\s", str(self.about["description"]), maxsplit=1)[0]


def operations(document: Json) -> Iterator[Operation]:
    """All operations of a description."""
    for path, verbs in document["paths"].items():
        for verb, about in verbs.items():
            yield Operation(about["operationId"], verb.upper(), path, about["tags"][0], about)


def add_examples(document: Json) -> None:
    """Write an example beside each body that is JSON or a form, each answer that is JSON, and each parameter."""
    make = Examples(document.get("components", {}).get("schemas", {}))
    for one in operations(document):
        for parameter in one.about.get("parameters", []):
            if parameter["required"] or parameter["name"] == "Idempotency-Key":
                parameter["example"] = make.example(parameter["schema"], parameter["name"])
        for content in one.about.get("requestBody", {}).get("content", {}).values():
            content["example"] = make.example(content["schema"], is_sent=True)
        for status, answer in one.about["responses"].items():
            content = answer.get("content", {}).get(JSON)
            if content is not None and status.startswith("2"):
                content["example"] = make.example(content["schema"])


class Examples:
    """Makes values that fit schemas of one description."""

    def __init__(self, schemas: dict[str, Json]) -> None:
        self.schemas = schemas

    def example(self, schema: Json, name: str = "", *, is_sent: bool = False, within: tuple[str, ...] = ()) -> Any:
        """A value that fits the schema of a field with that name. `within` are the schemas around it: a tree of
        sessions ends where it would begin anew. What is sent leaves out what may be left out and has no example."""
        if "$ref" in schema:
            target = schema["$ref"].removeprefix(REFERENCE)
            return self._of(target, name, is_sent=is_sent, within=within)
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema.get("default", schema["enum"][0])
        if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            return self._chosen(choices, schema, name, is_sent=is_sent, within=within)
        if schema.get("type") == "array":
            return self._list(schema, name, is_sent=is_sent, within=within)
        if schema.get("type") == "object" or "properties" in schema:
            return self._body(schema, is_sent=is_sent, within=within)
        return _plain(schema, name)

    def _of(self, target: str, name: str, *, is_sent: bool, within: tuple[str, ...]) -> Any:
        schema = self.schemas[target]
        if "properties" not in schema:
            return self.example(schema, name, is_sent=is_sent, within=within)
        own = BODIES.get(target) or BODIES.get(_AROUND.sub("", target), {})
        made = self._body(schema, is_sent=is_sent, within=(*within, target))
        return {**made, **{field: value for field, value in own.items() if field in schema["properties"]}}

    def _chosen(self, choices: list[Json], schema: Json, name: str, *, is_sent: bool, within: tuple[str, ...]) -> Any:
        real = [one for one in choices if one.get("type") != "null" and not self._repeats(one, within)]
        if not real:
            return None
        # An amount is a text: a number of JSON has no exact decimals.
        texts = [one for one in real if one.get("type") == "string" and "format" not in one]
        chosen = texts[0] if texts and len(real) > 1 else real[0]
        if chosen in texts and any(one.get("type") == "number" for one in real):
            return _amount(next(one for one in real if one.get("type") == "number"), name)
        return self.example(chosen, name, is_sent=is_sent, within=within)

    def _repeats(self, schema: Json, within: tuple[str, ...]) -> bool:
        item = schema.get("items", schema)
        return item.get("$ref", "").removeprefix(REFERENCE) in within

    def _list(self, schema: Json, name: str, *, is_sent: bool, within: tuple[str, ...]) -> list[Any]:
        if isinstance(FIELDS.get(name), list):
            return list(FIELDS[name])
        if self._repeats(schema, within) or schema.get("maxItems") == 0:
            return []
        if prefixes := schema.get("prefixItems"):
            return [self.example(one, name, is_sent=is_sent, within=within) for one in prefixes]
        singular = name.removesuffix("s")
        one = self.example(schema.get("items", {}), singular, is_sent=is_sent, within=within)
        return [one] * max(1, schema.get("minItems", 1))

    def _body(self, schema: Json, *, is_sent: bool, within: tuple[str, ...]) -> dict[str, Any]:
        needed = schema.get("required", [])
        found = {
            name: self.example(field, name, is_sent=is_sent, within=within)
            for name, field in schema.get("properties", {}).items()
            if not is_sent or name in needed or name in FIELDS
        }
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and not found:
            key = self.example(schema.get("propertyNames", {"type": "string"}), "key")
            found[str(key)] = self.example(more, "", is_sent=is_sent, within=within)
        return found


def _amount(schema: Json, name: str) -> str:
    value = FIELDS.get(name, TYPES["number"])
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    return str(value if most is None or float(value) <= most else most / 2)


def _plain(schema: Json, name: str) -> Any:
    kind = schema.get("type", "string")
    if kind == "string" and (made := FORMATS.get(schema.get("format", ""))) is not None:
        named = FIELDS.get(name)
        return named if isinstance(named, str) and len(named) == len(made) else made
    value = FIELDS.get(name, name.replace("_", " ").capitalize() if kind == "string" else TYPES.get(kind))
    if kind in ("integer", "number"):
        value = value if isinstance(value, int) and not isinstance(value, bool) else TYPES["integer"]
        return max(schema.get("minimum", value), min(value, schema.get("maximum", value)))
    if kind == "boolean":
        return True
    text = str(value[0] if isinstance(value, list) else value) or TYPES["string"]
    return text[: schema.get("maxLength", len(text))].strip()
