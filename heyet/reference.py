"""Writes docs/configuration.md from the settings; with --check it fails where the page is out of date."""

import sys
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
HEAD = """# Configuration

Every setting is an environment variable, or a line of `.env` in the folder Heyet is started from. The
defaults are the embedded way to run: SQLite, work in the web process, mail kept in the local mailbox.
`heyet check` says what is missing or unsafe.

This page is written from `core/settings.py` by `make docs`.

| Variable | Default | Meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = f"`{default}`" if field.default_factory is None and str(default) else "empty"
    choices = [f"`{choice}`" for choice in get_args(field.annotation) if isinstance(choice, str)]
    meaning = f"{field.description}{' One of ' + ', '.join(choices) + '.' if choices else ''}"
    return f"| `HEYET_{name.upper()}` | {shown} | {meaning.replace('|', chr(92) + '|')} |\n"


def main() -> None:
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/configuration.md is out of date: run `make docs`.")


if __name__ == "__main__":
    main()
