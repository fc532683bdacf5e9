"""Why an address gets nothing, and what a refusal says about the address. Pure."""

import re
from enum import StrEnum

from core.errors import N_


class Why(StrEnum):
    """What happened to an address."""

    no_such_address = "no-such-address"
    by_hand = "by-hand"


class MailTopic(StrEnum):
    """Mail that people may do without."""

    news = "news"
    thanks = "thanks"


TOPICS = {
    MailTopic.news: N_("What organisers write to many people at once"),
    MailTopic.thanks: N_("Thanks and materials after an event"),
}
WHYS = {
    Why.no_such_address: N_("The mail server says that there is no such address"),
    Why.by_hand: N_("Put here by hand"),
}


class Cause(StrEnum):
    """What a refusal for good is about.

    `gone`: the address, which is not there. `full`: its mailbox. `sender`: us, our server, our domain, or what we
    wrote. `other`: anything else, or nothing that could be understood.
    """

    gone = "gone"
    full = "full"
    sender = "sender"
    other = "other"


def _any(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(wordings))


# Enhanced status codes (RFC 3463, RFC 7505, and Microsoft's own) that speak of the address or its domain. 5.1.0 and
# 5.1.3 are not among them: servers give them for senders and reputation too.
_GONE_CODES = frozenset({"5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.1.351"})
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([245])\d\d(?=[ -])")
_ADDRESS = re.compile(r"[^\s<>\"'()]+@[^\s<>\"'(),;:]+")

# Whoever is named in it, a refusal with one of these is about the one who sends.
_SENDER = _any(
    r"\bspf\b",
    r"\bdkim\b",
    r"\bdmarc\b",
    r"\bbatv\b",
    r"(?<!to )(?<!to the )\bsenders?\b",
    r"\bmail from\b",
    r"\bfrom: (?:header|domain|address)|\bin from:",
    r"envelope.from",
    r"return.path",
    r"\b(?:black|block|deny|rbl|dnsbl)[- ]?(?:ed|list\w*|s?)\b",
    r"\bbanned\b",
    r"spamhaus|spamcop|barracuda|sorbs|cloudmark|senderbase",
    r"reputation",
    r"\b(?:anti)?spam",
    r"unsolicited|\bbulk mail",
    r"\bpolic(?:y|ies)\b",
    r"\bptr\b|reverse dns|\brdns\b",
    r"client host",
    r"\bhelo\b|\behlo\b",
    r"relay(?:ing)?(?: access)? (?:denied|not|prohibited)|unable to relay|not .{0,30}relay",
    r"authenticat|not authori[sz]ed|unauthori[sz]ed|authorization failed",
    r"access denied",
    r"not allowed to (?:send|post)|permission to (?:send|post)|restricted",
    r"rate.?limit|too many|throttl|frequency",
    r"\bvirus|malware|malicious|phishing",
    r"message content|its content|content (?:\w+ )?(?:reject|filter|denied|block|not)",
    r"attachment|message (?:header|size)|too (?:large|big)",
    r"connections? not accepted|from your (?:ip|server|network|host)",
    r"prohibit|preferences|unsubscribed",
    r"gönderen",
)
_FULL = _any(
    r"quota",
    r"\bfull\b",
    r"out of storage|storage (?:space|limit|allocation)|disk space|enough space|space has been used",
    r"exceed\w* (?:\w+ ){0,5}?(?:limit|storage|space|size)",
    r"\bpleine?\b",
    r"kota|dolu\b",
)
_GONE = _any(
    r"\b(?:user|recipient|mailbox|account|address|addressee|customer|username|adresse|alias) (?:\S+ ){0,3}?"
    r"(?:(?:is |was |were )?(?:unknown|not (?:be )?found|invalid|non-?existent|not (?:exist|known|valid|present|local))"
    r"|(?:does not|doesn.?t|did not|don.?t|do not|may not|no longer) exists?|could not be found)",
    r"(?:unknown|invalid|no such|non-?existent|bad) (?:local |destination |virtual |mail ?|e-?mail |smtp |envelope )?"
    r"(?:user|recipient|mailbox|account|person|users|recipients|local.part|addressee|rcpt|alias)\b",
    r"no such (?:e-?mail )?address|unknown e-?mail address|bad destination (?:e-?mail |mailbox )?address",
    r"\bnot a (?:known|valid|local) (?:user|recipient|mailbox|address)",
    r"recipnotfound|recipientnotfound|recipient ?notfound",
    r"(?:no|isn.?t a) (?:mail ?box|account|user|one|person) (?:\w+ ){0,2}?(?:here|by that name|at this|for this|with)",
    r"\bno (?:mailbox|account|user)s? (?:found|here)",
    r"doesn.?t have an? \S+ account",
    r"not listed in (?:\w+ ){0,3}(?:directory|address book)|not present in directory",
    r"(?:is|was) no longer (?:on server|valid|available|with|in use|employed)|no longer (?:accepts mail|works)",
    r"recipient no longer|has (?:moved|left)|been replaced by",
    r"#5\.1\.[01] (?:bad )?address rejected|#5\.1\.1 bad address",
    r"in my (?:badrcptto|badrecipientto)|not in my validrcptto|recipient address rejected: undeliverable",
    # The domain, and with it everybody in it.
    r"(?:unknown|no such) (?:host|domain)|(?:host|domain)(?: name)?s? (?:\S+ )?(?:unknown|not found|does not exist)",
    r"host or domain name not found|domain (?:is not reachable|name not found)|domain in (?:\w+ ){1,3}is unknown",
    r"unroute?able address|does(?: not|n.t) accept mail|null ?mx",
    # Turkish, German, French, Spanish, Italian, Portuguese, Russian, Japanese.
    r"(?:kullanıcı|alıcı|adres|posta kutusu|hesap) (?:\S+ ){0,2}?(?:bulunama\w+|mevcut değil|yok|bilinmiyor)",
    r"(?:böyle|bu adreste) bir (?:kullanıcı|alıcı|adres|hesap)|geçersiz (?:alıcı|adres)",
    r"(?:empfänger|benutzer|adresse) (?:\S+ ){0,3}?(?:unbekannt|existiert nicht|nicht gefunden|nicht bekannt)",
    r"(?:utilisateur|destinataire|adresse) (?:\S+ ){0,2}?(?:inconnue?|invalide|introuvable|inexistante?|n.existe pas)",
    r"usuario (?:\S+ )?(?:desconocido|no existe)|no existe (?:dicha|ese|el|la|este)",
    r"utente (?:\S+ )?(?:sconosciuto|inesistente)",
    r"nessun utente|destinatário (?:\S+ )?(?:desconhecido|inexistente)|usuário (?:\S+ )?(?:desconhecido|inexistente)",
    r"(?:пользовател\w+|адрес\w*|получател\w+|ящик\w*) (?:\S+ ){0,3}?не (?:существует|найден\w*)",
    r"нет такого пользователя",
    r"見つかりません|存在しません|宛先不明",
)

