"""Materials of an event."""

from typing import Any

import pytest

from events.materials import service
from tests.people import App

PDF = b"%PDF-1.7 law"


async def add(app: App, event: dict[str, Any], name: str = "Yasa metni.pdf", content: bytes = PDF, **said: str) -> Any:
    files = {"file": (name, content)}
    return await app.api().post(f"/api/v1/events/{event['id']}/materials", data={"title": "Law", **said}, files=files)


async def test_a_material_is_kept_by_its_content_and_every_download_is_counted(app: App) -> None:
    event = await app.event()
    made = (await add(app, event, licence="CC BY 4.0")).json()
    for _ in range(3):
        got = await app.api().get(f"/api/v1/materials/{made['id']}/file")
        assert got.content == PDF
    (listed,) = (await app.api().get(f"/api/v1/events/{event['id']}/materials")).json()
    assert (listed["downloads"], listed["file_name"], listed["licence"]) == (3, "Yasa-metni.pdf", "CC BY 4.0")
    folder = app.fastapi.state.settings.files_folder
    await add(app, event, title="Twice")
    assert len([p for p in folder.rglob("*") if p.is_file()]) == 1


async def test_a_participant_sees_what_is_for_them_and_downloads_it(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    ids = {
        audience: (await add(sqlite_app, event, title=audience, audience=audience)).json()["id"]
        for audience in ("everybody", "registered", "staff")
    }
    token, visitor = tokens["Ayşe Bir"], sqlite_app.stranger()

    async def reached() -> list[str]:
        return [
            a for a, id in ids.items() if (await visitor.client.get(f"/i/{token}/materials/{id}")).status_code == 200
        ]

    assert await reached() == ["everybody"]
    await sqlite_app.accept(token)
    assert await reached() == ["everybody"]
    leads = await visitor.client.get(f"/i/{token}/materials/{ids['registered']}")
    assert leads.headers["location"].startswith(f"/i/{token}/code?next=")
    visitor = await sqlite_app.owners_browser(token)
    assert await reached() == ["everybody", "registered"]
    page = (await visitor.get(f"/i/{token}")).text
    assert (
        page.count(f"/i/{token}/materials/"),
        "attachment"
        in (await visitor.client.get(f"/i/{token}/materials/{ids['everybody']}")).headers["content-disposition"],
    ) == (2, True)


async def test_a_material_of_another_event_is_not_there(sqlite_app: App) -> None:
    event, other = await sqlite_app.event(), await sqlite_app.event(title="Other")
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    foreign = (await add(sqlite_app, other)).json()["id"]
    assert (await sqlite_app.stranger().client.get(f"/i/{tokens['Ayşe Bir']}/materials/{foreign}")).status_code == 404
    await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await sqlite_app.api("other-organiser").get(f"/api/v1/materials/{foreign}/file")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.exe", b"MZ", 415),
        ("a.pdf", b"<html>", 415),
        ("a.html", b"<script>", 415),
        ("a.svg", b"<svg>", 415),
        ("a.pdf", b"", 422),
        ("noending", PDF, 415),
        ("a.pdf", b"%PDF-" + b"0" * 11_000_000, 413),
    ],
)
async def test_a_file_that_is_not_handed_out_is_refused(
    sqlite_app: App, name: str, content: bytes, status: int
) -> None:
    assert (await add(sqlite_app, await sqlite_app.event(), name, content)).status_code == status


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", 'a"; filename="b.exe.pdf', "a\r\nX: y.pdf", "İŞ.pdf"])
async def test_a_file_name_is_one_everywhere(sqlite_app: App, name: str) -> None:
    event = await sqlite_app.event()
    made = await service_name(sqlite_app, event, name)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


async def service_name(app: App, event: dict[str, Any], name: str) -> str:
    answer = await add(app, event, name.replace("\r\n", "%0D%0A"))
    found: str = answer.json()["file_name"]
    return found


async def test_a_scanner_of_the_installation_is_asked(sqlite_app: App) -> None:
    service.SCANNERS.append(lambda content: b"virus" not in content)
    try:
        event = await sqlite_app.event()
        statuses = [(await add(sqlite_app, event, content=PDF + word)).status_code for word in (b" virus", b" law")]
    finally:
        service.SCANNERS.clear()
    assert statuses == [422, 201]


async def test_the_page_adds_and_removes(app: App) -> None:
    event = await app.event()
    desk = await app.at_desk()
    path = f"/events/{event['id']}/materials"
    await desk.get(path)
    form = {"title": "Law", "language": "tr", "audience": "staff", "session_id": "", "licence": ""}
    refused = await desk.send(path, form, files={"file": ("a.exe", b"MZ")})
    assert (refused.status_code, 'value="Law"' in refused.text) == (415, True)
    await desk.send(path, form, files={"file": ("law.pdf", PDF)})
    assert "law.pdf" in desk.page
    await desk.send(desk.page.partition('action="/materials/')[2].partition('"')[0].join(["/materials/", ""]))
    assert "Nothing to hand out yet" in desk.page
