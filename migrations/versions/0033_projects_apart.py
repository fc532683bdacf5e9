"""People, institutions and suppressed addresses become rows of one project.

Not safe beside the previous release: stop it first. Whoever is known to several projects gets a record in each, with
name, position, institution and address; what they told and what staff noted stays with the project that knew them
first, because nobody can say to whom else it was told. Rows of a project (invitations, registrations, mails …) point to
that project's record afterwards; calendar subscriptions stay with the first. Records that no project knows end.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from core.ids import new_id

revision = "0033_projects_apart"
down_revision = "0032_calendar_wishes"

Pairs = dict[tuple[UUID, UUID], UUID]
Parents = dict[UUID, UUID | None]


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, sa.Uuid()) for column in columns))


EVENT = _table("event", "id", "project_id")
SESSION = _table("session", "id", "event_id", "host_id")
CALL = _table("nomination_call", "id", "event_id", "institution_id")
INVITATION = _table("invitation", "id", "event_id", "person_id")
ACQUAINTANCE = _table("acquaintance", "id", "project_id", "person_id")
PROJECT = _table("project", "id")
MERGE = sa.table("merge", sa.column("kept_id", sa.Uuid()), sa.column("merged_id", sa.Uuid()))


def upgrade() -> None:
    for name in ("institution", "person", "person_address", "suppression"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("project_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("membership") as membership:
        membership.add_column(sa.Column("name", sa.String(length=120), server_default="", nullable=False))
    _drop_unique("person", "uq_person_address_key")
    _drop_unique("person_address", "uq_person_address_address_key")
    _drop_unique("institution", "uq_institution_search")
    _drop_unique("suppression", "uq_suppression_address_key")
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE membership SET name = (SELECT name FROM account WHERE account.id = membership.account_id)")
    )
    people = _divide_people(connection)
    _divide_institutions(connection, people)
    _divide_suppressions(connection)
    op.drop_table("acquaintance")
    for name, columns in (
        ("person", ["project_id", "address_key"]),
        ("person_address", ["project_id", "address_key"]),
        ("institution", ["project_id", "search"]),
        ("suppression", ["project_id", "address_key"]),
    ):
        with op.batch_alter_table(name) as table:
            if name != "suppression":
                table.alter_column("project_id", existing_type=sa.Uuid(), nullable=False)
            table.create_unique_constraint(f"uq_{name}_{'_'.join(columns)}", columns)
            table.create_foreign_key(f"fk_{name}_project_id_project", "project", ["project_id"], ["id"])
            if "address_key" in columns:
                table.create_index(f"ix_{name}_address_key", ["address_key"])


def _drop_unique(table: str, name: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="unique")


def _divide_people(connection: sa.Connection) -> Pairs:
    """A record in each project that knows somebody. Returns the record by former id and project."""
    person = _table("person", "id", "project_id", "merged_into_id")
    projects: dict[UUID, list[UUID]] = defaultdict(list)
    known = sa.select(ACQUAINTANCE.c.person_id, ACQUAINTANCE.c.project_id).order_by(ACQUAINTANCE.c.id)
    named = (
        sa.select(INVITATION.c.person_id, EVENT.c.project_id)
        .join(EVENT, EVENT.c.id == INVITATION.c.event_id)
        .order_by(INVITATION.c.id)
    )
    for query in (known, named):
        for person_id, project_id in connection.execute(query):
            if project_id not in projects[person_id]:
                projects[person_id].append(project_id)
    _follow_merges(connection, person, projects)
    pairs: Pairs = {}
    for person_id, theirs in projects.items():
        connection.execute(person.update().where(person.c.id == person_id).values(project_id=theirs[0]))
        pairs[person_id, theirs[0]] = person_id
        for project_id in theirs[1:]:
            pairs[person_id, project_id] = _copy_person(connection, person_id, project_id)
    for person_id, project_id in pairs:
        if pairs[person_id, project_id] != person_id:
            _point_to(connection, person_id, project_id, pairs[person_id, project_id])
    address = _table("person_address", "person_id", "project_id")
    home = sa.select(person.c.project_id).where(person.c.id == address.c.person_id).scalar_subquery()
    connection.execute(address.update().values(project_id=home))
    _remove_unknown(connection, person)
    return pairs


def _follow_merges(connection: sa.Connection, person: sa.TableClause, projects: dict[UUID, list[UUID]]) -> None:
    """Who was taken into another record is of its project."""
    merged = dict(
        connection.execute(
            sa.select(person.c.id, person.c.merged_into_id).where(person.c.merged_into_id.is_not(None))
        ).all()
    )
    for person_id in merged:
        kept, steps = merged[person_id], 0
        while kept in merged and steps < len(merged):
            kept, steps = merged[kept], steps + 1
        if projects.get(kept):
            projects[person_id] = projects[kept][:1]


def _copy_person(connection: sa.Connection, person_id: UUID, project_id: UUID) -> UUID:
    copy = new_id()
    kept = "name, title, institution_id, province, sex, address, address_key, language, search, name_key"
    empty = "passport_name, phones, diet, accessibility, notes"
    connection.execute(
        sa.text(
            f"INSERT INTO person (id, project_id, {kept}, {empty}, languages, revision) "  # noqa: S608 (our own words)
            f"SELECT :copy, :project, {kept}, '', '', '', '', '', '[]', 0 FROM person WHERE id = :person"
        ).bindparams(
            sa.bindparam("copy", copy, type_=sa.Uuid()),
            sa.bindparam("project", project_id, type_=sa.Uuid()),
            sa.bindparam("person", person_id, type_=sa.Uuid()),
        )
    )
    return copy


def _point_to(connection: sa.Connection, former: UUID, project_id: UUID, copy: UUID) -> None:
    """The rows of one project that are about somebody."""
    events = sa.select(EVENT.c.id).where(EVENT.c.project_id == project_id)
    sessions = sa.select(SESSION.c.id).where(SESSION.c.event_id.in_(events))
    calls = sa.select(CALL.c.id).where(CALL.c.event_id.in_(events))
    invitations = sa.select(INVITATION.c.id).where(INVITATION.c.event_id.in_(events))
    within: tuple[tuple[str, str, Any], ...] = (
        ("consent", "invitation_id", invitations),
        ("registration", "event_id", events),
        ("invitation", "event_id", events),
        ("session_person", "session_id", sessions),
        ("part_told", "session_id", sessions),
        ("call_link", "call_id", calls),
        ("erasure_request", "project_id", [project_id]),
        ("shared_feed", "project_id", [project_id]),
        ("inbound_mail", "project_id", [project_id]),
        ("message", "project_id", [project_id]),
        ("unsubscription", "project_id", [project_id]),
    )
    for name, column, where in within:
        table = _table(name, "person_id", column)
        connection.execute(
            table.update().where(table.c.person_id == former, table.c[column].in_(where)).values(person_id=copy)
        )


def _remove_unknown(connection: sa.Connection, person: sa.TableClause) -> None:
    unknown = sa.select(person.c.id).where(person.c.project_id.is_(None)).scalar_subquery()
    merges = (MERGE.c.kept_id.in_(unknown)) | (MERGE.c.merged_id.in_(unknown))
    connection.execute(MERGE.delete().where(merges))
    distinct = _table("distinct_people", "first_id", "second_id")
    connection.execute(distinct.delete().where(distinct.c.first_id.in_(unknown) | distinct.c.second_id.in_(unknown)))
    for name in (
        "person_address",
        "focal_point",
        "feed",
        "call_link",
        "consent",
        "erasure_request",
        "part_told",
        "session_person",
        "shared_feed",
        "unsubscription",
    ):
        table = _table(name, "person_id")
        connection.execute(table.delete().where(table.c.person_id.in_(unknown)))
    connection.execute(person.delete().where(person.c.project_id.is_(None)))


def _divide_institutions(connection: sa.Connection, people: Pairs) -> None:
    """A copy in each project whose people, calls, quotas, sessions or focal points name it; those above it come
    along."""
    institution = _table("institution", "id", "project_id", "parent_id")
    person = _table("person", "id", "project_id", "institution_id")
    focal = _table("focal_point", "id", "institution_id", "person_id")
    quota = _table("quota", "event_id", "institution_id")
    uses = [sa.select(person.c.institution_id, person.c.project_id).where(person.c.institution_id.is_not(None))]
    for table, column in ((CALL, CALL.c.institution_id), (quota, quota.c.institution_id)):
        uses.append(
            sa.select(column, EVENT.c.project_id).join(EVENT, EVENT.c.id == table.c.event_id).where(column.is_not(None))
        )
    uses.append(
        sa.select(SESSION.c.host_id, EVENT.c.project_id)
        .join(EVENT, EVENT.c.id == SESSION.c.event_id)
        .where(SESSION.c.host_id.is_not(None))
    )
    naming = connection.execute(sa.select(focal.c.id, focal.c.institution_id, focal.c.person_id)).all()
    by_person: dict[UUID, list[tuple[UUID, UUID]]] = defaultdict(list)
    for (former, project_id), now in people.items():
        by_person[former].append((project_id, now))
    used = {(id, project_id) for use in uses for id, project_id in connection.execute(use)}
    used |= {(one.institution_id, project_id) for one in naming for project_id, _ in by_person[one.person_id]}
    parents: Parents = dict(connection.execute(sa.select(institution.c.id, institution.c.parent_id)).all())
    projects = _projects_of_each(connection, used, parents)
    copies: Pairs = {}
    for institution_id, theirs in projects.items():
        for number, project_id in enumerate(theirs):
            copies[institution_id, project_id] = new_id() if number else institution_id
    _write_institutions(connection, institution, copies, parents)
    _use_institutions(connection, copies, person, quota)
    connection.execute(focal.delete())
    for one in naming:
        for project_id, now in by_person[one.person_id]:
            connection.execute(
                focal.insert().values(id=new_id(), institution_id=copies[one.institution_id, project_id], person_id=now)
            )
    connection.execute(institution.delete().where(institution.c.project_id.is_(None)))


def _projects_of_each(
    connection: sa.Connection, used: set[tuple[UUID, UUID]], parents: Parents
) -> dict[UUID, list[UUID]]:
    projects: dict[UUID, list[UUID]] = defaultdict(list)
    first = connection.execute(sa.select(PROJECT.c.id).order_by(PROJECT.c.id).limit(1)).scalar()
    for institution_id, project_id in sorted(used, key=str):
        step: UUID | None = institution_id
        while step is not None and project_id not in projects[step]:
            projects[step].append(project_id)
            step = parents.get(step)
    for institution_id in parents:
        # Nobody uses it, so nobody is harmed: the first project keeps it, with those above it.
        step = institution_id if first and not projects[institution_id] else None
        while step is not None and first and first not in projects[step]:
            projects[step].append(first)
            step = parents.get(step)
    return projects


def _write_institutions(
    connection: sa.Connection, institution: sa.TableClause, copies: Pairs, parents: Parents
) -> None:
    values = "name, search, kind, country, province, address, letterhead_en, letterhead_tr"
    for (former, project_id), now in copies.items():
        if now == former:
            connection.execute(institution.update().where(institution.c.id == now).values(project_id=project_id))
            continue
        connection.execute(
            sa.text(
                f"INSERT INTO institution (id, project_id, {values}, revision) "  # noqa: S608 (our own words)
                f"SELECT :copy, :project, {values}, 0 FROM institution WHERE id = :former"
            ).bindparams(
                sa.bindparam("copy", now, type_=sa.Uuid()),
                sa.bindparam("project", project_id, type_=sa.Uuid()),
                sa.bindparam("former", former, type_=sa.Uuid()),
            )
        )
    for (former, project_id), now in copies.items():
        parent = parents.get(former)
        above = copies.get((parent, project_id)) if parent else None
        connection.execute(institution.update().where(institution.c.id == now).values(parent_id=above))


def _use_institutions(connection: sa.Connection, copies: Pairs, person: sa.TableClause, quota: sa.TableClause) -> None:
    for (former, project_id), now in copies.items():
        if now == former:
            continue
        events = sa.select(EVENT.c.id).where(EVENT.c.project_id == project_id)
        connection.execute(
            person.update()
            .where(person.c.institution_id == former, person.c.project_id == project_id)
            .values(institution_id=now)
        )
        for table, column in ((CALL, "institution_id"), (quota, "institution_id"), (SESSION, "host_id")):
            connection.execute(
                table.update().where(table.c[column] == former, table.c.event_id.in_(events)).values({column: now})
            )


def _divide_suppressions(connection: sa.Connection) -> None:
    """What came back holds for each project that writes to the address; otherwise for the installation's own mail."""
    person = sa.table("person", sa.column("project_id", sa.Uuid()), sa.column("address_key", sa.String()))
    suppression = sa.table(
        "suppression",
        sa.column("id", sa.Uuid()),
        sa.column("project_id", sa.Uuid()),
        sa.column("address_key", sa.String()),
        sa.column("why", sa.String()),
        sa.column("answer", sa.String()),
        sa.column("since"),
    )
    found = connection.execute(
        sa.select(suppression, person.c.project_id.label("knows")).join(
            person, person.c.address_key == suppression.c.address_key
        )
    ).all()
    seen: set[UUID] = set()
    for row in found:
        if row.id in seen:
            connection.execute(
                suppression.insert().values(
                    id=new_id(),
                    project_id=row.knows,
                    address_key=row.address_key,
                    why=row.why,
                    answer=row.answer,
                    since=row.since,
                )
            )
        else:
            connection.execute(suppression.update().where(suppression.c.id == row.id).values(project_id=row.knows))
        seen.add(row.id)


