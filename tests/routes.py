"""The routes that an application really serves, however deep a router includes another."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route


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


def served_endpoints(app: FastAPI) -> list[Served]:
    """Routes with a caller type, without files and what FastAPI serves by itself."""
    return [route for route in served(app) if route.declares]


def served(app: FastAPI) -> list[Served]:
    """Every route, or an error where there is a kind of route that this walk does not know."""
    return list(_walk(app.routes, ""))


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
