"""The one click that ends bulk mail, and the organiser's list of addresses that get nothing."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.codes import Spoken
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.guesses import slowing_guesses
from core.pages import Typed, form_again, render, see_other, ticked
from core.settings import Installed, Settings
from core.web import checked
from directory.accounts.access import Organiser, ProjectReader, Whoever
from directory.people.models import Person
from directory.projects.models import Project
from notifications.suppression import service
from notifications.suppression.rules import TOPICS, WHYS, MailTopic
from notifications.suppression.schemas import SuppressionPaging

router = APIRouter(include_in_schema=False)
PAGE = "notifications/unsubscribe.html"


@router.get("/unsubscribe/{token}")
async def ask(request: Request, token: str, whoever: Whoever, db: ReadDb, settings: Installed) -> Response:
    """Looking changes nothing: mail scanners follow every link."""
    return render(request, PAGE, **await _view(db, token, settings))


@router.post("/unsubscribe/{token}")
async def one_click(
    request: Request, token: str, whoever: Whoever, db: Db, at: Moment, settings: Installed
) -> Response:
    """What a mail client posts by itself (RFC 8058, 3.2): no cookie, no form token, the signed address is enough."""
    async with slowing_guesses(request):
        person_id, project_id, topic = service.read_unsubscribe(settings, token)
    await service.set_bulk(db, person_id, project_id, topic, is_wanted=False, at=at)
    return render(request, PAGE, **await _view(db, token, settings))


@router.post("/unsubscribe/{token}/choices")
async def choose(
    request: Request, token: str, whoever: Whoever, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """All of a person's choices at once, and the language of their mails."""
    person_id, project_id, _ = service.read_unsubscribe(settings, token)
    with form_again(PAGE, partial(_view, token=token, settings=settings), typed):
        language: str = checked(dict[str, Spoken], {"language": typed.get("language", "")})["language"]
        wanted = ticked(typed, "topics")
        for topic in MailTopic:
            await service.set_bulk(db, person_id, project_id, topic, topic.value in wanted, at=at)
        await service.set_language(db, person_id, language, at=at)
    return see_other(request, f"/unsubscribe/{token}", N_("Saved."))


@router.get("/mail/suppressed")
async def suppressed(request: Request, caller: ProjectReader, db: ReadDb, page_request: SuppressionPaging) -> Response:
    return render(
        request,
        "notifications/suppressed.html",
        rows=await service.list_suppressed(db, caller, page_request),
        wordings=await service.count_by_wording(db, caller),
        whys=WHYS,
    )


@router.post("/mail/suppressed/release")
async def release_wording(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """All addresses that came here by one wording: who was refused for our sake is not gone."""
    await service.release_wording(db, str(typed.get("wording", "")), caller, at=at)
    return see_other(request, "/mail/suppressed", N_("Mail goes to these addresses again."))


@router.post("/mail/suppressed/{suppression_id}/release")
async def release(
    request: Request, suppression_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    await service.release(db, suppression_id, caller, at=at)
    return see_other(request, "/mail/suppressed", N_("Mail goes to this address again."))


async def _view(db: AsyncSession, token: str, settings: Settings) -> Mapping[str, object]:
    person_id, project_id, topic = service.read_unsubscribe(settings, token)
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    return {
        "token": token,
        "project": await db.get_one(Project, project_id),
        "topic": topic,
        "topics": TOPICS,
        "unwanted": await service.unwanted_by(db, person_id, project_id),
        "chosen": person.language,
    }
