"""Sign-in sheets of several events in one go."""

import re
from io import BytesIO
from zipfile import ZipFile

from tests.office import pdf_pages
from tests.people import App


async def test_sheets_of_chosen_events_are_made_by_one_job_and_come_in_one_file(app: App) -> None:
    first, _ = await app.accepted_event(["Ayşe Bir"], title="First")
    second, _ = await app.accepted_event(["Mehmet İki"], title="../Sec\\ond")
    await app.sheet(first)
    app.clock.forward(minutes=1)
    desk = await app.at_desk("desk")
    page = f"/projects/{app.project_id}/sign-in-sheets"
    shown = (await desk.get(f"{page}?since=2026-01-01")).text
    assert (shown.count('name="events[]"'), "version 1" in shown) == (2, True)
    form = {"language": "en", "walk_ins": "0", "fields[]": ["institution"]}
    nothing = await desk.send(page, form)
    assert (nothing.status_code, "Please tick the events" in nothing.text) == (422, True)
    made = await desk.send(page, {**form, "events[]": [first["id"], second["id"], first["id"]]})
    assert made.status_code == 303
    await app.work()
    done = (await desk.get(re.sub("&job=.*", "", made.headers["location"]))).text
    assert ("version 2" in done, "version 1" in done) == (True, True)
    link = re.search(rf'href="({page}/latest\.pdf[^"]+)"', done)
    assert link is not None
    whole = pdf_pages((await desk.client.get(link[1].replace("&amp;", "&"))).content)
    assert ["Ayşe Bir" in whole[0], "Mehmet İki" in whole[-1]] == [True, True]
    zipped = await app.api("desk").get(f"/api/v1{page}/latest.zip?event={second['id']}")
    with ZipFile(BytesIO(zipped.content)) as files:
        assert files.namelist() == [f"2026-04-14-Sec-ond-sign-in-{second['code']}-v1.pdf"]


async def test_events_without_a_sheet_or_of_another_project_are_refused(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir"])
    other = await app.found("P-OTHER", prefix="other-")
    path = f"/api/v1/projects/{app.project_id}/sign-in-sheets"
    none = await app.api("desk").get(f"{path}/latest.pdf?event={event['id']}")
    assert (none.status_code, none.json()["type"].rpartition("/")[2]) == (409, "no-sheet-yet")
    stranger = app.api("other-desk")
    assert (await stranger.post(path, json={"events": [event["id"]]})).status_code == 404
    own = f"/api/v1/projects/{other}/sign-in-sheets"
    assert (await stranger.post(own, json={"events": [event["id"]]})).status_code == 404
    assert (await stranger.get(f"{own}/latest.pdf?event={event['id']}")).status_code == 404
    too_many = {"events": [event["id"]] * 61}
    assert (await app.api("desk").post(path, json=too_many)).status_code == 422
