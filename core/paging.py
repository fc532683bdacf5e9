"""Lists in pages: a bounded number of rows and their total."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar, TypeVarTuple, overload

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row")
Rows = TypeVarTuple("Rows")


@dataclass(frozen=True)
class Paging:
    """Which page, how many rows it has, and by which column the list stands: from its end with a minus before it."""

    page: int
    limit: int
    sort: str = ""


def _paging(
    page: Annotated[int, Query(ge=1, le=100_000)] = 1, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> Paging:
    return Paging(page, limit)


PageRequest = Annotated[Paging, Depends(_paging)]


def sort_by(*columns: str) -> Any:
    """What makes a text of an address one that may name a column to stand by, for lists that have no pages; any other
    is refused with 422, and without it the list stands as it usually does."""

    def sort(
        sort: Annotated[
            str | None,
            Query(
                pattern=f"^-?({'|'.join(columns)})$",
                description="What the list is ordered by; “-” from the end. Rows that have nothing there stand last.",
            ),
        ] = None,
    ) -> str:
        return sort or ""

    return Depends(sort)


def sorting(*columns: str) -> Any:
    """The same for the `Paging` of an address."""
    by = sort_by(*columns)

    def sorted_paging(page_request: PageRequest, sort: Annotated[str, by]) -> Paging:
        return Paging(page_request.page, page_request.limit, sort)

    return Depends(sorted_paging)


def at_most(count: int) -> Any:
    """A limit that PostgreSQL sees when it plans for any values: of one that it is told later it takes a tenth of all
    rows for granted, and walks an index in order though all are wanted."""
    return sa.bindparam(None, count, sa.Integer, literal_execute=True)


def ordered(page_request: Paging, columns: Mapping[str, Any], *usual: Any) -> list[Any]:
    """What a page is ordered by: the column that was asked for, if the list has it, and then what is usual, which is a
    whole order."""
    sort = page_request.sort
    return in_order(sort, columns, *usual) if sort.removeprefix("-") in columns else list(usual)


def in_order(sort: str, columns: Mapping[str, Any], *then: Any) -> list[Any]:
    """What a list is ordered by: the column that `sort` names, from its end with a minus before it, and after it by
    `then`. Rows that have nothing there stand last, whichever way; the first of `then` is never empty, and sorting by
    it alone may use its index."""
    by = columns[sort.removeprefix("-")]
    ordered = sa.desc(by) if sort.startswith("-") else sa.asc(by)
    return [ordered, *then[1:]] if by is then[0] else [by.is_(None), ordered, *then]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, with what is needed to turn it."""

    rows: Sequence[Row]
    total: int
    page: int
    limit: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.limit))


def sorted_rows(rows: Sequence[Row], sort: str, keys: Mapping[str, Callable[[Row], Any]]) -> Sequence[Row]:
    """Rows that are there already by the key of the column that `sort` names, from its end with a minus before it: then
    as they stood, and those that have nothing there last, whichever way. Without a key for the column, as they are."""
    by = keys.get(sort.removeprefix("-"))
    if by is None:
        return rows
    known = [(by(row), row) for row in rows]
    said = [(key, row) for key, row in known if key is not None and key != ""]
    said.sort(key=lambda one: one[0], reverse=sort.startswith("-"))
    return [row for _, row in said] + [row for key, row in known if key is None or key == ""]


def page_of(
    rows: Sequence[Row], page_request: Paging, keys: Mapping[str, Callable[[Row], Any]] | None = None
) -> Page[Row]:
    """A page of rows that are there already, by the key of the column that was asked for: then as they stood, and those
    that have nothing there last, whichever way."""
    rows = sorted_rows(rows, page_request.sort, keys or {})
    start = (page_request.page - 1) * page_request.limit
    return Page(rows[start : start + page_request.limit], len(rows), page_request.page, page_request.limit)


class PageOut(BaseModel, Generic[Row]):
    """A page of a list: its items, and the length of the whole list."""

    items: list[Row]
    total: int
    page: int
    pages: int


class Count(BaseModel):
    """How many it concerned."""

    count: int


def page_out(page: Page[Any], items: Sequence[Any]) -> dict[str, Any]:
    return {"items": items, "total": page.total, "page": page.page, "pages": page.pages}


@overload
async def paged(  # type: ignore[overload-overlap]  # of two that fit, the first counts
    db: AsyncSession, statement: SelectOfScalar[Row], page_request: Paging, given: Mapping[str, Any] | None = None
) -> Page[Row]: ...
@overload
async def paged(
    db: AsyncSession, statement: sa.Select[*Rows], page_request: Paging, given: Mapping[str, Any] | None = None
) -> Page[tuple[*Rows]]: ...
async def paged(
    db: AsyncSession, statement: Any, page_request: Paging, given: Mapping[str, Any] | None = None
) -> Page[Any]:
    """The rows of the page, and how many there are: that is counted by a second query where it is not seen here.

    `given` are the parameters of a statement that is built once; then what is made of it here is, too.
    """
    start = (page_request.page - 1) * page_request.limit
    turned, counted = (_turned, _counted) if given is not None else (turned_page, _counted.__wrapped__)
    rows = (await db.exec(turned(statement, start > 0), params={**page_given(page_request), **(given or {})})).all()
    if len(rows) < page_request.limit and (rows or not start):
        return Page(rows, start + len(rows), page_request.page, page_request.limit)
    total = (await db.exec(counted(statement), params=given)).one()
    return Page(rows, total if isinstance(total, int) else total[0], page_request.page, page_request.limit)


def turned_page(statement: Any, is_later: bool) -> Any:
    """The rows of one page of a statement, the first or a later one: which one, `page_given` says when it is sent. Its
    limit is one that PostgreSQL sees, as `at_most` says."""
    page = statement.limit(sa.bindparam("page_limit", type_=sa.Integer(), literal_execute=True))
    return page.offset(sa.bindparam("page_start", type_=sa.Integer())) if is_later else page


def page_given(page_request: Paging) -> dict[str, int]:
    """The parameters of `turned_page`."""
    start = (page_request.page - 1) * page_request.limit
    return {"page_limit": page_request.limit} | ({"page_start": start} if start else {})


_turned = lru_cache(maxsize=256)(turned_page)


@lru_cache(maxsize=256)
def _counted(statement: Any) -> Any:
    return statement.order_by(None).with_only_columns(sa.func.count(), maintain_column_froms=True)
