"""Projects: founding them, their documents, members and logos."""

import io
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.audit import ActorKind, AuditEntry
from tests.people import App, problem_fields

DETAILS = {"title": "Coordination", "donor": "European Union", "contract_number": "ACT/9"}


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 100), **more: Any) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(into, kind, **more)
    return into.getvalue()


def huge_png() -> bytes:
    """A few hundred bytes that claim to be 30,000 × 30,000 pixels."""
    head = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return head + zlib.crc32(head[12:]).to_bytes(4, "big") + b"\x00\x00\x00\x00IEND\xaeB\x60\x82"


async def logo(app: App, content: bytes, name: str = "logo.png") -> Any:
    desk = await app.at_desk("administrator")
    await desk.get(f"/projects/{app.project_id}")
    answer = await desk.send(
        f"/projects/{app.project_id}/logos", {"logo_title": "Partner"}, files={"file": (name, content)}
    )
    return answer, desk


async def test_whoever_founds_a_project_administers_and_organises_it(sqlite_app: App) -> None:
    client = sqlite_app.api("administrator")
    made = await client.post("/api/v1/projects", json={**DETAILS, "acronym": "P-NEW"})
    again = await client.post("/api/v1/projects", json={**DETAILS, "acronym": "P-NEW"})
    event = await client.post("/api/v1/events", json=sqlite_app.plan(project_id=made.json()["id"]))
    assert (made.status_code, event.status_code) == (201, 201)
    assert (again.status_code, list(problem_fields(again))) == (422, ["acronym"])
    assert [p["acronym"] for p in (await client.get("/api/v1/projects")).json()] == ["P-NEW", "P-TEST"]


async def test_the_page_founds_a_project_and_comes_back_with_what_was_typed(app: App) -> None:
    desk = await app.at_desk("administrator")
    await desk.get("/projects/new")
    form = {**DETAILS, "acronym": "P-TEST", "emblem": "eu", "contact": ""}
    refused = await desk.send("/projects/new", form)
    assert (refused.status_code, 'value="ACT/9"' in refused.text) == (422, True)
    await desk.send("/projects/new", {**form, "acronym": "P-TWO"})
    assert "P-TWO: Coordination" in desk.page


async def test_of_two_who_correct_the_details_the_second_is_told(app: App) -> None:
    client, path = app.api("administrator"), f"/api/v1/projects/{app.project_id}"
    seen = {"If-Match": (await client.get(path)).headers["etag"]}
    statuses = [
        (await client.put(path, json={**DETAILS, "title": t}, headers=seen)).status_code for t in ("One", "Two")
    ]
    assert statuses == [200, 412]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": "2026-01-01", "starts_on": "2026-02-01"}, "ends_on"),
        # A project that ended in the year 28 would be forgotten within a month.
        ({"ends_on": "0028-12-31", "starts_on": "0026-01-01"}, "ends_on starts_on"),
        ({"bed_share": 80, "dinner_share": 30}, "dinner_share"),
        ({"zone": "Mars"}, "zone"),
        ({"languages": []}, "languages"),
        ({"languages": ["xx"]}, "languages.0"),
        ({"keep_years": 99}, "keep_years"),
        ({"acronym": "X"}, "acronym"),
    ],
)
async def test_details_that_cannot_be_are_refused(sqlite_app: App, change: dict[str, object], field: str) -> None:
    client = sqlite_app.api("administrator")
    answer = await client.put(f"/api/v1/projects/{sqlite_app.project_id}", json={**DETAILS, **change})
    assert (answer.status_code, list(problem_fields(answer))) == (422, field.split())


async def test_a_member_gets_a_role_signs_in_by_link_and_loses_it_again(app: App) -> None:
    desk = await app.at_desk("administrator")
    path = f"/projects/{app.project_id}/members"
    await desk.get(path)
    await desk.send(path, {"name": "New Assistant", "address": "new@example.org", "role": "assistant"})
    assert "New Assistant" in desk.page
    await app.work()
    (mail,) = await app.mails("member-invitation")
    assert (mail.to_address, "Şeref Öz" in mail.plain) == ("new@example.org", True)
    link = re.search(r"/sign-in/link/[\w-]+", mail.plain)
    assert link
    invited = app.stranger()
    await invited.get(link[0])
    assert (await invited.send(link[0])).is_redirect
    assert (await invited.get(f"/projects/{app.project_id}")).status_code == 200
    again = app.stranger()
    await again.get(link[0])
    assert (await again.send(link[0])).status_code == 410
    # The same role again is none: nobody is told twice. Another one is told without a link, for they are known.
    await desk.send(path, {"name": "New Assistant", "address": "NEW@example.org", "role": "assistant"})
    await desk.send(path, {"name": "New Assistant", "address": "NEW@example.org", "role": "finance", "language": "en"})
    await app.work()
    first, second = await app.mails("member-invitation")
    assert (first.id, "/sign-in/link/" in second.plain, "/sign-in" in second.plain) == (mail.id, False, True)
    visitor = app.stranger()
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in/link", {"address": "new@example.org"})
    assert len(await app.mails("sign-in-link")) == 1
    row = desk.page[: desk.page.index("Remove: Assistant, New Assistant")].rpartition('action="')[2].partition('"')[0]
    await desk.send(row)
    assert "Remove: Assistant, New Assistant" not in desk.page


