"""Erasing finds all of a person and nothing of others, goes on past a fault, and what waits brings nobody back."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from directory.people.models import Person
from directory.people.service import new_person
from events.privacy.erasure import erase_people
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import Kind
from notifications.outbox.models import Message
from tests.people import House

NAME, ADDRESS = "Zeynep Gizli", "zeynep.gizli@example.org"


async def erase(house: House, project_id: UUID | None = None, name: str = NAME) -> None:
    """Erase whom a project knows by this name; the job that does the rest is not run yet."""
    project_id = project_id or house.project_id
    async with house.database.unit_of_work() as db:
        wanted = select(Person.id).where(Person.project_id == project_id, Person.name == name)
        await erase_people(db, [(await db.exec(wanted)).one()], project_id, at=house.clock())


async def test_mail_to_an_address_of_theirs_is_emptied_whole_though_nothing_says_whose_it_is(
    house: House,
) -> None:
    await house.invite(await house.event(), [NAME])
    async with house.database.unit_of_work() as db:
        await db.exec(sa.update(Message).values(person_id=None))
        before = (await db.exec(select(Message))).all()
        assert [one for one in before if one.to_address == ADDRESS and one.plain and one.html]
    await erase(house)
    async with house.database.reading() as db:
        left = [
            (m.to_name, m.to_address, m.subject, m.plain, m.html, m.calendar, m.answer)
            for m in (await db.exec(select(Message).where(col(Message.id).in_([m.id for m in before])))).all()
        ]
    assert [one for one in left if any(one)] == []


async def test_erasing_in_one_project_leaves_mail_and_texts_of_the_installation_as_they_are(
    house: House,
) -> None:
    """Somebody of one project may name any address, that of another project's staff too."""
    other = await house.found("P-B", prefix="b-")
    visitor = house.stranger()
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in/link", {"address": "organiser@example.org"})
    received = InboundMail(
        digest="1" * 64, kind=Kind.other, sender="organiser@example.org", raw="organiser@example.org",
        received_at=house.clock(),
    )  # fmt: skip
    async with house.database.unit_of_work() as db:
        db.add(received)
        db.add(new_person(db, other, name="X Y", address="organiser@example.org"))
    await erase(house, other, "X Y")
    await house.work()
    async with house.database.reading() as db:
        mail = (await db.exec(select(Message).where(col(Message.project_id).is_(None)))).one()
        kept = (await db.exec(select(InboundMail))).one()
    assert (mail.to_address, bool(mail.plain)) == ("organiser@example.org", True)
    assert (kept.sender, kept.raw) == ("organiser@example.org", "organiser@example.org")
