"""The routes that an application really serves, however deep a router includes another."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlmodel import SQLModel
from starlette.routing import Mount, Route

from directory.accounts.rules import Right
from heyet import reference
from heyet.app import routed

# The name, verb and path of each operation of the API; a test holds it to what is described.
OPERATIONS = reference.DOCS / "api-operations.txt"
# Routes that FastAPI makes itself; neither tells anything about a person.
OPEN_BY_DESIGN = {"/api/v1/openapi.json", "/static"}
PUBLIC = {
    "/",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/link",
    "/sign-in/link/{token}",
    "/sign-out",
    "/first-run/{token}",
    "/language",
    "/healthz",
    "/robots.txt",
    "/favicon.ico",
    "/.well-known/security.txt",
    "/api/docs",
    "/api/docs/{group}",
    "/readyz",
    "/metrics",
    "/e/{code}",
    "/e/{code}/register",
    "/lost-link",
    "/address/{token}",
    "/api/v1/public/address-changes/confirmation",
    "/api/v1/public/address-changes/refusal",
    "/api/v1/public/events/{code}/registrations",
    "/api/v1/public/lost-links",
    "/unsubscribe/{token}",
    "/unsubscribe/{token}/choices",
    "/report-mails/stop/{token}",
    "/calendar/{token}.ics",
    "/calendar/{token}.ifb",
    "/calendar/shared/{token}.ics",
    "/calendar/{token}.jscalendar",
    "/calendar/shared/{token}/door",
    "/public/{project_id}/month",
    "/c/{token}",
    "/check-in/shell",
    "/check-in/worker.js",
    "/check-in/manifest.webmanifest",
    "/now/shell",
    "/now/worker.js",
    "/api/v1/desk-devices",
    "/certificates/{code}",
    "/api/v1/certificates/{code}",
    # Former addresses send on to where the caller is asked.
    "/i/{token}/maybe",
    "/calls/{call_id}/refuse",
    "/api/v1/invitation/refusal",
    "/api/v1/calls/{call_id}/refusal",
}
KNOWN_RIGHTS = {right.value for right in Right} | {
    "anyone",
    "signed-in",
    "participant",
    "confirmed-participant",
    "owner",
    "focal-point",
    "superior",
    "desk-device",
}


class Served:
    """One address and what answers there; `declares` are the rights that its parameter types ask for."""

    def __init__(self, path: str, methods: set[str], dependant: Dependant | None) -> None:
        self.path, self.methods, self.dependant = path, methods, dependant

    @property
    def declares(self) -> set[str]:
        found = self.dependant.dependencies if self.dependant else []
        return {right for one in found if (right := getattr(one.call, "declares", None))}

    @property
    def parameters(self) -> list[str]:
        return [field.name for field in self.dependant.path_params] if self.dependant else []

    def __repr__(self) -> str:
        return f"{min(self.methods or {'ANY'})} {self.path}"

    @property
    def right(self) -> str:
        """The one right that is asked for; of several the first."""
        return min(self.declares)


@cache
def application() -> FastAPI:
    """Every route, of no installation. Analysed once in each process: nobody may change it."""
    return routed()


def described() -> dict[str, Any]:
    """The description of the API, which takes two seconds the first time."""
    return application().openapi()


@cache
def our_routes() -> tuple[Served, ...]:
    """All routes of Heyet but those that FastAPI makes itself."""
    return tuple(route for route in served(application()) if route.path not in OPEN_BY_DESIGN)


def undeclared(app: FastAPI) -> list[str]:
    """Routes that do not say who may call them, or are open to anyone, or not open, where that is not meant."""
    return [repr(route) for route in served(app) if route.path not in OPEN_BY_DESIGN and not _is_declared(route)]


def taking_tables(app: FastAPI) -> list[str]:
    """Routes that would let a caller write any column of a row."""
    found = []
    for route in served(app):
        taken = [field.field_info.annotation for field in route.dependant.body_params] if route.dependant else []
        if any(isinstance(one, type) and issubclass(one, SQLModel) for one in taken):
            found.append(repr(route))
    return found


def served_endpoints(app: FastAPI) -> list[Served]:
    """Routes with a caller type, without files and what FastAPI serves by itself."""
    return [route for route in served(app) if route.declares]


def served(app: FastAPI) -> list[Served]:
    """Every route, or an error where there is a kind of route that this walk does not know."""
    return list(_walk(app.routes, ""))


def _is_declared(route: Served) -> bool:
    rights = route.declares
    return bool(rights) and rights <= KNOWN_RIGHTS and (rights == {"anyone"}) == (route.path in PUBLIC)


def _walk(routes: Any, prefix: str) -> Iterator[Served]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield Served(prefix + route.path, set(route.methods or ()), route.dependant)
        elif isinstance(route, Route | Mount):
            yield Served(prefix + route.path, set(getattr(route, "methods", None) or ()), None)
        elif inner := getattr(route, "original_router", None):
            yield from _walk(inner.routes, prefix + route.include_context.prefix)
        else:
            raise AssertionError(f"a kind of route that nobody walks: {route!r}")
