"""What passes where it comes in fits where it is kept: one length, checked at every entrance."""

import ast
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Annotated, Any, get_args

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlmodel import SQLModel

from core.columns import room
from core.errors import Unacceptable
from core.text import Address, Line
from directory.accounts.models import Account
from directory.people.models import Institution, Person
from directory.people.schemas import InstitutionName
from directory.projects.models import Project
from migrations.tables import MODELS
from tests.architecture import ROOT, Source, sources
from tests.people import App
from tests.routes import our_routes

# Where it is kept what is said of people by shapes of slices that have no column of that name.
OF_PEOPLE = {"name": (Person, "name"), "title": (Person, "title"), "institution": (Institution, "name")}
# … and what is said of institutions.
KEPT = {
    "directory.institution_grid.schemas": {"name": (Institution, "name"), "focal_name": (Person, "name")},
    # The first account and its project at once.
    "notifications.first_run.schemas": {"name": (Account, "name"), "title": (Project, "title")},
}
Lets = Callable[[str], bool]


def columns(slice_name: str, name: str) -> list[int]:
    """How many letters fit into the columns of that name in a slice."""
    if f"{slice_name}.models" not in MODELS:
        return []
    module = import_module(f"{slice_name}.models")
    tables = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, SQLModel)]
    own = [one for one in tables if one.__module__ == module.__name__ and name in one.model_fields]
    kinds = [sa.inspect(one).columns[name].type for one in own]
    return [kind.length for kind in kinds if getattr(kind, "length", None)]


def too_wide(module: str, names: Iterable[str], lets: Callable[[str, str], bool]) -> Iterator[str]:
    """Names whose texts pass though they do not fit, as typed or once they are composed."""
    names = set(names)
    for name in sorted(names):
        fitting = columns(module.rpartition(".")[0], name)
        kept = KEPT.get(module, OF_PEOPLE)
        if not fitting and "name" in names and name in kept:
            fitting = [room(*kept[name])]
        most = max(fitting, default=0)
        if most and (lets(name, "a" * (most + 1)) or lets(name, "\ufb2c" * most)):
            yield f"{name} of {module}: {most} fit"


def in_shape(shape: type[BaseModel]) -> Iterator[str]:
    def lets(name: str, text: str) -> bool:
        try:
            shape.model_validate({name: text})
        except ValidationError as error:
            return all(found["loc"][:1] != (name,) for found in error.errors())
        return True

    return too_wide(shape.__module__, shape.model_fields, lets)


def in_adapters(module: str, adapters: dict[str, TypeAdapter[Any]]) -> Iterator[str]:
    def lets(name: str, text: str) -> bool:
        try:
            adapters[name].validate_python(text)
        except ValidationError:
            return False
        return True

    return too_wide(module, adapters, lets)


def shapes_in(annotation: Any) -> set[type[BaseModel]]:
    """The shapes in an annotation, with those that they are made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = [field.annotation for field in annotation.model_fields.values()]
        return {annotation}.union(*map(shapes_in, inner))
    return set().union(*map(shapes_in, get_args(annotation)))


def taken_by_pages(source: Source) -> Iterator[Any]:
    """Shapes that a module hands to `checked` and `checked_fields`."""
    for call in source.nodes(ast.Call):
        called = getattr(call.func, "id", "")
        if called in ("checked", "checked_fields") and len(call.args) == 2:
            shape = call.args[called == "checked_fields"]
            yield getattr(import_module(source.module), getattr(shape, "id", ""), None)


def test_no_shape_lets_in_more_than_its_columns_hold() -> None:
    code = [source for source in sources(ROOT) if source.path.count("/") > 1]
    taken = {p.field_info.annotation for route in our_routes() if route.dependant for p in route.dependant.body_params}
    taken |= {shape for source in code for shape in taken_by_pages(source)}
    shapes = set().union(*map(shapes_in, taken))
    assert len(shapes) > 50
    assert sorted(found for shape in shapes for found in in_shape(shape)) == []


def test_no_column_of_a_list_lets_in_more_than_its_columns_hold() -> None:
    modules = [import_module(source.module) for source in sources(ROOT) if "ListField(" in source.text]
    kinds = {module.__name__: module.FIELDS for module in modules if hasattr(module, "FIELDS")}
    assert kinds
    for module, fields in kinds.items():
        assert list(in_adapters(module, {name: field.shape for name, field in fields.items() if field.shape})) == []


def test_a_shape_that_lets_in_too_much_is_found() -> None:
    class Planted(BaseModel):
        model_config = ConfigDict(extra="forbid")
        name: Annotated[Line, Field(max_length=120)]
        title: Line = ""
        institution: str = ""

    assert [found.partition(" ")[0] for found in in_shape(Planted)] == ["institution", "title"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [(InstitutionName, "\ufb03" * 100), (Address, "\u0149" * 60 + "@" + "ßa." * 60 + "example.org")],
    ids=["an institution", "a mailbox"],
)
def test_what_grows_when_it_is_folded_must_fit_too(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


async def test_a_text_that_no_shape_bounds_is_refused_on_both_databases(app: App) -> None:
    with pytest.raises(Unacceptable) as refused:
        async with app.database.unit_of_work() as db:
            db.add(Institution(project_id=app.project_id, name="x" * 201, search="x"))
    assert (refused.value.field, refused.value.facts) == ("name", {"max_length": 200})
