"""Days are written in one way, whether it is one or several."""

import pytest

from tests.people import App

WRITTEN = {
    "en": ("3 February 2027", "10–11 February 2027", "27 February – 2 March 2027", "30 December 2027 – 1 January 2028"),
    "tr": ("3 Şubat 2027", "10–11 Şubat 2027", "27 Şubat – 2 Mart 2027", "30 Aralık 2027 – 1 Ocak 2028"),
}
DAYS = (
    ("2027-02-03", "2027-02-03"),
    ("2027-02-10", "2027-02-11"),
    ("2027-02-27", "2027-03-02"),
    ("2027-12-30", "2028-01-01"),
)


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_lists_write_months_out_for_one_day_and_for_several(sqlite_app: App, language: str) -> None:
    for number, (first, last) in enumerate(DAYS):
        await sqlite_app.event(title=f"Meeting {number}", first_day=first, last_day=last)
    desk = await sqlite_app.at_desk()
    await desk.get("/")
    await desk.send("/language", {"language": language})
    for path in ("/events", "/"):
        page = (await desk.get(path)).text.replace("\N{THIN SPACE}", " ")
        assert [days for days in WRITTEN[language] if days not in page] == []


async def test_a_day_in_a_sentence_of_a_page_is_written_as_its_reader_writes_it(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    sqlite_app.clock.forward(days=60)
    page = (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).text
    assert "Etkinlik 15 Nisan 2026 tarihinde sona erdi." in page
