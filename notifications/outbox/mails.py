"""Contents of mails: one source, from which the plain and the HTML part are made. Text is data, never a template."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.i18n import words
from core.pages import TEMPLATES
from core.templating import Unindented


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """What the next block is about."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Facts:
    """Names and values, in a table."""

    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Button:
    """One decision: a label and where it leads."""

    label: str
    address: str
    kind: str = "button"


@dataclass(frozen=True)
class Link:
    """A line that ends with words which lead somewhere; in plain text the address follows them."""

    text: str
    label: str
    address: str


@dataclass(frozen=True)
class MailContent:
    """What is said to one person, in their language."""

    subject: str
    blocks: Sequence[Paragraph | Heading | Facts | Button]
    language: str
    footer: Sequence[str | Link] = field(default_factory=tuple)

    def plain(self) -> str:
        return _environment().get_template("message.txt").render(content=self)

    def html(self) -> str:
        direction = words(self.language).direction
        page = _environment().get_template("message.html").render(content=self, direction=direction)
        return _inliner().inline(page)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Unindented],
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    # The style sheet stays beside the inlined rules: dark mode is a media query.
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
