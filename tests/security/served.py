"""The routes that the application really serves, however they are nested."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute


def served(app: FastAPI) -> list[APIRoute]:
    """Every route of the application once, those of included routers too."""
    found = {(route.path, *sorted(route.methods)): route for route in _walk(app.routes)}
    return [found[key] for key in sorted(found)]


def _walk(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner:
            yield from _walk(inner)


def right_of(route: APIRoute) -> str:
    """Who may call it, as its caller type declares."""
    return next(str(d.call.declares) for d in route.dependant.dependencies if hasattr(d.call, "declares"))  # type: ignore[union-attr]
