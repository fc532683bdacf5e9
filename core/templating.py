"""What Jinja is given beside its own: sources without indentation, and the choices of a select box."""

import hashlib
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from enum import Enum
from functools import lru_cache, partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, Template, pass_context
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.filters import FILTERS, do_mark_safe
from jinja2.runtime import Context, Macro

from core.collation import sort_key

_DIGEST = hashlib.sha256().digest_size
_INDENT = re.compile(r"\n[ \t]+")
_ESCAPE, _SAFE = FILTERS["escape"], type(do_mark_safe(""))
# None of these but functions can want to know the context, and those say so.
_PLAIN = (FunctionType, MethodType, BuiltinFunctionType, type, partial)
_TO_ESCAPE = re.compile("[&<>'\"]")
Option = tuple[Any, Any]
# Names of countries and towns come again on every page that has a form.
_name_key = lru_cache(maxsize=2048)(sort_key)


class Unindented(Extension):
    """Leaves out what templates are indented by: a third of a page, and no browser shows it.

    Line breaks stay, also those around block tags (no `trim_blocks`): the formatter takes each for the space that it
    is, and puts two conditional attributes on two lines.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENT.sub("\n", source)


def escaped(value: Any) -> str:
    """A value as it is written into a page. As MarkupSafe says it, several times faster: what needs no escaping is
    not wrapped, for what templates write is only joined."""
    kind = type(value)
    if kind is _SAFE or (kind is str and _TO_ESCAPE.search(value) is None):
        return value  # type: ignore[no-any-return]
    return _ESCAPE(value)  # type: ignore[no-any-return]


class QuickTemplate(Template):
    """A template that escapes by `escaped`."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, *rest: Any) -> Template:
        template = super().from_code(environment, code, *rest)
        template.root_render_func.__globals__["escape"] = escaped
        return template


class QuickContext(Context):
    """Calls macros and functions straight away; Jinja looks at each time whether they want to know the context."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is Macro or (kind in _PLAIN and not hasattr(called, "jinja_pass_arg")):
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


class Compiled(BytecodeCache):
    """What templates were compiled to, for all environments of this process, whatever their language: what a language
    decides is asked when a page is written (`in_its_language`). Jinja compares sources.

    It is kept in files as well, for other processes and the next start, where Python would keep its own: in
    `__pycache__` of this folder, if that can be written and nobody forbids it.
    """

    def __init__(self, folder: Path) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}
        self._folder = folder / "__pycache__"
        # Besides the template's text: the Jinja that compiles it, and how it is set up here and in `core.pages`.
        ours = b"".join(Path(__file__).with_name(name).read_bytes() for name in ("templating.py", "pages.py"))
        self._version = hashlib.sha256(ours + jinja2.__version__.encode()).hexdigest()[:12]

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        with suppress(OSError):
            written = self._file(bucket).read_bytes()
            digest, kept = written[:_DIGEST], written[_DIGEST:]
            # What a disk has damaged may be read, and do something else.
            if hashlib.sha256(kept).digest() == digest:
                bucket.bytecode_from_string(kept)
        self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._keep(bucket)
        if not sys.dont_write_bytecode:
            code = bucket.bytecode_to_string()
            with suppress(OSError):
                self._folder.mkdir(exist_ok=True)
                with NamedTemporaryFile(dir=self._folder, delete=False) as new:
                    new.write(hashlib.sha256(code).digest() + code)
                Path(new.name).replace(self._file(bucket))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{self._version}.jinja"

    def _keep(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


def options(choices: Mapping[Any, str] | Iterable[Any], translate: Callable[[str], str]) -> list[Option]:
    """Value and text of each option.

    A mapping holds messages, which are translated; its keys may be members of an enum. Pairs stand as they are, and so
    do single values, which are their own text.
    """
    if isinstance(choices, Mapping):
        return [(key.value if isinstance(key, Enum) else key, translate(text)) for key, text in choices.items()]
    return [choice if isinstance(choice, tuple) else (choice, choice) for choice in choices]


def in_its_language(translated: Callable[[Any], Any]) -> Callable[..., Any]:
    """A filter whose words are a language's: where what it is given stands in the template, Jinja would work it out
    once, when that is compiled."""

    @pass_context
    def of_context(_: Context, value: Any) -> Any:
        return translated(value)

    return of_context


def paired(values: Iterable[Any], text_of: Callable[[Any], str]) -> list[Option]:
    """Each value with its text, for `options`."""
    return [(value, text_of(value)) for value in values]


def by_name(choices: Iterable[Option]) -> list[Option]:
    """The pairs in the order of their texts, as the alphabet has them: Çad before Çin, both before Danimarka."""
    return sorted(choices, key=lambda choice: _name_key(str(choice[1])))


def quick_gettext(
    translate: Callable[[str], str], written: Callable[[object], object], ours: Collection[str]
) -> Callable[..., str]:
    """What templates say `_("…")` with: the same words as Jinja's own, at a tenth of its time, for they are translated
    and filled once where they have no placeholders. Days and sums that fill one are written as `written` writes them.
    Autoescape must be on.

    What is not among `ours` is shown as text and never as markup: a mail's answer may be our sentence, or whatever
    somebody's mail server said."""

    def filled(message: str, facts: Mapping[str, object]) -> str:
        # What fills a message is escaped. A percent sign is written twice in those that are ours, filled in or not.
        if message in ours:
            return do_mark_safe(translate(message)) % facts
        text = _ESCAPE(message)
        return text % facts if facts else text  # type: ignore[no-any-return]

    @lru_cache(maxsize=4096)
    def plain(message: str) -> str:
        return filled(message, {})

    def gettext(message: str, /, **facts: object) -> str:
        return filled(message, {name: written(fact) for name, fact in facts.items()}) if facts else plain(message)

    return gettext
