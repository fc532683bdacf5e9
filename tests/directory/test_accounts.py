"""Signing in, and what each role may do."""

import re
from uuid import uuid4

import pyotp
import sqlalchemy as sa

from core.security import hash_password
from directory.accounts.models import Account
from directory.accounts.rules import HOLDERS, Right
from directory.accounts.service import create_token
from tests.people import STAFF, App, Visitor
from tests.routes import our_routes

PASSWORD = "a short sentence is good"
LINK = re.compile(r"/sign-in/link/([\w-]{20,})")


async def with_password(app: App, role: str = "organiser") -> Account:
    hashed = await hash_password(PASSWORD)
    async with app.database.unit_of_work() as db:
        account = await db.get_one(Account, app.accounts[role])
        account.password = hashed
    return account


async def signed_in(visitor: Visitor) -> bool:
    return (await visitor.get("/account")).status_code == 200


async def mailed_link(app: App) -> str:
    visitor = app.stranger()
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in/link", {"address": "Organiser@EXAMPLE.org"})
    found = LINK.search((await app.mails("sign-in-link"))[-1].plain)
    assert found
    return found.group(0)


async def test_a_password_opens_the_desk_and_a_wrong_one_does_not(sqlite_app: App) -> None:
    await with_password(sqlite_app)
    visitor = sqlite_app.stranger()
    await visitor.get("/sign-in")
    wrong = await visitor.send("/sign-in", {"address": "organiser@example.org", "password": "wrong"})
    assert (wrong.status_code, 'value="organiser@example.org"' in wrong.text) == (422, True)
    assert "wrong" not in re.findall(r'value="([^"]*)"', wrong.text)
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    assert await signed_in(visitor)


async def test_an_unknown_address_is_answered_like_a_wrong_password(sqlite_app: App) -> None:
    await with_password(sqlite_app)
    answers = []
    for address in ("organiser@example.org", "nobody@example.org"):
        visitor = sqlite_app.stranger()
        await visitor.get("/sign-in")
        answer = await visitor.send("/sign-in", {"address": address, "password": "wrong"})
        answers.append((answer.status_code, "do not fit together" in answer.text))
    assert answers[0] == answers[1] == (422, True)


async def test_guessing_passwords_is_slowed_down(sqlite_app: App) -> None:
    visitor = sqlite_app.stranger()
    await visitor.get("/sign-in")
    statuses = [
        (await visitor.send("/sign-in", {"address": "organiser@example.org", "password": str(n)})).status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]


