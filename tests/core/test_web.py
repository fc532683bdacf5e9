"""The endpoint: what every request passes, whatever it asks for."""

import gzip
from contextlib import asynccontextmanager

import pytest

from core.db import Database
from directory.projects.models import Project
from tests.people import App, problem_fields


async def test_a_problem_is_rfc_9457_and_has_a_reference(sqlite_app: App) -> None:
    answer = await sqlite_app.api().get("/api/v1/events/018f5b5e-0000-7000-8000-000000000001")
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert body["type"].endswith("/problems/not-found")
    assert (body["status"], body["title"]) == (404, "There is nothing here.")
    assert body["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


async def test_problems_speak_the_callers_language(sqlite_app: App) -> None:
    client = sqlite_app.stranger().client
    answer = await client.get("/api/v1/events", headers={"Accept-Language": "tr-TR,tr;q=0.9"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Lütfen önce oturum açın.")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "", "127.0.0.1@evil.example", "[::1"])
async def test_another_host_name_is_not_answered(sqlite_app: App, host: str) -> None:
    answer = await sqlite_app.stranger().client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400


async def test_forwarded_names_of_strangers_change_no_link(sqlite_app: App) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = await sqlite_app.api().get("/api/v1/events/x", headers=headers)
    assert answer.json()["type"].startswith("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b'{"title": "a", "title": "b"}', 422),
        (b"[" * 60 + b"]" * 60, 422),
        (b"\xff\xfe{}", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b"{" + b" " * 11_000_000 + b"}", 413),
        (b'{"capacity": NaN}', 422),
        (b'{"capacity": 1e309}', 422),
    ],
)
async def test_a_body_nobody_would_send_gets_a_problem(sqlite_app: App, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await sqlite_app.api().post("/api/v1/events", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_every_answer_carries_the_security_headers(sqlite_app: App) -> None:
    headers = (await sqlite_app.stranger().get("/sign-in")).headers
    assert "script-src" not in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


async def test_a_form_without_its_token_is_refused(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    answer = await desk.client.post("/events/new", data={"title": "Forged"})
    assert answer.status_code == 403


async def test_a_form_of_another_site_is_refused(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/events/new")
    desk.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await desk.send("/events/new", sqlite_app.plan())).status_code == 403


async def test_a_form_with_somebody_elses_token_is_refused(sqlite_app: App) -> None:
    mine, other = await sqlite_app.at_desk(), await sqlite_app.at_desk()
    await mine.get("/events/new")
    await other.get("/events/new")
    mine.page = other.page
    assert (await mine.send("/events/new", sqlite_app.plan())).status_code == 403


async def test_a_cookie_opens_no_api(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    assert (await desk.client.get("/api/v1/events")).status_code == 401


async def test_an_unknown_address_gets_a_page_that_says_so(sqlite_app: App) -> None:
    answer = await sqlite_app.stranger().get("/no/such/page")
    assert (answer.status_code, "There is nothing here." in answer.text) == (404, True)


async def test_a_wrong_method_is_a_problem(sqlite_app: App) -> None:
    answer = await sqlite_app.api().delete("/api/v1/events")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (405, "method-not-allowed")


async def test_who_reloads_the_address_of_a_form_goes_on_at_the_page_above(sqlite_app: App) -> None:
    stranger = sqlite_app.stranger()
    answer = await stranger.client.get("/i/anything/code/mail", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/i/anything/code")
    led = await stranger.client.get("/i/anything/code/mail?next=/i/anything/calendar", follow_redirects=False)
    assert led.headers["location"] == "/i/anything/code?next=/i/anything/calendar"


@pytest.mark.parametrize(
    ("amount", "field", "message"),
    [
        ("1.234,50", None, ""),
        ("1,234.50", None, ""),
        ("1.234", "amount", "Please write an amount without fractions of the smallest coin, like 1234,50."),
        ("12.34,5", "amount", "Please write a number."),
    ],
)
async def test_an_amount_is_read_as_people_write_it_and_refused_beside_itself(
    sqlite_app: App, amount: str, field: str | None, message: str
) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    (person,) = (await sqlite_app.registrations(event)).values()
    spent = {"registration_id": person, "kind": "taxi", "amount": amount, "currency": "EUR"}
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/receipts", json=spent)
    if field is None:
        assert answer.json()["amount"] == "1234.50"
    else:
        assert answer.json()["errors"] == [{"field": field, "message": message}]


async def test_a_text_too_short_and_an_empty_choice_say_what_to_do(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    body = {"registration_id": "", "amount": "5", "currency": "EUR", "reason": "x"}
    answer = await sqlite_app.api("finance").post(f"/api/v1/events/{event['id']}/adjustments", json=body)
    nobody = {"sheet_ids": [], "method": "cash", "executes_on": "2026-05-04"}
    path = f"/api/v1/projects/{sqlite_app.project_id}/payment-batches"
    batch = await sqlite_app.api("finance").post(path, json=nobody)
    said = {one["field"]: one["message"] for one in answer.json()["errors"] + batch.json()["errors"]}
    assert said == {
        "registration_id": "Please choose one.",
        "reason": "Please write at least 3 letters.",
        "sheet_ids": "Please choose at least one.",
    }


async def test_a_commit_that_fails_is_not_answered_with_a_yes(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database itself refuses at the last moment: two rows with one key, flushed by the commit."""
    unit_of_work = Database.unit_of_work

    async def spoiled(self: Database):  # type: ignore[no-untyped-def]
        async with unit_of_work(self) as db:
            yield db
            db.add_all([_project(), _project()])

    monkeypatch.setattr(Database, "unit_of_work", asynccontextmanager(spoiled))
    answer = await app.api().post("/api/v1/events", json=app.plan())
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "conflict")
    monkeypatch.undo()
    assert (await app.api().get("/api/v1/events")).json()["total"] == 0


def _project():  # type: ignore[no-untyped-def]
    return Project(acronym="TWICE", title="x", donor="x", contract_number="x")


async def test_a_fault_of_ours_shows_no_trace_and_keeps_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ayse.yilmaz@example.org"

    def fall_over(*_: object, **__: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("events.programme.events.service.write_session", fall_over)
    client = app.api()
    client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    answer = await client.post(
        "/api/v1/events",
        json=app.plan(sessions=[{"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}]),
    )
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (500, "internal-error")
    assert secret not in answer.text
    assert (await app.api().get("/api/v1/events")).json()["total"] == 0


async def test_static_files_are_kept_for_a_year_under_their_hash(sqlite_app: App) -> None:
    page = (await sqlite_app.stranger().get("/sign-in")).text
    path = page.partition('<script src="')[2].partition('"')[0]
    answer = await sqlite_app.stranger().get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )


@pytest.mark.parametrize(
    "path",
    ["/static/x/../../core/settings.py", "/static/x/%2e%2e/%2e%2e/pyproject.toml", "/static/x/nothing"],
)
async def test_only_static_files_are_served(sqlite_app: App, path: str) -> None:
    assert (await sqlite_app.stranger().client.get(path)).status_code == 404


async def test_metrics_need_the_operators_token(sqlite_app: App) -> None:
    assert (await sqlite_app.stranger().get("/metrics")).status_code == 404


async def test_health_is_told_to_anybody(sqlite_app: App) -> None:
    assert (await sqlite_app.stranger().get("/healthz")).text == "ok"
    assert (await sqlite_app.stranger().get("/readyz")).json() == {"database": "ok"}


async def test_fields_are_named_in_the_problem(sqlite_app: App) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json={"title": "x"})
    assert {"project_id", "kind", "first_day", "last_day", "capacity"} <= set(problem_fields(answer))


async def test_a_compressed_bomb_is_read_as_bytes_and_refused(sqlite_app: App) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await sqlite_app.api().post("/api/v1/events", content=gzip.compress(b"0" * 10**7), headers=headers)
    assert answer.status_code == 422
