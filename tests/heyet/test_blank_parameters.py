"""A form that is sent with GET says each of its fields, also those that nobody filled in."""

from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant

from tests.routes import our_routes


def test_a_blank_parameter_is_understood_or_refused_and_breaks_nothing() -> None:
    broken, count = [], 0
    for route in our_routes():
        for field in asked_of(route.dependant) if route.dependant else ():
            count += 1
            try:
                field.validate("", {}, loc=("query", field.alias))
            except Exception as error:
                broken.append((route.path, field.alias, type(error).__name__))
    assert (broken, count > 300) == ([], True)


def asked_of(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for one in dependant.dependencies:
        yield from asked_of(one)
