"""The list to sign and the receipts for cash are of those who are really paid in cash."""

from tests.finance.test_payments import AUSTRIAN, NAMES, accounts, act, approved, batch
from tests.office import pdf_pages
from tests.people import App


async def pages_of(app: App, sheet_id: str, file: str) -> list[str]:
    answer = await app.api("finance").get(f"/api/v1/per-diem-sheets/{sheet_id}/files/{file}", params={"language": "en"})
    assert answer.status_code == 200, answer.text
    return pdf_pages(answer.content)


async def test_who_has_told_nothing_signs_for_cash_as_the_batch_pays_them(app: App) -> None:
    event, id = await approved(app)
    await accounts(app, event, Ayşe=AUSTRIAN, Mehmet="cash")
    made = (await batch(app, [id], "cash")).json()
    assert (made["payments"], made["total"]) == (2, "364.80")
    assert "of it in cash EUR 364.80" in " ".join(" ".join(await pages_of(app, id, "pdf")).split())
    receipts = await pages_of(app, id, "receipts")
    assert [name for page in receipts for name in NAMES if name in page] == ["Mehmet İki", "Zeynep Üç"]


async def test_who_signs_for_cash_is_who_no_bank_paid(sqlite_app: App) -> None:
    app = sqlite_app
    event, id = await approved(app, NAMES[:2])
    await accounts(app, event, Ayşe=AUSTRIAN, Mehmet="cash")
    made = (await batch(app, [id])).json()
    (first,) = (await app.api("finance").get(f"/api/v1/payment-batches/{made['id']}")).json()["items"]
    await accounts(app, event, Ayşe="cash")
    for lost, names in (({}, NAMES[1:2]), ({"payment_ids": [first["id"]], "reason": "Account closed"}, NAMES[:2])):
        if lost:
            assert (await act(app, made["id"], "failed", **lost)).is_success
        receipts = await pages_of(app, id, "receipts")
        assert [name for page in receipts for name in NAMES if name in page] == names
