"""Pages of a document that is composed before it is drawn, so that each can say of how many it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.documents.pdf import Align, Document, write, write_whole
from core.i18n import Words

BLUE, GREY, BLACK, RED = (11, 83, 148), (90, 100, 115), (0, 0, 0), (166, 27, 27)
SHADE = (232, 237, 244)
Colour = tuple[int, int, int]
Line = tuple[float, float, float, float]


@dataclass
class ComposedPages:
    """What is drawn on each page, in order. Millimetres from the top left; text stands on its baseline."""

    pages: list[list[Callable[[Document], None]]] = field(default_factory=list)

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])

    def text(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        *,
        size: float = 9,
        weight: str = "",
        colour: Colour = BLACK,
        align: Align | None = None,
    ) -> None:
        """A line of text; numbers, at the right, are never cut but written smaller."""

        def draw(pdf: Document) -> None:
            pdf.style(size, weight, colour)
            if align is None:
                write_whole(pdf, x, y, text, width)
            else:
                write(pdf, x, y, text, width, align)

        self.pages[-1].append(draw)

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour = SHADE) -> None:
        self.pages[-1].append(lambda pdf: pdf.fill([(x, y, width, height)], colour))

    def lines(self, lines: Sequence[Line], width: float = 0.15) -> None:
        self.pages[-1].append(lambda pdf: pdf.strokes(lines, width))

    def draw(self, pdf: Document, words: Words, *, left: float, right: float, y: float, foot: str) -> None:
        """All pages, each with its number and what stands at the foot."""
        for number, page in enumerate(self.pages, start=1):
            pdf.add_page()
            for draw in page:
                draw(pdf)
            said = words.translate("Page %(page)s of %(pages)s", page=number, pages=len(self.pages))
            pdf.style(8, "", GREY)
            write(pdf, left, y, foot, right - left - 40)
            write(pdf, right - 40, y, said, 40, "right")
