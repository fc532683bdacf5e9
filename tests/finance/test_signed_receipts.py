"""Receipts: on paper for everybody, on the screen where the project allows it."""

import hashlib
import io
import re
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image, ImageDraw
from sqlalchemy.exc import DBAPIError

from tests.finance.test_sheets import refusal, step, submitted, visit_with_links
from tests.office import pdf_pages
from tests.people import App


def drawing() -> bytes:
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(10, 100), (300, 20), (590, 180)], fill="black", width=3)
    return as_bytes(picture)


async def approved(app: App, *, on_screen: bool = True) -> tuple[str, str]:
    """The id of an approved sheet, and the token of one person on it."""
    event, tokens = await visit_with_links(app, ["Ayşe Bir", "Mehmet İki"])
    body = {"signs_on_screen": on_screen}
    assert (await app.api("finance").put(f"/api/v1/projects/{app.project_id}/pay-rules", json=body)).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    return id, tokens["Ayşe Bir"]


async def sign(app: App, token: str, id: str, *, name: str = "", confirms: str = "yes", **more: Any) -> Any:
    owner = await app.owner(token)
    path = f"/api/v1/invitation/payment/sheets/{id}/signature"
    return await owner.post(path, data={"name": name, "confirms": confirms}, **more)


async def signatures(app: App, id: str) -> list[dict[str, Any]]:
    answer = await app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}/signatures")
    return list(answer.raise_for_status().json()["items"])


def as_bytes(picture: Image.Image, kind: str = "PNG") -> bytes:
    into = io.BytesIO()
    picture.save(into, kind)
    return into.getvalue()


async def test_a_drawn_signature_is_kept_with_moment_and_hashes_and_only_once(app: App) -> None:
    id, token = await approved(app)
    file = {"file": ("s.png", drawing(), "image/png")}
    first, second = await sign(app, token, id, files=file), await sign(app, token, id, files=file)
    (told,) = await signatures(app, id)
    desk = await app.at_desk("auditor")
    page = await desk.get(f"/per-diem-sheets/{id}/signatures")
    picture = await desk.get(f"/per-diem-sheets/{id}/signatures/{told['id']}.png")
    assert (first.status_code, refusal(second)) == (204, (409, "signed-already"))
    assert (told["amount"], told["fits"], told["typed_name"]) == ("182.40", True, "")
    assert hashlib.sha256(picture.content).hexdigest() == told["picture_digest"]
    assert "Ayşe Bir" in page.text
    assert told["picture_digest"] in page.text
    assert "Signed receipts: 1 of 2" in " ".join((await desk.get(f"/per-diem-sheets/{id}")).text.split())


async def test_a_written_name_is_a_signature_too(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app)
    assert (await sign(sqlite_app, token, id, name="Ayşe Bir")).status_code == 204
    (told,) = await signatures(sqlite_app, id)
    assert (told["typed_name"], told["picture_digest"]) == ("Ayşe Bir", "")


async def test_nothing_is_signed_where_the_project_does_not_allow_it(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app, on_screen=False)
    assert refusal(await sign(sqlite_app, token, id, name="Ayşe Bir")) == (409, "not-to-sign")


@pytest.mark.parametrize(
    ("picture", "status"),
    [
        (b"no picture", 415),
        (drawing() + b"x" * 300_000, 422),
        (as_bytes(Image.effect_noise((400, 400), 200).convert("RGBA")), 422),
        (as_bytes(Image.open(io.BytesIO(drawing())).convert("RGB"), "JPEG"), 415),
        (as_bytes(Image.new("RGBA", (600, 200), (0, 0, 0, 0))), 422),
        (as_bytes(Image.new("RGB", (600, 200), "white")), 422),
        (as_bytes(Image.new("RGB", (600, 200), "black")), 422),
    ],
    ids=["text", "large", "large when written anew", "JPEG", "nothing drawn", "white", "black"],
)
async def test_what_is_no_drawing_is_no_signature(sqlite_app: App, picture: bytes, status: int) -> None:
    id, token = await approved(sqlite_app)
    file = {"file": ("s.png", picture, "image/png")}
    refused = await sign(sqlite_app, token, id, files=file)
    browser = await sqlite_app.owners_browser(token)
    page = f"/i/{token}/payment/sheets/{id}"
    await browser.get(page)
    again = await browser.send(page, {"name": "", "confirms": "yes"}, files={"file": ("s.png", picture)})
    assert (refused.status_code, again.status_code) == (status, status)
    assert re.search(r'<div tabindex="-1" autofocus>\s*<div class="invalid', again.text)
    assert await signatures(sqlite_app, id) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": ""}, "name"), ({"name": "..."}, "name"), ({"name": "Ayşe Bir", "confirms": ""}, "confirms")],
)
async def test_a_name_and_that_the_amount_came_are_needed(sqlite_app: App, given: dict[str, str], field: str) -> None:
    id, token = await approved(sqlite_app)
    answer = await sign(sqlite_app, token, id, **given)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])


