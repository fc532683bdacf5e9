"""One is not said as many: what counts people, rooms and days on pages says so of one too."""

import re
from pathlib import Path

from core.i18n import words
from tests.people import App
from visits.checks.rules import FindingCode, finding
from visits.checks.sentences import sentence

ROOT = Path(__file__).resolve().parents[2]
# A number that a sentence goes on to count, in a text for pages that has no form for one.
COUNTED = re.compile(r'[^n]_\(\s*"[^"]*%\((?:count|people)\)s (?:people|persons|payments|mails)\b[^"]*"')
# Of several by what it is, a bound, or put together by a script.
SEVERAL = (
    "who wait get a place by this",
    "The monthly report goes to",
    "Last synced",
    "people for %(seats)s seats",
)


def test_no_text_counts_people_or_mails_without_a_form_for_one() -> None:
    files = [*ROOT.glob("templates/pages/**/*.html")]
    for package in ("directory", "events", "finance", "heyet", "notifications", "visits"):
        files += (ROOT / package).rglob("*.py")
    found = {one[0][1:] for file in files for one in COUNTED.finditer(file.read_text())}
    assert {text for text in found if not any(known in text for known in SEVERAL)} == set()


async def test_a_programme_of_one_session_is_said_as_one(sqlite_app: App) -> None:
    session = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}
    event = await sqlite_app.event(sessions=[session])
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/overview")).text
    assert "One session, not published" in page


def test_one_day_outside_a_visit_is_one_day() -> None:
    found = finding(FindingCode.outside_days, "a", leg="TK 1", day="2026-05-10", days=1)
    assert sentence(found, words("en")) == "TK 1 on 10 May 2026 is one day outside the visit's days."
