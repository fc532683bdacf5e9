"""What a cache that many share (a CDN, a proxy of a ministry) may keep, and what it may not. docs/scaling.md has the
table."""

from httpx2 import AsyncClient

from tests.events.calendars.test_calendar_wishes import subscribe
from tests.people import App
from tests.routes import PUBLIC, our_routes

# The same for everybody, whoever asks, and found by no secret.
SHARED = {"/robots.txt", "/favicon.ico", "/.well-known/security.txt", "/public/{project_id}/month"}


def may_be_shared(header: str) -> bool:
    """Whether a cache that many share may keep an answer with this Cache-Control (RFC 9111, 3)."""
    given = {part.strip().partition("=")[0] for part in header.lower().split(",")}
    return not given & {"no-store", "private"}


def test_only_what_says_private_or_no_store_stays_out_of_shared_caches() -> None:
    assert [may_be_shared(one) for one in ("public, max-age=300", "", "private, max-age=300", "no-store")] == [
        *(True, True),
        *(False, False),
    ]


async def test_no_address_but_those_meant_for_everybody_may_be_kept_by_a_cache_that_many_share(sqlite_app: App) -> None:
    event = await sqlite_app.event(confidentiality="public")
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    stranger, staff = sqlite_app.stranger().client, (await sqlite_app.at_desk("administrator")).client
    found = set()
    for route in our_routes():
        if "GET" not in route.methods:
            continue
        path = route.path.replace("{project_id}", str(sqlite_app.project_id)).replace("{event_id}", str(event["id"]))
        client = stranger if route.path in PUBLIC else staff
        answer = await client.get(path.replace("{", "").replace("}", ""))
        if may_be_shared(answer.headers.get("cache-control", "")):
            found.add(route.path)
    # Nobody is named to whom weaknesses are reported.
    assert found == SHARED - {"/.well-known/security.txt"}


async def test_a_calendar_is_kept_by_its_reader_alone_also_while_it_is_unchanged(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"], confidentiality="public")
    shared = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/feeds", json={"kind": "event"})
    own = await subscribe(sqlite_app, tokens["Ayşe Yılmaz"])
    for path in (own, shared.json()["address"].partition("8000")[2]):
        for _ in range(2):  # rendered, then from memory
            await must_be_private(sqlite_app.stranger().client, path)


async def must_be_private(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (answer.status_code, again.status_code) == (200, 304)
    kept = [one.headers["cache-control"] for one in (answer, again)]
    assert kept == ["private, max-age=300"] * 2


async def test_pages_found_by_a_link_are_kept_by_nobody(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"], confidentiality="public")
    for path in (f"/i/{tokens['Ayşe Yılmaz']}", f"/e/{event['code']}"):
        answer = await sqlite_app.stranger().client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
