"""A client that is generated from the description, as others make their programs, works against an installation."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.processes import Forked
from tests.routes import described

NAME = "heyet_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The package of the client, made by openapi-python-client from what is served."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(described()))
    # Formatters would only cost time: nobody reads it.
    (folder / "settings.yaml").write_text("post_hooks: []\n")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
    options = ["--path", "openapi.json", "--config", "settings.yaml", "--output-path", NAME]
    made = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


def part(path: str) -> Any:
    return importlib.import_module(f"{NAME}.{path}")


def test_every_operation_has_a_function(generated: Path) -> None:
    names = {one["operationId"] for verbs in described()["paths"].values() for one in verbs.values()}
    assert names - {path.stem for path in (generated / "api").rglob("*.py")} == set()


def test_a_program_lists_events_adds_somebody_and_invites_them(generated: Path, tmp_path: Path, demo: Path) -> None:
    installation = Forked(tmp_path).with_demo(demo)
    with installation.serving("--demo"):
        rights = [word for right in ("look", "plan", "release") for word in ("--right", right)]
        token = installation.run("token", "elif.karaca@example.org", "client", *rights).stdout.strip()
        client = part("client").AuthenticatedClient(installation.url, token=token, raise_on_unexpected_status=True)
        models = part("models")
        with client:
            found = part("api.events.events_list_events").sync(client=client)
            event = next(one for one in found.items if str(one.kind) == "coordination-meeting")
            given = models.NamedIn(name="Ayşe Yılmaz", address="ayse.yilmaz@example.net")
            named = part("api.people.roster_name_person").sync(event.id, client=client, body=given)
            assert str(named.status) == "nominated"
            job = part("api.invitations.invitations_invite_everybody").sync(event.id, client=client)
            assert isinstance(job.id, UUID)
            roster = part("api.people.roster_roster").sync(event.id, client=client, q="Ayşe Yılmaz")
            assert [row.name for row in roster.items] == ["Ayşe Yılmaz"]
            refused = part("api.events.events_get_event").sync_detailed(UUID(int=7), client=client)
            assert refused.status_code == 404
