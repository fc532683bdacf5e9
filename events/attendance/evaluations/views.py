"""What came of a form, for pages, programs and reports."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import N_
from events.attendance.evaluations.models import Evaluation, EvaluationResponse
from events.attendance.evaluations.rules import (
    FEWEST_FIGURES,
    FEWEST_TEXTS,
    EvaluationKind,
    EvaluationState,
    EvaluationSummary,
    Figures,
    Gain,
    ItemKind,
    Results,
    figures_of,
    gain_of,
    mean_of_scales,
    points,
)
from events.attendance.evaluations.service import responses_of, those_to_ask
from events.attendance.records.models import Attendance

_NOT_YET = N_(
    "An anonymous form shows its figures once it is closed: by looking twice one could tell what a single person said."
)
_TOO_FEW = N_("Fewer than three people answered: figures would tell who said what.")


async def results_of(db: AsyncSession, evaluation: Evaluation) -> Results:
    """Who sees them may see the project's attendance; names stand nowhere."""
    asked = await those_to_ask(db, evaluation)
    responses = await responses_of(db, evaluation.id)
    answered = sum(asked.values())
    if why := _why_hidden(evaluation, len(responses)):
        return Results(len(asked), answered, len(responses), why, [], None)
    figures = figures_of(evaluation.items, [one.answers for one in responses])
    if evaluation.is_anonymous and len(responses) < FEWEST_TEXTS:
        figures = [one for one in figures if one.item.kind not in (ItemKind.text, ItemKind.number)]
    gain = await _gain(db, evaluation, responses)
    beside = await _beside(db, evaluation, figures)
    return Results(len(asked), answered, len(responses), "", figures, gain, beside)


async def _beside(db: AsyncSession, evaluation: Evaluation, figures: Sequence[Figures]) -> list[Figures | None]:
    """What participants said themselves in the follow-up, where its figures may be seen: to questions of the same key
    and kind, except what they wrote."""
    if evaluation.kind is not EvaluationKind.superiors:
        return []
    found = await db.exec(
        select(Evaluation).where(
            Evaluation.event_id == evaluation.event_id, Evaluation.kind == EvaluationKind.follow_up
        )
    )
    own = found.first()
    if own is None:
        return []
    results = await results_of(db, own)
    of_own: dict[object, Figures] = {
        (one.item.key, one.line.key if one.line else "", one.item.kind): one
        for one in results.figures
        if one.item.kind is not ItemKind.text
    }
    keys = [(one.item.key, one.line.key if one.line else "", one.item.kind) for one in figures]
    return [of_own.get(key) for key in keys] if of_own else []


def _why_hidden(evaluation: Evaluation, responses: int) -> str:
    if not evaluation.is_anonymous:
        return ""
    if evaluation.state is not EvaluationState.closed:
        return _NOT_YET
    return _TOO_FEW if responses < FEWEST_FIGURES else ""


async def _gain(db: AsyncSession, after: Evaluation, responses: Sequence[EvaluationResponse]) -> Gain | None:
    """What a test after the training shows beside the one before it; anonymous ones, from so many pairs on."""
    if after.kind is not EvaluationKind.post_test:
        return None
    found = await db.exec(
        select(Evaluation).where(Evaluation.event_id == after.event_id, Evaluation.kind == EvaluationKind.pre_test)
    )
    before = found.first()
    if before is None or _why_hidden(before, FEWEST_FIGURES):
        return None
    most = sum(item.kind is ItemKind.test for item in after.items)
    gain = gain_of(_points(before, await responses_of(db, before.id)), _points(after, responses), most)
    is_few = after.is_anonymous and gain.paired < FEWEST_FIGURES
    return None if is_few or not most else gain


def _points(evaluation: Evaluation, responses: Sequence[EvaluationResponse]) -> dict[str, int]:
    """By who took it. A word that two people chose brings neither together; whoever gave none stands alone."""
    points_by: dict[str, int] = {}
    twice: set[str] = set()
    for one in responses:
        key = str(one.registration_id or one.pair_hash or one.id)
        if key in points_by:
            twice.add(key)
        points_by[key] = points(evaluation.items, one.answers)
    return {key: value for key, value in points_by.items() if key not in twice}


async def forms_with_counts(db: AsyncSession, evaluations: Sequence[Evaluation]) -> list[tuple[Evaluation, int, int]]:
    """Each form, how many are to be asked, and how many of those have answered."""
    counted = []
    for one in evaluations:
        asked = await those_to_ask(db, one)
        counted.append((one, len(asked), sum(asked.values())))
    return counted


async def summaries_of(db: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, EvaluationSummary]:
    """How participants judged each of these events: of evaluations whose figures may be seen. Three queries."""
    forms = (
        await db.exec(
            select(Evaluation).where(
                col(Evaluation.event_id).in_(event_ids),
                Evaluation.kind == EvaluationKind.evaluation,
                Evaluation.state != EvaluationState.draft,
            )
        )
    ).all()
    if not forms:
        return {}
    by_form: dict[UUID, list[EvaluationResponse]] = {form.id: [] for form in forms}
    for one in await db.exec(select(EvaluationResponse).where(col(EvaluationResponse.evaluation_id).in_(by_form))):
        by_form[one.evaluation_id].append(one)
    attended = await db.exec(
        select(Attendance.event_id, sa.func.count(sa.distinct(col(Attendance.registration_id))))
        .where(col(Attendance.event_id).in_([form.event_id for form in forms]))
        .group_by(col(Attendance.event_id))
    )
    there = dict(attended.all())
    return {
        form.event_id: EvaluationSummary(
            len(by_form[form.id]), there.get(form.event_id, 0), mean_of_scales(figures_of(form.items, said))
        )
        for form in forms
        if not _why_hidden(form, len(by_form[form.id])) and (said := [one.answers for one in by_form[form.id]])
    }
