"""Official letters: to institutions whose people took part, and for a visa, with nothing kept of what was typed."""

import json
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from tests.office import pdf_pages
from tests.people import App

DAY = date(2026, 4, 14)
PASSPORT = "U12345678"


async def test_each_institution_gets_a_letter_with_those_of_its_people_who_were_there(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    path = f"/api/v1/events/{event['id']}/letters"
    given = {"kind": "participation", "reference": "2026/17", "signer": "Elif Karaca", "dated": "2026-05-02"}
    assert (await app.api().post(path, json=given)).json()["type"].endswith("nobody-took-part")
    await app.sign(event, DAY, ["Ayşe Bir"])
    (page,) = pdf_pages((await app.api().post(path, json=given)).content)
    for said in ("Court 0", "Ayşe Bir", "14 Nis 2026", "2/4", "2026/17", "Elif Karaca", "2 Mayıs 2026"):
        assert said in page
    assert "Mehmet" not in page
    zipped = await app.api().post(path, json={**given, "kind": "thanks", "language": "en", "ending": "zip"})
    with ZipFile(BytesIO(zipped.content)) as files:
        (name,) = files.namelist()
        assert name == "001-Court-0.pdf"
        assert "1 people of your institution took part" in " ".join(pdf_pages(files.read(name))[0].split())


async def test_a_project_writes_letters_in_its_own_words_within_bounds(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ada B", "Mehmet Alabildiğine Uzunca Bir Soyadı"])
    await sqlite_app.sign(event, DAY)
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/letters/thanks"
    wrong = await desk.send(page, {"text_tr": "Sayın {passport}"})
    assert (wrong.status_code, "Nothing stands for {passport}." in wrong.text) == (422, True)
    assert "These can be used: {" in wrong.text
    assert (await desk.send(page, {"text_tr": "x" * 3001})).status_code == 422
    assert (await desk.send(page, {"text_tr": "{people} kişi, {place} için şükran."})).status_code == 303
    preview = pdf_pages((await desk.client.get(f"{page}/preview.pdf")).content)
    assert ["şükran" in one for one in preview] == [True, True, False, False]
    printed = await desk.send(f"/events/{event['id']}/letters", {"kind": "thanks", "language": "tr", "ending": "pdf"})
    assert ["1 kişi, Ankara" in one for one in pdf_pages(printed.content)] == [True, True]
    names = pdf_pages((await desk.client.get(f"/events/{event['id']}/letters/participation/preview.pdf")).content)
    assert ["Ada B" in one for one in names] == [True, False, True, False]


async def test_a_certificate_says_what_the_project_wrote_in_two_lines_at_most(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ada B", "Mehmet Alabildiğine Uzunca Bir Soyadı"])
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/letters/certificate"
    for wrong in ("x" * 161, "on {days} took part in"):
        refused = await desk.send(page, {"text_en": wrong})
        assert (refused.status_code, "room for 160 letters" in refused.text) == (422, True)
    assert (await desk.send(page, {"text_tr": "{project} kapsamında şu etkinliğe katıldı:"})).status_code == 303
    preview = pdf_pages((await desk.client.get(f"{page}/preview.pdf")).content)
    said = "Coordination and Training kapsamında şu etkinliğe katıldı:"
    assert [(said in one, "took part in" in one, "Ada B" in one) for one in preview] == [
        (True, True, True),
        (True, True, False),
        (True, True, True),
        (True, True, False),
    ]
    (one, _) = await sqlite_app.certify(event)
    made = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/certificates/{one['id']}.pdf")
    assert said in pdf_pages(made.content)[0]


async def test_a_visa_letter_says_what_a_consulate_asks_and_none_of_it_is_kept(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    invitation = people[0]["invitation_id"]
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/people/{invitation}/visa-letter"
    assert 'value="Ayşe Bir"' in (await desk.get(page)).text
    wrong = await desk.send(page, {"born_on": "yesterday", "passport_number": PASSPORT})
    assert (wrong.status_code, PASSPORT in wrong.text) == (422, True)
    form = {"passport_name": "AYSE BIR", "born_on": "1980-05-17", "passport_number": PASSPORT, "costs": "The project."}
    made = await desk.send(page, form)
    text = " ".join(" ".join(pdf_pages(made.content)).split())
    for said in ("To whom it may concern", "AYSE BIR", "17 May 1980", PASSPORT, "The project.", "Nationality"):
        assert said in text
    shown = (await sqlite_app.api().get(f"/api/v1/invitations/{invitation}/visa-letter")).status_code
    assert shown == 405
    async with sqlite_app.database.reading() as db:
        tables = await (await db.connection()).run_sync(lambda one: sa.inspect(one).get_table_names())
        for table in tables:
            rows = (await db.exec(sa.text(f"select * from {table}"))).all()  # type: ignore[call-overload]
            assert PASSPORT not in json.dumps([list(row) for row in rows], default=str)
        acts = (await db.exec(sa.text("select act from audit_entry"))).scalars().all()  # type: ignore[call-overload]
    assert "visa-letter.printed" in acts


@pytest.mark.parametrize("kind", ["certificate", "thanks", "participation", "visa"])
async def test_a_letter_is_looked_at_before_anybody_attended(sqlite_app: App, kind: str) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    preview = await desk.client.get(f"/events/{event['id']}/letters/{kind}/preview.pdf")
    assert preview.status_code == 200
    pages = pdf_pages(preview.content)
    assert len(pages) == 2
    if kind == "certificate":
        assert ["(name)" in pages[1], "(ad soyad)" in pages[0]] == [True, True]
