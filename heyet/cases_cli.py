"""What `heyet cases` does: worked examples in, one line of JSON for each out."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from heyet.command import stop

# By the kind that is asked for: the module that has `answer(case)`, and perhaps `agrees(expected, got)`; it is loaded
# when it is.
KINDS = {"per-diem": "finance.playground.cases", "travel": "heyet.travel_cases"}
# Told in sentences: read by people, and never what an example turns on.
_PROSE = frozenset({"because", "why"})


def run_cases(kind: str, file: Path) -> bool:
    """Print what the rules say of each example. Returns whether all are as expected.

    A file is {"examples": [{"id", "rule", "given", "expect"}, …]}, or the list alone. Those of per diems have their
    facts beside `id` and `rule_set`, and `expected`.
    """
    if kind not in KINDS:
        stop(f"There are no cases of the kind “{kind}”. Kinds: {', '.join(sorted(KINDS))}.")
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        cases = read["examples"] if isinstance(read, dict) else read
        cases = [dict(case) for case in cases]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        stop(f"{file} holds no cases: {wrong}")
    module = import_module(KINDS[kind])
    all_ok = True
    for line in _answers(cases, module.answer, getattr(module, "agrees", agrees)):
        all_ok = all_ok and line["ok"]
        json.dump(line, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    return all_ok


def _answers(
    cases: list[dict[str, Any]],
    answer: Callable[[Mapping[str, Any]], Any],
    is_same: Callable[[Any, Any], bool],
) -> Iterator[dict[str, Any]]:
    for case in cases:
        expected = case.get("expect", case.get("expected"))
        try:
            got = answer(case)
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as wrong:
            got = {"error": f"{type(wrong).__name__}: {wrong}"}
        line = {"id": case.get("id"), "expected": expected, "got": got, "ok": is_same(expected, got)}
        # Sentences are for people who read the answer, and no part of what is compared.
        explained = got.pop("explained", None) if isinstance(got, dict) else None
        yield line | ({"explained": explained} if explained else {})


def agrees(expected: Any, got: Any, key: str = "") -> bool:
    """Whether all that is expected is there, and equal; more may be there. What is expected as null may be missing.

    `not_told` names people and others in words: none of them may be among those who are told.
    """
    if key in _PROSE:
        return bool(got)
    if isinstance(expected, dict) and isinstance(got, dict):
        return all(
            _nobody_is_told(value, got) if name == "not_told" else agrees(value, got.get(name), name)
            for name, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(agrees(one, other) for one, other in zip(expected, got, strict=True))
    return bool(expected == got)


def _nobody_is_told(expected: list[str], got: Mapping[str, Any]) -> bool:
    told = got.get("tell", [])
    return not any(name == one.partition(",")[0].removeprefix("the ") for one in expected for name in told)