async def test_nobody_signs_on_the_sheet_of_another_event_or_one_that_is_not_approved(sqlite_app: App) -> None:
    id, _ = await approved(sqlite_app)
    event, tokens = await visit_with_links(sqlite_app, ["Zehra Üç"])
    waiting = await submitted(sqlite_app, event)
    for sheet in (id, waiting, str(uuid4())):
        assert (await sign(sqlite_app, tokens["Zehra Üç"], sheet, name="Zehra Üç")).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signed_receipt SET amount_minor = 1",
        "UPDATE signed_receipt SET typed_name = 'Somebody else'",
        "UPDATE signed_receipt SET picture_digest = ''",
        "DELETE FROM signed_receipt",
    ],
)
async def test_a_signature_cannot_be_rewritten_even_in_the_database(app: App, statement: str) -> None:
    id, token = await approved(app)
    await sign(app, token, id, name="Ayşe Bir")
    with pytest.raises(DBAPIError, match="kept as it is"):
        async with app.database.unit_of_work() as db:
            await (await db.connection()).execute(sa.text(statement))


async def test_a_sheet_that_was_rewritten_does_not_fit_what_was_signed(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app)
    await sign(sqlite_app, token, id, name="Ayşe Bir")
    async with sqlite_app.database.unit_of_work() as db:
        connection = await db.connection()
        await connection.execute(sa.text("DROP TRIGGER guard_per_diem_line_update"))
        changed = (
            "UPDATE per_diem_line SET content = replace(content, '\"240\"', '\"250\"') WHERE content LIKE '%\"240\"%'"
        )
        assert (await connection.execute(sa.text(changed))).rowcount > 0
    (told,) = await signatures(sqlite_app, id)
    page = await (await sqlite_app.at_desk("auditor")).get(f"/per-diem-sheets/{id}/signatures")
    assert told["fits"] is False
    assert re.search(r"bg-red[^>]*>\s*no\s*<", page.text)


async def test_everybody_fetches_a_receipt_of_their_own_to_print(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app, on_screen=False)
    owner = await sqlite_app.owner(token)
    answer = await owner.get(f"/api/v1/invitation/payment/sheets/{id}/receipt.pdf")
    printed = " ".join(pdf_pages(answer.content))
    assert "182.40" in printed
    assert "Ayşe Bir" in printed
    assert "Mehmet" not in printed


async def test_the_page_takes_a_name_and_says_what_is_missing(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app)
    browser = await sqlite_app.owners_browser(token)
    shown = await browser.get(f"/i/{token}/payment")
    assert f"/i/{token}/payment/sheets/{id}" in shown.text
    await browser.get(f"/i/{token}/payment/sheets/{id}")
    empty = await browser.send(f"/i/{token}/payment/sheets/{id}", {"name": ""}, files={"file": ("", b"")})
    given = {"name": "Ayşe Bir", "confirms": "yes"}
    signed = await browser.send(f"/i/{token}/payment/sheets/{id}", given, files={"file": ("", b"")})
    assert (empty.status_code, signed.status_code) == (422, 303)


async def test_who_may_not_see_money_sees_no_signature(sqlite_app: App) -> None:
    id, _ = await approved(sqlite_app)
    assert (await sqlite_app.api("assistant").get(f"/api/v1/per-diem-sheets/{id}/signatures")).status_code == 403
    assert (await (await sqlite_app.at_desk("assistant")).get(f"/per-diem-sheets/{id}/signatures")).status_code == 403


@pytest.mark.parametrize(("advance", "said"), [("0.01", "Signed receipts: 0 of 2"), ("182.40", None)])
async def test_of_whom_nothing_is_paid_no_receipt_is_waited_for(
    sqlite_app: App, advance: str, said: str | None
) -> None:
    event, _ = await visit_with_links(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    given = {"amount": advance, "currency": "EUR", "paid_on": "2026-03-01", "method": "cash", "reference": "V-17"}
    people = list((await sqlite_app.registrations(event)).values())
    path = f"/api/v1/events/{event['id']}/advances"
    assert (await sqlite_app.api("finance").post(path, json=given | {"registrations": people})).status_code == 201
    id = await submitted(sqlite_app, event)
    await step(sqlite_app, id, "approval", "finance")
    page = (await (await sqlite_app.at_desk("finance")).get(f"/per-diem-sheets/{id}")).text
    assert (said or "To pay") in page
    assert ("Signed receipts" in page) == bool(said)
