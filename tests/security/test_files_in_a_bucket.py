"""Files in S3-compatible storage, on a real server: the same as in the folder, and nothing readable outside."""

import hashlib
import socket
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select
from structlog.testing import capture_logs

from core import buckets, erasing
from core.clock import wall_clock
from core.columns import vault
from core.errors import FileGone, StorageAway
from core.files import Folder
from core.rotation import Rotation, rotate
from core.settings import Settings
from events.attendance.scans.models import Scan
from heyet.probe import check_installation
from tests.conftest import KEY, open_app, settings_for
from tests.events.test_materials import PDF, add
from tests.people import App
from tests.security.test_backup import Desk, rows_of
from tests.security.test_erasure import erased, lived
from tests.servers import ObjectStorage

NEW = "another key for tests that is long enough"
HASH = hashlib.sha256(PDF).hexdigest()
# As it was named at first.
PLAIN = f"heyet/test/{HASH[:2]}/{HASH}"


@pytest.fixture(autouse=True)
def _the_usual_key_afterwards() -> Iterator[None]:
    vault.use(KEY)
    yield
    vault.use(KEY)


def place_of(hash: str) -> str:
    """Where the present key lets it lie."""
    name = vault.names_of(hash)[0]
    return f"heyet/test/{name[:2]}/{name}"


@pytest.fixture
def bucket(object_storage: ObjectStorage) -> str:
    return object_storage.new_bucket()


def there(storage: ObjectStorage, bucket: str) -> dict[str, Any]:
    return storage.settings(f"s3://{bucket}/heyet/test")


@pytest.fixture
async def far_app(sqlite_url: str, tmp_path: Path, object_storage: ObjectStorage, bucket: str) -> AsyncIterator[App]:
    """An installation whose files lie in a bucket."""
    async for app in open_app(settings_for(sqlite_url, tmp_path, **there(object_storage, bucket))):
        yield app


@pytest.fixture
def storage_of_its_own() -> Iterator[ObjectStorage]:
    """One that may be stopped."""
    server = ObjectStorage()
    server.start()
    yield server
    server.stop()


def settings_of(app: App) -> Settings:
    settings: Settings = app.fastapi.state.settings
    return settings


async def test_an_upload_comes_back_as_it_was_and_lies_there_encrypted(
    far_app: App, object_storage: ObjectStorage, bucket: str, tmp_path: Path
) -> None:
    event = await far_app.event()
    tokens = await far_app.invite(event, ["Ayşe Bir"])
    made = (await add(far_app, event)).json()
    await add(far_app, event, title="Twice")
    (page,) = [await far_app.guest(tokens["Ayşe Bir"]).get(f"/i/{tokens['Ayşe Bir']}/materials/{made['id']}")]
    by_program = await far_app.api().get(f"/api/v1/materials/{made['id']}/file")
    assert (page.content, by_program.content) == (PDF, PDF), page.text
    objects = object_storage.objects(bucket)
    (place,) = objects
    assert PDF not in objects[place]
    assert vault.unseal(objects[place]) == PDF
    # Who reads the list of names and has the file cannot say that it is here.
    assert [name for name in (HASH, hashlib.sha256(objects[place]).hexdigest()) if name in place] == []
    assert not (tmp_path / "files").exists()


async def test_what_was_encrypted_before_is_not_encrypted_twice(
    far_app: App, object_storage: ObjectStorage, bucket: str
) -> None:
    event = await far_app.event()
    sheet = {"file": ("sheet.pdf", b"%PDF-1.7 signed by everybody", "application/pdf")}
    assert (await far_app.api().post(f"/api/v1/events/{event['id']}/scans", files=sheet)).status_code == 202
    async with far_app.database.reading() as db:
        hash = (await db.exec(select(Scan.file_hash))).one()
    (content,) = object_storage.objects(bucket).values()
    assert hashlib.sha256(content).hexdigest() == hash
    assert vault.unseal(content) == sheet["file"][1]


async def test_who_is_erased_leaves_no_object(far_app: App, object_storage: ObjectStorage, bucket: str) -> None:
    _, token, _ = await lived(far_app)
    before = object_storage.objects(bucket)
    await erased(far_app, token)
    assert len(before) > 0
    assert object_storage.objects(bucket).keys() & before.keys() == set()


