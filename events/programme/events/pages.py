"""The form in which an event is planned and changed."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.i18n import country_codes, language_codes
from core.ids import new_id
from core.pages import Form, Typed, form_again, form_fields, render, see_other, seen_revision
from core.web import checked
from core.zones import country_of, zone_names, zones_of_country
from directory.accounts.access import Caller, Organiser
from directory.components.service import list_components
from directory.projects.service import list_projects
from events.programme.events import service
from events.programme.events.models import Event
from events.programme.events.rules import ADMISSIONS, CONFIDENTIALITIES, EVENT_KINDS, HOURS, SUBSTITUTIONS
from events.programme.events.schemas import EventChange, EventIn
from events.programme.events.views import count_readers, must_have_agreed, warnings_of, where_to_send

router = APIRouter(include_in_schema=False)
FORM = "events/event_form.html"


@router.get("/events/new")
async def new_event(request: Request, caller: Organiser, db: ReadDb) -> Response:
    return render(request, FORM, **await _form_view(db, caller=caller))


@router.post("/events/new")
async def create(request: Request, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(FORM, partial(_form_view, caller=caller), typed):
        key = checked(UUID, typed.pop("key", str(new_id())))
        event = await service.create_event(db, checked(EventIn, form_fields(typed)), caller, at=at, key=key)
    planned = N_("The event is planned. Next: the agenda, then the participants.")
    return see_other(request, f"/events/{event.id}", next(iter(warnings_of(event, at=at)), planned))


@router.get("/events/{event_id}/edit")
async def edit(request: Request, event_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    return render(request, FORM, **await _form_view(db, caller=caller, event_id=event_id))


@router.post("/events/{event_id}/edit")
async def change(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    tell = typed.get("tell") == "yes"
    with form_again(FORM, partial(_form_view, caller=caller, event_id=event_id), typed):
        changed = await service.change_event(
            db,
            event_id,
            checked(EventChange, form_fields(typed, beside=("revision", "tell", "agreed"))),
            caller,
            at=at,
            tell=tell,
            expected=seen_revision(typed),
        )
        await must_have_agreed(db, changed, typed.get("agreed"), at=at)
    notice = (
        N_("Saved. There are fewer places now than people confirmed; nobody was removed.")
        if changed.is_overbooked
        else next(iter(warnings_of(changed, at=at)), N_("Saved."))
    )
    return see_other(request, await where_to_send(db, changed) or f"/events/{event_id}", notice)


async def _form_view(db: AsyncSession, *, caller: Caller, event_id: UUID | None = None) -> Mapping[str, object]:
    event: Event | None = await service.get_event(db, event_id, caller) if event_id else None
    values: Form = TypeAdapter(dict[str, Any]).dump_python(event.model_dump(), mode="json") if event else {}
    if event:
        is_countrys = (event.zone,) == zones_of_country(event.country)
        values |= {"capacity": event.limit, "zone": "" if is_countrys else event.zone}
        values |= {name: f"{said:%H:%M}" for name in HOURS if (said := getattr(event, name)) is not None}
    projects = await list_projects(db, caller)
    return {
        "event": event,
        "readers": await count_readers(db, event) if event else 0,
        "values": values,
        "projects": [one for one in projects if event is None or one.id == event.project_id],
        "home": (country_of(projects[0].zone) if projects else None) or "TR",
        "several_zones": [code for code in sorted(country_codes()) if len(zones_of_country(code)) != 1],
        "kinds": EVENT_KINDS,
        "zones": sorted(zone_names()),
        "countries": sorted(country_codes()),
        "confidentialities": CONFIDENTIALITIES,
        "admissions": ADMISSIONS,
        "substitutions": SUBSTITUTIONS,
        "components": await list_components(db, frozenset({event.project_id}) if event else caller.projects),
        "tongues": ("tr", "en", "de", "fr", "ar", "fa", "ru", "uk", "bn", "ur"),
        "known_tongues": language_codes(),
    }
