"""Slices do each thing in one way, and each rule finds what is done otherwise."""

from pathlib import Path

import pytest

from tests import architecture, conventions
from tests.architecture import ROOT, Source
from tests.test_architecture import CHECKS, SOURCES, TEMPLATES, broken, found


def test_what_goes_in_and_out_is_described_in_schemas() -> None:
    assert broken(conventions.models_outside_schemas) == []


@pytest.mark.parametrize(
    "text",
    [
        "class Brief(BaseModel): ...",
        "class Brief(pydantic.BaseModel): ...",
        "class Brief(PageOut[int], RootModel[int]): ...",
        "from events.b.schemas import EventOut\nclass Brief(EventOut): ...",
    ],
)
def test_a_model_outside_schemas_is_found(text: str) -> None:
    assert found(conventions.models_outside_schemas, text, "events/planted/api.py") == ["Brief"]
    assert found(conventions.models_outside_schemas, text, "events/planted/schemas.py") == []


def test_endpoints_shape_nothing_themselves() -> None:
    assert broken(conventions.shapes_in_endpoints) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("from a.schemas import Out\nOut(id=a.id, name=a.name, at=a.at)", "Out"),
        ("from a.schemas import Out\nOut(**row)", "Out"),
        ("row.model_dump()", "model_dump"),
        ('{"id": a.id, **more, "name": a.name}', "a dictionary"),
    ],
)
def test_a_shape_in_an_endpoint_is_found(text: str, what: str) -> None:
    assert found(conventions.shapes_in_endpoints, text, "events/planted/api.py") == [what]
    assert found(conventions.shapes_in_endpoints, text, "events/planted/pages.py") == []


@pytest.mark.parametrize(
    "text", ["Count(count=1)", "f(a=1, b=2, c=3)", "{200: {XLSX: {}}}", "from a.schemas import O\nO(a=1)"]
)
def test_other_calls_of_an_endpoint_are_left_alone(text: str) -> None:
    assert found(conventions.shapes_in_endpoints, text, "events/planted/api.py") == []


def test_the_moment_is_handed_on_by_name() -> None:
    assert broken(conventions.moments_by_place) == []


def test_a_moment_handed_on_by_place_is_found() -> None:
    rule = conventions.moments_by_place
    assert found(rule, "async def book(db, at: datetime): ...\ndef f(*, at: Moment): ...") == ["book"]
    assert found(rule, "@router.get('/')\nasync def book(db: Db, at: Moment): ...") == []


def test_parameter_types_bring_settings_and_database() -> None:
    assert broken(conventions.state_of_the_application) == []
    assert broken(conventions.units_of_work_by_hand) == []


def test_settings_and_limits_come_with_their_types() -> None:
    assert broken(conventions.untyped_state) == []
    assert found(conventions.untyped_state, "def f(request):\n    g(request.app.state.limits.x)") == [
        "request.app.state.limits"
    ]


def test_an_endpoint_that_fetches_them_is_found() -> None:
    endpoint = "@router.get('/')\nasync def planted():\n    %s"
    took = found(conventions.state_of_the_application, endpoint % "f(request.app.state.settings.base_url)")
    opened = "async with database.unit_of_work() as db:\n        await write(db)"
    assert took == ["planted: request.app.state.settings"]
    assert found(conventions.state_of_the_application, endpoint % "f(settings_of(request))") == [
        "planted: settings_of(request)"
    ]
    assert found(conventions.units_of_work_by_hand, endpoint % opened) == ["planted"]
    assert found(conventions.units_of_work_by_hand, endpoint % ("await read(file)\n    " + opened)) == []


def test_a_row_is_locked_and_reached_in_one_step() -> None:
    assert broken(conventions.locked_after_a_look) == []
    assert broken(conventions.scopes_of_their_own) == [
        "directory/projects/service.py: project_id not in caller.projects"
    ]


def test_a_look_before_the_lock_and_a_scope_of_its_own_are_found() -> None:
    text = "async def move():\n    await get_event(db, id, caller)\n    return await service.lock_event(db, id)"
    assert found(conventions.locked_after_a_look, text) == ["move"]
    assert found(conventions.scopes_of_their_own, "if id not in caller.projects: ...") == ["id not in caller.projects"]


def test_sweeps_stand_in_jobs() -> None:
    assert broken(conventions.sweeps_elsewhere) == []


def test_a_sweep_elsewhere_is_found() -> None:
    text = "from a.b import jobs as work, service\nWiring(sweeps=[work.sweep, service.sweep])"
    assert found(conventions.sweeps_elsewhere, text) == ["service.sweep"]


def test_one_function_says_how_a_file_is_handed_out() -> None:
    # The other one is for parts of mails.
    writers = {"core/web.py", "core/documents/mime.py"}
    assert architecture.naming(SOURCES, '"Content-Disposition"') == writers


def test_a_day_is_that_of_a_zone() -> None:
    assert broken(conventions.days_in_utc) == []


@pytest.mark.parametrize("text", ["at.date()", "row.made_at.date()", "local(at, zone).date()"])
def test_a_day_of_no_zone_is_found(text: str) -> None:
    assert found(conventions.days_in_utc, text) == [text]
    assert found(conventions.days_in_utc, "session.wall.date()") == []


def test_a_day_on_a_page_is_that_of_a_place() -> None:
    assert conventions.days_of_no_zone(TEMPLATES) == []


def test_a_file_with_a_name_of_its_own_has_its_reason() -> None:
    assert conventions.unexplained_files(SOURCES, (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")) == []


def test_a_file_without_a_reason_is_found() -> None:
    paths = ("planted/made/helpers.py", "planted/made/service.py", "planted/named/a.py", "planted/known/reader.py")
    text = "In `planted/named/` there is a file for each; `reader.py` hands on."
    assert conventions.unexplained_files([Source(path, "") for path in paths], text) == ["planted/made/helpers.py"]


def test_a_day_of_no_place_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.html").write_text('{{ say.day(one.made_at.date(), "medium") }}', encoding="utf-8")
    assert conventions.days_of_no_zone(tmp_path) == ["planted.html: say.day(one.made_at.date()"]


def test_things_are_called_by_their_names_on_pages_too() -> None:
    assert conventions.former_words_of_pages(TEMPLATES) == []


def test_a_former_word_of_a_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "door.html").write_text('{% set a = "the house" %}{{ kit.fact(_("Paper"), row.standing) }}', "utf-8")
    assert conventions.former_words_of_pages(tmp_path) == ["door.html: door", "door.html: standing"]


def test_nothing_is_looked_for_that_chance_may_write() -> None:
    where = [f"{one.path}: {text}" for one in CHECKS for text in conventions.found_by_chance(one)]
    assert where == []


@pytest.mark.parametrize(
    "text",
    [
        "for secret in ('Huber', '234567'):\n    assert secret not in seen.text",
        "assert '234567' not in mail.plain",
        "assert not [said for said in ('Huber', '234567') if said in text]",
        "assert not any(b'234567' in body for body in bodies)",
        "assert ('Huber' in page, '234567' in page) == (True, False)",
        "TOLD = ('Huber', '234567')\nassert not any(said in page for said in TOLD)",
    ],
)
def test_what_chance_may_write_is_found(text: str) -> None:
    assert found(conventions.found_by_chance, text) == ["234567"]


@pytest.mark.parametrize("text", ["assert 'sort' not in asked[path]", "assert '234567' in page"])
def test_what_is_looked_up_or_wanted_may_be_short(text: str) -> None:
    assert found(conventions.found_by_chance, text) == []