async def test_erasing_waits_for_storage_that_is_away(
    sqlite_url: str, tmp_path: Path, storage_of_its_own: ObjectStorage
) -> None:
    storage = storage_of_its_own
    bucket = storage.new_bucket()
    async for app in open_app(settings_for(sqlite_url, tmp_path, **there(storage, bucket))):
        _, token, _ = await lived(app)
        before = storage.objects(bucket)
        settings = settings_of(app)
        settings.files_endpoint = "http://127.0.0.1:9"
        await erased(app, token)
        assert storage.objects(bucket) == before
        settings.files_endpoint = storage.url
        app.clock.forward(days=1)
        await app.work()
        assert storage.objects(bucket).keys() & before.keys() == set()


async def test_what_no_row_names_goes_after_an_hour_and_what_others_lay_there_stays(
    far_app: App, object_storage: ObjectStorage, bucket: str
) -> None:
    files = settings_of(far_app).files
    await add(far_app, await far_app.event())
    left = {files.keep(f"left over {number}".encode()) for number in range(60)}
    others = ("test/readme", f"test/xx/{HASH}", "test/ab/ab", f"test/00/{'0' * 96}", f"other/{HASH[:2]}/{HASH}")
    for place in others:
        object_storage.http.put(f"/{bucket}/heyet/{place}", content=b"somebody's").raise_for_status()
    assert sorted(kept.hash for kept in files.all()) == sorted([HASH, *left])
    async with far_app.database.unit_of_work() as db:
        assert await erasing.drop_orphans(db, files, at=wall_clock() + timedelta(minutes=59)) == 0
        assert await erasing.drop_orphans(db, files, at=wall_clock() + timedelta(minutes=61)) == 60
    assert {kept.hash for kept in files.all()} == {HASH}
    assert len(object_storage.objects(bucket)) == 6


async def test_a_new_key_reaches_every_object(far_app: App, object_storage: ObjectStorage, bucket: str) -> None:
    event = await far_app.event()
    made = (await add(far_app, event)).json()
    sheet = {"file": ("sheet.pdf", b"%PDF-1.7 signed by everybody", "application/pdf")}
    await far_app.api().post(f"/api/v1/events/{event['id']}/scans", files=sheet)
    settings = settings_of(far_app).model_copy(update={"secret_key": SecretStr(NEW), "secret_key_old": SecretStr(KEY)})
    vault.use(*[NEW, KEY])
    done = await rotate(far_app.database, settings.files, at=far_app.clock())
    assert (done.files, done.left) == (2, 0)
    again = await rotate(far_app.database, settings.files, at=far_app.clock())
    assert again == Rotation()
    vault.use(NEW)
    async with far_app.database.reading() as db:
        scan = (await db.exec(select(Scan.file_hash))).one()
    assert vault.unseal(settings.files.read(scan)) == sheet["file"][1]
    assert (await far_app.api().get(f"/api/v1/materials/{made['id']}/file")).content == PDF
    objects = object_storage.objects(bucket)
    assert set(objects) == {place_of(HASH), place_of(scan)}
    vault.use(KEY)
    with pytest.raises(FileGone):
        settings.files.read(HASH)


async def test_what_was_named_by_its_hash_is_read_dropped_and_named_anew_with_the_next_key(
    far_app: App, object_storage: ObjectStorage, bucket: str
) -> None:
    made = (await add(far_app, await far_app.event())).json()
    files = settings_of(far_app).files
    there = object_storage.http
    content = object_storage.objects(bucket)[place_of(HASH)]
    there.delete(f"/{bucket}/{place_of(HASH)}").raise_for_status()
    there.put(f"/{bucket}/{PLAIN}", content=content).raise_for_status()
    signed = vault.seal(b"signed by everybody")
    scan = hashlib.sha256(signed).hexdigest()
    for hash, lying in ((scan, signed), ("0" * 64, vault.seal(b"gone"))):
        there.put(f"/{bucket}/heyet/test/{hash[:2]}/{hash}", content=lying).raise_for_status()
    assert (await far_app.api().get(f"/api/v1/materials/{made['id']}/file")).content == PDF
    files.drop("0" * 64)
    assert {kept.hash for kept in files.all()} == {HASH, scan}
    assert (await rotate(far_app.database, files, at=far_app.clock())).files == 2
    assert set(object_storage.objects(bucket)) == {place_of(HASH), place_of(scan)}
    assert (files.read(HASH), files.read(scan)) == (PDF, signed)


