"""Badges and table cards: everybody with a place, whole names, a code that a desk reads."""

import pypdfium2
import zxingcpp
from PIL import Image

from tests.office import pdf_pages
from tests.people import App, names


def pictures(pdf: bytes) -> list[Image.Image]:
    """Each page as it is printed, 200 dots to an inch."""
    return [page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


LONG = "Muhammet Abdurrahman Karamehmetoğulları Hacıhasanefendioğlu"


async def test_every_badge_has_the_whole_name_and_the_code_of_the_desk(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event([*names(11), LONG])
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/badges/badges.pdf")
    assert answer.status_code == 200
    assert LONG.split()[-1] in "".join(pdf_pages(answer.content))
    pages = pictures(answer.content)
    assert len(pages) == 2
    codes = [found.text for page in pages for found in zxingcpp.read_barcodes(page)]
    assert len(set(codes)) == 12
    guest = sqlite_app.stranger()
    again = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/badges/badges.pdf")
    assert sorted(f.text for page in pictures(again.content) for f in zxingcpp.read_barcodes(page)) == sorted(codes)
    assert (await guest.get(f"/i/{tokens[LONG]}")).status_code == 200


async def test_table_cards_come_two_to_a_page_and_nobody_is_refused_in_words(sqlite_app: App) -> None:
    empty = await sqlite_app.event()
    refused = await sqlite_app.api().post(f"/api/v1/events/{empty['id']}/badges/table-cards.pdf")
    assert refused.json()["type"].endswith("nobody-has-a-place")
    event, _ = await sqlite_app.accepted_event(names(3), title="Second")
    pages = pictures((await sqlite_app.api().post(f"/api/v1/events/{event['id']}/badges/table-cards.pdf")).content)
    assert len(pages) == 2
    # The side that faces the other way is the same turned around: folded, both are read.
    card = pages[0].convert("1").crop((20, 20, pages[0].width - 20, pages[0].height // 2 - 20))
    turned = card.rotate(180)
    differing = sum(a != b for a, b in zip(card.get_flattened_data(), turned.get_flattened_data(), strict=True))
    black = sum(value == 0 for value in card.get_flattened_data())
    assert black > 5000
    assert differing < black / 3
