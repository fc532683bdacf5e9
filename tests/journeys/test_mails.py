"""Mails on a phone: every kind, in both languages, as a browser lays it out."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Browser

from notifications.outbox.models import Message
from tests.conftest import open_app, settings_for
from tests.every_mail import every_mail
from tests.journeys.browser import PHONE, open_page

# How wide it is laid out; what stands outside the window; what is too small to read.
LAYOUT = """() => {
  const of = (chosen, isAtFault) => [...document.querySelectorAll(chosen)].filter(isAtFault);
  const outside = of("body *", e => e.getBoundingClientRect().right > innerWidth + 0.5);
  const small = of("p, td, th, a", e => parseFloat(getComputedStyle(e).fontSize) < 13);
  return [document.documentElement.scrollWidth, [...outside, ...small].map(e => e.outerHTML.slice(0, 120))];
}"""
STYLE = re.compile(r"<style.*?</style>", re.S)


async def written(url: str, folder: Path) -> list[Message]:
    settings = settings_for(url, folder, public_url="https://heyet.agency.gov.tr")
    return [mail async for app in open_app(settings) for mail in await every_mail(app)]


def test_no_kind_of_mail_scrolls_sideways_on_a_phone(browser: Browser, sqlite_url: str, tmp_path: Path) -> None:
    """With its style sheet, and without it, as some mail programs show it."""
    # The browser's own loop runs in this thread.
    with ThreadPoolExecutor(1) as other:
        mails = other.submit(asyncio.run, written(sqlite_url, tmp_path)).result()
    page = open_page(browser, PHONE, "tr")
    too_wide = {}
    for number, mail in enumerate(mails):
        for sheet, html in (("styled", mail.html), ("plain", STYLE.sub("", mail.html))):
            page.set_content(html)
            width, faults = page.evaluate(LAYOUT)
            if width > PHONE[0] or faults:
                too_wide[f"{mail.kind}/{mail.language}/{number}/{sheet}"] = width, faults
    page.context.close()
    assert {mail.language for mail in mails} == {"tr", "en"}
    assert too_wide == {}
