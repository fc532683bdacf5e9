"""A stolen session does not keep the account, and its owner learns of every change."""

import re
from uuid import UUID

import pyotp
import pytest

from directory.accounts.models import Account, ApiToken
from tests.people import App, Visitor
from tests.security.callers import PASSWORD, give_password, is_signed_in

OTHER = "nine wooden lanterns drift"
CODE = re.compile(r"<code class=\"secret\">([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>")
LINK = re.compile(r"/sign-in/link/[\w-]{20,}(?:\?next=[\w%]+)?")
CHANGES = (
    ("/account/password", {"password": OTHER}),
    ("/account/second-factor", {"secret": "A" * 32, "code": "000000"}),
    ("/account/second-factor/remove", {}),
    ("/account/recovery-codes", {}),
    ("/account/tokens", {"name": "mine", "days": "365", "rights[]": "look"}),
)


async def stored(app: App, role: str = "organiser") -> Account:
    async with app.database.reading() as db:
        return await db.get_one(Account, app.accounts[role])


async def told(app: App) -> list[str]:
    """What the owner was told about the account, oldest first."""
    mails = await app.mails("account-change")
    return [mail.subject for mail in mails if mail.to_address == "organiser@example.org"]


async def turn_on_second_factor(app: App, desk: Visitor) -> tuple[str, list[str]]:
    """Returns the secret and the recovery codes that the page shows."""
    secret = pyotp.random_base32()
    await desk.get("/account")
    page = await desk.send("/account/second-factor", {"secret": secret, "code": pyotp.TOTP(secret).at(app.clock.now)})
    app.clock.forward(minutes=1)
    return secret, CODE.findall(page.text)


async def sign_in(app: App, code: str = "") -> Visitor:
    visitor = app.stranger()
    await visitor.get("/sign-in")
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    if code:
        await visitor.send("/sign-in/code", {"code": code})
    return visitor


