"""One way to do each thing that every slice does: rules of its files, so that each can be shown a violation."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture import AGREED, Source, called, is_former

OF_PACKAGES = ("__init__", "wiring", "personal_data", "acts", "routers")
MOMENTS = {"at", "now", "moment"}
# Of a template: what is worked out, texts within that, and names.
EXPRESSION = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
# Of a test: collections of names and what is looked up by one, where nothing random stands; what random identifiers
# and tokens may hold.
OF_NAMES = re.compile(r"[a-z]\[[^\[]*\]$|^([A-Z_]+|key|of|cells|plan|route\.methods)$|^[({\[]")
BY_CHANCE = re.compile(r"[0-9a-f-]{1,9}|[A-Za-z0-9_-]{1,4}")


def models_outside_schemas(source: Source) -> Iterator[str]:
    """Models of what goes in and out that a slice defines elsewhere than in schemas.py. Tables are none."""
    if _is_of_a_slice(source, but="schemas"):
        for made in source.nodes(ast.ClassDef):
            bases = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in made.bases}
            if bases & {"BaseModel", "RootModel", *_models(source)}:
                yield made.name


def shapes_in_endpoints(source: Source) -> Iterator[str]:
    """Answers that api.py puts together field by field, which schemas.py does by an `of`: its models called with more
    than two fields or with a whole mapping, dictionaries of several fields, rows dumped."""
    if not source.path.endswith("/api.py"):
        return
    models = _models(source)
    for call in source.nodes(ast.Call):
        is_filled = len(call.keywords) > 2 or any(keyword.arg is None for keyword in call.keywords)
        if (called(call) in models and is_filled) or called(call) in ("model_dump", "model_copy"):
            yield called(call)
    for found in source.nodes(ast.Dict):
        if sum(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in found.keys) > 1:
            yield "a dictionary"


def moments_by_place(source: Source) -> Iterator[str]:
    """Functions that take the moment `at` by its place among others. The framework hands endpoints theirs by name."""
    for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        is_called_by_us = not function.decorator_list and not source.path.endswith("/access.py")
        for given in (*function.args.posonlyargs, *function.args.args):
            if (
                given.arg == "at"
                and is_called_by_us
                and ast.unparse(given.annotation or given) in ("datetime", "Moment")
            ):
                yield function.name


def state_of_the_application(source: Source) -> Iterator[str]:
    """Endpoints that fetch settings or the database themselves: parameter types bring them (Installed, Db)."""
    for function in _endpoints(source):
        for node in ast.walk(function):
            said = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Call) else ""
            if said.endswith(("state.settings", "state.database")) or said == "settings_of(request)":
                yield f"{function.name}: {said}"


def untyped_state(source: Source) -> Iterator[str]:
    """Settings and limits read from the application, whose types nobody knows, beside `settings_of` and `limits_of`."""
    if not source.path.endswith(("core/settings.py", "core/limits.py", "heyet/app.py")):
        for node in source.nodes(ast.Attribute):
            if ast.unparse(node).endswith((".app.state.settings", ".app.state.limits")):
                yield ast.unparse(node)


def units_of_work_by_hand(source: Source) -> Iterator[str]:
    """Endpoints that open the unit of work themselves though nothing slow goes on outside it: they take `Db`."""
    for function in _endpoints(source):
        opened = [
            n for n in ast.walk(function) if isinstance(n, ast.AsyncWith) and "unit_of_work" in ast.unparse(n.items[0])
        ]
        inside = {id(node) for one in opened for node in ast.walk(one)}
        waits = (n for n in ast.walk(function) if isinstance(n, ast.Await | ast.AsyncWith) and id(n) not in inside)
        if opened and not any(waits):
            yield function.name


def _endpoints(source: Source) -> Iterator[ast.AsyncFunctionDef]:
    for function in source.nodes(ast.AsyncFunctionDef):
        if any(isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) for one in function.decorator_list):
            yield function


def locked_after_a_look(source: Source) -> Iterator[str]:
    """Functions that look whether the caller may reach a row, then lock it in another step: `lock_event_for` and
    `lock_context_for` do both, and what is read before the lock may be old."""
    for function in source.nodes(ast.AsyncFunctionDef):
        names = {called(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
        if names & {"get_event", "get_invitation"} and names & {"lock_event", "lock_context"}:
            yield function.name


def scopes_of_their_own(source: Source) -> Iterator[str]:
    """Comparisons with the caller's projects: `must_reach` compares, and the history keeps who was turned away."""
    for compared in source.nodes(ast.Compare):
        if any(ast.unparse(one).endswith("caller.projects") for one in compared.comparators):
            yield ast.unparse(compared)


def days_in_utc(source: Source) -> Iterator[str]:
    """Days taken from a moment as it is, which are UTC's: `day_in` asks for a zone, `utc_day` says none matters."""
    if not source.path.endswith("core/zones.py"):
        for owner, name, call in source.method_calls():
            if name == "date" and (owner in MOMENTS or re.search(r"_at$|\blocal\(", ast.unparse(call.func.value))):
                yield ast.unparse(call)


