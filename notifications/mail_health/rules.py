"""What an answer of a relay means and what to do about it, in words. Pure."""

from core.errors import N_

_ADVICE: tuple[tuple[range, str], ...] = (
    (
        range(200, 300),
        N_(
            "The relay took it. If it does not arrive, look into the spam folder and check SPF, DKIM and DMARC "
            "of your domain."
        ),
    ),
    (range(421, 422), N_("The relay is busy or closing. Heyet tries again by itself.")),
    (
        range(450, 453),
        N_("The relay wants us to come again later (greylisting, or it has no room). Heyet does so by itself."),
    ),
    (
        range(530, 531),
        N_("The relay wants a sign-in or an encrypted connection: set HEYET_SMTP_USER and HEYET_SMTP_SECURITY."),
    ),
    (
        range(534, 539),
        N_("The relay does not accept user and password: check HEYET_SMTP_USER and HEYET_SMTP_PASSWORD."),
    ),
    (
        range(550, 551),
        N_(
            "The relay refuses the recipient, or lets this sender write to nobody outside: check "
            "HEYET_MAIL_FROM with its operator."
        ),
    ),
    (range(553, 555), N_("The relay refuses the sender or the content: check HEYET_MAIL_FROM with its operator.")),
)
_BY_WORDS = {
    "timeout": N_("Nobody answers at that address and port: check HEYET_SMTP_HOST, HEYET_SMTP_PORT and the firewall."),
    "connect": N_("There is no connection: check HEYET_SMTP_HOST, HEYET_SMTP_PORT and the firewall."),
    "ssl": N_(
        "The encrypted connection failed: the certificate is not for that name, or HEYET_SMTP_SECURITY is wrong."
    ),
    "tls": N_(
        "The encrypted connection failed: the certificate is not for that name, or HEYET_SMTP_SECURITY is wrong."
    ),
    "authentication": N_("The relay does not accept user and password: check HEYET_SMTP_USER and HEYET_SMTP_PASSWORD."),
}
_OTHERWISE = N_("Please ask the operator of the relay what this means.")


def advice_for(code: int, answer: str) -> str:
    """What to do about an answer; a message of the catalogues."""
    for codes, advice in _ADVICE:
        if code in codes:
            return advice
    for word, advice in _BY_WORDS.items():
        if word in answer.lower():
            return advice
    return _OTHERWISE