async def test_signing_out_ends_the_session_on_the_server_too(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    token = desk.client.cookies["heyet_session"]
    await desk.get("/account")
    await desk.send("/sign-out")
    desk.client.cookies.set("heyet_session", token)
    assert not await signed_in(desk)


async def test_a_session_ends_by_itself(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    sqlite_app.clock.forward(hours=12)
    assert not await signed_in(desk)


async def test_a_page_that_needs_a_sign_in_comes_back_to_itself(sqlite_app: App) -> None:
    answer = await sqlite_app.stranger().get("/people?q=ayse")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/people%3Fq%3Dayse")


async def test_a_mailed_link_signs_in_once(app: App) -> None:
    link = await mailed_link(app)
    first, second = app.stranger(), app.stranger()
    await first.get(link)
    await first.send(link)
    assert await signed_in(first)
    await second.get(link)
    assert (await second.send(link)).status_code == 410


async def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(app: App) -> None:
    link = await mailed_link(app)
    await app.stranger().get(link)
    visitor = app.stranger()
    await visitor.get(link)
    await visitor.send(link)
    assert await signed_in(visitor)


async def test_a_link_is_too_old_after_twenty_minutes(sqlite_app: App) -> None:
    link = await mailed_link(sqlite_app)
    sqlite_app.clock.forward(minutes=20)
    visitor = sqlite_app.stranger()
    await visitor.get(link)
    late = await visitor.send(link)
    # Whoever has an account asks for another link to sign in, not for links of invitations.
    assert (late.status_code, 'href="/sign-in/link"' in late.text, "/lost-link" in late.text) == (410, True, False)


async def test_asking_for_a_link_tells_nobody_whether_the_address_is_known(sqlite_app: App) -> None:
    pages = []
    for address in ("organiser@example.org", "nobody@example.org"):
        visitor = sqlite_app.stranger()
        await visitor.get("/sign-in/link")
        answer = await visitor.send("/sign-in/link", {"address": address})
        pages.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
    assert pages[0] == pages[1]
    assert len(await sqlite_app.mails("sign-in-link")) == 1


async def test_the_second_factor_is_asked_for_and_each_code_serves_once(app: App) -> None:
    await with_password(app)
    desk, secret = await app.at_desk(), pyotp.random_base32()
    code = pyotp.TOTP(secret).at(app.clock.now)
    await desk.get("/account")
    await desk.send("/account/second-factor", {"secret": secret, "code": code})
    app.clock.forward(minutes=1)
    code = pyotp.TOTP(secret).at(app.clock.now)

    async def come_in() -> Visitor:
        visitor = app.stranger()
        await visitor.get("/sign-in")
        await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
        assert not await signed_in(visitor)
        await visitor.get("/sign-in/code")
        await visitor.send("/sign-in/code", {"code": code})
        return visitor

    assert await signed_in(await come_in())
    assert not await signed_in(await come_in())


async def test_setting_a_password_signs_out_other_browsers(app: App) -> None:
    here, there = await app.at_desk(), await app.at_desk()
    await here.get("/account")
    await here.send("/account/password", {"password": PASSWORD})
    assert not await signed_in(there)


async def test_a_short_password_is_refused_beside_the_field(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    answer = await desk.send("/account/password", {"password": "short"})
    assert (answer.status_code, "Please take at least 12 letters" in answer.text) == (422, True)


async def test_an_api_token_has_only_the_rights_it_was_given_and_can_be_revoked(app: App) -> None:
    async with app.database.unit_of_work() as db:
        account = await db.get_one(Account, app.accounts["organiser"])
        token = await create_token(db, account, name="reader", rights=[Right.look], days=1, at=app.clock())
    reader = app.guest(token)
    assert (await reader.get("/api/v1/events")).status_code == 200
    assert (await reader.post("/api/v1/events", json=app.plan())).status_code == 403
    desk = await app.at_desk()
    page = (await desk.get("/account")).text
    for path in re.findall(r'action="(/account/tokens/[^"]+/revoke)"', page):
        await desk.send(path)
    assert (await reader.get("/api/v1/events")).status_code == 401


async def test_an_api_token_ends_on_its_day(app: App) -> None:
    async with app.database.unit_of_work() as db:
        account = await db.get_one(Account, app.accounts["organiser"])
        token = await create_token(db, account, name="day", rights=[Right.look], days=1, at=app.clock())
    app.clock.forward(days=1)
    assert (await app.guest(token).get("/api/v1/events")).status_code == 401


async def test_nothing_that_signs_in_is_stored_as_it_is(app: App) -> None:
    await mailed_link(app)
    await app.at_desk()
    async with app.database.reading() as db:
        connection = await db.connection()
        for table, column in (
            ("api_token", "token_hash"),
            ("sign_in", "token_hash"),
            ("one_time_link", "token_hash"),
        ):
            stored = (await connection.execute(sa.text(f"SELECT {column} FROM {table}"))).scalars().all()
            assert stored
            assert all(re.fullmatch("[0-9a-f]{64}", hash) for hash in stored)
        bodies = (await connection.execute(sa.text("SELECT plain FROM message"))).scalars().all()
        assert not any("/sign-in/link/" in body for body in bodies)


def endpoints() -> list[tuple[str, str, Right]]:
    """Every endpoint that needs a right: its method, its address and the right."""
    found = []
    for route in our_routes():
        rights = route.declares
        # A route that asks for several rights has a test of its own.
        if len(rights) == 1 and (right := min(rights)) in {r.value for r in Right}:
            path = re.sub(r"\{(\w+)\}", lambda m: "EUR" if m[1] == "currency" else str(uuid4()), route.path)
            found.append((min(route.methods), path, Right(right)))
    return found


async def test_every_endpoint_is_open_to_those_who_hold_its_right_and_to_nobody_else(sqlite_app: App) -> None:
    stranger = sqlite_app.stranger().client
    programs = {role: sqlite_app.api(role) for role in STAFF}
    browsers = {role: (await sqlite_app.at_desk(role)).client for role in STAFF}
    wrong = []
    for method, path, right in endpoints():
        is_api = path.startswith("/api/")
        shut = (await stranger.request(method, path)).status_code
        if shut not in ((401,) if is_api else (303, 401)):
            wrong.append((method, path, "stranger", shut))
        for role, (_, roles) in STAFF.items():
            client = (programs if is_api else browsers)[role]
            answer = await client.request(method, path, headers={"Accept-Language": "en"})
            is_refused = answer.status_code == 403 and "Your role does not allow this." in answer.text
            if is_refused == any(one in HOLDERS[right] for one in roles):
                wrong.append((method, path, role, answer.status_code))
    assert len(endpoints()) > 150
    assert wrong == []


async def test_another_projects_rows_answer_as_if_they_were_not_there_and_the_attempt_is_kept(
    sqlite_app: App,
) -> None:
    event = await sqlite_app.event()
    await sqlite_app.found("P-OTHER", prefix="other-")
    stranger = sqlite_app.api("other-organiser")
    theirs = await stranger.get(f"/api/v1/events/{event['id']}")
    missing = await stranger.get(f"/api/v1/events/{uuid4()}")
    assert (
        (theirs.status_code, theirs.json()["title"])
        == (missing.status_code, missing.json()["title"])
        == (404, "There is nothing here.")
    )
    assert (await stranger.get("/api/v1/events")).json()["total"] == 0
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")).text
    assert "Refused: belongs to another project" in page


async def test_the_page_is_in_the_language_that_the_person_chose(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    await desk.send("/language", {"language": "tr", "next": "/events"})
    assert 'lang="tr"' in desk.page
    assert "Etkinlikler" in desk.page
