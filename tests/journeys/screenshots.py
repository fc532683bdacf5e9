"""Pictures of the main pages, to be looked at: `make screenshots` writes them into var/screenshots."""

import sys
import tempfile
from pathlib import Path

import httpx2

from tests import servers
from tests.journeys.browser import chromium_at
from tests.journeys.test_main_job import signed_in
from tests.processes import Forked, Installation

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDTHS = (390, 768, 1440)
LANGUAGES = ("en", "tr")
# Name of the picture and the page; of an event that of the study visit, which has everything.
PAGES = {
    "home": "/",
    "events": "/events",
    "month": "/events/month",
    "year": "/events/year",
    "new-event": "/events/new",
    "overview": "/events/{event}/overview",
    "programme": "/events/{event}",
    "participants": "/events/{event}/people",
    "attendance": "/events/{event}/attendance",
    "delegation": "/events/{event}/delegation",
    "travel": "/events/{event}/travel",
    "stays": "/events/{event}/stays",
    "itinerary": "/events/{event}/itinerary",
    "costs": "/events/{event}/costs",
    "per-diem": "/events/{event}/per-diem",
    "people": "/people",
    "institutions": "/institutions",
    "mail": "/mail",
    "finance": "/finance",
    "dashboard": "/projects/{project}/dashboard",
}


def main() -> None:
    """Serve the demo, and take each page in each width and language."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        installation = Forked(Path(folder))
        with installation.serving("--demo") as running:
            running.link()
            known = _known(installation)
            with chromium_at(servers.chromium()) as browser:
                for language in LANGUAGES:
                    page = signed_in(installation, browser, "Elif Karaca", language=language)
                    page.wait_for_load_state()
                    for name, path in PAGES.items():
                        page.goto(installation.url + path.format(**known))
                        for width in WIDTHS:
                            page.set_viewport_size({"width": width, "height": 900})
                            page.screenshot(path=FOLDER / f"{name}-{width}-{language}.png", full_page=True)
    sys.stdout.write(f"{len(PAGES) * len(WIDTHS) * len(LANGUAGES)} pictures in {FOLDER}\n")


def _known(installation: Installation) -> dict[str, str]:
    token = installation.run("token", "elif.karaca@example.org", "pictures", "--right", "look").stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}) as api:
        events = api.get("/api/v1/events").json()["items"]
    visit = next(event for event in events if event["kind"] == "study-visit")
    return {"event": visit["id"], "project": visit["project_id"]}


if __name__ == "__main__":
    main()
