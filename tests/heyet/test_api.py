"""The API against its own description: whatever is sent, no 5xx and no answer that is not written down."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx2
import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from tests.people import App
from tests.processes import Forked
from tests.routes import OPERATIONS, described

CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
)

# The same each time; a night may try more.
EXAMPLES = int(os.environ.get("HEYET_EXAMPLES", "6"))

# An address, who calls, and ids of rows that are there.
Served = tuple[str, dict[str, str], dict[str, str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Served]:
    installation = Forked(tmp_path_factory.mktemp("fuzz")).with_demo(demo)
    with installation.serving("--demo"):
        rights = [part for right in ("look", "plan", "release", "desk", "money") for part in ("--right", right)]
        token = installation.run("token", "elif.karaca@example.org", "fuzz", *rights).stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        event = httpx2.get(f"{installation.url}/api/v1/events", headers=headers).json()["items"][0]
        detail = httpx2.get(f"{installation.url}/api/v1/events/{event['id']}", headers=headers).json()
        known = {
            "event_id": event["id"],
            "session_id": detail["sessions"][0]["id"],
            "project_id": event["project_id"],
        }
        yield installation.url, headers, known


@cache
def operations() -> dict[str, APIOperation]:
    """Each as it is described, by its verb and path."""
    found = schemathesis.openapi.from_dict(described()).get_all_operations()
    return {(operation := one.ok()).label: operation for one in found}


# By the list of them: to describe the API takes longer than to import all other tests.
@pytest.mark.parametrize("label", [line.partition(" ")[2] for line in OPERATIONS.read_text("utf-8").splitlines()])
def test_whatever_is_sent_gets_an_answer_that_is_written_down(label: str, served: Served) -> None:
    url, headers, known = served
    operation = operations()[label]

    @settings(max_examples=EXAMPLES)
    @given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        is_there=st.booleans(),
    )
    def send(case: Case, is_there: bool) -> None:
        if is_there:
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        case.call_and_validate(base_url=url, headers=headers, checks=list(CHECKS))

    send()


async def test_the_description_says_what_each_way_in_is_for(sqlite_app: App) -> None:
    description = (await sqlite_app.stranger().get("/api/v1/openapi.json")).json()
    for path, verbs in description["paths"].items():
        assert path.startswith("/api/v1/")
        for verb, operation in verbs.items():
            assert operation.get("description"), (verb, path)
            assert "4XX" in operation["responses"], (verb, path)
