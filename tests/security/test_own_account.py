"""A stolen session does not keep the account, and its owner learns of every change."""

import re
from uuid import UUID

import pyotp
import pytest

from directory.accounts.models import Account, ApiToken
from tests.people import House, Visitor
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


async def stored(house: House, role: str = "organiser") -> Account:
    async with house.database.reading() as db:
        return await db.get_one(Account, house.accounts[role])


async def told(house: House) -> list[str]:
    """What the owner was told about the account, oldest first."""
    mails = await house.mails("account-change")
    return [mail.subject for mail in mails if mail.to_address == "organiser@example.org"]


async def turn_on_second_factor(house: House, desk: Visitor) -> tuple[str, list[str]]:
    """Returns the secret and the recovery codes that the page shows."""
    secret = pyotp.random_base32()
    await desk.get("/account")
    page = await desk.send("/account/second-factor", {"secret": secret, "code": pyotp.TOTP(secret).at(house.clock.now)})
    house.clock.forward(minutes=1)
    return secret, CODE.findall(page.text)


async def sign_in(house: House, code: str = "") -> Visitor:
    visitor = house.stranger()
    await visitor.get("/sign-in")
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    if code:
        await visitor.send("/sign-in/code", {"code": code})
    return visitor


@pytest.mark.parametrize(("path", "form"), CHANGES, ids=lambda p: p if isinstance(p, str) else "")
async def test_an_old_session_changes_no_way_into_the_account(house: House, path: str, form: dict[str, str]) -> None:
    await give_password(house)
    thief = await house.at_desk()
    house.clock.forward(minutes=10)
    before, tokens = await stored(house), len((await house.api().get("/api/v1/account")).json()["tokens"])
    await thief.get("/account")
    answer = await thief.send(path, form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/account/confirm?")
    after = await stored(house)
    assert (after.password, after.totp_secret) == (before.password, before.totp_secret)
    assert len((await house.api().get("/api/v1/account")).json()["tokens"]) == tokens
    assert await told(house) == []


async def test_the_password_typed_again_lets_its_owner_change_it(house: House) -> None:
    await give_password(house)
    desk = await house.at_desk()
    house.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    wrong = await desk.send("/account/confirm", {"password": "not this one"})
    assert (wrong.status_code, "not your password" in wrong.text) == (422, True)
    await desk.send("/account/confirm", {"password": PASSWORD})
    await desk.send("/account/password", {"password": OTHER})
    assert (await stored(house)).password is not None
    assert await told(house) == ["Your account: A new password was set."]


async def test_with_a_second_factor_the_password_alone_confirms_nothing(house: House) -> None:
    await give_password(house)
    desk = await house.at_desk()
    secret, _ = await turn_on_second_factor(house, desk)
    house.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    assert (await desk.send("/account/confirm", {"password": PASSWORD})).status_code == 422
    code = pyotp.TOTP(secret).at(house.clock.now)
    assert (await desk.send("/account/confirm", {"code": code})).status_code == 303
    await desk.send("/account/second-factor/remove")
    assert (await stored(house)).totp_secret is None


async def test_who_has_no_password_confirms_by_a_mailed_link(house: House) -> None:
    desk = await house.at_desk()
    house.clock.forward(minutes=10)
    await desk.get("/account/confirm")
    await desk.send("/account/confirm/link")
    found = LINK.search((await house.mails("sign-in-link"))[-1].plain)
    assert found
    await desk.get(found[0])
    await desk.send(found[0].partition("?")[0], {"next": "/account"})
    assert 'action="/account/password"' in desk.page


async def test_a_new_password_ends_sessions_links_and_tokens(house: House) -> None:
    here, there = await house.at_desk(), await house.at_desk()
    await house.stranger().send("/sign-in/link", {"address": "organiser@example.org"})
    found = LINK.search((await house.mails("sign-in-link"))[-1].plain)
    await here.get("/account")
    await here.send("/account/password", {"password": OTHER})
    visitor = house.stranger()
    assert found
    await visitor.get(found[0])
    assert (await visitor.send(found[0])).status_code in (404, 410)
    assert [await is_signed_in(one) for one in (here, there, visitor)] == [False] * 3
    assert (await house.api().get("/api/v1/events")).status_code == 401


async def test_tokens_go_on_working_where_their_owner_wishes_so(sqlite_house: House) -> None:
    desk = await sqlite_house.at_desk()
    await desk.get("/account")
    await desk.send("/account/password", {"password": OTHER, "keep_tokens": "yes"})
    assert (await sqlite_house.api().get("/api/v1/events")).status_code == 200


async def test_the_owner_is_told_of_every_change(house: House) -> None:
    await give_password(house)
    desk = await house.at_desk()
    await turn_on_second_factor(house, desk)
    await desk.get("/account")
    await desk.send("/account/recovery-codes")
    await desk.get("/account")
    await desk.send("/account/tokens", {"name": "mine", "days": "9", "rights[]": "look"})
    await desk.send("/account/second-factor/remove")
    await desk.send("/account/password", {"password": OTHER})
    assert [subject.removeprefix("Your account: ") for subject in await told(house)] == [
        "A second factor was set up.",
        "New recovery codes were made; the old ones no longer work.",
        "New recovery codes were made; the old ones no longer work.",
        "A token for programs was made.",
        "The second factor was taken away.",
        "A new password was set.",
    ]


async def test_the_owner_is_told_in_their_language(sqlite_house: House) -> None:
    async with sqlite_house.database.unit_of_work() as db:
        (await db.get_one(Account, sqlite_house.accounts["organiser"])).language = "tr"
    desk = await sqlite_house.at_desk()
    await desk.get("/account")
    await desk.send("/account/password", {"password": OTHER})
    assert await told(sqlite_house) == ["Hesabınız: Yeni bir parola belirlendi."]


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
async def test_a_password_that_is_tried_first_is_refused(sqlite_house: House, easy: str) -> None:
    desk = await sqlite_house.at_desk()
    await desk.get("/account")
    answer = await desk.send("/account/password", {"password": easy})
    assert (answer.status_code, "easy to guess" in answer.text) == (422, True)
    assert (await stored(sqlite_house)).password is None


async def test_a_recovery_code_stands_in_for_a_lost_device_once(house: House) -> None:
    await give_password(house)
    _, codes = await turn_on_second_factor(house, await house.at_desk())
    assert len(set(codes)) == 10
    assert await is_signed_in(await sign_in(house, codes[0].upper().replace("-", " ")))
    assert "used in place of the second factor" in (await told(house))[-1]
    assert not await is_signed_in(await sign_in(house, codes[0]))
    async with house.database.reading() as db:
        connection = await db.connection()
        rows = (await connection.exec_driver_sql("SELECT code_hash FROM recovery_code")).scalars().all()
    assert len(rows) == 10
    assert all(re.fullmatch("[0-9a-f]{64}", row) for row in rows)


async def test_new_recovery_codes_end_the_old_ones(sqlite_house: House) -> None:
    await give_password(sqlite_house)
    desk = await sqlite_house.at_desk()
    _, old = await turn_on_second_factor(sqlite_house, desk)
    await desk.get("/account")
    new = CODE.findall((await desk.send("/account/recovery-codes")).text)
    assert not await is_signed_in(await sign_in(sqlite_house, old[0]))
    assert await is_signed_in(await sign_in(sqlite_house, new[0]))
    assert new[1] not in (await desk.get("/account")).text


async def test_a_session_that_nobody_uses_ends_and_one_in_use_does_not(house: House) -> None:
    idle, used = await house.at_desk(), await house.at_desk()
    for _ in range(3):
        house.clock.forward(minutes=25)
        assert await is_signed_in(used)
    assert not await is_signed_in(idle)


async def test_the_account_shows_where_it_is_signed_in_and_ends_one_browser(house: House) -> None:
    here = await house.at_desk()
    await give_password(house)
    there = house.stranger()
    there.client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    await there.get("/sign-in")
    await there.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    page = (await here.get("/account")).text
    assert "Firefox, Windows" in page
    await here.send(re.findall(r'action="(/account/sessions/[^"]+/end)"', page)[0])
    assert [await is_signed_in(here), await is_signed_in(there)] == [True, False]


async def test_nobody_ends_the_session_of_another_account(house: House) -> None:
    here = await house.at_desk()
    (session,) = (await house.api().get("/api/v1/account")).json()["sessions"]
    other = await house.at_desk("finance")
    await other.get("/account")
    assert (await other.send(f"/account/sessions/{session['id']}/end")).status_code == 404
    assert await is_signed_in(here)


async def test_one_button_signs_out_everywhere_even_where_nothing_was_confirmed(house: House) -> None:
    here, there = await house.at_desk(), await house.at_desk()
    house.clock.forward(minutes=20)
    await here.get("/account")
    await here.send("/account/sign-out-everywhere")
    assert [await is_signed_in(here), await is_signed_in(there)] == [False, False]


async def test_a_program_ends_its_own_token_and_nothing_else(house: House) -> None:
    here = await house.at_desk()
    await here.get("/account")
    await here.send("/account/tokens", {"name": "other", "days": "9", "rights[]": "look"})
    other, mine = (await house.api().get("/api/v1/account")).json()["tokens"]
    assert (await house.api().delete(f"/api/v1/account/tokens/{other['id']}")).status_code == 404
    assert (await house.api().delete("/api/v1/account/sessions")).status_code == 404
    assert (await house.api().delete("/api/v1/account/token")).status_code == 204
    assert (await house.api().get("/api/v1/account")).status_code == 401
    page = (await here.get("/account")).text
    assert ("other" in page, mine["id"] in page) == (True, False)


async def test_the_use_of_a_token_is_noted_once_a_minute(house: House) -> None:
    async def used_at() -> object:
        async with house.database.reading() as db:
            token = (await house.api().get("/api/v1/account")).json()["tokens"][0]
            return (await db.get_one(ApiToken, UUID(token["id"]))).used_at

    first = house.clock.now
    await house.api().get("/api/v1/events")
    house.clock.forward(seconds=59)
    with house.counting() as seen:
        await house.api().get("/api/v1/events")
    assert not [statement for statement in seen if statement.startswith("UPDATE")]
    assert await used_at() == first
    house.clock.forward(seconds=1)
    await house.api().get("/api/v1/events")
    assert await used_at() == house.clock.now


async def test_signing_in_anew_ends_the_session_that_the_browser_had(sqlite_house: House) -> None:
    await give_password(sqlite_house)
    visitor = await sign_in(sqlite_house)
    old = visitor.client.cookies["heyet_session"]
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    thief = sqlite_house.stranger()
    thief.client.cookies.set("heyet_session", old)
    assert not await is_signed_in(thief)
