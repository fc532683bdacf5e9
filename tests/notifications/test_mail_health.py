"""How the mail is doing: limits, alarms, advice, and the funnel of an event."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notifications.mail_health.rules import advice_for
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import MailServer


@pytest.fixture
async def slow_app(database_url: str, tmp_path: Path, mail_server: MailServer) -> AsyncIterator[App]:
    """An installation whose relay may be given ten mails a minute, three of them to one domain."""
    relay = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
    }
    limits = {"smtp_per_minute": 10, "smtp_per_domain": 3}
    async for app in open_app(settings_for(database_url, tmp_path, **relay, **limits)):
        yield app


async def enqueue_to(app: App, *domains: str) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(
            db,
            [
                message(f"{n}{d}", app.clock(), to_address=f"p{n}@{d}", project_id=app.project_id)
                for n, d in enumerate(domains)
            ],
        )


async def test_no_more_mails_go_in_a_minute_than_the_operator_allows(slow_app: App, mail_server: MailServer) -> None:
    await enqueue_to(slow_app, *(f"d{n}.example.org" for n in range(25)))
    seen = []
    for _ in range(3):
        await slow_app.work()
        seen.append(len(mail_server.taken))
        slow_app.clock.forward(seconds=61)
    assert seen == [10, 20, 25]


async def test_no_more_go_to_one_domain_and_others_do_not_wait_for_it(slow_app: App, mail_server: MailServer) -> None:
    await enqueue_to(slow_app, *["busy.example.org"] * 5, "other.example.org")
    await slow_app.work()
    first = sorted(r[0].partition("@")[2] for r, _ in mail_server.taken)
    slow_app.clock.forward(seconds=61)
    await slow_app.work()
    assert (first, len(mail_server.taken)) == (["busy.example.org"] * 3 + ["other.example.org"], 6)


async def test_a_relay_that_refuses_our_sign_in_loses_no_mail(
    database_url: str, tmp_path: Path, mail_server: MailServer
) -> None:
    """The server offers no sign-in at all; asked for one, it says so, and the mail waits."""
    relay = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
    }
    secret = {"smtp_user": "heyet", "smtp_password": "wrong"}
    async for app in open_app(settings_for(database_url, tmp_path, **relay, **secret)):
        await enqueue_to(app, "example.org")
        await app.work()
        waiting = (await app.mails("test"))[0]
        assert (waiting.state.value, waiting.answer != "") == ("queued", True)


async def test_mail_that_waits_for_long_while_nothing_goes_is_an_alarm(
    mailing_app: App, mail_server: MailServer
) -> None:
    await enqueue_to(mailing_app, "example.org")
    mail_server.stop()
    await mailing_app.work()
    desk = await mailing_app.at_desk("administrator")
    early = (await desk.get("/mail/health")).text
    mailing_app.clock.forward(hours=1)
    late = (await (await mailing_app.at_desk("administrator")).get("/mail/health")).text
    alarm = "Mail has been waiting for more than a quarter of an hour and nothing goes."
    assert (alarm in early, alarm in late, "HEYET_SMTP_PORT" in late) == (False, True, True)


async def test_a_test_mail_goes_straight_to_the_relay_and_its_answer_is_explained(
    mailing_app: App, mail_server: MailServer
) -> None:
    desk = await mailing_app.at_desk("administrator")
    await desk.get("/mail/health")
    good = (await desk.send("/mail/health/test")).text
    mail_server.answers["administrator@example.org"] = "550 5.7.1 relaying denied"
    bad = (await desk.send("/mail/health/test")).text
    assert (len(mail_server.taken), "The relay took it." in good, "HEYET_MAIL_FROM" in bad) == (1, True, True)


async def test_the_domains_that_refuse_are_named(mailing_app: App, mail_server: MailServer) -> None:
    mail_server.answers["p0@bad.example.org"] = "554 5.7.1 no"
    await enqueue_to(mailing_app, "bad.example.org", "good.example.org")
    await mailing_app.work()
    page = (await (await mailing_app.at_desk("administrator")).get("/mail/health")).text
    assert ("bad.example.org" in page, "good.example.org" in page) == (True, False)


async def test_how_the_mail_is_doing_is_for_administrators(sqlite_app: App) -> None:
    assert (await (await sqlite_app.at_desk("organiser")).get("/mail/health")).status_code == 403


async def test_an_events_funnel_counts_asked_reached_opened_answered_and_coming(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç", "Zeynep Dört"])
    await app.accept(tokens["Ayşe Bir"])
    await app.guest(tokens["Mehmet İki"]).post("/api/v1/invitation/decline", json={})
    await app.stranger().get(f"/i/{tokens['Oğuz Üç']}")
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/people")).text
    counts = [part.partition("<")[0] for part in page.partition('class="funnel"')[2].split("<strong>")[1:6]]
    assert counts == ["4", "4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("code", "answer", "word"),
    [
        (250, "OK", "took it"),
        (451, "greylisted", "come again"),
        (535, "5.7.8 no", "HEYET_SMTP_PASSWORD"),
        (0, "SMTPConnectTimeoutError", "HEYET_SMTP_HOST"),
        (0, "SMTPAuthenticationError: 535", "HEYET_SMTP_PASSWORD"),
        (0, "SSLCertVerificationError", "certificate"),
        (599, "?", "operator"),
    ],
)
def test_an_answer_comes_with_what_to_do_about_it(code: int, answer: str, word: str) -> None:
    assert word in advice_for(code, answer)
