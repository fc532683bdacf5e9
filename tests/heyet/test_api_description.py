"""The description of the API: operations keep their names, and every example is one that would be accepted."""

import json
import re
from typing import Any

import jsonschema_rs
from fastapi.routing import APIRoute, iter_route_contexts

from heyet.api_description import JSON, Operation, operation_id, operations
from tests.people import App
from tests.routes import OPERATIONS, application, described


def every() -> list[Operation]:
    return list(operations(described()))


def fields_of_bodies() -> dict[str, Any]:
    """What FastAPI reads the body of each operation with."""
    return {
        operation_id(route): context.body_field
        for context in iter_route_contexts(application().routes)
        if isinstance(route := context.original_route, APIRoute) and route.include_in_schema and context.body_field
    }


def test_no_operation_disappears_or_gets_another_name_unnoticed() -> None:
    there = [f"{one.id} {one.verb} {one.path}" for one in every()]
    known = OPERATIONS.read_text(encoding="utf-8").splitlines()
    assert sorted(set(known) - set(there)) == [], "gone: delete its line and say so in CHANGELOG.md"
    assert sorted(set(there) - set(known)) == [], "new: `make docs`"


def test_each_operation_has_a_name_of_its_own_that_a_program_can_use() -> None:
    names = [one.id for one in every()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]+", name)] == []


def test_every_body_and_every_answer_has_an_example() -> None:
    lacking = []
    for one in every():
        contents = [*one.about.get("requestBody", {}).get("content", {}).values()]
        answers = [answer for status, answer in one.about["responses"].items() if status.startswith("2")]
        contents += [answer["content"][JSON] for answer in answers if JSON in answer.get("content", {})]
        lacking += [one.id for content in contents if "example" not in content]
        lacking += [one.id for each in one.about.get("parameters", []) if each["required"] and "example" not in each]
    assert lacking == []


def test_the_example_of_a_body_is_accepted_by_what_checks_it() -> None:
    bodies, wrong = fields_of_bodies(), []
    for one in every():
        content = one.about.get("requestBody", {}).get("content", {})
        if JSON in content:
            example = json.loads(json.dumps(content[JSON]["example"]))
            _, errors = bodies[one.id].validate(example, {}, loc=("body",))
            wrong += [(one.id, error) for error in errors]
    assert len(bodies) > 200
    assert wrong == []


def test_the_example_of_an_answer_fits_its_schema() -> None:
    wrong = []
    for one in every():
        for status, answer in one.about["responses"].items():
            content = answer.get("content", {}).get(JSON)
            if content is None or not status.startswith("2"):
                continue
            schema = {**content["schema"], "components": described()["components"]}
            found = jsonschema_rs.Draft202012Validator(schema).iter_errors(content["example"])
            wrong += [(one.id, error.message) for error in found]
    assert wrong == []


def test_who_may_call_is_said_of_each_operation() -> None:
    for one in every():
        assert one.about["x-heyet-caller"], one.id
        assert (one.about["security"] == []) == (one.about["x-heyet-caller"] == "anyone"), one.id


async def test_the_reference_shows_every_operation_with_its_line_for_a_shell(sqlite_app: App) -> None:
    visitor = sqlite_app.stranger()
    contents = await visitor.get("/api/docs")
    assert contents.status_code == 200
    groups = sorted({one.tag.replace(" ", "-") for one in every()})
    assert [group for group in groups if f'href="/api/docs/{group}"' not in contents.text] == []
    for group in groups:
        page = await visitor.get(f"/api/docs/{group}")
        assert page.status_code == 200
        for one in every():
            if one.tag.replace(" ", "-") == group:
                assert f'id="{one.id}"' in page.text
    people = await visitor.get("/api/docs/people")
    assert "Ayşe Yılmaz" in people.text
    assert "curl -X POST http://127.0.0.1:8000/api/v1/people" in people.text
    assert "$HEYET_TOKEN" in people.text


async def test_a_group_that_is_not_there_is_not_found(sqlite_app: App) -> None:
    assert (await sqlite_app.stranger().get("/api/docs/nothing")).status_code == 404


async def test_the_frame_of_the_reference_is_turkish_for_who_reads_turkish(sqlite_app: App) -> None:
    page = await sqlite_app.stranger().get("/api/docs/people", headers={"Accept-Language": "tr"})
    assert '<html lang="tr"' in page.text
    assert ">Örnek<" in page.text
