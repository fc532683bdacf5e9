"""The set of containers is described without a mistake."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import do_without

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """What the program that runs it makes of compose.yaml."""
    for command in (["docker", "compose"], ["docker-compose"]):
        known = shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True).returncode == 0
        if known:
            break
    else:
        do_without("Docker Compose", "install the package docker-compose")
    secrets = {"POSTGRES_PASSWORD": "a" * 32, "HEYET_SECRET_KEY": "b" * 32}
    done = subprocess.run([*command, "config"], cwd=ROOT, env=os.environ | secrets, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found


def test_two_web_replicas_and_two_workers_stand_behind_one_proxy(described: dict[str, Any]) -> None:
    services = described["services"]
    assert [services[name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]
    assert [name for name, service in services.items() if re.search(r"\b8080\b", str(service.get("ports")))] == [
        "caddy"
    ]


def test_nothing_of_ours_runs_as_root_or_writes_into_its_image(described: dict[str, Any]) -> None:
    for name in ("web", "worker", "migrate"):
        assert described["services"][name]["read_only"]
        assert described["services"][name]["cap_drop"] == ["ALL"]
    assert "USER heyet" in (ROOT / "Dockerfile").read_text()


def test_without_its_secrets_it_does_not_start() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert "${POSTGRES_PASSWORD:?" in text
    assert "${HEYET_SECRET_KEY:?" in text