def sweeps_elsewhere(source: Source) -> Iterator[str]:
    """Sweeps that a wiring.py takes from another file than a jobs.py."""
    imports = source.nodes(ast.ImportFrom)
    jobs = {one.asname or one.name for i in imports for one in i.names if one.name == "jobs"}
    for call in source.nodes(ast.Call):
        lists = [k.value for k in call.keywords if k.arg == "sweeps" and isinstance(k.value, ast.List)]
        yield from (n for one in lists for n in map(ast.unparse, one.elts) if n.partition(".")[0] not in jobs)


def _models(source: Source) -> set[str]:
    """Names that a file imports from any schemas.py."""
    imports = source.nodes(ast.ImportFrom)
    return {one.asname or one.name for i in imports if (i.module or "").endswith(".schemas") for one in i.names}


def _is_of_a_slice(source: Source, *, but: str) -> bool:
    package, _, name = source.path.removesuffix(".py").rpartition("/")
    return package.partition("/")[0] not in ("core", "heyet") and name in {*AGREED} - {but}


def unexplained_files(files: Iterable[Source], text: str) -> list[str]:
    """Files of slices that have none of the agreed names, and neither they nor their folder stand in the document on
    architecture."""
    found = []
    for source in files:
        package, _, name = source.path.rpartition("/")
        is_agreed = name.removesuffix(".py") in (*AGREED, *OF_PACKAGES)
        is_of_a_slice = "/" in package and package.split("/")[0] not in ("core", "heyet", "migrations")
        if is_of_a_slice and not is_agreed and f"`{name}`" not in text and f"`{package}/`" not in text:
            found.append(source.path)
    return found


def days_of_no_zone(pages: Path) -> list[str]:
    """Where a page writes out the day of a moment, which is UTC's: `say.day_of` asks for a zone."""
    return [
        f"{path.name}: {found[0]}"
        for path in pages.rglob("*.html")
        for found in re.finditer(r"say\.day\([^)]*\.date\(\)", path.read_text(encoding="utf-8"))
    ]


def former_words_of_pages(pages: Path) -> list[str]:
    """Names of templates, and names in their expressions, with a word that was given up. Texts are not looked at."""
    found = []
    for path in sorted(pages.rglob("*.html")):
        code = " ".join(EXPRESSION.findall(path.read_text(encoding="utf-8")))
        names = {path.stem, *IDENTIFIER.findall(TEXT.sub("", code))}
        found += [f"{path.name}: {name}" for name in sorted(names) if is_former(name)]
    return found


def found_by_chance(source: Source) -> Iterator[str]:
    """What a test wants to be absent from a page, a mail, a file or a row and is so short that it may be part of an
    identifier there (hexadecimal) or of a token (letters of base64): once in some thousand runs it is."""
    texts: dict[str, list[str]] = {}
    for loop in source.nodes(ast.For, ast.comprehension):
        texts.setdefault(ast.unparse(loop.target), []).extend(_strings(loop.iter))
    for assigned in source.nodes(ast.Assign):
        texts.setdefault(ast.unparse(assigned.targets[0]), []).extend(_strings(assigned.value))
    for loop in source.nodes(ast.For, ast.comprehension):
        texts[ast.unparse(loop.target)].extend(texts.get(ast.unparse(loop.iter), []))
    for compared in _wanted_absent(source):
        if not OF_NAMES.search(ast.unparse(compared.comparators[0])):
            for text in (*_strings(compared.left), *texts.get(ast.unparse(compared.left), [])):
                if BY_CHANCE.fullmatch(text):
                    yield text


def _wanted_absent(source: Source) -> Iterator[ast.Compare]:
    """`a not in b`; `a in b` where a list, a set or `any` asks it of several, or a tuple is to hold False for it."""
    for compared in source.nodes(ast.Compare):
        if isinstance(compared.ops[0], ast.NotIn):
            yield compared
        elif isinstance(compared.left, ast.Tuple) and isinstance(compared.comparators[0], ast.Tuple):
            for part, wanted in zip(compared.left.elts, compared.comparators[0].elts, strict=False):
                if isinstance(wanted, ast.Constant) and wanted.value is False:
                    yield from _of_in(part)
    for each in source.nodes(ast.comprehension):
        for asked in each.ifs:
            yield from _of_in(asked)
    for call in source.nodes(ast.Call):
        if called(call) == "any":
            yield from _of_in(call)


def _of_in(node: ast.AST) -> Iterator[ast.Compare]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.In))


def _strings(node: ast.expr) -> Iterator[str]:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    values = (one.value for one in parts if isinstance(one, ast.Constant))
    return (one.decode("latin-1") if isinstance(one, bytes) else one for one in values if isinstance(one, str | bytes))
