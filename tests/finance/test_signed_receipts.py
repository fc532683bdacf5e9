"""Receipts: on paper for everybody, on the screen where the project allows it."""

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

from tests.finance.test_sheets import refusal, step, submitted, visit_with_links
from tests.office import pdf_pages
from tests.people import App


def drawing() -> bytes:
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(10, 100), (300, 20), (590, 180)], fill="black", width=3)
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


async def approved(app: App, *, on_screen: bool = True) -> tuple[str, str]:
    """The id of an approved sheet, and the token of one person on it."""
    event, tokens = await visit_with_links(app, ["Ayşe Bir", "Mehmet İki"])
    body = {"signs_on_screen": on_screen}
    assert (await app.api("finance").put(f"/api/v1/projects/{app.project_id}/pay-rules", json=body)).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    return id, tokens["Ayşe Bir"]


async def sign(app: App, token: str, id: str, **more: Any) -> Any:
    owner = await app.owner(token)
    return await owner.post(f"/api/v1/invitation/payment/sheets/{id}/signature", **more)


async def test_a_drawn_signature_is_kept_with_moment_and_hashes_and_only_once(app: App) -> None:
    id, token = await approved(app)
    file = {"file": ("s.png", drawing(), "image/png")}
    first, second = await sign(app, token, id, files=file), await sign(app, token, id, files=file)
    (told,) = (await app.api("auditor").get(f"/api/v1/per-diem-sheets/{id}/signatures")).json()
    desk = await app.at_desk("auditor")
    page = await desk.get(f"/per-diem-sheets/{id}/signatures")
    picture = await desk.get(f"/per-diem-sheets/{id}/signatures/{told['id']}.png")
    assert (first.status_code, refusal(second)) == (204, (409, "signed-already"))
    assert (told["amount"], told["fits"], told["typed_name"]) == ("182.40", True, "")
    assert hashlib.sha256(picture.content).hexdigest() == told["picture_digest"]
    assert "Ayşe Bir" in page.text


async def test_a_written_name_is_a_signature_too(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app)
    assert (await sign(sqlite_app, token, id, data={"name": "Ayşe Bir"})).status_code == 204
    (told,) = (await sqlite_app.api("finance").get(f"/api/v1/per-diem-sheets/{id}/signatures")).json()
    assert (told["typed_name"], told["picture_digest"]) == ("Ayşe Bir", "")


async def test_nothing_is_signed_where_the_project_does_not_allow_it_or_nothing_is_given(sqlite_app: App) -> None:
    id, token = await approved(sqlite_app, on_screen=False)
    refused = await sign(sqlite_app, token, id, data={"name": "Ayşe Bir"})
    assert refusal(refused) == (409, "not-to-sign")
    await sqlite_app.api("finance").put(
        f"/api/v1/projects/{sqlite_app.project_id}/pay-rules", json={"signs_on_screen": True}
    )
    empty = await sign(sqlite_app, token, id, data={"name": ""})
    wrong = await sign(sqlite_app, token, id, files={"file": ("s.png", b"no picture", "image/png")})
    large = await sign(sqlite_app, token, id, files={"file": ("s.png", drawing() + b"x" * 300_000, "image/png")})
    assert [one.status_code for one in (empty, wrong, large)] == [422, 415, 422]
    assert (await sqlite_app.api("finance").get(f"/api/v1/per-diem-sheets/{id}/signatures")).json() == []


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
    signed = await browser.send(f"/i/{token}/payment/sheets/{id}", {"name": "Ayşe Bir"}, files={"file": ("", b"")})
    assert (empty.status_code, signed.status_code) == (422, 303)


async def test_who_may_not_see_money_sees_no_signature(sqlite_app: App) -> None:
    id, _ = await approved(sqlite_app)
    assert (await sqlite_app.api("assistant").get(f"/api/v1/per-diem-sheets/{id}/signatures")).status_code == 403
