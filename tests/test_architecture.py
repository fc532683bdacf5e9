"""The code keeps to its rules, and each rule finds what breaks it."""

import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from events.programme.events.models import Event
from heyet.app import routed
from migrations import tables
from tests import architecture, routes
from tests.architecture import ROOT, Rule, Source

SOURCES = architecture.sources(ROOT)
CHECKS = architecture.sources(ROOT, ("tests", "benchmarks"))
# The entry point measures as soon as it is loaded.
BENCHMARKS = [one.module for one in CHECKS if one.module.startswith("benchmarks.") and "__main__" not in one.module]
TEMPLATES = ROOT / "templates" / "pages"
SENDERS = {"notifications/delivery/relays.py", "heyet/probe.py"}
CALLERS = {"notifications/webhooks/channel.py", "heyet/journey.py"}
LOCK_FILES = ("requirements.lock", "requirements-dev.lock", "package-lock.json")


def broken(rule: Rule, files: list[Source] = SOURCES) -> list[str]:
    """Where the code breaks a rule, and how."""
    return [f"{source.path}: {what}" for source in files for what in rule(source)]


def found(rule: Rule, text: str, path: str = "events/planted/service.py") -> list[str]:
    """What a rule finds in a file that was made to break it."""
    return list(rule(Source(path, text)))


def write(file: Path, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


# Every file


def test_a_file_is_read_in_one_sitting() -> None:
    assert broken(architecture.length) == []


def test_a_long_file_is_found() -> None:
    assert found(architecture.length, "x = 1\n" * 400) == []
    assert found(architecture.length, "x = 1\n" * 401) == ["401 lines"]


def test_a_function_is_seen_at_once() -> None:
    assert broken(architecture.length_of_functions) == []


@pytest.mark.parametrize("kind", ["def", "async def", "class A:\n  def"])
def test_a_long_function_is_found(kind: str) -> None:
    assert found(architecture.length_of_functions, f"{kind} f():\n" + "    x = 1\n" * 59) == []
    assert found(architecture.length_of_functions, f"{kind} f():\n" + "    x = 1\n" * 60) == ["f has 61 lines"]


def test_a_module_says_in_its_first_line_what_it_is_for() -> None:
    assert broken(architecture.missing_docstring) == []


def test_a_module_that_says_nothing_is_found() -> None:
    assert found(architecture.missing_docstring, "# a comment is none\n") == ["no docstring"]


def test_only_the_unit_of_work_ends_a_transaction() -> None:
    assert broken(architecture.ended_transactions) == []


def test_who_ends_a_transaction_is_found() -> None:
    assert found(architecture.ended_transactions, "await db.commit()") == ["commit"]
    assert found(architecture.ended_transactions, "await self.session.rollback()") == ["rollback"]


def test_a_refusal_is_typed_and_mapped_in_one_place() -> None:
    assert broken(architecture.http_exceptions) == []


def test_a_refusal_by_status_code_is_found() -> None:
    assert found(architecture.http_exceptions, "raise HTTPException(404)") == ["HTTPException"]


def test_now_is_handed_in() -> None:
    assert broken(architecture.asking_the_time) == []


def test_who_asks_the_time_is_found() -> None:
    assert found(architecture.asking_the_time, "now = datetime.now(UTC)") == ["datetime.now"]
    assert found(architecture.asking_the_time, "date.today()", "core/clock.py") == []


def test_logs_hold_no_personal_data() -> None:
    assert broken(architecture.unknown_facts_in_logs) == []


def test_a_name_in_a_log_is_found() -> None:
    assert found(architecture.unknown_facts_in_logs, 'log.info("saved", id=1, name="Ayşe")') == ["name"]
    assert found(architecture.unknown_facts_in_logs, 'log.info("saved", **person)') == ["None"]


def test_things_are_called_by_their_names() -> None:
    assert broken(architecture.former_words, SOURCES + CHECKS) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(house): ...",
        "def owe_job(): ...",
        "async def owes(): ...",
        "class FeedDoor: ...",
        "row.standing = 1",
        "f(paper=1)",
        "try_again = 1",
        "from a import b as courier",
        "def test_a_door_opens(): ...",
    ],
)
def test_a_former_word_is_found(text: str) -> None:
    assert len(found(architecture.former_words, text)) == 1


