"""Long names and titles stand whole on certificates and letters, in letters that can be read and on nothing else."""

from typing import Any

import pypdfium2
import pytest
from sqlmodel import select

from directory.people.models import Person
from directory.projects.models import Project
from tests.office import pdf_pages
from tests.people import App

NAME = "Ayşe Gülşen Çağlayan-Öztürkoğlu Kahramanmaraşlıoğulları Büyükçekmeceli"
TITLE = (
    "Strengthening the Institutional and Operational Capacity of the National Referral Mechanism for the "
    "Identification, Protection and Assistance of Victims of Trafficking in Human Beings in Türkiye"
)
CONTRACT = "NEAR/ANK/2026/EA-RP/0147-TR2024/D.08.I7-01/001"
EVENT = {
    "title": "Consultative workshop on the identification and referral of victims of trafficking among migrants and "
    "refugees in the eastern provinces",
    "venue": "Grand Hotel Ankara Convention Centre, Hall Anatolia II, Kavaklıdere Mahallesi, Tunalı Hilmi Caddesi No. "
    "123, Çankaya",
}
# In points from the lower left corner of a certificate: where its square code is.
QR_BOX = (700, 74, 772, 140)


@pytest.fixture
async def event(sqlite_app: App) -> dict[str, Any]:
    async with sqlite_app.database.unit_of_work() as db:
        project = (await db.exec(select(Project))).one()
        project.title, project.contract_number = TITLE, CONTRACT
        project.signatory = "Dr. Hüseyin Abdurrahman Karaosmanoğlu"
        project.signatory_function = "Head of Department, Presidency of Migration Management, Protection of Victims"
    made, _ = await sqlite_app.accepted_event([NAME], **EVENT)
    async with sqlite_app.database.unit_of_work() as db:
        (person,) = await db.exec(select(Person))
        person.title = "Cumhuriyet Savcısı"
    return made


async def test_a_certificate_of_long_texts_is_whole_and_leaves_its_code_alone(
    sqlite_app: App, event: dict[str, Any]
) -> None:
    (one,) = await sqlite_app.certify(event)
    path = f"/api/v1/events/{event['id']}/certificates/{one['id']}.pdf"
    with pypdfium2.PdfDocument((await sqlite_app.api().get(path)).content) as document:
        text = document[0].get_textpage()
        said = " ".join(text.get_text_bounded().split())
        left, bottom, right, top = QR_BOX
        assert text.get_text_bounded(left=left, bottom=bottom, right=right, top=top).strip() == ""
        found = text.search(NAME[:10]).get_next()
        assert found is not None
        _, low, _, high = text.get_charbox(found[0])
    for whole in (NAME, TITLE, CONTRACT, EVENT["title"], EVENT["venue"]):
        assert whole in said
    # A capital letter in points: set in 20 at least.
    assert high - low > 14
    assert "…" not in said


async def test_the_head_of_a_letter_cuts_neither_title_nor_contract(sqlite_app: App, event: dict[str, Any]) -> None:
    await sqlite_app.sign(event, event["first_day"])
    made = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/letters", json={"kind": "thanks"})
    head = " ".join(pdf_pages(made.content)[0].split())[:420]
    assert f"{TITLE} · {CONTRACT}" in head