async def test_a_rotation_that_was_stopped_between_two_names_leaves_no_object_that_no_key_finds(
    far_app: App, object_storage: ObjectStorage, bucket: str
) -> None:
    await add(far_app, await far_app.event())
    files, former = settings_of(far_app).files, place_of(HASH)
    vault.use(NEW, KEY)
    # What is sent just now keeps the file again, under its new name; the sweep must not think it old.
    files.keep(PDF)
    assert set(object_storage.objects(bucket)) == {former, place_of(HASH)}
    assert [kept.hash for kept in files.all()] == [HASH]
    await rotate(far_app.database, files, at=far_app.clock())
    assert set(object_storage.objects(bucket)) == {place_of(HASH)}


@pytest.mark.parametrize("change", ["removed", "replaced", "of another file"])
async def test_an_object_that_was_removed_or_changed_is_said_to_be_gone(
    far_app: App, object_storage: ObjectStorage, bucket: str, change: str
) -> None:
    event = await far_app.event()
    made = (await add(far_app, event)).json()
    address = f"/{bucket}/{place_of(HASH)}"
    if change == "removed":
        object_storage.http.delete(address).raise_for_status()
    else:
        instead = b"<script>" if change == "replaced" else vault.seal(b"%PDF-1.7 another law")
        object_storage.http.put(address, content=instead).raise_for_status()
    answer = await far_app.api().get(f"/api/v1/materials/{made['id']}/file")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "file-gone")
    page = await (await far_app.at_desk()).get(f"/materials/{made['id']}")
    assert (page.status_code, "This file is not there any more." in page.text) == (404, True)


async def test_storage_that_is_away_is_said_in_words_and_nothing_is_half_done(
    sqlite_url: str, tmp_path: Path, storage_of_its_own: ObjectStorage
) -> None:
    storage = storage_of_its_own
    async for app in open_app(settings_for(sqlite_url, tmp_path, **there(storage, storage.new_bucket()))):
        event = await app.event()
        made = (await add(app, event)).json()
        desk = await app.at_desk()
        storage.stop()
        with capture_logs() as logged:
            answer = await app.api().get(f"/api/v1/materials/{made['id']}/file")
            page = await desk.get(f"/materials/{made['id']}")
            second = await add(app, event, title="Second", content=b"%PDF-1.7 second")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "storage-away")
        assert (page.status_code, "Files cannot be reached at the moment." in page.text) == (503, True)
        assert (second.status_code, len((await app.api().get(f"/api/v1/events/{event['id']}/materials")).json())) == (
            503,
            1,
        )
        assert [one for one in logged if one["event"] == "files not reached"] == [
            {"event": "files not reached", "kind": "GenericError", "log_level": "error"}
        ] * 3
        assert [one for one in logged if HASH in str(one) or storage.secret in str(one) or "exc_info" in one] == []


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of storage that takes a connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


