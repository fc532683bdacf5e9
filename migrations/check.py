"""Fails when the models and the migrations have come apart."""

import tempfile
from pathlib import Path

from migrations import run


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'check.db'}"
        run.upgrade(url)
        run.check(url)


if __name__ == "__main__":
    main()
