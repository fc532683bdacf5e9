"""What may be signed, and what a signature stands for. Pure."""

import hashlib
import json

from core.errors import N_, Refusal
from finance.statements.rules import PersonStatement, statement_told

# A drawn name is a few lines.
MOST_BYTES = 200 * 1024


class NotToSign(Refusal):
    status = 409
    code = "not-to-sign"
    title = N_("This cannot be signed here: the sheet is not approved, or the project takes signatures on paper only.")


class SignedAlready(Refusal):
    status = 409
    code = "signed-already"
    title = N_("You have signed this receipt already.")


def statement_digest(one: PersonStatement) -> str:
    """SHA-256 over all that a statement says, in one spelling; whether a signature fits is seen by it."""
    said = statement_told(one) | {"lines": [line.to_json() for line in one.lines], "currency": one.currency}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
