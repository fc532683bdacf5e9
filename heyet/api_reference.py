"""The reference of the API as pages: what each operation is for, who may call it, what goes in and comes out."""

import json
import shlex
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from core.errors import NotFound
from core.pages import render
from core.settings import Installed
from directory.accounts.access import Whoever
from heyet.api_description import JSON, REFERENCE, Json, Operation, operations

router = APIRouter(prefix="/api/docs", include_in_schema=False)


@dataclass(frozen=True)
class ReferenceField:
    """One parameter, or one field of a body."""

    name: str
    where: str
    type: str
    is_needed: bool
    about: str


@dataclass(frozen=True)
class ReferenceEntry:
    """One operation as its reader needs it."""

    operation: Operation
    caller: str
    fields: list[ReferenceField]
    curl: str
    answer: str
    answer_status: str
    answer_types: list[str]
    files: list[str]


@router.get("")
async def contents(request: Request, whoever: Whoever) -> Response:
    """Every operation in one line, by what it is about."""
    return render(request, "home/api.html", groups=_groups(request.app.openapi()), description=_description(request))


@router.get("/{group}")
async def group(request: Request, group: str, whoever: Whoever, settings: Installed) -> Response:
    """All about the operations of one group."""
    document = request.app.openapi()
    tag, found = next(((tag, found) for tag, found in _groups(document) if slug(tag) == group), ("", []))
    if not found:
        raise NotFound()
    entries = [_entry(one, document, settings.base_url) for one in found]
    return render(request, "home/api_group.html", tag=tag, entries=entries, description=_description(request))


def slug(tag: str) -> str:
    """A tag as part of an address."""
    return tag.replace(" ", "-")


def _description(request: Request) -> str:
    return str(request.app.openapi_url)


def _groups(document: Json) -> list[tuple[str, list[Operation]]]:
    by_tag = sorted(operations(document), key=lambda one: one.tag)
    return [(tag, list(found)) for tag, found in groupby(by_tag, key=lambda one: one.tag)]


def _entry(one: Operation, document: Json, base_url: str) -> ReferenceEntry:
    status, answer = next((s, a) for s, a in one.about["responses"].items() if s.startswith("2"))
    contents = answer.get("content", {})
    example = contents.get(JSON, {}).get("example")
    return ReferenceEntry(
        operation=one,
        caller=one.about["x-heyet-caller"],
        fields=[*_parameters(one), *_body_fields(one, document)],
        curl=_curl(one, base_url),
        answer="" if example is None else _pretty(example),
        answer_status=status,
        answer_types=list(contents),
        files=_files_of(one, document),
    )


def _files_of(one: Operation, document: Json) -> list[str]:
    """Where the same list comes as a file: its address with an ending."""
    return [path for path in document["paths"] if one.verb == "GET" and path.startswith(f"{one.path}.")]


def _parameters(one: Operation) -> list[ReferenceField]:
    return [
        ReferenceField(each["name"], each["in"], _type(each["schema"]), each["required"], each.get("description", ""))
        for each in one.about.get("parameters", [])
    ]


def _body_fields(one: Operation, document: Json) -> list[ReferenceField]:
    for kind, content in one.about.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        schema = document["components"]["schemas"].get(schema.get("$ref", "").removeprefix(REFERENCE), schema)
        needed = schema.get("required", [])
        where = "body" if kind == JSON else "form"
        return [
            ReferenceField(name, where, _type(field), name in needed, field.get("description", ""))
            for name, field in schema.get("properties", {}).items()
        ] or [ReferenceField("", where, _type(schema), True, "")]
    return []


def _type(schema: Json) -> str:
    """What a value may be, in the words of JSON Schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(one) for one in schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " | ".join(dict.fromkeys(_type(one) for one in choices))
    kind = str(schema.get("format", schema.get("type", "any")))
    if kind == "array":
        return f"array of {_type(schema.get('items', {}))}"
    least, most = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    if most is not None:
        return f"{kind}, {'at most' if least is None else f'{least:g} to'} {most:g}"
    return kind


def _curl(one: Operation, base_url: str) -> str:
    """The call as a line for a shell: the token stands in a variable, so that none is kept in its history."""
    path = one.path
    for each in one.about.get("parameters", []):
        path = path.replace(f"{{{each['name']}}}", str(each.get("example", "")))
    lines = [f"curl {'' if one.verb == 'GET' else f'-X {one.verb} '}{shlex.quote(base_url + path)}"]
    if one.about["security"]:
        lines.append('-H "Authorization: Bearer $HEYET_TOKEN"')
    for kind, content in one.about.get("requestBody", {}).get("content", {}).items():
        lines += _sent(kind, content["example"])
    return " \\\n  ".join(lines)


def _sent(kind: str, example: Any) -> list[str]:
    if kind == JSON:
        return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(_pretty(example))}"]
    sign = "-F" if kind.startswith("multipart") else "--data-urlencode"
    return [f"{sign} {shlex.quote(f'{name}={_part(value)}')}" for name, value in example.items()]


def _part(value: Any) -> str:
    return "@list.csv" if value == "(the file)" or value == ["(the file)"] else str(value)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
