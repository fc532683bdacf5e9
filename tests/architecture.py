"""What the code keeps to and no tool knows: rules as functions of its files, so that each can be shown a violation."""

import ast
import gc
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "directory", "notifications", "events", "visits", "finance", "heyet")
# A folder with one of these is a slice.
AGREED = ("rules", "models", "mails", "documents", "schemas", "service", "views", "api", "pages", "jobs", "access")
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
# The clock itself, and a program that stands outside and calls us.
MAY_ASK_THE_TIME = {"core/clock.py", "heyet/journey.py"}
LOGGED = {"method", "route", "status", "ms", "kind", "exc_info", "id", "job", "code", "state", "relay", "table"}
SCRIPT_OR_STYLE = re.compile(r"\son\w+=|\sstyle=|<script(?! src)|<style")
SENTENCE = re.compile(r'"[^"]{60,}"')
HOST = re.compile(r"https?://(?!opencollective|github\.com/sponsors)\S*")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
# What things were called before they had the field's own names; a newcomer would have to look them up.
FORMER_WORDS = re.compile(
    r"_(houses?|doors?|doorstep|roof|storeys?|luggage|owes?|owed|workshops?|couriers?|postman|makers?|papers?|glance|nudge"
    r"|fate|troubles?|restand|namers?|tellings?|fingerprints?|standings?|acquaintances?)_"
)
FORMER_PHRASES = re.compile(r"_(put_back|let_go|try_again|move_on|move_up|look_at|load_case|told_sequence|hand_out)_")
# A workshop is a kind of event, and nothing else; paper is what the libraries of spreadsheets call the size of a page.
OF_THE_FIELD = {"workshop", "judiciary_workshop", "set_paper", "paperSize"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
PLACEHOLDER = re.compile(r"%\((\w+)\)")
TEST_NAME = re.compile(r"\btests/[\w/]+\.py\b|\btest_\w+\.py\b|\btest_\w+\b")


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        # CPython 3.11 loses count of its depth where the collector runs code inside a parse (gh-106905).
        gc.disable()
        try:
            return ast.parse(self.text)
        finally:
            gc.enable()

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def nodes(self, *kinds: type[Any]) -> Iterator[Any]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def imported(self) -> Iterator[str]:
        """Top-level modules that it imports."""
        for node in self.nodes(ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        yield from (node.module.partition(".")[0] for node in self.nodes(ast.ImportFrom) if not node.level)

    def method_calls(self) -> Iterator[tuple[str, str, ast.Call]]:
        """Calls that read `owner.name(...)`; the owner is empty where it is not a plain name."""
        for call in self.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute):
                owner = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
                yield owner, call.func.attr, call


Rule = Callable[[Source], Iterable[str]]


def sources(root: Path, packages: Iterable[str] = PACKAGES) -> list[Source]:
    """All Python files of our packages below a root."""
    paths = (path for name in packages for path in sorted((root / name).rglob("*.py")))
    return [Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


# Rules of one file


def length(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > LINES_OF_A_FILE:
        yield f"{lines} lines"


def length_of_functions(source: Source) -> Iterator[str]:
    for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > LINES_OF_A_FUNCTION:
            yield f"{function.name} has {lines} lines"


def missing_docstring(source: Source) -> Iterator[str]:
    if not ast.get_docstring(source.tree):
        yield "no docstring"


def ended_transactions(source: Source) -> Iterator[str]:
    # The driver itself says how one is ended.
    calls = [] if source.path == "core/sqlite.py" else source.method_calls()
    return (name for _, name, _ in calls if name in ("commit", "rollback"))


def http_exceptions(source: Source) -> Iterator[str]:
    for raised in source.nodes(ast.Raise):
        thrown = raised.exc.func if isinstance(raised.exc, ast.Call) else raised.exc
        if isinstance(thrown, ast.Name) and thrown.id == "HTTPException":
            yield thrown.id


def asking_the_time(source: Source) -> Iterator[str]:
    for owner, name, _ in source.method_calls():
        is_asked = f"{owner}.{name}" in ("datetime.now", "datetime.utcnow", "date.today")
        if is_asked and source.path not in MAY_ASK_THE_TIME:
            yield f"{owner}.{name}"


def unknown_facts_in_logs(source: Source) -> Iterator[str]:
    for owner, _, call in source.method_calls():
        if owner == "log":
            yield from (str(keyword.arg) for keyword in call.keywords if keyword.arg not in LOGGED)


def former_words(source: Source) -> Iterator[str]:
    """Identifiers with a word that was given up. Words for people, in strings and comments, are not looked at."""
    return (name for name in sorted({*_identifiers(source), *source.module.split(".")}) if is_former(name))


@cache
def is_former(name: str) -> bool:
    """Whether an identifier has a word that was given up."""
    words = f"_{'_'.join(WORD.findall(name)).lower()}_"
    # Names of tests are sentences, in which two plain words may well meet.
    has_phrase = not name.startswith("test_") and FORMER_PHRASES.search(words)
    return name not in OF_THE_FIELD and bool(has_phrase or FORMER_WORDS.search(words))


def _identifiers(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def unfilled_placeholders(source: Source) -> Iterator[str]:
    """Messages handed over with values for some of their placeholders only, or as the last of a call with none."""
    for call in source.nodes(ast.Call):
        given = {keyword.arg for keyword in call.keywords}
        if None in given or called(call) in ("N_", "NN_", "_"):
            continue
        for place, argument in enumerate(call.args):
            missing = set(PLACEHOLDER.findall(_message(argument))) - given
            # Values that follow by position (facts in a mapping) are for whoever takes the message.
            if missing and (given or place == len(call.args) - 1):
                yield f"{called(call)} lacks {', '.join(sorted(missing))}"


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _message(node: ast.expr) -> str:
    """The text of a literal, marked for translation or not; empty for all else."""
    if isinstance(node, ast.Call) and called(node) in ("N_", "_") and node.args:
        return _message(node.args[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# Rules of all files


def classes_of_one_name(files: Iterable[Source]) -> dict[str, list[str]]:
    """Names that stand for more than one class, with the files that define one."""
    places: dict[str, list[str]] = {}
    for source in files:
        for made in source.nodes(ast.ClassDef):
            places.setdefault(made.name, []).append(source.path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def titles_raised_without_values(files: Iterable[Source]) -> list[str]:
    """Refusals whose title has placeholders, made without a value for each."""
    files, found = list(files), []
    titles = {
        made.name: set(PLACEHOLDER.findall(_message(line.value)))
        for source in files
        for made in source.nodes(ast.ClassDef)
        for line in made.body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "title"
    }
    for source in files:
        for call in source.nodes(ast.Call):
            given = {keyword.arg for keyword in call.keywords}
            if None not in given and (missing := titles.get(called(call), set()) - given):
                found.append(f"{source.path}: {called(call)} lacks {', '.join(sorted(missing))}")
    return found


def naming(files: Iterable[Source], word: str) -> set[str]:
    """Paths of the files that name a library."""
    return {source.path for source in files if word in source.text}


def folders_without_init(files: Iterable[Source]) -> set[str]:
    """Folders that Python would import all the same, but neither mypy, import-linter nor the wheel would look into."""
    paths = {source.path for source in files}
    folders = {path.rpartition("/")[0] for path in paths}
    return {folder for folder in folders if f"{folder}/__init__.py" not in paths}


def slices(files: Iterable[Source]) -> set[str]:
    """Folders with files of a slice. What core and heyet hold are none."""
    found = set()
    for source in files:
        *folders, name = source.path.split("/")
        if folders[0] not in ("core", "heyet") and name.removesuffix(".py") in AGREED:
            found.add(".".join(folders))
    return found


def containers(pyproject: Mapping[str, Any]) -> set[str]:
    """The slices that the contract about their insides is held against."""
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    return {name for contract in contracts if "(models)" in contract["layers"] for name in contract["containers"]}


def layers(pyproject: Mapping[str, Any]) -> set[str]:
    """The slices that have their place above or below the others of their package or group."""
    found = set()
    for contract in pyproject["tool"]["importlinter"]["contracts"]:
        if contract["name"].startswith(("Slices of ", "Groups of ")):
            names = {name.strip("() ") for layer in contract["layers"] for name in re.split(r"[|:]", layer)}
            found |= {f"{container}.{name}" for container in contract["containers"] for name in names}
    return found


def modules_with_tables(files: Iterable[Source]) -> set[str]:
    return {
        source.module
        for source in files
        for made in source.nodes(ast.ClassDef)
        if any(keyword.arg == "table" for keyword in made.keywords)
    }


def foreign_names(distributions: Mapping[str, list[str]]) -> set[str]:
    """Packages of ours that something installed brings too."""
    return {name for name in PACKAGES if distributions.get(name, ["heyet"]) != ["heyet"]}


def undeclared(
    found: Iterable[Source], dependencies: Iterable[str], installed: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Modules of others that our files import and that come with no dependency of ours, each with one such file.
    `dependencies` as pyproject.toml has them, `installed` says which distributions bring a module."""
    declared = {_distribution(line) for line in dependencies}
    wanted = {module: source.path for source in found for module in source.imported()}
    ours = {*PACKAGES, "migrations", *sys.stdlib_module_names}
    return {
        module: path
        for module, path in wanted.items()
        if module not in ours and not declared & {_distribution(name) for name in installed.get(module, [])}
    }


def _distribution(line: str) -> str:
    """The name of a dependency as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line, maxsplit=1)[0]).lower()


def templates_used_and_there(files: Iterable[Source], pages: Path) -> tuple[set[str], set[str]]:
    """Names of templates that code or other templates name, and of those that exist."""
    existing = sorted(pages.rglob("*.html"))
    texts = [source.text for source in files] + [path.read_text(encoding="utf-8") for path in existing]
    used = {name for text in texts for name in re.findall(r'"([\w/]+\.html)"', text)}
    return used - {"message.html"}, {path.relative_to(pages).as_posix() for path in existing}


def inline_script_or_style(pages: Path) -> list[str]:
    return [path.name for path in pages.rglob("*.html") if SCRIPT_OR_STYLE.search(path.read_text(encoding="utf-8"))]


def long_template_lines(pages: Path) -> list[str]:
    """Lines that the formatter, which breaks tags and not expressions, left long; one sentence may stand in its own."""
    return [
        f"{path.name}:{number}"
        for path in pages.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120 and not SENTENCE.search(line)
    ]


CALL = re.compile(r"\{%-?\s*(call\b|endcall)|\bcaller\.")


def callers_within_a_call(pages: Path) -> list[str]:
    """Where a page asks who looks at it inside a `call`: there `caller` is the macro's, and the page breaks."""
    found = []
    for path in pages.rglob("*.html"):
        text, depth = path.read_text(encoding="utf-8"), 0
        for mark in CALL.finditer(text):
            if mark[1]:
                depth += 1 if mark[1] == "call" else -1
            elif depth:
                found.append(f"{path.name}:{text.count(chr(10), 0, mark.start()) + 1}")
    return found


def tests_that_are_not_there(documents: Path, tests: Path) -> set[str]:
    """Files and functions of tests that a document names as proof."""
    paths = list(tests.rglob("*.py"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    known = {path.relative_to(tests.parent).as_posix() for path in paths} | {path.name for path in paths}
    known |= set(re.findall(r"def (test_\w+)\(", code))
    named = {name for path in documents.rglob("*.md") for name in TEST_NAME.findall(path.read_text(encoding="utf-8"))}
    return named - known


def drawn(document: str) -> set[str]:
    """Folders that the drawing of a document names: `box["<b>box</b>: what it is<br>slice · slice (remark)"]`, a group
    of events within its subgraph. Boxes that name no slice are folders of their own."""
    found, inside = set(), ""
    for line in document.splitlines():
        if subgraph := re.match(r"\s*subgraph (\w+)", line):
            inside = f"{subgraph[1]}."
        elif line.strip() == "end":
            inside = ""
        elif box := re.match(r'\s*(\w+)\["<b>\w+</b>[^<]*(.*)"\]', line):
            names = [name for name in re.split(r"<br>|·", re.sub(r"\(.*?\)", "", box[2])) if name.strip()]
            folders = (re.sub(r"[ -]", "_", name.strip()) for name in names)
            found |= {f"{inside}{box[1]}.{name}" for name in folders} or {f"{inside}{box[1]}"}
    return found


def leaves(files: Iterable[Source]) -> set[str]:
    """Folders of code that hold no others, but for those of core and heyet, which are drawn as one."""
    folders = {".".join(source.path.split("/")[:-1]) for source in files}
    inner = {name for name in folders if not any(other.startswith(f"{name}.") for other in folders)}
    return {name for name in inner if not name.startswith("core.")}


def paths_that_are_not_there(root: Path, document: str) -> set[str]:
    """Files and folders of our packages that a document names."""
    named = re.findall(rf"`((?:{'|'.join(PACKAGES)})/[\w/]+(?:\.py)?)`?", document)
    return {name for name in named if not (root / name).exists()}


def dead_links(root: Path) -> list[str]:
    """Links of our documents to files that are not there."""
    found = []
    for path in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        targets = LINK.findall(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(root)}: {name}" for name in targets if not (path.parent / name).exists()]
    return found


def migrations_that_say_nothing(versions: Path) -> list[str]:
    """Migrations that do not say whether they may run while the previous release still serves."""
    said = re.compile(r"[Ss]afe beside (?!the previous release: say why)|there is no previous release")
    return [path.name for path in sorted(versions.glob("*.py")) if not said.search(path.read_text(encoding="utf-8"))]