async def test_an_address_is_one_person_and_nobody_is_said_to_be_told_who_is_not(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("administrator")
    path = f"/projects/{sqlite_app.project_id}/members"

    async def given(name: str, address: str, role: str) -> str:
        await desk.send(path, {"name": name, "address": address, "role": role})
        return " ".join(desk.page.split())

    assert "The role is given, and they are told by mail" in await given("New Member", "new@example.org", "assistant")
    assert "They have this role already. Nobody was written to." in await given(
        "New Member", "NEW@example.org", "assistant"
    )
    page = await given("Somebody Else", "new@example.org", "finance")
    assert "This address is New Member’s, who has got the role and is told by mail." in page
    assert ("Remove: Finance, New Member" in page, "Somebody Else" in page) == (True, False)


async def test_the_history_of_members_says_whose_role_and_which(app: App) -> None:
    desk = await app.at_desk("administrator")
    path = f"/projects/{app.project_id}/members"
    for role in ("assistant", "finance"):
        await desk.send(path, {"name": "New Member", "address": "new@example.org", "role": role})

    async def told(act: str) -> list[str]:
        history = " ".join((await desk.get(path)).text.partition('id="history"')[2].split())
        return re.findall(rf"· {act} · ([^<]+?) </li>", history)

    async def leaves(role: str) -> None:
        page = (await desk.get(path)).text
        await desk.send(page[: page.index(f"Remove: {role}, New Member")].rpartition('action="')[2].partition('"')[0])

    assert await told("Role given") == ["New Member: Finance", "New Member: Assistant"]
    await leaves("Finance")
    assert await told("Role taken away") == ["New Member: Finance"]
    # Who is no member any more is known by the address that this project wrote to.
    await leaves("Assistant")
    assert await told("Role taken away") == ["new@example.org: Assistant", "new@example.org: Finance"]


async def test_the_history_says_the_role_alone_where_the_first_versions_noted_no_account(sqlite_app: App) -> None:
    project = sqlite_app.project_id
    async with sqlite_app.database.unit_of_work() as db:
        for facts in ({"member": "Elif Karaca", "role": "assistant"}, {"member": "x", "role": "gone"}, {}):
            old = {"at": sqlite_app.clock(), "project_id": project, "object_id": project, "facts": facts}
            db.add(AuditEntry(actor=ActorKind.program, act="member.added", **old))
    page = (await (await sqlite_app.at_desk("administrator")).get(f"/projects/{project}/members")).text
    assert "Role given · Assistant" in " ".join(page.split())


async def test_a_role_that_is_refused_is_told_to_nobody(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("administrator")
    path = f"/projects/{sqlite_app.project_id}/members"
    for wrong in ({"address": "two@example.org, three@example.org"}, {"role": "owner"}, {"language": "xx"}):
        given = {"name": "New", "address": "new@example.org", "role": "assistant", **wrong}
        assert (await desk.send(path, given)).status_code == 422
    await sqlite_app.work()
    assert await sqlite_app.mails("member-invitation") == []


async def test_what_each_role_may_do_stands_beside_the_choice(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk("administrator")
    page = (await desk.get(f"/projects/{sqlite_app.project_id}/members")).text
    assert "Records attendance at the entrance, and sees nothing else of the project." in page
    assert "Approve per diems" in page.partition("What each role may do")[2]


async def test_the_last_administrator_stays(app: App) -> None:
    desk = await app.at_desk("administrator")
    await desk.get(f"/projects/{app.project_id}/members")
    row = desk.page[: desk.page.index("Remove: Administrator")].rpartition('action="')[2].partition('"')[0]
    answer = await desk.send(row)
    assert (answer.status_code, "at least one administrator" in answer.text) == (422, True)


async def test_a_logo_is_on_the_page_and_on_the_documents(sqlite_app: App, tmp_path: Path) -> None:
    _, desk = await logo(sqlite_app, picture())
    path = "/logos/" + desk.page.partition('src="/logos/')[2].partition('"')[0]
    shown = await desk.client.get(path)
    event = await sqlite_app.event()
    (tmp_path / "sheet.pdf").write_bytes(await sqlite_app.sheet(event))
    images = subprocess.run(
        ["pdfimages", "-list", "sheet.pdf"], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert (shown.headers["content-type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    assert "300   100" in images.stdout.replace("     ", "   ").replace("    ", "   ")
    await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await (await sqlite_app.at_desk("other-organiser")).client.get(path)).status_code == 404


async def test_a_picture_is_written_anew_without_what_it_carried(app: App) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Taken at the shelter"
    _, desk = await logo(app, picture("JPEG", exif=exif), "logo.jpg")
    shown = await desk.client.get("/logos/" + desk.page.partition('src="/logos/')[2].partition('"')[0])
    assert b"shelter" not in shown.content


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (huge_png(), 413),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 415),
        (b"%PDF-1.7", 415),
        (b"", 415),
        (picture()[:60], 415),
        (b"\x89PNG" + b"0" * 6_000_000, 413),
        (picture("GIF"), 415),
    ],
    ids=["huge", "svg", "pdf", "empty", "cut", "large", "gif"],
)
async def test_what_is_no_picture_to_print_is_refused(sqlite_app: App, content: bytes, status: int) -> None:
    answer, _ = await logo(sqlite_app, content)
    assert answer.status_code == status