# With 5.4.1, what Exchange Online says of whom its directory does not know; with another code it is anybody's policy.
_BLOCKED_AT_THE_EDGE = "recipient address rejected: access denied"


def codes_in(text: str) -> list[str]:
    """The enhanced status codes in a text, as they come."""
    return _CODE.findall(text)


def cause_of(status: str, words: str) -> Cause:
    """What a refusal is about: by what it says first, by its enhanced status code where it says nothing clear.

    Words go before the code, for servers give any code with any words: 5.1.1 with a full mailbox, 5.1.0 with a sender
    they do not like, 5.0.0 with a user they do not know. A refusal for now is never about an address that is gone.
    """
    said = _ADDRESS.sub("@", " ".join(words.lower().split()))
    codes = codes_in(f"{status} {words}")
    if "5.4.1" in codes and _BLOCKED_AT_THE_EDGE in said:
        return Cause.gone
    if _SENDER.search(said):
        return Cause.sender
    if _FULL.search(said):
        return Cause.full
    if not _is_final(codes, said):
        return Cause.other
    if _GONE.search(said) or _GONE_CODES & set(codes):
        return Cause.gone
    if any(code.startswith("5.7.") or code in ("5.1.7", "5.1.8") for code in codes):
        return Cause.sender
    return Cause.full if "5.2.2" in codes else Cause.other


def _is_final(codes: list[str], said: str) -> bool:
    """Whether nothing in it says that it is only so for now."""
    kinds = {code[0] for code in codes} or set(_REPLY.findall(said))
    return "5" in kinds or not kinds


def is_clear(line: str) -> bool:
    """Whether a line says in words what a refusal is about."""
    said = _ADDRESS.sub("@", line.lower())
    return bool(_SENDER.search(said) or _FULL.search(said) or _GONE.search(said))


def tells_most(line: str) -> int:
    """How much a line of a notice tells, to choose the one that is kept: 0 is nothing."""
    return 2 * is_clear(line) + bool(codes_in(line)) + bool(_REPLY.search(line))


# What differs from one refusal to the next though it says the same.
_VARYING = re.compile(r"[^\s<>\"'()\[\]]*[@\d][^\s<>\"'()\[\]]*|https?://\S+")
_CODES_FIRST = re.compile(r"^\W*(?:smtp;)?\W*([245]\d\d)?[ -]*([245]\.\d{1,3}\.\d{1,3})?", re.I)
WORDING = 120


def wording_of(answer: str) -> str:
    """A refusal without what differs from address to address, to know the same one again; up to 120 letters."""
    first = _CODES_FIRST.match(answer)
    # Relays and reports give the same one with or without the reply code before the enhanced one.
    codes = (first[2] or first[1] or "") if first else ""
    rest = _VARYING.sub("…", answer[first.end() if first else 0 :].lower())
    return " ".join(f"{codes} {rest}".split())[:WORDING]
