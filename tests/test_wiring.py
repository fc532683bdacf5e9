"""Every slice is named wherever something goes by names, and what is missing is found."""

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.audit import ACTS
from directory.duplicates import service as duplicates
from heyet.app import routed
from tests import routes, wiring
from tests.architecture import Source
from tests.security.test_cross_project_walk import TABLES
from tests.test_architecture import SOURCES


def test_all_endpoints_and_jobs_are_wired() -> None:
    assert wiring.unwired(SOURCES) == set()


def test_endpoints_and_jobs_that_nobody_wires_are_found() -> None:
    router, work = "router = APIRouter()", "async def work(context): ..."
    files = [Source(f"a/b/{name}.py", text) for name, text in (("api", router), ("pages", router), ("jobs", work))]
    files += [Source("a/c/pages.py", "def helper(): ..."), Source("a/wiring.py", "from a.b import api")]
    files.append(Source("heyet/app.py", "from a.b.jobs import work"))
    assert wiring.unwired(files) == {"a.b.pages"}


def test_merging_people_knows_every_column_that_points_to_them() -> None:
    routed()
    # Rows that are no foreign keys, for their person may be gone, follow a merge too.
    known = {f"{one.table.__tablename__}.person_id" for one in (*duplicates.OWN, *duplicates.REFERENCES)}
    assert wiring.columns_to(SQLModel.metadata, "person") - wiring.OF_MERGING <= known


def test_a_column_that_points_to_people_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Uuid, primary_key=True))
    sa.Table("planted", metadata, sa.Column("by_id", sa.Uuid, sa.ForeignKey("person.id")), sa.Column("x", sa.Uuid))
    assert wiring.columns_to(metadata, "person") == {"planted.by_id"}


def test_the_history_has_words_for_every_act() -> None:
    routed()
    assert wiring.acts_without_words(SOURCES, ACTS) == set()


def test_an_act_without_words_is_found() -> None:
    text = "audit.record(db, 'event.moved', id)\nrecord_each(db, 'event.cancelled', ids)\nrecord(db, act, id)"
    assert wiring.acts_without_words([Source("a/service.py", text)], {"event.cancelled"}) == {"event.moved"}


def test_an_id_in_an_address_says_of_which_table_it_is() -> None:
    """Or the walk over other projects' rows asks for one that does not exist, and is refused whatever the code does."""
    names = {name for route in routes.served(routes.application()) for name in route.parameters if name.endswith("_id")}
    meant = {name: TABLES.get(name, [name.removesuffix("_id")]) for name in names}
    assert {name for name, tables in meant.items() if not set(tables) <= SQLModel.metadata.tables.keys()} == set()
