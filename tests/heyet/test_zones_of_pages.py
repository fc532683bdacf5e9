"""Pages say moments by the clock of where the project is, and whose clock it is."""

import re
from pathlib import Path

import sqlalchemy as sa

from directory.projects.models import Project
from tests.people import App

UTC_CLOCK = re.compile(r"\d{2}:\d{2}\s+UTC\b")


async def test_history_and_mail_say_moments_by_the_projects_clock(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    async with app.database.unit_of_work() as db:
        await db.exec(sa.update(Project).values(zone="Asia/Dhaka"))
    desk = await app.at_desk()
    # 8:00 in London is 14:00 in Dhaka.
    assert app.clock().hour == 8
    for path in (
        f"/events/{event['id']}",
        "/mail",
        "/mail/batches",
        "/mail/health",
        "/account",
        f"/projects/{app.project_id}",
    ):
        page = (await desk.get(path)).text
        assert not UTC_CLOCK.search(page), path
    history = (await desk.get(f"/events/{event['id']}")).text.split('id="history"')[1]
    assert re.search(r"14:0\d Dhaka time", history)
    assert re.search(r"14:0\d Dhaka time", (await desk.get("/mail")).text)


async def test_who_has_no_project_reads_utc(sqlite_app: App) -> None:
    async with sqlite_app.database.unit_of_work() as db:
        await db.exec(sa.text("DELETE FROM membership"))  # type: ignore[call-overload]
    page = (await (await sqlite_app.at_desk()).get("/account")).text
    assert UTC_CLOCK.search(page)


def test_steps_of_finance_are_said_by_the_readers_clock_on_every_page() -> None:
    """By the event's on one page and by the project's on another, a sheet would be submitted at two moments."""
    pages = (Path(__file__).resolve().parents[2] / "templates/pages/finance").glob("*.html")
    steps = re.compile(
        r"say\.moment\((?:sheet|said|bundle)?\.?(?:moment|submitted_at|written_at|made_at), (?!own_zone)"
    )
    assert [file.name for file in pages if steps.search(file.read_text()) and file.name != "monthly_report.html"] == []


def test_no_document_says_a_moment_by_the_clock_of_nowhere() -> None:
    """Moments in documents and tables name the zone of whose clock they are: `stamp`, or `moment` with a zone."""
    root = Path(__file__).resolve().parents[2]
    bare = re.compile(r"(?:say|words)\.moment\([^(),]+(?:\([^()]*\))?\)|\}\)? UTC\b|%\(moment\)s UTC")
    found = [
        f"{file.relative_to(root)}: {hit[0]}"
        for package in ("core", "directory", "events", "finance", "visits")
        for file in sorted((root / package).rglob("*.py"))
        for hit in bare.finditer(file.read_text())
    ]
    assert found == []
