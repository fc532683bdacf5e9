"""Asking for a code and typing it: the same pages under a personal link and under an institution's."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
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
    async def ask(
        request: Request,
        token: str,
        owner: LinkOwner = Depends(find_owner),
        next: Next = "",
        *,
        db: ReadDb,
        at: Moment,
    ) -> Response:
        view = _view(owner, f"{under}/{token}", next)
        return render(request, PAGE, **await _as_it_stands(db, view=view, owner=owner, at=at))

    @router.post(f"{under}/{{token}}/code/mail")
    async def mail(
        request: Request,
        token: str,
        owner: LinkOwner = Depends(find_owner),
        next: Next = "",
        *,
        db: Db,
        at: Moment,
        settings: Installed,
        typed: Typed,
    ) -> Response:
        view = _view(owner, f"{under}/{token}", typed.get("next") or next)
        with form_again(PAGE, partial(_as_it_stands, view=view, owner=owner, at=at), typed):
            await must_allow_mail(request, owner)
            await service.send_code(db, owner.link_id, owner.person, owner.project, owner.event.id, settings, at=at)
        # Who reads the mail may come back to a tab that was dropped: its address is one that can be opened again.
        return see_other(request, with_query(f"{under}/{token}/code", next=view["next"]))

    @router.post(f"{under}/{{token}}/code")
    async def confirm(
        request: Request,
        token: str,
        owner: LinkOwner = Depends(find_owner),
        next: Next = "",
        *,
        db: Db,
        at: Moment,
        settings: Installed,
        typed: Typed,
    ) -> Response:
        view = _sent(_view(owner, f"{under}/{token}", typed.get("next") or next))
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
    next = next if next.startswith(f"{here}/") else here
    kept = {"next": next if next != here else ""}
    return {
        "here": here,
        "taken_at": with_query(f"{here}/code", **kept),
        "mailed_at": with_query(f"{here}/code/mail", **kept),
        "event": owner.event,
        "project": owner.project,
        "is_sent": False,
        "address": masked(owner.person.address) if owner.person.address else "",
        "next": next,
    }


def _sent(view: Mapping[str, Any]) -> dict[str, Any]:
    """Where the code is typed; another language leads on to the same."""
    return {**view, "is_sent": True, "path": with_query(f"{view['here']}/code", next=view["next"])}


async def _as_it_stands(
    db: AsyncSession, *, view: Mapping[str, Any], owner: LinkOwner, at: datetime
) -> Mapping[str, Any]:
    """With the field for a code, while one that was mailed can be typed."""
    return _sent(view) if view["address"] and await service.code_waits(db, owner.link_id, at=at) else view


async def _shown(view: Mapping[str, object], db: AsyncSession) -> Mapping[str, object]:
    return view


_serve("/i", owner_of_invitation)
_serve("/n", owner_of_call)
