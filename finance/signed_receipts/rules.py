"""What may be signed, and what a signature stands for. Pure."""

import hashlib
import json
from io import BytesIO

from PIL import Image, ImageChops

from core.errors import N_, NotThatKind, Refusal, Unacceptable
from core.files import checked_picture
from finance.statements.rules import PersonStatement, statement_told

# A drawn name is a few lines.
MOST_BYTES = 200 * 1024
# Width and height of what was drawn, in pixels together: less is a dot.
LEAST_DRAWN = 40


class NotToSign(Refusal):
    status = 409
    code = "not-to-sign"
    title = N_("This cannot be signed here: nothing is paid by it, or the project takes signatures on paper only.")


class SignedAlready(Refusal):
    status = 409
    code = "signed-already"
    title = N_("You have signed this receipt already.")


def statement_digest(one: PersonStatement) -> str:
    """SHA-256 over all that a statement says, in one spelling; whether a signature fits is seen by it.

    Not over the name and the reasons of adjustments, which an erasure takes away.
    """
    said = statement_told(one) | {"lines": [line.to_json() for line in one.lines], "currency": one.currency}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def checked_drawing(content: bytes) -> bytes:
    """A drawn signature as it is kept: a PNG written anew with nothing beside its pixels, of which some are drawn.

    Raises Unacceptable, NotThatKind and TooManyPixels, all beside the field `file`.
    """
    too_large = Unacceptable("file", N_("This drawing is too large. Please draw it again."))
    if len(content) > MOST_BYTES:
        raise too_large
    kept, media_type, _, _ = checked_picture(content)
    if media_type != "image/png":
        raise NotThatKind("file")
    if len(kept) > MOST_BYTES:
        raise too_large
    with Image.open(BytesIO(kept)) as drawn:
        on_white = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn.convert("RGBA")).convert("L")
    ink = ImageChops.invert(on_white).point(lambda dark: 255 if dark > 64 else 0)
    box = ink.getbbox()
    is_one_colour = ink.getextrema() == (255, 255)
    if box is None or is_one_colour or box[2] - box[0] + box[3] - box[1] < LEAST_DRAWN:
        raise Unacceptable("file", N_("Nothing is drawn on this. Please draw your signature."))
    return kept
