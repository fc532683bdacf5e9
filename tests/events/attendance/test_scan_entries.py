"""Signed sheets come back as scans: kept as evidence, read, looked at, and entered once."""

import hashlib
import re
import sys
from collections.abc import Mapping
from typing import Any

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from httpx2 import Response
from PIL import Image, ImageDraw
from sqlmodel import select

from directory.people.models import Person
from tests.office import pdf_pages
from tests.people import App, names, problem_fields
from tests.signed_sheets import jpeg_of, pdf_of, photographed, printed_for, scan_of, signed

DAY = "2026-04-14"
Cell = tuple[str, str]


def path_of(event: dict[str, Any], rest: str = "scans") -> str:
    return f"/api/v1/events/{event['id']}/{rest}"


async def upload(app: App, event: dict[str, Any], *files: tuple[str, bytes]) -> Response:
    sent = [("file", (name, content, "application/octet-stream")) for name, content in files]
    return await app.api().post(path_of(event), files=sent)


async def read(app: App, event: dict[str, Any], *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    """Upload, let the worker read, and give every page of every scan."""
    answer = await upload(app, event, *files)
    assert answer.status_code == 202, answer.text
    await app.work()
    assert (await app.api().get(f"/api/v1/jobs/{answer.json()['job_id']}")).json()["stage"] == "done"
    pages: list[dict[str, Any]] = []
    for scan in answer.json()["scans"]:
        pages += (await app.api().get(path_of(event, f"scans/{scan['id']}/pages"))).json()
    return pages


def looked_at(page: dict[str, Any], truth: Mapping[Cell, str]) -> list[dict[str, Any]]:
    """What somebody says who sees the paper: only what is a signature is one."""
    return [
        {"page_id": page["id"], "number": cell["number"], "is_signed": truth[cell["row"], cell["column"]] == "signed"}
        for cell in page["cells"]
        if cell["kind"] == "signature" and not cell["row"].startswith("W")
    ]


async def enter(app: App, event: dict[str, Any], **given: Any) -> Response:
    app.comes(DAY)
    return await app.api().post(path_of(event, "scan-entries"), json=given)


async def present(app: App, event: dict[str, Any]) -> set[Cell]:
    """Who counts as present, as the sheet names rows and columns."""
    found = (await app.api("auditor").get(path_of(event, "attendance"))).json()
    return {(one["registration_id"], f"{h['day']}/{h['half']}") for one in found for h in one["present"]}


async def test_a_signed_sheet_of_sixty_people_becomes_attendance_with_its_scan_as_evidence(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(names(60), capacity=70, last_day=DAY)
    sheets = signed(await printed_for(app, event, walk_ins=0))
    devices = ("scan 150", "photograph 12 MP", "photograph in shadow", "copier", "scan 200 dpi grey")
    files = [
        (f"{n}.jpg", photographed(page, device)) for n, (page, device) in enumerate(zip(sheets, devices, strict=False))
    ]
    files.reverse()
    pages = await read(app, event, *files)
    assert {page["page"]: page["problem"] for page in pages} == {page.number: None for page in sheets}
    truth: dict[Cell, str] = {key: said for page in sheets for key, said in page.truth.items()}
    read_alike = [
        (cell["state"], truth[cell["row"], cell["column"]])
        for page in pages
        for cell in page["cells"]
        if cell["kind"] == "signature" and truth[cell["row"], cell["column"]] in ("signed", "empty")
    ]
    assert len(read_alike) == 120 - sum(said not in ("signed", "empty") for said in truth.values() if said)
    # One in fifteen hundred is read wrongly at best: sheets and devices are drawn by lot.
    assert sum(state not in (said, "unsure") for state, said in read_alike) <= 1
    given = {
        "pages": [page["id"] for page in pages],
        "cells": [cell for page in pages for cell in looked_at(page, truth)],
        "kept_at": "Folder 12, shelf B",
    }
    first = await enter(app, event, **given)
    assert first.status_code == 200, first.text
    signed_cells = {key for key, said in truth.items() if said == "signed" and key[0] != "certifier"}
    assert first.json() == {"recorded": 120, "changed": len(signed_cells), "added": 0, "without_place": []}
    assert await present(app, event) == signed_cells
    again = await enter(app, event, **given)
    assert (again.status_code, again.json()["changed"]) == (200, 0)
    somebody = next(iter(signed_cells))[0]
    records = (await app.api("auditor").get(path_of(event, f"attendance/{somebody}"))).json()
    scans = {one["id"]: one for one in (await app.api("auditor").get(path_of(event))).json()}
    assert [record["source"] for record in records] == ["scan", "scan"]
    evidence = scans[records[0]["evidence_id"]]
    assert (evidence["state"], evidence["kept_at"]) == ("entered", "Folder 12, shelf B")
    file = (await app.api("auditor").get(path_of(event, f"scans/{evidence['id']}/file"))).content
    assert (evidence["file_name"], file) in files
    assert evidence["digest"] == hashlib.sha256(file).hexdigest()


def locked() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption("owner", "user")
    return bytes(pdf.output())


def cat() -> Image.Image:
    """A dark animal on something light."""
    picture = Image.new("RGB", (1100, 800), (205, 190, 170))
    draw = ImageDraw.Draw(picture)
    for box in ((300, 300, 800, 700), (650, 150, 900, 400), (150, 250, 350, 650)):
        draw.ellipse(box, fill=(60, 50, 45))
    return picture


def told(page: str) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_a_file_that_is_no_scan_has_no_cells_that_wait(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"], last_day=DAY)
    await read(sqlite_app, event, ("locked.pdf", locked()))
    page = told((await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/scans")).text)
    assert "Could not be read" in page
    assert "Look at the cells and enter them" not in page
    assert "Read, not entered yet" not in page


async def test_what_cannot_be_entered_is_said_in_words(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], last_day=DAY)
    other, _ = await app.accepted_event(["Oğuz Üç"], title="Another one", last_day=DAY)
    old = signed(await printed_for(app, event))[0]
    sheets = signed(await printed_for(app, event))[0]
    stranger = scan_of(await app.sheet(other))
    foreign = scan_of(await sheet_of_another_project(app))
    blank = Image.new("RGB", (1240, 1754), "white")
    clean, askew = scan_of(sheets), scan_of(sheets).rotate(2, fillcolor="white")
    content = pdf_of(blank, cat(), stranger, foreign, scan_of(old), clean, askew)
    pages = await read(app, event, ("all.pdf", content), ("locked.pdf", locked()))
    problems = [page["problem"] for page in pages]
    assert problems == ["blank", "no-code", "other-event", "unknown-sheet", None, None, None]
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/scans")
    for words in (
        "The page is blank.",
        "No code of a sign-in sheet was found.",
        "This is a sheet of another event.",
        "This is no sheet of ours, or one of another project.",
        "The PDF is locked with a password.",
    ):
        assert words in told(desk.page)
    await desk.get(f"/events/{event['id']}/scan-entries")
    assert "This is an old version" in told(desk.page)
    assert "This page has been scanned twice." in told(desk.page)
    assert "Another one" not in desk.page
    both = await enter(app, event, pages=[pages[5]["id"], pages[6]["id"]], left_out=rows_of(pages[5], pages[6]))
    unread = await enter(app, event, pages=[pages[0]["id"]])
    assert (both.status_code, unread.status_code) == (409, 409)
    assert await present(app, event) == set()
    # An old version may be the one that people signed: then somebody says so.
    cells = looked_at(pages[4], old.truth)
    chosen = await enter(app, event, pages=[pages[4]["id"]], cells=cells, left_out=rows_of(pages[4]))
    assert chosen.status_code == 200, chosen.text
    people = set((await app.registrations(event)).values())
    expected = {key for key, said in old.truth.items() if said == "signed" and key[0] in people}
    assert await present(app, event) == expected


async def sheet_of_another_project(app: App) -> bytes:
    project = await app.found("P-B", prefix="b-")
    api = app.api("b-organiser")
    event = (await api.post("/api/v1/events", json=app.plan(project_id=str(project)))).json()
    made = (await api.post(path_of(event, "sign-in-sheets"), json={})).json()
    return (await api.get(path_of(event, f"sign-in-sheets/{made['id']}.pdf"))).content


def rows_of(*pages: dict[str, Any]) -> list[dict[str, str]]:
    """All rows of these pages for people who are not in the list."""
    rows = {(page["id"], cell["row"]) for page in pages for cell in page["cells"] if cell["row"].startswith("W")}
    return [{"page_id": id, "row": row} for id, row in sorted(rows)]


async def test_two_pages_on_one_photograph_are_both_read(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(names(30), capacity=40, last_day=DAY)
    first, second = signed(await printed_for(app, event))
    left, right = scan_of(first), scan_of(second)
    table = Image.new("RGB", (2 * left.width + 160, left.height + 160), (90, 66, 46))
    table.paste(right.rotate(1, fillcolor="white"), (60, 70))
    table.paste(left, (left.width + 110, 90))
    pages = await read(app, event, ("both.jpg", jpeg_of(table)))
    assert sorted((page["file_page"], page["page"], page["problem"]) for page in pages) == [(1, 1, None), (1, 2, None)]
    assert all("several" in page["warnings"] for page in pages)


async def test_what_is_no_scan_or_here_already_is_not_kept(sqlite_app: App) -> None:
    app = sqlite_app
    files = app.fastapi.state.settings.files
    event, _ = await app.accepted_event(["Ayşe Bir"], last_day=DAY)
    for name, content in (("list.xlsx", b"PK\x03\x04"), ("page.html", b"<html>"), ("empty.pdf", b"")):
        answer = await upload(app, event, (name, content))
        assert (answer.status_code, name in answer.json()["title"]) == (415, True)
    assert not list(files.all())
    blank = jpeg_of(Image.new("RGB", (600, 800), "white"))
    assert (await upload(app, event, ("one.jpg", blank))).status_code == 202
    twice = await upload(app, event, ("again.jpg", blank))
    assert (twice.status_code, twice.json()["title"]) == (409, "again.jpg has been uploaded for this event before.")
    (kept,) = files.all()
    assert files.read(kept.hash).startswith(b"gAAAA")


async def test_a_page_without_its_code_is_read_by_the_code_that_somebody_types(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], last_day=DAY)
    made = await printed_for(app, event)
    (sheets,) = signed(made)
    letters = re.search(r"HY1/\w{13}/1/1/\w{6}", "".join("".join(pdf_pages(made.pdf)).split()))
    assert letters is not None
    box, dots = made.layout.code, 300 / 25.4
    sheets.picture[int(box.y * dots) : int(box.bottom * dots), int(box.x * dots) : int(box.right * dots)] = 255
    (page,) = await read(app, event, ("page.jpg", jpeg_of(scan_of(sheets))))
    assert page["problem"] == "no-code"
    path = path_of(event, f"scans/pages/{page['id']}/code")
    wrong = await app.api().post(path, json={"code": "HY1/0000000000000/1/1/000000"})
    assert problem_fields(wrong) == {"code": "This is not the code of a sheet of this event."}
    typed = await app.api().post(path, json={"code": letters[0].lower()})
    assert typed.status_code == 202, (typed.text, letters[0])
    await app.work()
    (again,) = (await app.api().get(path_of(event, f"scans/{page['scan_id']}/pages"))).json()
    assert (again["problem"], again["page"], len(again["cells"])) == (None, 1, len(made.layout.pages[0].cells))


async def test_what_contradicts_is_shown_before_it_is_entered_and_overwrites_nothing(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], last_day=DAY)
    people = await app.registrations(event)
    pages, truth = await scanned(app, event)
    absent, half = next(
        (name, half) for name, id in people.items() for half in ("am", "pm") if truth[id, f"{DAY}/{half}"] == "empty"
    )
    await app.sign(event, DAY, [absent])
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/scan-entries")
    heading = {"am": "Morning", "pm": "Afternoon"}[half]
    assert re.search(f"{absent} , [^:]*, {heading}: empty here, recorded as present", told(desk.page))
    given = {"pages": [page["id"] for page in pages], "left_out": rows_of(*pages)}
    await enter(app, event, cells=[cell for page in pages for cell in looked_at(page, truth)], **given)
    records = (await app.api("auditor").get(path_of(event, f"attendance/{people[absent]}"))).json()
    said = [(one["source"], one["is_present"]) for one in records if one["half"] == half]
    assert said == [("sheet", True), ("scan", False)]
    (shown,) = [
        one
        for one in (await app.api().get(path_of(event, "attendance"))).json()
        if one["registration_id"] == people[absent]
    ]
    assert {"day": DAY, "half": half} in shown["disputed"]


async def scanned(app: App, event: dict[str, Any], **wanted: Any) -> tuple[list[dict[str, Any]], dict[Cell, str]]:
    """A sheet of the event, signed, scanned and read; and what truly stands in its cells."""
    made = await printed_for(app, event, **wanted)
    for seed in range(1, 100):
        sheets = signed(made, seed)
        truth: dict[Cell, str] = {key: said for page in sheets for key, said in page.truth.items()}
        walk_in_rows = {row for (row, column), said in truth.items() if row[0] == "W" and said == "word"}
        told_apart = {said for (row, _), said in truth.items() if len(row) == 36}
        if {"signed", "empty"} <= told_apart and (len(walk_in_rows) > 1 or wanted.get("walk_ins") != 6):
            break
    return await read(app, event, *((f"{n}.jpg", jpeg_of(scan_of(page))) for n, page in enumerate(sheets))), truth


async def test_people_who_are_not_in_the_list_are_typed_beside_their_handwriting(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=2, last_day=DAY)
    await app.name_people(event, ["Oğuz Üç"])
    pages, truth = await scanned(app, event, walk_ins=6)
    (page,) = pages
    rows = sorted({row for row, _ in truth if row[0] == "W"}, key=lambda row: int(row[1:]))
    used = [row for row in rows if any(said != "empty" for (of, _), said in truth.items() if of == row)]
    given: dict[str, Any] = {"pages": [page["id"]], "cells": looked_at(page, truth)}
    walk_ins = [cell for cell in page["cells"] if cell["row"] in rows and cell["kind"] == "signature"]
    given["cells"] += [{"page_id": page["id"], "number": c["number"], "is_signed": c["row"] in used} for c in walk_ins]
    untyped = await enter(app, event, **given)
    assert problem_fields(untyped) == {
        f"name:{page['id']}:{used[0]}": "Type who this is, or tick that the row is left out."
    }
    typed = {"page_id": page["id"], "row": used[0], "name": "Oğuz Uc", "institution": "Bar", "contact": ""}
    new = {**typed, "row": used[1], "name": "Deniz Yeni", "contact": "0532 111 22 33"}
    others = [{"page_id": page["id"], "row": row} for row in rows if row not in used[:2]]
    known = {**typed, "contact": "oguz.uc@example.org"}
    before = len(await app.mails())
    for _ in range(2):
        done = await enter(app, event, **given, walk_ins=[known, new], left_out=others)
        assert done.status_code == 200, done.text
    assert done.json()["added"] == 2
    there = await app.registrations(event)
    assert set(there) == {"Ayşe Bir", "Mehmet İki", "Oğuz Üç", "Deniz Yeni"}
    async with app.database.reading() as db:
        phones = (await db.exec(select(Person.phones).where(Person.name == "Deniz Yeni"))).one()
    assert phones == "+90 532 111 22 33"
    counted = await present(app, event)
    assert {(there["Oğuz Üç"], f"{DAY}/am"), (there["Oğuz Üç"], f"{DAY}/pm")} <= counted
    assert len(await app.mails()) == before


async def test_who_signed_and_has_no_place_any_more_is_named_and_left_out(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], last_day=DAY)
    people = await app.registrations(event)
    pages, truth = await scanned(app, event, walk_ins=0)
    gone = next(name for name, id in people.items() if truth[id, f"{DAY}/am"] == "signed")
    assert (await app.guest(tokens[gone]).post("/api/v1/invitation/decline", json={})).status_code == 200
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/scan-entries")
    assert f"nothing is entered for them: {gone}." in told(desk.page)
    cells = [cell for page in pages for cell in looked_at(page, truth)]
    done = await enter(app, event, pages=[page["id"] for page in pages], cells=cells)
    assert done.json()["without_place"] == [people[gone]]
    assert not {one for one in await present(app, event) if one[0] == people[gone]}


async def test_nothing_is_entered_as_long_as_a_cell_is_undecided(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], last_day=DAY)
    made = await printed_for(app, event, walk_ins=0)
    sheets = next(
        page
        for seed in range(1, 100)
        for page in signed(made, seed)
        if "struck" in page.truth.values() and "signed" in page.truth.values()
    )
    (page,) = await read(app, event, ("page.jpg", jpeg_of(scan_of(sheets))))
    unsure = [cell for cell in page["cells"] if cell["kind"] == "signature" and cell["is_signed"] is None]
    assert unsure
    answer = await enter(app, event, pages=[page["id"]])
    assert problem_fields(answer) == {"cells": f"{len(unsure)} cells are undecided. Say of each whether it is signed."}
    assert await present(app, event) == set()
    assert (await app.api().get(path_of(event))).json()[0]["state"] == "read"


async def test_a_scan_is_removed_until_something_was_entered_from_it(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], last_day=DAY)
    pages, truth = await scanned(app, event, walk_ins=0)
    path = path_of(event, f"scans/{pages[0]['scan_id']}")
    cells = looked_at(pages[0], truth)
    assert (await enter(app, event, pages=[pages[0]["id"]], cells=cells)).status_code == 200
    kept = await app.api().delete(path)
    assert (kept.status_code, kept.json()["title"]) == (
        409,
        "Attendance was entered from this scan. It is its evidence and stays.",
    )
    (other,) = await read(app, event, ("blank.jpg", jpeg_of(Image.new("RGB", (600, 800), "white"))))
    assert (await app.api().delete(path_of(event, f"scans/{other['scan_id']}"))).status_code == 204
    assert len((await app.api().get(path_of(event))).json()) == 1