async def test_storage_that_says_nothing_keeps_few_waiting(
    sqlite_url: str,
    tmp_path: Path,
    object_storage: ObjectStorage,
    bucket: str,
    hanging: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(buckets, "TRY", timedelta(seconds=0.4))
    monkeypatch.setattr(buckets, "TRIES", timedelta(seconds=0.5))
    monkeypatch.setattr(buckets, "REST", timedelta(minutes=5))
    async for app in open_app(settings_for(sqlite_url, tmp_path, **there(object_storage, bucket))):
        made = (await add(app, await app.event())).json()
        address, settings = f"/api/v1/materials/{made['id']}/file", settings_of(app)
        working, settings.files_endpoint = settings.files_endpoint, hanging
        for _ in range(buckets.SILENT):
            assert (await app.api().get(address)).status_code == 503
        with capture_logs() as logged:
            answers = [await app.api().get(address) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {503}
        # None of them was kept waiting for it.
        assert [one for one in logged if one["event"] == "files not reached"] == []
        settings.files_endpoint = working
        assert (await app.api().get(address)).content == PDF


def test_storage_that_rested_is_tried_by_one_and_then_by_all(
    object_storage: ObjectStorage, bucket: str, hanging: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "TRY", timedelta(seconds=0.4))
    monkeypatch.setattr(buckets, "TRIES", timedelta(seconds=0.5))
    monkeypatch.setattr(buckets, "REST", timedelta(seconds=0.2))
    given = (f"s3://{bucket}", "us-east-1", ObjectStorage.key_id, ObjectStorage.secret)
    files = buckets.bucket(given[0], hanging, *given[1:])
    for _ in range(buckets.SILENT):
        with pytest.raises(StorageAway):
            files.read(HASH)
    time.sleep(0.3)
    with ThreadPoolExecutor(6) as threads, capture_logs() as logged:
        tried = [threads.submit(files.read, HASH) for _ in range(6)]
        assert {type(one.exception()) for one in tried} == {StorageAway}
    assert [one["event"] for one in logged] == ["files not reached"]
    files._store = buckets.bucket(given[0], object_storage.url, *given[1:])._store
    time.sleep(0.3)
    assert files.read(files.keep(PDF)) == PDF


async def check(settings: Settings) -> list[str]:
    return [one for one in (await check_installation(settings)).problems if "torage" in one or "bucket" in one]


async def test_a_check_writes_reads_and_removes_an_object_and_says_what_is_wrong(
    sqlite_url: str, tmp_path: Path, storage_of_its_own: ObjectStorage
) -> None:
    storage = storage_of_its_own
    bucket = storage.new_bucket()
    well = settings_for(sqlite_url, tmp_path, **there(storage, bucket))
    assert (await check(well), storage.objects(bucket)) == ([], {})
    (missing,) = await check(settings_for(sqlite_url, tmp_path, **there(storage, "not-made")))
    assert "The bucket of HEYET_FILES_URL is not there" in missing
    storage.stop()
    (away,) = await check(well)
    assert "does not answer" in away


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"files_endpoint": "http://storage.example.org"}, "HEYET_FILES_ENDPOINT is not https"),
        ({"files_secret": ""}, "one of them is empty"),
        ({"files_url": ""}, "HEYET_FILES_URL is empty"),
    ],
    ids=["plain http", "half a key", "no bucket"],
)
def test_settings_that_do_not_fit_together_are_said(
    tmp_path: Path, object_storage: ObjectStorage, changed: dict[str, str], said: str
) -> None:
    settings = settings_for("", tmp_path, **{**there(object_storage, "files"), **changed})
    assert [one for one in settings.problems() if said in one]


@pytest.mark.parametrize("to", ["bucket", "folder"])
def test_an_archive_holds_the_objects_and_opens_wherever_files_lie(
    sqlite_url: str, tmp_path: Path, object_storage: ObjectStorage, bucket: str, to: str
) -> None:
    installation = Desk(tmp_path, database_url=sqlite_url)
    far = {f"HEYET_{name.upper()}": value for name, value in there(object_storage, bucket).items()}
    installation.environment.update(far)
    done = installation.run("demo")
    assert done.returncode == 0, done.stderr
    vault.use(installation.environment["HEYET_SECRET_KEY"])
    files = settings_for(sqlite_url, tmp_path, **there(object_storage, bucket)).files
    passport = files.keep(vault.seal(b"a passport"))
    files.keep(PDF)
    expected = {kept.hash: files.read(kept.hash) for kept in files.all()}
    archive = tmp_path / "all.heyet"
    made = installation.run("backup", str(archive))
    assert made.returncode == 0, made.stderr
    files.drop(passport)
    later = files.keep(b"sent later")
    if to == "folder":
        installation.environment.update(dict.fromkeys(far, ""))
        files = Folder(tmp_path / "var" / "files")
    refused = installation.run("restore", str(archive))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    back = installation.run("restore", str(archive), "--replace")
    assert back.returncode == 0, back.stderr
    assert {kept.hash: files.read(kept.hash) for kept in files.all()} == expected
    assert later not in expected


def test_a_copy_is_neither_made_nor_put_back_while_storage_is_away(
    sqlite_url: str, tmp_path: Path, storage_of_its_own: ObjectStorage
) -> None:
    storage = storage_of_its_own
    installation = Desk(tmp_path, database_url=sqlite_url)
    place = there(storage, storage.new_bucket())
    installation.environment.update({f"HEYET_{name.upper()}": value for name, value in place.items()})
    assert installation.run("demo").returncode == 0
    archive, second = tmp_path / "all.heyet", tmp_path / "second.heyet"
    assert installation.run("backup", str(archive)).returncode == 0
    installation.run("account", "password", "elif@example.org")
    rows = rows_of(sqlite_url)
    storage.stop()
    made = installation.run("backup", str(second))
    assert (made.returncode, "does not answer" in made.stderr, second.exists()) == (1, True, False)
    for arguments in ([], ["--replace"]):
        back = installation.run("restore", str(archive), *arguments)
        assert (back.returncode, "Not restored: The storage of files does not answer" in back.stderr) == (1, True)
    assert rows_of(sqlite_url) == rows
