"""The page with which an empty installation begins."""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, ReadDb
from core.pages import Typed, form_again, render
from core.security import hash_password
from core.settings import Installed, Settings
from core.web import checked, language_of
from directory.accounts.access import Whoever
from directory.accounts.pages import start
from directory.accounts.passwords import must_be_hard_to_guess
from notifications.first_run import service
from notifications.first_run.schemas import FirstRunIn

router = APIRouter(include_in_schema=False)
PAGE = "notifications/first_run.html"


@router.get("/first-run/{token}")
async def first_run(request: Request, token: str, whoever: Whoever, db: ReadDb, settings: Installed) -> Response:
    await service.must_be_empty(db, token, settings)
    return render(request, PAGE, **await _view(db, token=token, settings=settings))


@router.post("/first-run/{token}")
async def begin(
    request: Request,
    token: str,
    whoever: Whoever,
    at: Moment,
    settings: Installed,
    typed: Typed,
    database: DatabaseHandle,
) -> Response:
    async with database.reading() as db:
        await service.must_be_empty(db, token, settings)
    with form_again(PAGE, partial(_view, token=token, settings=settings), typed):
        given: FirstRunIn = checked(FirstRunIn, {**typed, "language": language_of(request)})
        await must_be_hard_to_guess(given.password, given.name, given.address, given.acronym)
        # Before the unit of work: the hash is slow on purpose.
        password_hash = await hash_password(given.password)
        async with database.unit_of_work() as db:
            account, project_id = await service.begin(db, token, given, password_hash, settings, at=at)
    return await start(request, account, f"/projects/{project_id}", is_complete=True, at=at)


async def _view(db: AsyncSession, *, token: str, settings: Settings) -> Mapping[str, object]:
    return {"token": token, "findings": await service.look_over(settings)}
