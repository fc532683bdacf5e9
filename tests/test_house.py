"""The house checks itself: rules of its style that no tool knows."""

import ast
import re
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from sqlmodel import SQLModel

from directory.accounts.rules import Right
from heyet.app import create_app
from migrations import tables
from tests.conftest import settings_for
from tests.routes import Served, served

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "directory", "notifications", "events", "visits", "finance", "heyet")
SOURCES = sorted(path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TEMPLATES = ROOT / "templates" / "pages"
# Doors that FastAPI makes itself; neither tells anything about a person.
OPEN_BY_DESIGN = {"/api/v1/openapi.json", "/static"}
PUBLIC = {
    "/",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/link",
    "/sign-in/link/{token}",
    "/sign-out",
    "/language",
    "/healthz",
    "/readyz",
    "/metrics",
    "/e/{code}",
    "/e/{code}/register",
    "/lost-link",
    "/api/v1/public/events/{code}/registrations",
    "/api/v1/public/lost-links",
    "/unsubscribe/{token}",
    "/unsubscribe/{token}/choices",
    "/calendar/{token}.ics",
    "/calendar/{token}.ifb",
    "/calendar/shared/{token}.ics",
    "/calendar/{token}.jscalendar",
    "/calendar/shared/{token}/door",
    "/public/{project_id}/month",
    # Former addresses send on to where the caller is asked.
    "/i/{token}/maybe",
    "/calls/{call_id}/refuse",
    "/api/v1/invitation/refusal",
    "/api/v1/calls/{call_id}/refusal",
}


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def application() -> FastAPI:
    return create_app(settings_for("", Path(tempfile.gettempdir())), dispatch=False)


ROUTES = [route for route in served(application()) if route.path not in OPEN_BY_DESIGN]
KNOWN_RIGHTS = {right.value for right in Right} | {
    "anyone",
    "signed-in",
    "participant",
    "confirmed-participant",
    "owner",
    "focal-point",
}


def is_declared(route: Served) -> bool:
    """Whether a route says who may call it, and is open to anyone only where that is meant."""
    rights = route.declares
    return bool(rights) and rights <= KNOWN_RIGHTS and (rights == {"anyone"}) == (route.path in PUBLIC)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 550


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_function_is_seen_at_once(path: Path) -> None:
    functions = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= 60] == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_the_unit_of_work_ends_a_transaction(path: Path) -> None:
    ended = {c.func.attr for c in calls(path) if isinstance(c.func, ast.Attribute)} & {"commit", "rollback"}
    assert not ended


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_refusal_is_typed_and_mapped_in_one_place(path: Path) -> None:
    raised = {n.exc for n in ast.walk(tree(path)) if isinstance(n, ast.Raise)}
    names = {e.func.id for e in raised if isinstance(e, ast.Call) and isinstance(e.func, ast.Name)}
    assert "HTTPException" not in names


@pytest.mark.parametrize("path", [p for p in SOURCES if str(p) not in ("core/clock.py", "heyet/journey.py")], ids=str)
def test_now_is_handed_in(path: Path) -> None:
    asked = {
        f"{c.func.value.id}.{c.func.attr}"
        for c in calls(path)
        if isinstance(c.func, ast.Attribute) and isinstance(c.func.value, ast.Name)
    }
    assert not asked & {"datetime.now", "datetime.utcnow", "date.today"}


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_logs_hold_no_personal_data(path: Path) -> None:
    logged = {
        keyword.arg
        for c in calls(path)
        if isinstance(c.func, ast.Attribute) and isinstance(c.func.value, ast.Name) and c.func.value.id == "log"
        for keyword in c.keywords
    }
    assert logged <= {
        "method",
        "route",
        "status",
        "ms",
        "kind",
        "exc_info",
        "id",
        "job",
        "code",
        "state",
        "relay",
        "table",
    }


def test_mail_leaves_through_delivery_alone() -> None:
    senders = {str(p) for p in SOURCES if "aiosmtplib" in (ROOT / p).read_text(encoding="utf-8")}
    assert senders == {"notifications/delivery/relays.py", "heyet/probe.py"}
    callers = {str(p) for p in SOURCES if "httpx2" in (ROOT / p).read_text(encoding="utf-8")}
    assert callers == {"notifications/webhooks/channel.py", "heyet/journey.py"}


def test_every_slice_is_under_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = next(one for one in contracts if one["name"] == "Files of a slice")["containers"]
    agreed = {"rules.py", "models.py", "service.py", "schemas.py", "api.py", "pages.py"}
    slices = {
        ".".join(path.parent.parts)
        for path in SOURCES
        if path.parts[0] not in ("core", "heyet") and path.name in agreed
    }
    assert set(listed) == slices


def test_every_table_is_known_to_the_migrations() -> None:
    models = {".".join(p.with_suffix("").parts) for p in SOURCES if p.name == "models.py"}
    assert set(tables.MODELS) == models | {"core.audit"}


def test_no_installed_package_brings_a_name_of_ours() -> None:
    assert [name for name in PACKAGES if packages_distributions().get(name, ["heyet"]) != ["heyet"]] == []


def test_every_template_is_used_and_every_template_used_is_there() -> None:
    sources = [(ROOT / p).read_text(encoding="utf-8") for p in SOURCES]
    sources += [p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html")]
    named = {name for text in sources for name in re.findall(r'"([\w/]+\.html)"', text)} - {"message.html"}
    assert named == {str(p.relative_to(TEMPLATES)) for p in TEMPLATES.rglob("*.html")}


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\son\w+=|\sstyle=|<script(?! src)|<style", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("route", ROUTES, ids=repr)
def test_every_route_says_who_may_call_it(route: Served) -> None:
    assert is_declared(route)


def test_a_planted_route_that_says_nothing_is_found_however_it_is_served() -> None:
    app = application()
    inner, outer = APIRouter(), APIRouter(prefix="/outer")
    inner.add_api_route("/planted/deep", lambda: None)
    outer.include_router(inner)
    app.include_router(outer)
    app.add_api_route("/planted", lambda: None)
    found = {route.path for route in served(app) if route.path not in OPEN_BY_DESIGN and not is_declared(route)}
    assert found == {"/planted", "/outer/planted/deep"}


def test_the_walk_sees_every_route_that_the_description_of_the_api_names() -> None:
    app = application()
    assert set(app.openapi()["paths"]) <= {route.path for route in served(app)}


@pytest.mark.parametrize("route", ROUTES, ids=repr)
def test_no_route_takes_a_table_for_a_schema(route: Served) -> None:
    taken = [p.field_info.annotation for p in route.dependant.body_params] if route.dependant else []
    assert not [t for t in taken if isinstance(t, type) and issubclass(t, SQLModel)]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_lock_files_name_no_host(name: str) -> None:
    assert not re.search(r"https?://(?!opencollective|github\.com/sponsors)", (ROOT / name).read_text())
