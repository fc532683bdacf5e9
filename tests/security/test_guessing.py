"""Guessing is slowed down, and nobody is shut out by what others try."""

import re

import pyotp

from directory.accounts.attempts import PASSWORD as PASSWORD_GUESSES
from directory.accounts.models import Account
from tests.conftest import PASSWORDS
from tests.people import App
from tests.security.callers import PASSWORD, give_password, is_signed_in, try_password, visitor_from
from tests.security.test_own_account import turn_on_second_factor


async def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    async with visitor_from(sqlite_app, "203.0.113.9") as attacker:
        statuses = [await try_password(attacker, f"guess {n}") for n in range(11)]
    assert statuses == [422] * 10 + [429]
    async with visitor_from(sqlite_app, "198.51.100.7") as owner:
        assert await try_password(owner, "a slip of the finger") == 422
        assert await try_password(owner, PASSWORD) == 303
        assert await is_signed_in(owner)


async def test_under_fire_from_many_networks_each_has_few_tries_and_the_right_password_still_passes(
    sqlite_app: App,
) -> None:
    await give_password(sqlite_app)
    limits, key = sqlite_app.fastapi.state.limits, "organiser@example.org"
    for _ in range(100):  # as a hundred networks do; each try would take Argon2's time here
        assert await limits.allows(PASSWORD_GUESSES.alarm, "password-all", key)
    async with visitor_from(sqlite_app, "203.0.113.9") as attacker:
        assert [await try_password(attacker, f"guess {n}") for n in range(4)] == [422] * 3 + [429]
    async with visitor_from(sqlite_app, "198.51.100.7") as owner:
        assert [await try_password(owner, "slip"), await try_password(owner, "slip")] == [422, 422]
        assert await try_password(owner, PASSWORD) == 303


async def test_the_owners_browser_gets_in_from_the_very_network_that_guesses(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    async with visitor_from(sqlite_app, "203.0.113.9") as owner:
        assert await try_password(owner, PASSWORD) == 303
        await owner.send("/sign-out")
        async with visitor_from(sqlite_app, "203.0.113.9") as attacker:
            statuses = [await try_password(attacker, f"guess {n}") for n in range(12)]
        assert statuses[-1] == 429
        assert await try_password(owner, PASSWORD) == 303


async def test_being_known_to_one_account_helps_in_no_other(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    await give_password(sqlite_app, "finance")
    async with visitor_from(sqlite_app, "203.0.113.9") as colleague:
        assert await try_password(colleague, PASSWORD) == 303
        await colleague.send("/sign-out")
        statuses = [await try_password(colleague, f"guess {n}", "finance") for n in range(11)]
    assert statuses == [422] * 10 + [429]


async def test_a_known_browser_guesses_no_faster(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    async with visitor_from(sqlite_app, "203.0.113.9") as thief:
        assert await try_password(thief, PASSWORD) == 303
        await thief.send("/sign-out")
        statuses = [await try_password(thief, f"guess {n}") for n in range(11)]
    assert statuses == [422] * 10 + [429]


async def test_one_ipv6_customer_has_one_count(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    statuses = []
    for n in range(11):
        async with visitor_from(sqlite_app, f"2001:db8:1:2:{n:x}::{n:x}") as attacker:
            statuses.append(await try_password(attacker, f"guess {n}"))
    assert statuses == [422] * 10 + [429]
    async with visitor_from(sqlite_app, "2001:db8:1:3::1") as neighbour:
        assert await try_password(neighbour, PASSWORD) == 303


async def test_nobody_can_keep_a_sign_in_link_from_its_owner(sqlite_app: App) -> None:
    async with visitor_from(sqlite_app, "203.0.113.9") as attacker:
        for _ in range(4):
            answer = await attacker.send("/sign-in/link", {"address": "organiser@example.org"})
    assert answer.status_code == 429
    async with visitor_from(sqlite_app, "198.51.100.7") as owner:
        answer = await owner.send("/sign-in/link", {"address": "organiser@example.org"})
    assert (answer.status_code, len(await sqlite_app.mails("sign-in-link"))) == (200, 4)


async def test_a_mailbox_is_not_flooded_from_many_networks_and_its_links_go_on_working(
    sqlite_app: App,
) -> None:
    for network in range(9):
        async with visitor_from(sqlite_app, f"203.0.113.{network}") as attacker:
            answer = await attacker.send("/sign-in/link", {"address": "organiser@example.org"})
            assert answer.status_code == 200
    mails = await sqlite_app.mails("sign-in-link")
    assert len(mails) == 6
    sqlite_app.clock.forward(minutes=15)
    link = re.search(r"/sign-in/link/[\w-]{20,}", mails[0].plain)
    assert link
    owner = sqlite_app.stranger()
    await owner.get(link[0])
    await owner.send(link[0])
    assert await is_signed_in(owner)


async def test_codes_typed_elsewhere_leave_the_owners_browser_its_tries(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    secret, _ = await turn_on_second_factor(sqlite_app, await sqlite_app.at_desk())

    async with visitor_from(sqlite_app, "198.51.100.7") as owner:
        await try_password(owner, PASSWORD)
        code = pyotp.TOTP(secret).at(sqlite_app.clock.now)
        assert (await owner.send("/sign-in/code", {"code": code})).status_code == 303
        await owner.send("/sign-out")
        sqlite_app.clock.forward(minutes=1)
        guesses = 0
        for network in range(6):
            async with visitor_from(sqlite_app, f"203.0.113.{network}") as thief:
                await try_password(thief, PASSWORD)
                for _ in range(6):
                    answer = await thief.send("/sign-in/code", {"code": "000000"})
                    guesses += answer.status_code == 422
        assert guesses == 19
        await try_password(owner, PASSWORD)
        code = pyotp.TOTP(secret).at(sqlite_app.clock.now)
        assert (await owner.send("/sign-in/code", {"code": code})).status_code == 303


async def test_nobody_can_keep_a_lost_link_from_its_owner(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    for network in ("203.0.113.9", "203.0.113.10", "203.0.113.11", "198.51.100.7"):
        async with visitor_from(sqlite_app, network) as anybody:
            answer = await anybody.send("/lost-link", {"address": "ayse.yilmaz@example.org"})
            assert answer.status_code == 303
    await sqlite_app.work()
    assert len(await sqlite_app.mails("events/link")) == 4


async def test_what_a_browser_is_known_by_names_nobody(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    visitor = sqlite_app.stranger()
    await try_password(visitor, PASSWORD)
    card = visitor.client.cookies["heyet_known"]
    async with sqlite_app.database.reading() as db:
        account = await db.get_one(Account, sqlite_app.accounts["organiser"])
    assert account.address not in card
    assert account.id.hex not in card.replace("-", "")


def test_a_password_costs_whoever_guesses_64_megabytes_and_three_passes() -> None:
    assert PASSWORDS.hash("right horse").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
