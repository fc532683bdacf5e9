"""Writes the next migration: what the models say and the migrations so far do not do.

`make migration name="add the rooms of a hotel"` needs no database; it compares with one made for the moment.
"""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from migrations.run import ROOT, config_for, upgrade

VERSIONS = ROOT / "migrations" / "versions"


def write(name: str, folder: Path = VERSIONS) -> Path:
    """Write it into the folder, numbered after the last one, and return its path. Raises ValueError without a name."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    if not words:
        raise ValueError('A migration needs a name: make migration name="add the rooms of a hotel"')
    with tempfile.TemporaryDirectory() as temporary:
        url = f"sqlite+aiosqlite:///{Path(temporary) / 'so-far.db'}"
        upgrade(url)
        config = config_with(folder, url)
        head = ScriptDirectory.from_config(config).get_current_head() or "0000"
        revision = f"{int(head[:4]) + 1:04}_{'_'.join(words)}"
        command.revision(config, name, autogenerate=True, rev_id=revision, version_path=str(folder))
    return folder / f"{revision}.py"


def config_with(folder: Path, url: str) -> Config:
    """Alembic's configuration for a database, with the migrations of one more folder."""
    config = config_for(url)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, dict.fromkeys((VERSIONS, folder)))))
    return config


def main() -> None:
    try:
        path = write(" ".join(sys.argv[1:]))
    except ValueError as error:
        sys.exit(str(error))
    print(f"{path.relative_to(ROOT)}: read it, say in its first lines whether it is safe beside the previous release.")


if __name__ == "__main__":
    main()
