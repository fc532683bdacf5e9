"""Brings the messages of code and templates into the catalogues; with --check it fails where one is missing."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from core.i18n import CATALOGUES, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "N_": None, "say": None, "translate": None, "ngettext": (1, 2), "NN_": (1, 2)}
FOLDERS = ("core", "directory", "notifications", "events", "visits", "finance", "heyet", "templates/pages")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {
    "**.html": {
        "extensions": "jinja2.ext.do",
        "silent": "false",
    }
}
FIRST_RELEASE = datetime(2026, 11, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def extracted() -> Catalog:
    """All messages as they stand in the sources, without line numbers: those change with every edit."""
    catalogue = Catalog(project="Heyet", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS)
        for file, _, message, _, context in found:
            catalogue.add(message, locations=[(f"{folder}/{file}", None)], context=context)  # type: ignore[list-item]
    return catalogue


def problems_of(language: str, source: Catalog, catalogue: Catalog, known: set[object]) -> list[str]:
    """What is missing in one language, or has other placeholders than the message it translates."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        if message.id not in known:
            found.append(f"{language}: not in the catalogue: {message.id}")
        elif not all(_texts(message.string)):
            found.append(f"{language}: not translated: {message.id}")
        elif not _has_same_placeholders(message):
            found.append(f"{language}: wrong placeholders: {message.id}")
    return found


def main() -> None:
    source, complaints = extracted(), []
    for language in LANGUAGES:
        if language == "en":
            continue  # the messages are English
        path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
        catalogue = Catalog(locale=language, project="Heyet", version="1", creation_date=FIRST_RELEASE)
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language)
        known: set[object] = {message.id for message in catalogue}
        catalogue.update(source, no_fuzzy_matching=True, update_creation_date=False)
        if "--check" in sys.argv:
            complaints += problems_of(language, source, catalogue, known)
            continue
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.header_comment = f"# {LANGUAGES[language]} messages of Heyet."
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, include_lineno=False, sort_output=True)
        complaints += problems_of(language, source, catalogue, {message.id for message in catalogue})
    for complaint in complaints:
        print(complaint, file=sys.stderr)  # noqa: T201
    sys.exit(bool(complaints))


def _texts(string: object) -> list[str]:
    return [str(text) for text in string] if isinstance(string, (tuple, list)) else [str(string)]


def _has_same_placeholders(message: Message) -> bool:
    wanted = {name for text in _texts(message.id) for name in _PLACEHOLDER.findall(text)}
    return all(set(_PLACEHOLDER.findall(text)) == wanted for text in _texts(message.string))


if __name__ == "__main__":
    main()
