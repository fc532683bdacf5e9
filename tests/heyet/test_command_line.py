"""The command line, as an operator types it."""

import re
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from core.security import FERNET, Vault
from tests.conftest import KEY
from tests.people import FORM_TOKEN
from tests.processes import Forked, Installation
from tests.servers import MailServer, wait_for_port


def counted(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        number: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return number


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with the demo project, at rest."""
    installation = Forked(tmp_path_factory.mktemp("demo"))
    with installation.serving("--demo") as running:
        running.link()
    return installation


def test_the_first_start_loads_the_demo_and_prints_a_link_that_signs_in(demo: Installation) -> None:
    with demo.serving("--demo") as running, httpx2.Client(follow_redirects=True) as browser:
        link = running.link()
        page = browser.get(link).text
        token = FORM_TOKEN.search(page)
        assert token
        home = browser.post(link, data={"form_token": token.group(1)})
    assert "Hello Elif Karaca" in home.text
    assert "Annual coordination meeting" in home.text


def test_a_second_start_keeps_the_data_and_an_interrupt_ends_cleanly(demo: Installation) -> None:
    before = counted(demo.folder / "var" / "heyet.db", "event")
    running = demo.start("serve", "--demo")
    wait_for_port(demo.port)
    assert running.stop(signal.SIGINT) == 0
    assert counted(demo.folder / "var" / "heyet.db", "event") == before == 3
    assert "Traceback" not in running.output


def test_a_port_that_is_taken_is_said_before_anything_is_written(tmp_path: Path) -> None:
    installation = Forked(tmp_path)
    with socket.create_server(("127.0.0.1", installation.port)):
        answer = installation.run("serve", "--demo")
    assert (answer.returncode, "something serves there already. HEYET_PORT=8080" in answer.stdout) == (1, True)
    assert not (tmp_path / "var" / "heyet.db").exists()
    assert "Heyet is at" not in answer.stdout


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    installation = Forked(tmp_path, secret_key="")
    assert installation.run("migrate").returncode == 0
    with installation.serving():
        pass
    file = tmp_path / "var" / "secret.key"
    first = file.read_text()
    with installation.serving():
        pass
    assert (file.stat().st_mode & 0o777, file.read_text()) == (0o600, first)


def test_a_copy_is_written_while_heyet_runs_and_restored(demo: Installation) -> None:
    copy = demo.folder / "copy.heyet"
    links = counted(demo.folder / "var" / "heyet.db", "personal_link")
    with demo.serving():
        assert demo.run("backup", str(copy)).returncode == 0
    assert copy.stat().st_mode & 0o077 == 0
    file = demo.folder / "var" / "heyet.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM feed")
        database.execute("DELETE FROM personal_link")
        database.commit()
    assert demo.run("restore", str(copy)).returncode == 1
    restored = demo.run("restore", str(copy), "--yes")
    assert (restored.returncode, counted(file, "personal_link")) == (0, links)


def test_a_broken_copy_is_not_restored(demo: Installation) -> None:
    broken = demo.folder / "broken.db"
    broken.write_bytes(b"no database")
    answer = demo.run("restore", str(broken), "--yes")
    assert (answer.returncode, "Nothing was changed" in answer.stdout) == (1, True)
    assert counted(demo.folder / "var" / "heyet.db", "event") == 3


def test_an_account_is_made_with_a_role_and_a_link(demo: Installation) -> None:
    made = demo.run("account", "create", "New Person", "new@example.org", "--project", "P-ACT", "--role", "assistant")
    assert "/sign-in/link/" in made.stdout
    assert (
        demo.run("account", "create", "X", "x@example.org", "--project", "NONE", "--role", "assistant").returncode == 1
    )
    assert len(demo.run("account", "password", "new@example.org").stdout.strip()) >= 16
    assert "/sign-in/link/" in demo.run("account", "link", "new@example.org").stdout
    assert demo.run("account", "link", "nobody@example.org").returncode == 1


def test_a_new_installation_gets_its_first_project_and_administrator(tmp_path: Path) -> None:
    installation = Forked(tmp_path)
    installation.run("migrate")
    details = ("Coordination and Training", "European Union", "ACT/1")
    made = installation.run("project", "P-ONE", *details, "--emblem", "eu", "--contact", "office@example.org")
    again = installation.run("project", "P-ONE", *details)
    wrong = installation.run("project", "P-TWO", *details, "--contact", "office")
    account = installation.run(
        "account", "create", "Şeref Öz", "s@example.org", "--project", "P-ONE", "--role", "administrator"
    )
    assert (made.returncode, again.returncode, wrong.returncode, account.returncode) == (0, 1, 1, 0)
    assert "not an e-mail address" in wrong.stdout
    assert "Traceback" not in again.stdout + wrong.stdout


def test_a_token_is_printed_once_and_opens_the_api(demo: Installation) -> None:
    token = demo.run("token", "elif.karaca@example.org", "script", "--right", "look").stdout.strip()
    with demo.serving():
        answer = httpx2.get(f"{demo.url}/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["total"]) == (200, 3)


def test_an_empty_installation_prints_what_to_open_and_links_lead_where_it_is_served(tmp_path: Path) -> None:
    empty = Forked(tmp_path)
    link = re.compile(rf"{empty.url}/first-run/[0-9a-f]{{64}}")
    with empty.serving() as running:
        assert link.search(running.output)
        assert httpx2.get(link.findall(running.output)[0]).status_code == 200
        # Another shell does not know the port; the installation says where it is served.
        del empty.environment["HEYET_PORT"]
        assert f"{empty.url}/sign-in/link/" in empty.run("demo").stdout
    # Nobody serves any more: the address is the one that is set.
    made = empty.run("account", "link", "elif.karaca@example.org").stdout
    assert made.startswith("http://127.0.0.1:8000/sign-in/link/")
    empty.environment["HEYET_PORT"] = str(empty.port)
    with empty.serving() as running:
        assert f"Heyet is at  {empty.url}" in running.output
        assert "/first-run/" not in running.output


def test_check_says_what_is_unsafe_in_words(tmp_path: Path, mail_server: MailServer) -> None:
    alone = Forked(tmp_path)
    alone.run("migrate")
    missing = alone.run("check")
    assert (missing.returncode, "reach nobody" in missing.stdout) == (1, True)
    relay = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none"}
    unknown = Forked(tmp_path, **relay).run("check")
    assert (unknown.returncode, "HEYET_PUBLIC_URL is empty" in unknown.stdout) == (1, True)
    good = Forked(tmp_path, **relay, public_url="https://heyet.example.org")
    assert good.run("check").returncode == 0
    bad = Forked(tmp_path, secret_key="short", public_url="http://heyet.example.org", redis_url="redis://127.0.0.1:1")
    answer = bad.run("check")
    assert answer.returncode == 1
    for words in (
        "shorter than 32",
        "not https",
        "SMTP_HOST is empty",
        "use PostgreSQL",
        "Redis does not answer",
    ):
        assert words in answer.stdout


def test_check_tries_the_relay(tmp_path: Path, mail_server: MailServer) -> None:
    installation = Forked(
        tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
        public_url="https://heyet.example.org",
    )
    installation.run("migrate")
    assert installation.run("check").returncode == 0
    mail_server.stop()
    assert "relay main does not let us in" in installation.run("check").stdout


def encrypted(file: Path) -> list[str]:
    """Every text that lies encrypted in a database, whichever its table is."""
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = [row for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]
    return [value for row in rows for value in row if isinstance(value, str) and value.startswith(FERNET.decode())]


def test_the_command_for_a_new_key_reaches_every_table(tmp_path: Path) -> None:
    installation = Forked(tmp_path)
    installation.run("demo")
    new = "another key for tests that is long enough"
    installation.environment |= {"HEYET_SECRET_KEY": new, "HEYET_SECRET_KEY_OLD": KEY}
    changed = installation.run("rotate-key")
    assert changed.returncode == 0, changed.stdout
    vault = Vault()
    vault.use(new)
    opened = [vault.decrypt(value) for value in encrypted(tmp_path / "var" / "heyet.db")]
    assert len(opened) > 10


def test_a_worker_without_redis_says_that_there_is_nothing_for_it_to_do(tmp_path: Path) -> None:
    answer = Forked(tmp_path).run("worker")
    assert (answer.returncode, "HEYET_REDIS_URL is empty" in answer.stdout) == (1, True)


def test_the_main_job_runs_from_end_to_end_by_api(demo: Installation, mail_server: MailServer) -> None:
    demo.environment |= {
        "HEYET_SMTP_HOST": "127.0.0.1",
        "HEYET_SMTP_PORT": str(mail_server.port),
        "HEYET_SMTP_SECURITY": "none",
    }
    with demo.serving() as running:
        journey = demo.run("demo", "--journey")
        deadline = time.monotonic() + 10
        while len(mail_server.taken) < 28 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert journey.returncode == 0, journey.stdout + running.output
    assert "NO " not in journey.stdout
    assert len(mail_server.taken) >= 28 + 27
    assert not re.search(r"@il\.example\.org|/i/[\w-]{20}|Yılmaz", running.output)
