"""A real Chromium, and what is expected of every page it shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from core.i18n import messages, words

AXE = Path(__file__).resolve().parents[2] / "templates" / "static" / "vendor" / "axe.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = (1440, 900), (390, 844)
# Frames hold mails, which run no script: axe can ask nothing in them.
LOOK = """async () => {
  const found = await axe.run(document, {
    iframes: false,
    preload: false,
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | ")}`);
}"""


# Whatever this element lies in is opened.
UNFOLD = "one => { for (let at = one; (at = at.parentElement.closest('details')); ) at.open = true; }"
# What people read: no code, no wire format, no frame.
SAID = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll("pre, code, script, textarea, .secret").forEach(one => one.remove());
  return copy.textContent;
}"""
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
# Words of which hardly an English sentence does without one, and none is Turkish or a name.
ENGLISH = re.compile(r"\b(the|of|and|for|with|from|is|are|has|have|was|this|that|by)\b", re.IGNORECASE)
# On megabytes (“on” is ten), and the Isle of Man among countries.
NO_SENTENCE = re.compile(r"Isle of Man|not official|by @")

# On two cores that all tests share a page may take a while.
expect.set_options(timeout=20_000)


@contextmanager
def chromium_at(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, size: tuple[int, int], language: str, **more: Any) -> Page:
    """A page of its own, on which every complaint of the browser is kept in `page.complaints`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="tr-TR" if language == "tr" else "en-GB",
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
        **more,
    )
    context.set_default_timeout(10_000)
    context.set_default_navigation_timeout(30_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if _is_complaint(m) else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


def all_of(locator: Locator) -> list[Locator]:
    """Each that there is, once the page shows any: Playwright's `all` does not wait, and after a click finds none."""
    locator.first.wait_for()
    return locator.all()


def unfold(page: Page, title: str) -> None:
    """Open what is folded under this summary, where the page did not come with it open."""
    folded = page.locator("details", has=page.locator("summary", has_text=title))
    folded.wait_for()
    if not folded.evaluate("details => details.open"):
        folded.locator("summary").click()


def _is_complaint(message: ConsoleMessage) -> bool:
    """A page that says no is no fault: the browser notes its status all the same."""
    return message.type in ("error", "warning") and "responded with a status of 4" not in message.text


@cache
def _said_in_english() -> frozenset[str]:
    """What Heyet says in English and never in Turkish."""
    return messages() - {words("tr").translate(message) for message in messages()}


def said_wrongly(page: Page, language: str) -> list[str]:
    """Lines of the page that say a day in ISO form, and on a Turkish page those that are English."""
    lines = {" ".join(line.split()) for line in page.evaluate(SAID).splitlines()}
    found = [line for line in lines if ISO_DAY.search(line)]
    if language == "tr":
        found += [line for line in lines if line in _said_in_english() or ENGLISH.search(NO_SENTENCE.sub("", line))]
    return sorted(line[:160] for line in found)


def look_over(page: Page) -> list[str]:
    """What is wrong with the page as it stands: accessibility, sideways scrolling, complaints of the browser."""
    # Through the debugger, so that the page's own policy keeps scripts of others out all the same. What is shown next
    # on this page comes with it: sending it anew takes as long as looking.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.add_init_script(path=AXE)
    found: list[str] = page.evaluate(LOOK)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"scrolls sideways by {wide} px")
    return found + page.complaints  # type: ignore[attr-defined, no-any-return]
