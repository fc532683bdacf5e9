"""What a badge code looks like. Pure."""

import hashlib
import re
import secrets

PREFIX = "HC1"
# What stands at the same key on Turkish, English and German keyboards, for hand scanners type codes: no I, Y and Z and
# no punctuation; nor what is misread, L, O and U. All are letters of a QR code's alphanumeric mode, of which version 3
# holds 61 at level M.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWX"
# 132 random bits.
_LENGTH = 27
QR_VERSION = 3
CODE = re.compile(f"{PREFIX}[{_LETTERS}]{{{_LENGTH}}}")


def new_badge_code() -> str:
    return PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def code_digest(code: str) -> str:
    """SHA-256 of a code as a reader or a person gives it: a device and the server look codes up by this."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
