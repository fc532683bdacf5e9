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