def test_a_former_word_in_the_name_of_a_module_is_found() -> None:
    assert found(architecture.former_words, "", "events/papers/service.py") == ["papers"]


@pytest.mark.parametrize(
    "text", ["EventKind.workshop", "say('the door')", "outdoor = 1", "def test_a_look_at_it(): ..."]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert found(architecture.former_words, text) == []


def test_every_placeholder_of_a_message_has_its_value() -> None:
    assert broken(architecture.unfilled_placeholders) == []
    assert architecture.titles_raised_without_values(SOURCES) == []


@pytest.mark.parametrize(
    "text",
    [
        'say.translate("%(name)s on %(day)s", day=1)',
        'raise Unacceptable("file", N_("Line %(name)s."), line=1)',
        'see_other(request, "/", N_("%(name)s is named."))',
    ],
)
def test_a_placeholder_without_a_value_is_found(text: str) -> None:
    assert [what.partition(" ")[2] for what in found(architecture.unfilled_placeholders, text)] == ["lacks name"]


@pytest.mark.parametrize(
    "text", ['say("%(a)s", a=1)', 'say("%(a)s", **facts)', 'Alert(N_("%(a)s"), facts)', 'N_("%(a)s")']
)
def test_placeholders_with_their_values_are_left_alone(text: str) -> None:
    assert found(architecture.unfilled_placeholders, text) == []


def test_a_title_without_a_value_is_found() -> None:
    defined = Source("a/rules.py", 'class Late(Refusal):\n    title = N_("%(days)s days late.")')
    raised = Source("a/service.py", "raise Late()\nraise Late(days=1)")
    assert architecture.titles_raised_without_values([defined, raised]) == ["a/service.py: Late lacks days"]


# All files together


def test_a_class_has_a_name_of_its_own() -> None:
    assert architecture.classes_of_one_name(SOURCES) == {}


def test_two_classes_of_one_name_are_found() -> None:
    planted = [Source("a/rules.py", "class Line: ..."), Source("b/rules.py", "def f():\n    class Line: ...")]
    assert architecture.classes_of_one_name(planted) == {"Line": ["a/rules.py", "b/rules.py"]}


def test_mail_and_calls_leave_through_delivery_alone() -> None:
    assert architecture.naming(SOURCES, "aiosmtplib") == SENDERS
    assert architecture.naming(SOURCES, "httpx2") == CALLERS


def test_another_that_sends_is_found(tmp_path: Path) -> None:
    write(tmp_path / "events" / "planted" / "jobs.py", "from aiosmtplib import send\n")
    assert architecture.naming(architecture.sources(tmp_path), "aiosmtplib") == {"events/planted/jobs.py"}


def test_every_folder_of_code_is_a_package() -> None:
    assert architecture.folders_without_init(SOURCES) == set()


def test_a_folder_without_init_is_found() -> None:
    assert architecture.folders_without_init([Source("events/planted/rules.py", "")]) == {"events/planted"}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_finds_what_it_measures(name: str) -> None:
    import_module(name)


def test_every_slice_is_under_the_import_contract() -> None:
    listed = architecture.containers(tomllib.loads((ROOT / "pyproject.toml").read_text()))
    assert listed == architecture.slices(SOURCES)


def test_every_slice_is_a_layer_of_its_group() -> None:
    assert (
        architecture.slices(SOURCES) - architecture.layers(tomllib.loads((ROOT / "pyproject.toml").read_text()))
        == set()
    )


def test_a_slice_that_is_no_layer_is_found() -> None:
    contract = {"name": "Slices of events", "containers": ["events"], "layers": ["high | (low)"]}
    listed = architecture.layers({"tool": {"importlinter": {"contracts": [contract]}}})
    assert {"events.high", "events.low", "events.planted"} - listed == {"events.planted"}


def test_a_slice_without_a_contract_is_found() -> None:
    planted = [Source("events/planted/__init__.py", ""), Source("events/planted/rules.py", "")]
    assert architecture.slices(planted) == {"events.planted"}
    inner = [Source("events/group/planted/api.py", ""), Source("core/documents/pdf.py", "")]
    assert architecture.slices(inner) == {"events.group.planted"}


def test_every_table_is_known_to_the_migrations() -> None:
    assert architecture.modules_with_tables(SOURCES) == set(tables.MODELS)


def test_a_table_anywhere_is_found() -> None:
    planted = Source("events/planted/extra.py", "class Extra(SQLModel, table=True):\n    id: int")
    assert architecture.modules_with_tables([planted]) == {"events.planted.extra"}


def test_every_migration_says_whether_it_is_safe_beside_the_previous_release() -> None:
    assert architecture.migrations_that_say_nothing(ROOT / "migrations" / "versions") == []


def test_a_migration_that_says_nothing_of_it_is_found(tmp_path: Path) -> None:
    write(tmp_path / "0001_good.py", '"""Add.\n\nNot safe beside the previous release: stop it first.\n"""')
    write(tmp_path / "0002_silent.py", '"""Add."""')
    write(tmp_path / "0003_new.py", (ROOT / "migrations" / "script.py.mako").read_text())
    assert architecture.migrations_that_say_nothing(tmp_path) == ["0002_silent.py", "0003_new.py"]


def test_no_installed_package_brings_a_name_of_ours() -> None:
    assert architecture.foreign_names(packages_distributions()) == set()


def test_a_package_with_a_name_of_ours_is_found() -> None:
    installed = {"events": ["events-from-a-registry", "heyet"], "core": ["heyet"], "httpx2": ["httpx2"]}
    assert architecture.foreign_names(installed) == {"events"}


def test_what_is_imported_is_declared() -> None:
    migrations = [Source(file.name, file.read_text()) for file in (ROOT / "migrations").rglob("*.py")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    # What an optional part needs is imported where it is used.
    optional = [line for lines in project["optional-dependencies"].values() for line in lines]
    dependencies = [*project["dependencies"], *optional]
    found = architecture.undeclared([*SOURCES, *migrations], dependencies, packages_distributions())
    assert found == {}


def test_an_import_that_is_not_declared_is_found() -> None:
    text = "import json\nimport core.db\nimport numpy.linalg\nfrom PIL import Image\nfrom jose import jwt"
    installed = {"PIL": ["pillow"], "jose": ["Python_Jose"], "numpy": ["numpy"]}
    dependencies = ["Pillow>=11", "python.jose[extra]>=3; sys_platform != 'win32'"]
    assert architecture.undeclared([Source("core/a.py", text)], dependencies, installed) == {"numpy": "core/a.py"}


def test_every_template_is_used_and_every_template_used_is_there() -> None:
    used, there = architecture.templates_used_and_there(SOURCES, TEMPLATES)
    assert used == there


def test_a_template_that_is_missing_or_forgotten_is_found(tmp_path: Path) -> None:
    write(tmp_path / "events" / "forgotten.html", '{% extends "events/base.html" %}')
    write(tmp_path / "events" / "base.html")
    used, there = architecture.templates_used_and_there([Source("a.py", 'show("events/gone.html")')], tmp_path)
    assert (used - there, there - used) == ({"events/gone.html"}, {"events/forgotten.html"})


def test_templates_hold_no_inline_script_or_style() -> None:
    assert architecture.inline_script_or_style(TEMPLATES) == []


@pytest.mark.parametrize("text", ['<a onclick="f()">', '<p style="x">', "<script>f()</script>", "<style>p {}</style>"])
def test_an_inline_script_or_style_is_found(tmp_path: Path, text: str) -> None:
    write(tmp_path / "good.html", '<script src="/static/heyet.js"></script>')
    write(tmp_path / "events" / "planted.html", text)
    assert architecture.inline_script_or_style(tmp_path) == ["planted.html"]


def test_lines_of_templates_are_short_but_for_long_sentences() -> None:
    assert architecture.long_template_lines(TEMPLATES) == []


def test_a_long_line_of_a_template_is_found(tmp_path: Path) -> None:
    write(tmp_path / "good.html", "<p>\n" + '{{ _("%s") }}' % ("word " * 30))
    write(tmp_path / "events" / "planted.html", "<p>" + "<b>x</b>" * 20)
    assert architecture.long_template_lines(tmp_path) == ["planted.html:1"]


def test_no_page_asks_who_looks_at_it_within_a_call() -> None:
    assert architecture.callers_within_a_call(TEMPLATES) == []


def test_a_caller_within_a_call_is_found(tmp_path: Path) -> None:
    write(tmp_path / "planted.html", "{{ caller.name }}\n{% call kit.table([]) %}\n{{ caller.name }}{% endcall %}")
    assert architecture.callers_within_a_call(tmp_path) == ["planted.html:3"]


def test_lock_files_name_no_host() -> None:
    assert [host for name in LOCK_FILES for host in architecture.HOST.findall((ROOT / name).read_text())] == []


def test_a_host_in_a_lock_file_is_found() -> None:
    text = '"funding": {"url": "https://opencollective.com/x"}, "resolved": "https://registry.example/x.tgz"'
    assert architecture.HOST.findall(text) == ['https://registry.example/x.tgz"']


def test_documents_name_tests_that_are_there() -> None:
    assert architecture.tests_that_are_not_there(ROOT / "docs", ROOT / "tests") == set()


def test_a_document_that_names_a_test_that_is_gone_is_found(tmp_path: Path) -> None:
    write(tmp_path / "tests" / "a" / "test_here.py", "def test_this() -> None: ...")
    write(tmp_path / "docs" / "security.md", "`tests/a/test_here.py::test_this`, `tests/test_here.py`, `test_that`")
    gone = architecture.tests_that_are_not_there(tmp_path / "docs", tmp_path / "tests")
    assert gone == {"tests/test_here.py", "test_that"}


def test_documents_link_to_what_is_there() -> None:
    assert architecture.dead_links(ROOT) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "here.md", "[up](../README.md), [far](https://example.org/x), [gone](gone.md#part)")
    write(tmp_path / "README.md", "[here](docs/here.md) [below](#below)")
    assert architecture.dead_links(tmp_path) == ["docs/here.md: gone.md"]


def test_the_drawing_shows_the_folders_as_they_are() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text()
    assert architecture.drawn(document) == architecture.leaves(SOURCES) | {"core"}
    assert architecture.paths_that_are_not_there(ROOT, document) == set()


def test_what_a_drawing_forgets_or_makes_up_is_found(tmp_path: Path) -> None:
    boxes = ['a["<b>a</b>: it<br>one (x) · two-three<br>four"]', "subgraph c", 'd["<b>d</b>: this"]', "end", "a --> b"]
    assert architecture.drawn("\n".join(boxes)) == {"a.one", "a.two_three", "a.four", "c.d"}
    files = [Source(path, "") for path in ("c/wiring.py", "c/d/api.py", "c/e/f/api.py", "core/documents/pdf.py")]
    assert architecture.leaves(files) == {"c.d", "c.e.f"}
    write(tmp_path / "events" / "here" / "rules.py")
    text = "`events/here/`, `events/here/rules.py` (`A`), `events/gone/` `events/here/gone.py`, `rules.py`"
    assert architecture.paths_that_are_not_there(tmp_path, text) == {"events/gone/", "events/here/gone.py"}


# Routes


def test_every_route_says_who_may_call_it() -> None:
    assert routes.undeclared(routes.application()) == []


def test_a_route_that_says_nothing_is_found_however_it_is_served() -> None:
    app = routed()
    inner, outer = APIRouter(), APIRouter(prefix="/outer")
    inner.add_api_route("/planted/deep", lambda: None)
    outer.include_router(inner)
    app.include_router(outer)
    app.add_api_route("/planted", lambda: None)
    assert routes.undeclared(app) == ["GET /outer/planted/deep", "GET /planted"]


def test_the_walk_sees_every_route_that_the_description_of_the_api_names() -> None:
    assert set(routes.described()["paths"]) <= {route.path for route in routes.served(routes.application())}


def test_no_route_takes_a_table_for_a_schema() -> None:
    assert routes.taking_tables(routes.application()) == []


def test_a_route_that_takes_a_table_is_found() -> None:
    app = FastAPI()

    def planted(row: Event) -> None: ...

    app.add_api_route("/planted", planted, methods=["POST"])
    assert routes.taking_tables(app) == ["POST /planted"]
