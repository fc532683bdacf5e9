"""Words of finance's pages that English has once and Turkish twice."""

from tests.finance.test_payees import visit
from tests.people import App


async def test_who_left_home_and_what_is_left_to_pay_are_two_words(sqlite_app: App) -> None:
    event, _, _ = await visit(sqlite_app, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk("finance")
    await desk.get("/")
    await desk.send("/language", {"language": "tr"})
    absences = (await desk.get(f"/events/{event['id']}/absences")).text
    assert ("Evinden ayrıldı" in absences, "Kalan" in absences) == (True, False)
    exchange = (await desk.get(f"/projects/{sqlite_app.project_id}/exchange")).text
    assert ("Henüz döviz kuru yok" in exchange, "Henüz tarife yok" in exchange) == (True, False)


async def test_tables_that_come_along_and_new_readers_are_turkish_on_a_turkish_page(sqlite_app: App) -> None:
    desk, project = await sqlite_app.at_desk("finance"), f"/projects/{sqlite_app.project_id}"
    await desk.get("/")
    await desk.send("/language", {"language": "tr"})
    rates = (await desk.get(f"{project}/rates")).text
    assert ("kamuya açık bir depodaki aktarımdan" in rates, "as transcribed" in rates) == (True, False)
    await desk.send(f"{project}/rates/shipped", {"file": "eu_external_2024.csv"})
    assert ("kamuya açık bir depodaki aktarımdan" in desk.page, "as transcribed" in desk.page) == (True, False)
    report = (await desk.get(f"{project}/monthly-report")).text
    assert '<option value="tr" selected>' in report
