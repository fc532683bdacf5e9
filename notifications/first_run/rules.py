"""What an operator has to see to before people are invited. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import N_


class RelayAnswer(StrEnum):
    """What came of asking the mail relays to let us in."""

    none = "none"
    open = "open"
    refuses = "refuses"


@dataclass(frozen=True)
class Finding:
    """A message with its facts, and whether something is left to do."""

    message: str
    is_fine: bool
    facts: Mapping[str, object] = field(default_factory=dict)


_RELAYS = {
    RelayAnswer.none: N_(
        "Mail relay: none (HEYET_SMTP_HOST). Mails stay in the local mailbox under “Mail” and reach nobody."
    ),
    RelayAnswer.open: N_("Mail relay: it lets Heyet in."),
    RelayAnswer.refuses: N_("Mail relay: %(name)s does not let Heyet in. Check HEYET_SMTP_HOST, user and password."),
}


def findings(
    *, relay: RelayAnswer, relay_name: str, address: str, is_public: bool, is_https: bool, key_file: str
) -> list[Finding]:
    """Relay, public address and encryption key. `key_file` is where the key lies that was made at the first start,
    empty where the operator has set one."""
    if not is_public:
        where = N_(
            "Public address: none (HEYET_PUBLIC_URL). Links in mails lead to %(address)s, for this machine only."
        )
    elif not is_https:
        where = N_("Public address: %(address)s is not https; sign-in cookies would travel in the clear.")
    else:
        where = N_("Public address: %(address)s.")
    key = (
        N_("Encryption key: made, in %(file)s. Keep a copy elsewhere: without it nothing encrypted can be read again.")
        if key_file
        else N_("Encryption key: set (HEYET_SECRET_KEY). Keep a copy elsewhere.")
    )
    return [
        Finding(_RELAYS[relay], relay is RelayAnswer.open, {"name": relay_name}),
        Finding(where, is_public and is_https, {"address": address}),
        Finding(key, not key_file, {"file": key_file}),
    ]
