"""Asking for a code and typing it: the same pages under a personal link and under an institution's."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db
from core.errors import N_
from core.pages import Typed, form_again, ours, render, see_other, with_query
from core.settings import Installed
from core.web import checked
from events.invitations.link_sessions import service
from events.invitations.link_sessions.access import keep_session
from events.invitations.link_sessions.rules import masked
from events.portal.codes.access import (
    LinkOwner,
    must_allow_mail,
    must_allow_try,
    owner_of_call,
    owner_of_invitation,
)
from events.portal.codes.schemas import CodeIn

router = APIRouter(include_in_schema=False)
PAGE = "events/link_confirmation.html"
Next = Annotated[str, Query(max_length=300)]


def _serve(under: str, find_owner: Callable[..., Awaitable[LinkOwner]]) -> None:
    """The three routes of one kind of link."""

    @router.get(f"{under}/{{token}}/code")
    async def ask(request: Request, token: str, owner: LinkOwner = Depends(find_owner), next: Next = "") -> Response:
        return render(request, PAGE, **_view(owner, f"{under}/{token}", next))

    @router.post(f"{under}/{{token}}/code/mail")
    async def mail(
        request: Request,
        token: str,
        owner: LinkOwner = Depends(find_owner),
        *,
        db: Db,
        at: Moment,
        settings: Installed,
        typed: Typed,
    ) -> Response:
        view = _view(owner, f"{under}/{token}", typed.get("next"))
        with form_again(PAGE, partial(_shown, view), typed):
            await must_allow_mail(request, owner)
            await service.send_code(db, owner.link_id, owner.person, owner.project, owner.event.id, settings, at=at)
        return render(request, PAGE, **_sent(view))

    @router.post(f"{under}/{{token}}/code")
    async def confirm(
        request: Request,
        token: str,
        owner: LinkOwner = Depends(find_owner),
        *,
        db: Db,
        at: Moment,
        settings: Installed,
        typed: Typed,
    ) -> Response:
        view = _sent(_view(owner, f"{under}/{token}", typed.get("next")))
        with form_again(PAGE, partial(_shown, view), typed):
            given: CodeIn = checked(CodeIn, {"code": typed.get("code", "")})
            await must_allow_try(request, owner)
            session = await service.confirm(
                db, owner.link_id, owner.about_id, owner.person, owner.project, given.code, settings, at=at
            )
        answer = see_other(request, view["next"], N_("Thank you. This browser sees what you told us for twelve hours."))
        keep_session(request, answer, owner.link_id, session)
        return answer


def _view(owner: LinkOwner, here: str, wanted: Any) -> dict[str, Any]:
    next = ours(str(wanted or ""))
    return {
        "here": here,
        "event": owner.event,
        "project": owner.project,
        "is_sent": False,
        "address": masked(owner.person.address) if owner.person.address else "",
        "next": next if next.startswith(f"{here}/") else here,
    }


def _sent(view: Mapping[str, Any]) -> dict[str, Any]:
    """Where the code is typed; another language leads on to the same."""
    return {**view, "is_sent": True, "path": with_query(f"{view['here']}/code", next=view["next"])}


async def _shown(view: Mapping[str, object], db: AsyncSession) -> Mapping[str, object]:
    return view


_serve("/i", owner_of_invitation)
_serve("/n", owner_of_call)
