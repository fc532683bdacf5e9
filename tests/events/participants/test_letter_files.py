"""Letters to more than a handful are made by a job, as one file that is fetched and does not lie about."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from events.participants.letter_files.jobs import sweep
from events.participants.letter_files.rules import HANDFUL
from tests.events.nominations.test_requests import CALL, code, institution
from tests.office import pdf_pages
from tests.people import App, copied, names

MANY = 13


@copied
async def seven_took_part(app: App) -> dict[str, Any]:
    event, _ = await app.accepted_event(names(MANY))
    await app.sign(event, event["first_day"])
    return event


async def test_many_letters_are_made_by_a_job_that_tells_how_far_it_is(app: App) -> None:
    event = await seven_took_part(app)
    path = f"/api/v1/events/{event['id']}"
    assert code(await app.api().get(f"{path}/letter-files/thanks")) == (409, "no-letter-file")
    ordered = await app.api().post(
        f"{path}/letters", json={"kind": "thanks", "language": "en", "ending": "zip", "reference": "2026/17"}
    )
    assert (ordered.status_code, ordered.json()["stage"]) == (202, "waiting")
    await app.work()
    job = (await app.api().get(f"/api/v1/jobs/{ordered.json()['id']}")).json()
    assert (job["stage"], job["done"], job["total"]) == ("done", MANY, MANY)
    (told,) = (await app.api().get(f"{path}/letter-files")).json()
    assert (told["kind"], told["ending"], told["letters"]) == ("thanks", "zip", MANY)
    fetched = await app.api().get(f"{path}/letter-files/thanks")
    assert len(fetched.content) == told["size"]
    with ZipFile(BytesIO(fetched.content)) as files:
        found = files.namelist()
        assert [name[:3] for name in found] == [f"{number:03d}" for number in range(1, MANY + 1)]
        assert all("2026/17" in pdf_pages(files.read(name))[0] for name in found)


async def test_the_newer_file_of_a_kind_takes_the_place_of_the_older(sqlite_app: App) -> None:
    event = await seven_took_part(sqlite_app)
    path = f"/api/v1/events/{event['id']}"
    for kind, ending in (("thanks", "zip"), ("participation", "pdf"), ("thanks", "pdf")):
        sqlite_app.clock.forward(minutes=1)
        await sqlite_app.api().post(f"{path}/letters", json={"kind": kind, "ending": ending})
        await sqlite_app.work()
    kept = (await sqlite_app.api().get(f"{path}/letter-files")).json()
    assert [(one["kind"], one["ending"]) for one in kept] == [("thanks", "pdf"), ("participation", "pdf")]
    assert len(pdf_pages((await sqlite_app.api().get(f"{path}/letter-files/thanks")).content)) == MANY


async def test_an_organiser_sees_the_bar_and_then_the_file_which_goes_after_a_week(sqlite_app: App) -> None:
    event = await seven_took_part(sqlite_app)
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/letters"
    ordered = await desk.send(page, {"kind": "participation", "language": "", "ending": "pdf"})
    assert (ordered.status_code, ordered.headers["location"].startswith(f"{page}?job=")) == (303, True)
    assert 'data-progress="/jobs/' in (await desk.get(ordered.headers["location"])).text
    await sqlite_app.work()
    file = f"/events/{event['id']}/letter-files/participation"
    assert file in (await desk.get(page)).text
    fetched = await desk.client.get(file)
    assert fetched.content.startswith(b"%PDF")
    assert "attachment" in fetched.headers["content-disposition"]
    told = (await desk.get(page)).text
    assert "Letters to institutions printed" in told
    assert "File of letters fetched" in told
    sqlite_app.clock.forward(days=7, minutes=1)
    await sweep(sqlite_app.fastapi.state.context)
    assert file not in (await (await sqlite_app.at_desk()).get(page)).text
    assert code(await sqlite_app.api().get(f"/api/v1{file}")) == (409, "no-letter-file")


async def test_letters_for_the_visas_of_everybody_or_of_one_country(app: App) -> None:
    event, _ = await app.accepted_event(names(MANY))
    path = f"/api/v1/events/{event['id']}"
    nobody = await app.api().post(f"{path}/visa-letters", json={"of_country": "AT"})
    assert code(nobody) == (409, "nobody-for-visa")
    given = {"costs": "The project pays the hotel.", "addressee": "Consulate General of the Netherlands"}
    ordered = await app.api().post(f"{path}/visa-letters", json={**given, "of_country": "TR", "ending": "zip"})
    assert ordered.status_code == 202
    await app.work()
    with ZipFile(BytesIO((await app.api().get(f"{path}/letter-files/visa")).content)) as files:
        found = files.namelist()
        first = pdf_pages(files.read(found[0]))[0]
    assert (len(found), found[0]) == (MANY, "001-Ayşe-Soyadı0.pdf")
    for said in ("Consulate General of the Netherlands", "Ayşe Soyadı0", "Court", "The project pays the hotel."):
        assert said in first
    assert "Passport number" in first


async def test_a_handful_of_letters_for_visas_comes_at_once(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(names(HANDFUL))
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/visa-letters"
    assert f"({HANDFUL})" in (await desk.get(page)).text
    made = await desk.send(page, {"of_country": "", "language": "tr", "ending": "pdf"})
    assert sum("Pasaport" in one for one in pdf_pages(made.content)) == HANDFUL
    wrong = await desk.send(page, {"of_country": "XX", "costs": "Kept in the form"})
    assert (wrong.status_code, "Kept in the form" in wrong.text) == (422, True)


async def test_letters_to_institutions_without_a_mailbox_are_printed_together(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    path = f"/api/v1/events/{event['id']}"
    printing = f"{path}/calls/letters/print"
    assert code(await sqlite_app.api().post(printing, json={})) == (409, "nothing-to-print")
    for number in range(HANDFUL + 1):
        await institution(sqlite_app, f"Directorate {number}", focal="")
    await sqlite_app.api().post(f"{path}/calls", json={**CALL, "kind": "directorate"})
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/calls/print"
    assert "Directorate 3" in (await desk.get(page)).text
    assert (await desk.send(page, {"ending": "pdf"})).status_code == 303
    await sqlite_app.work()
    letters = pdf_pages((await sqlite_app.api().get(f"{path}/letter-files/nominations")).content)
    assert [sum(f"Directorate {n}" in one for one in letters) for n in range(HANDFUL + 1)] == [1] * (HANDFUL + 1)
    tokens = {one.split("/n/")[1].split()[0] for one in letters if "/n/" in one}
    assert len(tokens) == HANDFUL + 1
