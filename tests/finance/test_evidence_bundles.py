"""One file with all that stands behind a sheet, which a stranger verifies without Heyet."""

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from finance.evidence_bundles.rules import BundleFile, fitting, path_for
from tests.finance.test_returns import owing
from tests.finance.test_sheets import refusal, step, submitted, visit
from tests.people import App, copied


@copied
async def approved(app: App) -> tuple[dict[str, Any], str]:
    event = await visit(app)
    people = await app.registrations(event)
    claim = {"kind": "taxi", "day": app.clock().date().isoformat(), "amount": "31.50", "currency": "EUR"}
    api, receipts = app.api("finance"), f"/api/v1/events/{event['id']}/receipts"
    made = (await api.post(receipts, json={**claim, "registration_id": people["Ayşe Bir"]})).json()
    file = {"file": ("../../taxi fişi.pdf", b"%PDF-1.4 a receipt", "application/pdf")}
    assert (await api.put(f"/api/v1/receipts/{made['id']}/file", files=file)).is_success
    assert (await api.post(f"{receipts}/decision", json={"receipts": [made["id"]], "is_accepted": True})).is_success
    id = await submitted(app, event)
    await step(app, id, "approval", "finance")
    return event, id


async def bundle(app: App, id: str, role: str = "auditor") -> bytes:
    path = f"/api/v1/per-diem-sheets/{id}/evidence"
    ordered = await app.api(role).post(path)
    assert ordered.status_code == 202, ordered.text
    await app.work()
    told = (await app.api(role).get(path)).json()
    content = (await app.api(role).get(f"{path}/file")).content
    assert told["digest"] == hashlib.sha256(content).hexdigest()
    return content


async def test_a_stranger_verifies_the_bundle_with_what_every_computer_has(app: App, tmp_path: Path) -> None:
    _, id = await approved(app)
    content = await bundle(app, id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert {name.split("/")[0] for name in names} >= {
        "README.txt",
        "SHA256SUMS",
        "manifest.json",
        "sheet",
        "attendance",
        "agenda",
        "rates",
        "receipts",
        "payments",
        "approvals",
        "history",
    }
    assert (manifest["to_pay"], manifest["version"], manifest["state"]) == ("396.30", 1, "approved")
    assert any("List of 2024" in (tmp_path / name).read_text() for name in names if name.startswith("rates/"))
    assert all(".." not in name and not name.startswith("/") for name in names)
    history = csv.DictReader((tmp_path / "history/history.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert all(isinstance(json.loads(row["facts"]), dict) for row in history)
    steps = csv.DictReader((tmp_path / "approvals/approvals.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert all("T" in row["at"] and datetime.fromisoformat(row["at"]).tzinfo for row in steps)
    # By the project's clock, as the sheet; the visit itself is in Vienna.
    assert "(Istanbul time)" in (tmp_path / "README.txt").read_text()
    verify = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(verify, cwd=tmp_path, check=False).returncode == 0
    sheet = next(tmp_path.glob("sheet/*.csv"))
    sheet.write_bytes(sheet.read_bytes().replace(b"105.60", b"905.60"))
    assert subprocess.run(verify, cwd=tmp_path, check=False).returncode == 1


async def test_what_nobody_put_together_cannot_be_fetched_and_goes_after_a_week(sqlite_app: App) -> None:
    _, id = await approved(sqlite_app)
    path = f"/api/v1/per-diem-sheets/{id}/evidence"
    assert refusal(await sqlite_app.api("finance").get(path)) == (409, "no-bundle-yet")
    await bundle(sqlite_app, id)
    sqlite_app.clock.forward(days=8)
    for sweep in sqlite_app.fastapi.state.context.sweeps:
        await sweep(sqlite_app.fastapi.state.context)
    assert refusal(await sqlite_app.api("finance").get(f"{path}/file")) == (409, "no-bundle-yet")


async def test_who_may_not_see_money_puts_nothing_together(sqlite_app: App) -> None:
    _, id = await approved(sqlite_app)
    answer = await sqlite_app.api("assistant").post(f"/api/v1/per-diem-sheets/{id}/evidence")
    assert answer.status_code == 403


async def test_account_numbers_stay_masked(sqlite_app: App) -> None:
    event, id = await approved(sqlite_app)
    people, api = await sqlite_app.registrations(event), sqlite_app.api("finance")
    iban = "TR330006100519786457841326"
    payee = {"method": "bank", "holder": "Ayşe Bir", "iban": iban}
    assert (await api.put(f"/api/v1/events/{event['id']}/payees/{people['Ayşe Bir']}", json=payee)).is_success
    body = {"sheet_ids": [id], "method": "bank-list", "executes_on": "2026-05-04"}
    made = await api.post(f"/api/v1/projects/{sqlite_app.project_id}/payment-batches", json=body)
    assert made.is_success, made.text
    content = await bundle(sqlite_app, id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        payments = archive.read("payments/payments.csv").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "1326" in payments
    assert iban.encode() not in everything


def test_what_does_not_fit_is_named_and_small_files_still_come() -> None:
    files = [BundleFile("a", b"x" * 60, ""), BundleFile("b", b"y" * 60, ""), BundleFile("c", b"z" * 30, "")]
    taken, left = fitting(files, most=100)
    assert ([one.path for one in taken], [(one.path, one.size) for one in left]) == (["a", "c"], [("b", 60)])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("boarding pass.pdf", "travel/001-boarding-pass.pdf"),
        ("../../etc/passwd", "travel/001-etc-passwd"),
        ("C:\\x\\y.PDF", "travel/001-C-x-y.pdf"),
        (".pdf", "travel/001--.pdf"),
        ("a.p/d\nf", "travel/001-a-p-d"),
    ],
    ids=["plain", "up", "windows", "bare", "newline"],
)
def test_a_name_means_nothing_to_a_folder(name: str, path: str) -> None:
    assert path_for("travel", 1, name) == path


async def test_what_people_gave_back_is_evidence_too(sqlite_app: App) -> None:
    id, back = await owing(sqlite_app)
    assert (await step(sqlite_app, id, "returns", "finance", **back | {"reference": "Receipt 7"})).status_code == 201
    with zipfile.ZipFile(io.BytesIO(await bundle(sqlite_app, id))) as archive:
        text = archive.read("payments/returns.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines(), delimiter=";")
    assert row == {
        "person": "1",
        "amount": "10.00",
        "currency": "EUR",
        "returned_on": back["returned_on"],
        "reference": "Receipt 7",
    }