@pytest.mark.parametrize(("path", "form"), CHANGES, ids=lambda p: p if isinstance(p, str) else "")
async def test_an_old_session_changes_no_way_into_the_account(sqlite_app: App, path: str, form: dict[str, str]) -> None:
    await give_password(sqlite_app)
    thief = await sqlite_app.at_desk()
    sqlite_app.clock.forward(minutes=10)
    before, tokens = await stored(sqlite_app), len((await sqlite_app.api().get("/api/v1/account")).json()["tokens"])
    await thief.get("/account")
    answer = await thief.send(path, form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/account/confirm?")
    after = await stored(sqlite_app)
    assert (after.password, after.totp_secret) == (before.password, before.totp_secret)
    assert len((await sqlite_app.api().get("/api/v1/account")).json()["tokens"]) == tokens
    assert await told(sqlite_app) == []


async def test_the_password_typed_again_lets_its_owner_change_it(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    desk = await sqlite_app.at_desk()
    sqlite_app.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    wrong = await desk.send("/account/confirm", {"password": "not this one"})
    assert (wrong.status_code, "not your password" in wrong.text) == (422, True)
    await desk.send("/account/confirm", {"password": PASSWORD})
    await desk.send("/account/password", {"password": OTHER})
    assert (await stored(sqlite_app)).password is not None
    assert await told(sqlite_app) == ["Your account: A new password was set."]


async def test_with_a_second_factor_the_password_alone_confirms_nothing(app: App) -> None:
    await give_password(app)
    desk = await app.at_desk()
    secret, _ = await turn_on_second_factor(app, desk)
    app.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    assert (await desk.send("/account/confirm", {"password": PASSWORD})).status_code == 422
    code = pyotp.TOTP(secret).at(app.clock.now)
    assert (await desk.send("/account/confirm", {"code": code})).status_code == 303
    await desk.send("/account/second-factor/remove")
    assert (await stored(app)).totp_secret is None


async def test_who_has_no_password_confirms_by_a_mailed_link(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    sqlite_app.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    await desk.send("/account/confirm/link")
    found = LINK.search((await sqlite_app.mails("sign-in-link"))[-1].plain)
    assert found
    await desk.get(found[0])
    await desk.send(found[0].partition("?")[0], {"next": "/account"})
    assert 'action="/account/password"' in desk.page


async def test_a_new_password_ends_sessions_links_and_tokens(sqlite_app: App) -> None:
    here, there = await sqlite_app.at_desk(), await sqlite_app.at_desk()
    await sqlite_app.stranger().send("/sign-in/link", {"address": "organiser@example.org"})
    found = LINK.search((await sqlite_app.mails("sign-in-link"))[-1].plain)
    await here.get("/account")
    await here.send("/account/password", {"password": OTHER})
    visitor = sqlite_app.stranger()
    assert found
    await visitor.get(found[0])
    assert (await visitor.send(found[0])).status_code in (404, 410)
    assert [await is_signed_in(one) for one in (here, there, visitor)] == [False] * 3
    assert (await sqlite_app.api().get("/api/v1/events")).status_code == 401


async def test_tokens_go_on_working_where_their_owner_wishes_so(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    await desk.send("/account/password", {"password": OTHER, "keep_tokens": "yes"})
    assert (await sqlite_app.api().get("/api/v1/events")).status_code == 200


async def test_the_owner_is_told_of_every_change(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    desk = await sqlite_app.at_desk()
    await turn_on_second_factor(sqlite_app, desk)
    await desk.get("/account")
    await desk.send("/account/recovery-codes")
    await desk.get("/account")
    await desk.send("/account/tokens", {"name": "mine", "days": "9", "rights[]": "look"})
    await desk.send("/account/second-factor/remove")
    await desk.send("/account/password", {"password": OTHER})
    assert [subject.removeprefix("Your account: ") for subject in await told(sqlite_app)] == [
        "Two-step verification was set up.",
        "New recovery codes were made; the old ones no longer work.",
        "New recovery codes were made; the old ones no longer work.",
        "A token for programs was made.",
        "Two-step verification was removed.",
        "A new password was set.",
    ]


async def test_the_owner_is_told_in_their_language(sqlite_app: App) -> None:
    async with sqlite_app.database.unit_of_work() as db:
        (await db.get_one(Account, sqlite_app.accounts["organiser"])).language = "tr"
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    await desk.send("/account/password", {"password": OTHER})
    assert await told(sqlite_app) == ["Hesabınız: Yeni bir parola belirlendi."]


@pytest.mark.parametrize(
    "easy",
    [
        "123456789012",
        "qwertyuiop12",
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "galatasaray1905",
        "Fenerbahçe1907",
        "Elif Karaca 1980",
        "organiser@example.org",
        "iloveyouiloveyou",
        "Şifre123456789",
    ],
)
async def test_a_password_that_is_tried_first_is_refused(sqlite_app: App, easy: str) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    answer = await desk.send("/account/password", {"password": easy})
    assert (answer.status_code, "easy to guess" in answer.text) == (422, True)
    assert (await stored(sqlite_app)).password is None


async def test_a_recovery_code_stands_in_for_a_lost_device_once(app: App) -> None:
    await give_password(app)
    _, codes = await turn_on_second_factor(app, await app.at_desk())
    assert len(set(codes)) == 10
    assert await is_signed_in(await sign_in(app, codes[0].upper().replace("-", " ")))
    assert "A recovery code was used for two-step verification" in (await told(app))[-1]
    assert not await is_signed_in(await sign_in(app, codes[0]))
    async with app.database.reading() as db:
        connection = await db.connection()
        rows = (await connection.exec_driver_sql("SELECT code_hash FROM recovery_code")).scalars().all()
    assert len(rows) == 10
    assert all(re.fullmatch("[0-9a-f]{64}", row) for row in rows)


async def test_new_recovery_codes_end_the_old_ones(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    desk = await sqlite_app.at_desk()
    _, old = await turn_on_second_factor(sqlite_app, desk)
    await desk.get("/account")
    new = CODE.findall((await desk.send("/account/recovery-codes")).text)
    assert not await is_signed_in(await sign_in(sqlite_app, old[0]))
    assert await is_signed_in(await sign_in(sqlite_app, new[0]))
    assert new[1] not in (await desk.get("/account")).text


async def test_a_session_that_nobody_uses_ends_and_one_in_use_does_not(sqlite_app: App) -> None:
    idle, used = await sqlite_app.at_desk(), await sqlite_app.at_desk()
    for _ in range(3):
        sqlite_app.clock.forward(minutes=25)
        assert await is_signed_in(used)
    assert not await is_signed_in(idle)


async def test_the_account_shows_where_it_is_signed_in_and_ends_one_browser(sqlite_app: App) -> None:
    here = await sqlite_app.at_desk()
    await give_password(sqlite_app)
    there = sqlite_app.stranger()
    there.client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    await there.get("/sign-in")
    await there.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    page = (await here.get("/account")).text
    assert "Firefox, Windows" in page
    await here.send(re.findall(r'action="(/account/sessions/[^"]+/end)"', page)[0])
    assert [await is_signed_in(here), await is_signed_in(there)] == [True, False]


async def test_nobody_ends_the_session_of_another_account(app: App) -> None:
    here = await app.at_desk()
    (session,) = (await app.api().get("/api/v1/account")).json()["sessions"]
    other = await app.at_desk("finance")
    await other.get("/account")
    assert (await other.send(f"/account/sessions/{session['id']}/end")).status_code == 404
    assert await is_signed_in(here)


async def test_one_button_signs_out_everywhere_even_where_nothing_was_confirmed(sqlite_app: App) -> None:
    here, there = await sqlite_app.at_desk(), await sqlite_app.at_desk()
    sqlite_app.clock.forward(minutes=20)
    await here.get("/account")
    await here.send("/account/sign-out-everywhere")
    assert [await is_signed_in(here), await is_signed_in(there)] == [False, False]


async def test_a_program_ends_its_own_token_and_nothing_else(sqlite_app: App) -> None:
    here = await sqlite_app.at_desk()
    await here.get("/account")
    await here.send("/account/tokens", {"name": "other", "days": "9", "rights[]": "look"})
    other, mine = (await sqlite_app.api().get("/api/v1/account")).json()["tokens"]
    assert (await sqlite_app.api().delete(f"/api/v1/account/tokens/{other['id']}")).status_code == 404
    assert (await sqlite_app.api().delete("/api/v1/account/sessions")).status_code == 404
    assert (await sqlite_app.api().delete("/api/v1/account/token")).status_code == 204
    assert (await sqlite_app.api().get("/api/v1/account")).status_code == 401
    page = (await here.get("/account")).text
    assert ("other" in page, mine["id"] in page) == (True, False)


async def test_the_use_of_a_token_is_noted_once_a_minute(app: App) -> None:
    async def used_at() -> object:
        async with app.database.reading() as db:
            token = (await app.api().get("/api/v1/account")).json()["tokens"][0]
            return (await db.get_one(ApiToken, UUID(token["id"]))).used_at

    first = app.clock.now
    await app.api().get("/api/v1/events")
    app.clock.forward(seconds=59)
    with app.counting() as seen:
        await app.api().get("/api/v1/events")
    assert not [statement for statement in seen if statement.startswith("UPDATE")]
    assert await used_at() == first
    app.clock.forward(seconds=1)
    await app.api().get("/api/v1/events")
    assert await used_at() == app.clock.now


async def test_signing_in_anew_ends_the_session_that_the_browser_had(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    visitor = await sign_in(sqlite_app)
    old = visitor.client.cookies["heyet_session"]
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    thief = sqlite_app.stranger()
    thief.client.cookies.set("heyet_session", old)
    assert not await is_signed_in(thief)


async def test_what_a_token_may_do_is_one_list(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/account")
    page = await desk.send("/account/tokens", {"name": "mine", "days": "9", "rights[]": ["look", "money"]})
    said = " ".join(page.text.split())
    assert re.search(r"mine · Look at [^·,]+(, [^·]*)?[^,] · until 11 March 2026 · never used", said), said
