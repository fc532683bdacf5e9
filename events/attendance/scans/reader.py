"""Reading scans from the outside: files go into a process of their own, page by page, and what is found comes back."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from core.isolation import Unparsable, isolated
from events.attendance.scans.rules import (
    FoundCode,
    PageProblem,
    PageSurvey,
    PageWarning,
    ReaderMissing,
    ScannedPage,
    page_from,
    request,
    survey_from,
)
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.rules import parse_code

# Of one page's reading: what OpenCV and numpy reserve before anything is read, and a picture of 50 megapixels.
MEMORY_MB, SECONDS = 1536, 20
_READER = "events.attendance.scans.reading"
_NEEDED = ("cv2", "numpy", "zxingcpp", "pypdfium2", "pillow_heif")
# From codes, as they were read, to the layouts they stand for. A code that is not ours, or that the caller may not see,
# is left out; a layout holds at least the page of its code.
Lookup = Callable[[Sequence[str]], Awaitable[Mapping[str, SheetLayout]]]


def is_installed() -> bool:
    """Whether all libraries are there: they may have been left out on purpose."""
    return all(find_spec(name) for name in _NEEDED)


def must_be_installed() -> None:
    """Raises ReaderMissing."""
    if not is_installed():
        raise ReaderMissing()


async def count_pages(content: bytes) -> tuple[int, PageProblem | None]:
    """How many pages a file has; or 0, and why. Raises ReaderMissing."""
    must_be_installed()
    try:
        found = await _reading("count_pages", content)
    except Unparsable:
        return 0, PageProblem.unreadable
    return found["pages"], PageProblem(found["problem"]) if found["problem"] else None


async def survey_page(content: bytes, file_page: int) -> PageSurvey:
    """The codes on one page of a file, counted from 1, or why there are none."""
    try:
        return survey_from(await _reading("survey_page", content, str(file_page)))
    except Unparsable:
        return PageSurvey(problem=PageProblem.unreadable)


async def read_sheet(
    content: bytes, file_page: int, code: FoundCode, layout: SheetLayout, *, with_picture: bool = False
) -> ScannedPage:
    """The cells of the sheet with that code on one page of a file.

    `layout` is that of the code's sheet and version. A code that somebody typed (`FoundCode(text)`) does as well, if
    its page is alone in the picture. With pictures, that of the straightened page comes too.
    """
    said = parse_code(code.text)
    page = layout.page(said.page) if said else None
    if page is None:
        return ScannedPage(file_page, PageProblem.unknown_sheet, code.text)
    sent = request(layout.of_page(page.number), code, file_page, content, with_picture=with_picture)
    try:
        found = await _reading("read_sheet", sent)
    except Unparsable:
        return ScannedPage(file_page, PageProblem.unreadable, code.text, layout.sheet, page.number, layout.version)
    return page_from(found, file_page=file_page, code=code.text)


async def read_scan(content: bytes, lookup: Lookup, *, with_picture: bool = False) -> AsyncIterator[ScannedPage]:
    """Every sheet on every page of a file, one after the other as they are read; pages without one say why.

    A page may come twice, in one file or on one picture: both readings are given. Raises ReaderMissing.
    """
    pages, problem = await count_pages(content)
    if problem is not None:
        yield ScannedPage(1, problem)
    for file_page in range(1, pages + 1):
        for page in await read_page(content, file_page, lookup, with_picture=with_picture):
            yield page


async def read_page(
    content: bytes, file_page: int, lookup: Lookup, *, with_picture: bool = False
) -> Sequence[ScannedPage]:
    """The sheets on one page of a file, counted from 1; or one that says why there is none."""
    survey = await survey_page(content, file_page)
    codes = [code for code in survey.codes if parse_code(code.text)]
    if not codes:
        return [ScannedPage(file_page, survey.problem or PageProblem.no_code, warnings=survey.warnings)]
    layouts = await lookup([code.text for code in codes])
    found = []
    for code in codes:
        layout = layouts.get(code.text)
        if layout is None:
            found.append(ScannedPage(file_page, PageProblem.unknown_sheet, code.text, warnings=survey.warnings))
            continue
        found.append(await _read_among(content, file_page, code, layout, survey, with_picture=with_picture))
    return found


async def _read_among(
    content: bytes, file_page: int, code: FoundCode, layout: SheetLayout, survey: PageSurvey, *, with_picture: bool
) -> ScannedPage:
    page = await read_sheet(content, file_page, code, layout, with_picture=with_picture)
    several = survey.warnings & {PageWarning.several}
    return replace(page, warnings=page.warnings | several)


async def _reading(function: str, content: bytes, *more: str) -> Any:
    """Importing the reader takes 200 MB: only the process that reads does it."""
    return await isolated(f"{_READER}:{function}", content, *more, memory_mb=MEMORY_MB, seconds=SECONDS)