def downgrade() -> None:
    """Only where no two projects know the same mailbox or institution: records that were parted cannot be told
    together."""
    op.create_table(
        "acquaintance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_acquaintance_person_id_person"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_acquaintance_project_id_project"),
        sa.PrimaryKeyConstraint("id", name="pk_acquaintance"),
        sa.UniqueConstraint("project_id", "person_id", name="uq_acquaintance_project_id_person_id"),
    )
    op.create_index("ix_acquaintance_person_id", "acquaintance", ["person_id"])
    connection = op.get_bind()
    connection.execute(
        sa.text("INSERT INTO acquaintance (id, project_id, person_id) SELECT id, project_id, id FROM person")
    )
    for name, unique, former in (
        ("suppression", "address_key", "uq_suppression_address_key"),
        ("institution", "search", "uq_institution_search"),
        ("person_address", "address_key", "uq_person_address_address_key"),
        ("person", "address_key", "uq_person_address_key"),
    ):
        with op.batch_alter_table(name) as table:
            if unique == "address_key":
                table.drop_index(f"ix_{name}_address_key")
            table.drop_constraint(f"fk_{name}_project_id_project", type_="foreignkey")
            table.drop_constraint(f"uq_{name}_project_id_{unique}", type_="unique")
            table.drop_column("project_id")
            table.create_unique_constraint(former, [unique])
    with op.batch_alter_table("membership") as membership:
        membership.drop_column("name")
