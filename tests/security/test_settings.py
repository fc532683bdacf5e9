"""What an operator set so that it lets in too much is refused, or said in words."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.settings import Settings
from core.strength import weakness_of
from tests.processes import Installation

WEAK = [
    ("short", "shorter than 32"),
    ("a" * 64, "different characters"),
    ("0123456789abcdef" * 4, "repeats itself"),
    ("correct horse battery correct horse battery ", "repeats itself"),
    ("abcdefghijklmnopqrstuvwxyz0123456789", "alphabet"),
    ("please-changeme-before-you-go-live-2026", "examples"),
]


@pytest.mark.parametrize(("key", "words"), WEAK, ids=[words for _, words in WEAK])
def test_a_key_that_can_be_guessed_is_called_weak(key: str, words: str) -> None:
    assert words in weakness_of(key)


def test_a_random_key_is_good() -> None:
    keys = [secrets.token_hex(32) for _ in range(500)] + [secrets.token_urlsafe(48) for _ in range(500)]
    assert {weakness_of(key) for key in keys} == {""}


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_with_a_weak_key(tmp_path: Path, command: str) -> None:
    installation = Installation(tmp_path, secret_key="x" * 40, redis_url="redis://127.0.0.1:1")
    answer = installation.run(command)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "different characters" in answer.stderr
    assert "does not start" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "var" / "heyet.db").exists()


def test_a_weak_key_in_the_file_is_no_better(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret.key").write_text("y" * 40)
    answer = Installation(tmp_path, secret_key="").run("serve")
    assert (answer.returncode, "does not start" in answer.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("trusted_proxies", "*", "HEYET_TRUSTED_PROXIES"),
        ("trusted_proxies", "10.0.0.1, *", "HEYET_TRUSTED_PROXIES"),
        ("webhooks_inside", True, "HEYET_WEBHOOKS_INSIDE"),
        ("metrics_token", SecretStr("x"), "HEYET_METRICS_TOKEN"),
        ("session_hours", 720, "HEYET_SESSION_HOURS"),
        ("session_idle_minutes", 1440, "HEYET_SESSION_IDLE_MINUTES"),
        ("public_url", "http://heyet.example.org", "not https"),
        ("secret_key", SecretStr("ab" * 20), "HEYET_SECRET_KEY"),
    ],
)
def test_check_says_what_is_too_open(tmp_path: Path, name: str, value: Any, words: str) -> None:
    assert [p for p in settings(tmp_path).problems() if words in p] == []
    assert [p for p in settings(tmp_path, **{name: value}).problems() if words in p] != []


@pytest.mark.parametrize(("host", "is_open"), [("0.0.0.0", True), ("::", True), ("", True), ("127.0.0.1", False)])
def test_check_says_where_mail_is_taken_from_everywhere(tmp_path: Path, host: str, is_open: bool) -> None:
    found = settings(tmp_path, inbound_host=host, inbound_port=2525).problems()
    assert bool([p for p in found if "HEYET_INBOUND_HOST" in p]) == is_open


def settings(folder: Path, **more: Any) -> Settings:
    key = {"secret_key": SecretStr("a key for tests that is long enough")}
    return Settings(_env_file=None, var=folder, **{**key, **more})
