"""Certificates: numbered without gaps, for what was truly attended, verified by whoever holds the paper."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from events.attendance.certificates.rules import hours_attended, initials, is_surname, number_of
from events.attendance.records.rules import Half
from heyet.probe import check_installation
from tests.office import pdf_pages
from tests.people import App
from tests.security.test_erasure import erased

DAY = date(2026, 4, 14)
NINE = datetime(2026, 4, 14, 6, tzinfo=UTC)


async def text_of(app: App, event: dict[str, Any], one: dict[str, Any]) -> str:
    content = (await app.api().get(f"/api/v1/events/{event['id']}/certificates/{one['id']}.pdf")).content
    assert hashlib.sha256(content).hexdigest() == one["file_hash"]
    return "\n".join(pdf_pages(content))


def code_in(text: str) -> str:
    found = re.search(r"/certificates/([\w-]{32})", text)
    assert found is not None
    return found[1]


async def test_only_who_reached_the_threshold_gets_one_and_it_says_what_was_attended(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.sign(event, DAY)
    await app.sign(event, DAY + timedelta(days=1), ["Ayşe Bir"])
    (one,) = await app.issued(event)
    assert (one["name"], one["number"], one["state"]) == ("Ayşe Bir", "P-TEST/2026/0001", "valid")
    text = await text_of(app, event, one)
    for said in ("Ayşe Bir", "Katılım Belgesi", "Certificate of attendance", "4 yarım günün 4", "P-TEST/2026/0001"):
        assert said.casefold() in text.casefold()
    again = await app.api().post(f"/api/v1/events/{event['id']}/certificates")
    assert again.status_code == 409


async def test_numbers_go_on_over_events_and_a_correction_replaces_the_first(sqlite_app: App) -> None:
    app = sqlite_app
    for title, name in (("First", "Ayşe Bir"), ("Second", "Mehmet İki")):
        event, _ = await app.accepted_event([name], title=title)
        (one,) = await app.certify(event)
    assert one["number"] == "P-TEST/2026/0002"
    id = (await app.registrations(event))["Mehmet İki"]
    plan = {k: v for k, v in app.plan(title="Second", attendance_threshold=70).items() if k != "project_id"}
    lowered = await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert lowered.status_code == 200, lowered.text
    correction = {"day": str(DAY), "half": "pm", "is_present": False, "reason": "left at noon"}
    await app.api("desk").post(f"/api/v1/events/{event['id']}/attendance/{id}/corrections", json=correction)
    both = await app.issued(event)
    assert [(o["number"], o["state"]) for o in both] == [
        ("P-TEST/2026/0002", "replaced"),
        ("P-TEST/2026/0002-2", "valid"),
    ]
    assert "4 yarım günün 3" in await text_of(app, event, both[1])


async def test_all_that_are_valid_come_in_one_file(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    path = f"/api/v1/events/{event['id']}/certificates"
    assert (await sqlite_app.api().get(f"{path}/all.zip")).status_code == 404
    both = await sqlite_app.certify(event)
    pages = pdf_pages((await sqlite_app.api().get(f"{path}/all.pdf")).content)
    assert [name in page for name, page in zip(("Ayşe Bir", "Mehmet İki"), pages, strict=True)] == [True, True]
    await sqlite_app.api().post(f"{path}/{both[0]['id']}/withdrawal", json={"reason": "Another person"})
    with ZipFile(BytesIO((await sqlite_app.api().get(f"{path}/all.zip")).content)) as archive:
        assert archive.namelist() == ["P-TEST-2026-0002.pdf"]
        assert hashlib.sha256(archive.read("P-TEST-2026-0002.pdf")).hexdigest() == both[1]["file_hash"]


async def test_a_stranger_verifies_no_more_than_it_says(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Gül Öztürk"])
    (one,) = await sqlite_app.certify(event)
    code = code_in(await text_of(sqlite_app, event, one))
    stranger = sqlite_app.stranger()
    page = (await stranger.get(f"/certificates/{code}")).text
    assert ("Ayşe Ö." in page, "Öztürk" in page, "example.org" in page.partition("<main")[2]) == (True, False, False)
    assert "Ayşe Gül Öztürk" in (await stranger.get(f"/certificates/{code}?surname=ozturk")).text
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert (await stranger.get(f"/certificates/{wrong}")).status_code == 404
    withdrawn = await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/certificates/{one['id']}/withdrawal", json={"reason": "issued by mistake"}
    )
    shown = (await stranger.client.get(f"/api/v1/certificates/{code}")).json()
    assert (withdrawn.json()["state"], shown["state"], shown["name"]) == ("withdrawn", "withdrawn", "Ayşe Ö.")
    assert "mistake" not in (await stranger.get(f"/certificates/{code}")).text


async def test_once_its_holder_is_erased_it_names_the_day_of_its_issue_as_before(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.accepted_event(["Ayşe Gül Öztürk"], country="BE", zone="Europe/Brussels")
    app.clock.now = datetime(2026, 5, 15, 21, 30, tzinfo=UTC)
    (one,) = await app.certify(event)
    path = f"/api/v1/certificates/{code_in(await text_of(app, event, one))}"
    before = (await app.stranger().client.get(path)).json()
    await erased(app, tokens["Ayşe Gül Öztürk"])
    after = (await app.stranger().client.get(path)).json()
    assert (before["is_erased"], after["is_erased"]) == (False, True)
    assert (before["issued_on"], after["issued_on"]) == ("2026-05-16", "2026-05-16")


async def test_the_page_says_to_how_many_and_withdraws_only_with_a_reason(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    path = f"/events/{event['id']}/certificates"
    desk = await sqlite_app.at_desk()
    assert "Nobody is waiting" in (await desk.get(path)).text
    await sqlite_app.sign(event, DAY)
    await sqlite_app.sign(event, DAY + timedelta(days=1))
    desk = await sqlite_app.at_desk()
    assert "Issue certificates (2)" in (await desk.get(path)).text
    await desk.send(path, {})
    await sqlite_app.work()
    page = (await desk.get(path)).text
    form = re.search(rf'action="({path}/[^"]+/withdrawal)"', page)
    assert form is not None
    assert (await desk.send(form[1], {"reason": ""})).status_code == 422
    await desk.send(form[1], {"reason": "Wrong person"})
    after = (await desk.get(path)).text
    assert "Withdrawn" in after
    # Whoever's was withdrawn is not given the same again under another number.
    assert "Nobody is waiting" in after
    other = await sqlite_app.at_desk("auditor")
    assert "Withdraw for good" not in (await other.get(path)).text


async def test_a_certificate_that_a_correction_takes_the_ground_from_is_pointed_at(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.certify(event)
    id, path = (await app.registrations(event))["Ayşe Bir"], f"/events/{event['id']}/certificates"
    before = (await (await app.at_desk()).get(path)).text
    for half in ("am", "pm"):
        correction = {"day": str(DAY), "half": half, "is_present": False, "reason": "Was not there"}
        await app.api("desk").post(f"/api/v1/events/{event['id']}/attendance/{id}/corrections", json=correction)
    found = {one["name"]: one["is_earned"] for one in (await app.api().get(f"/api/v1{path}")).json()}
    after = (await (await app.at_desk()).get(path)).text
    assert found == {"Ayşe Bir": False, "Mehmet İki": True}
    said = "One valid certificate is of somebody whose attendance, as it is recorded now, is below 80 %"
    assert (said in before, said in after) == (False, True)
    (mine,) = [one for one in (await app.api().get(f"/api/v1{path}")).json() if not one["is_earned"]]
    withdrawal = await app.api().post(f"/api/v1{path}/{mine['id']}/withdrawal", json={"reason": "Was not there"})
    assert (withdrawal.json()["state"], said in (await (await app.at_desk()).get(path)).text) == ("withdrawn", False)


@pytest.mark.parametrize(
    ("name", "shown"), [("Ayşe Gül Öztürk", "Ayşe Ö."), ("Madonna", "Madonna"), ("Li Wei", "Li W.")]
)
def test_initials_of_a_name(name: str, shown: str) -> None:
    assert initials(name) == shown


@pytest.mark.parametrize(
    ("typed", "fits"), [("Öztürk", True), ("OZTURK", True), (" öztürk ", True), ("Ayşe", False), ("", False)]
)
def test_a_surname_is_compared_as_people_type_it(typed: str, fits: bool) -> None:
    assert is_surname(typed, "Hâkim Ayşe Öztürk") is fits


def test_numbers_tell_corrections() -> None:
    assert [number_of("P-ACT", 2026, 147, n) for n in (1, 2)] == ["P-ACT/2026/0147", "P-ACT/2026/0147-2"]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=6), st.booleans())
def test_hours_never_exceed_what_the_sessions_last_and_absence_adds_nothing(
    spans: list[tuple[int, int]], is_present: bool
) -> None:
    sessions = [(NINE + timedelta(minutes=s), NINE + timedelta(minutes=s + n)) for s, n in spans]
    present = [(DAY, half) for half in Half] if is_present else []
    hours = hours_attended(sessions, present, "Europe/Istanbul")
    assert 0 <= hours <= Decimal(sum(n for _, n in spans)) / 60
    assert hours % Decimal("0.5") == 0
    if not is_present:
        assert hours == 0


async def test_a_certificate_is_made_for_archives_and_sealed_where_there_is_a_key(
    sqlite_app: App, tmp_path: Path
) -> None:
    app = sqlite_app
    settings = app.fastapi.state.settings
    settings.seal_file, settings.seal_passphrase = tmp_path / "seal.p12", SecretStr("secret")
    event, _ = await app.accepted_event(["محمد بن", "Ayşe Bir"])
    for day in (DAY, DAY + timedelta(days=1)):
        await app.sign(event, day)
    path = f"/api/v1/events/{event['id']}/certificates"
    refused = await app.api().post(path)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "seal-unusable")
    settings.seal_file.write_bytes(key_with_certificate("secret"))
    assert (await app.api().post(path)).status_code == 202
    await app.work()
    for one in (await app.api().get(path)).json():
        content = (await app.api().get(f"{path}/{one['id']}.pdf")).content
        assert hashlib.sha256(content).hexdigest() == one["file_hash"]
        signature = PdfFileReader(BytesIO(content)).embedded_signatures[0]
        signature.compute_integrity_info()
        assert signature.summarise_integrity_info()["coverage"] is SignatureCoverageLevel.ENTIRE_FILE
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        for mark in (b"<pdfaid:part>2<", b"<pdfaid:conformance>U<", b"/OutputIntents", b"2026-04-15T18:00:00+00:00"):
            assert mark in content
        assert b"/Encrypt" not in content
        assert content.count(b"/Subtype /Type0") == content.count(b"/ToUnicode") == content.count(b"/FontFile2")
    findings = await check_installation(settings)
    assert any("sealed as Agency, until 2126-01-01" in note for note in findings.notes)


def key_with_certificate(passphrase: str) -> bytes:
    """A PKCS#12 file of an agency that vouches for itself, for a hundred years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Agency")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2126, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return serialize_key_and_certificates(b"seal", key, certificate, None, BestAvailableEncryption(passphrase.encode()))
