"""What the forms of pages do, and what operations of the API do: each use case that writes, by who reaches it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "directory", "notifications", "events", "visits", "finance", "heyet")
VERBS = ("get", "post", "put", "patch", "delete")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Code:
    """All functions by their full name: what they call, which of them write, which are endpoints of which verb."""

    calls: dict[str, set[str]] = field(default_factory=dict)
    writing: set[str] = field(default_factory=set)
    endpoints: dict[str, str] = field(default_factory=dict)

    def reached(self, name: str) -> set[str]:
        """Everything that a function calls, however deep."""
        found: set[str] = set()
        ahead = [name]
        while ahead:
            new = self.calls.get(ahead.pop(), set()) - found
            found |= new
            ahead += new
        return found


def page_only() -> dict[str, list[str]]:
    """The use cases that write which a form reaches and no operation of the API, by the form's endpoint."""
    code = _code()
    by_api = {
        name for point in code.endpoints if point.rpartition(".")[0].endswith(".api") for name in code.reached(point)
    }
    found = {}
    for point, verb in code.endpoints.items():
        module = point.rpartition(".")[0]
        if module.endswith(".api") or verb != "post":
            continue
        own = {name for name in code.calls[point] if name.startswith(module)}
        used = code.calls[point].union(*(code.calls[name] for name in own))
        alone = sorted(name for name in (used & code.writing) - by_api if ".service." in name)
        if alone:
            found[point] = alone
    return found


@cache
def _code() -> Code:
    code, direct = Code(), set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = _imports(tree)
        functions = {one.name: one for one in tree.body if isinstance(one, Function)}
        for name, function in functions.items():
            full = f"{module}.{name}"
            code.calls[full] = set(_used(function, imported, module, functions))
            if _writes(function):
                direct.add(full)
            for verb in _verbs(function):
                code.endpoints[full] = verb
    code.writing = {name for name in code.calls if name in direct or code.reached(name) & direct}
    return code


def _imports(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{one.module}.{alias.name}"
        for one in tree.body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    }


def _used(function: Function, imported: dict[str, str], module: str, own: dict[str, Function]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            yield f"{imported[node.value.id]}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in imported:
            yield imported[node.id]
        elif isinstance(node, ast.Name) and node.id in own:
            yield f"{module}.{node.id}"


def _writes(function: Function) -> bool:
    called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return bool(called & {"db.add", "db.add_all", "db.delete", "audit.record", "update", "delete", "insert"})


def _verbs(function: Function) -> Iterator[str]:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in VERBS:
            yield called.attr