async def test_an_installation_without_the_reader_says_so(sqlite_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir"], last_day=DAY)
    monkeypatch.setitem(sys.modules, "cv2", None)
    answer = await upload(app, event, ("page.pdf", b"%PDF-1.7"))
    assert (answer.status_code, "OpenCV" in answer.json()["title"]) == (503, True)
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/scans")
    assert "Reading scans is not installed here." in told(desk.page)
    assert 'type="file"' not in desk.page


async def test_empty_pages_of_days_to_come_that_were_scanned_along_say_nothing(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir"])
    made = await printed_for(app, event, walk_ins=0)
    today, tomorrow = signed(made)
    blank = pdfium.PdfDocument(made.pdf)[1].render(scale=150 / 72).to_pil().convert("RGB")
    pages = await read(app, event, ("stack.pdf", pdf_of(scan_of(today), blank)))
    assert [page["problem"] for page in pages] == [None, None]
    cells = looked_at(pages[0], today.truth) + looked_at(pages[1], dict.fromkeys(tomorrow.truth, "empty"))
    answer = await enter(app, event, pages=[page["id"] for page in pages], cells=cells)
    assert (answer.status_code, answer.json()["changed"]) == (200, sum(cell["is_signed"] for cell in cells))
    (id,) = (await app.registrations(event)).values()
    records = (await app.api("auditor").get(path_of(event, f"attendance/{id}"))).json()
    assert {record["day"] for record in records} == {DAY}
