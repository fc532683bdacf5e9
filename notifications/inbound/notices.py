"""Understands what mail systems write for people: notices of failure in no standard form, and automatic answers.

Runs in the process of `core.isolation`. Addresses in notices are found by flufl.bounce, which knows the forms of many
systems; whether it is for good, and in whose words, is said by our own rules. A notice counts only where something
shows that no person wrote it.
"""

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from typing import Any

from flufl.bounce import all_failures

from core.plain_text import shown_plainly
from notifications.inbound.reports import MAX_WORDS
from notifications.suppression.rules import codes_in, is_clear, tells_most

MAX_LINES = 200
MAX_LINE = 500
MAX_FORM = 64 * 1024
_SYSTEM = re.compile(
    r"mailer[-_. ]?d(?:ae|e|a)mon|maildaemon|post[-_]?master|mail[-_. ]?deliver(?:y|er)?[-_. ](?:sub)?system"
    r"|system administrator|systemadministrator|sistem yöneticisi|mdaemon@|mail delivery service|poostmaster"
)
_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|not deliver|un(?:able|successful)\w* to (?:deliver|send)|returned mail"
    r"|returned to sender"
    r"|returning (?:message )?to sender|delivery (?:status|failure|has failed|failed|error|problem|notification"
    r"|report)"
    r"|deliver(?:y|ing)? .{0,20}(?:fail|error|not)|fail(?:ure|ed)? (?:notice|deliver)|mail (?:system error|failure"
    r"|failed)"
    r"|message (?:delivery|you sent|undelivered|status)|could not (?:be )?(?:deliver|send|sent)|bounced? (?:mail"
    r"|message)"
    r"|error sending your mail|problem delivering|mail delivery|ndn:"
    r"|teslim edilemedi|iletilemedi|teslim edilemeyen|gönderilemedi|ulaştırılamadı|teslimat (?:durumu|hatası)"
    r"|unzustellbar|nicht zugestellt|zustellung|non remis|échec|non distribu|no entregad|no se puede entregar"
    r"|devuelto|mancat[oa] (?:recapito|consegna)|non recapitabile|não entregue|não foi (?:possível|entregue)"
    r"|falha na entrega"
    r"|onbestelbaar|niet bezorgd|niedostarcz|не доставлен|недоставлен|не может быть доставлен|配信|不達|送信できません"
    r"|退信|无法投递|μη παραδο|kunde inte levereras|kunne ikke lever"
)
_FAILED = re.compile(
    r"undeliver|(?:could|can|was|were)(?: ?not|n.t) (?:be )?(?:\w+ ){0,2}?(?:deliver|sent|reach|forward|accept)"
    r"|(?:wasn.t|not|un) ?able to (?:be )?(?:deliver|send|reach)|deliver(?:y|ed|ing)? .{0,40}(?:fail|error"
    r"|unsuccessful)"
    r"|(?:error|problem|trouble) (?:\w+ ){0,2}?(?:deliver|sending)|fail(?:ed|ure|s)? (?:\w+ ){0,4}?(?:deliver"
    r"|recipient|address)"
    r"|permanent(?:ly)? (?:\w+ )?(?:error|fail)|following (?:\w+ ){0,3}?(?:addresse?s?|recipients?|errors?)"
    r"|did not reach|was(?: not|n.t) (?:accepted|delivered|sent)|(?:was|were|has been|been) rejected"
    r"|returned (?:to sender|mail)"
    r"|delivery errors?|fatal errors|giving up|given up|will not be (?:retried|delivered)|invalid user address"
    r"|didn.t (?:make it|go through)|not listed in|mail failed|(?:user|host|address|recipient) unknown"
    r"|unknown (?:user|host)"
    r"|failure reasons|is possibly incorrect|refused to accept|could not post|don.t have permission to post"
    r"|teslim edilemedi|iletilemedi|gönderilemedi|ulaştırılamadı|teslim edilemiyor|bulunamadı"
    r"|nicht (?:zugestellt|zustell|gesendet|erreich)|unzustellbar|n.a (?:pas )?(?:pu|été) (?:\w+ ){0,2}?(?:remis"
    r"|distribu|livr)"
    r"|échec|no (?:se )?(?:ha )?(?:podido|pudo|puede|fue|ha sido) (?:\w+ ){0,2}?entreg|impossibile (?:recapitare"
    r"|consegnare)"
    r"|non (?:è stato|recapitat|consegnat)|não (?:pôde|pode|foi) (?:\w+ ){0,2}?(?:entreg|possível)"
    r"|niet (?:worden )?(?:bezorgd|afgeleverd)"
    r"|nie (?:można|został\w*) (?:\w+ )?dostarcz|не (?:может быть |было |удалось )?(?:доставлен|доставить)"
    r"|не был\w? доставлен"
    r"|配信できません|配信不能|届けることができません|送信できません|配送できません|退信|无法(?:投递|送达)"
)
_DELAYED = re.compile(
    r"delay(?:ed)?\b|will (?:be retried|(?:keep|continue) (?:\w+ )?try|try again|retry)|still (?:being )?(?:try"
    r"|retr|attempt)"
    r"|not yet (?:been )?deliver|(?:has|have) not (?:yet )?been (?:\w+ )?delivered (?:yet|after|within)"
    r"|(?:do|need) not (?:need to )?(?:resend|re-send)|(?:warning|uyarı)\b.{0,20}(?:message|mail|could not send"
    r"|only|ileti)"
    r"|delivery status notification: warning|retrying|temporarily deferred"
    r"|gecik(?:ti|me)|yeniden denenecek|verzögert|retard|retras|ritardat|atras(?:ad|o)|opóźni|задерж|遅延"
)
_FINAL = re.compile(
    r"giving up|given up|given it up|will not (?:be )?(?:retr|try)|not going to try|has been in the queue too long"
    r"|gave up"
    r"|retry timeout exceeded|retry time not reached|expired|permanent|could not be (?:sent|delivered) (?:for"
    r"|within|after)"
    r"|cannot send message (?:for|within)|no longer (?:be )?(?:try|retr)|delivery status notification: error"
    r"|returned (?:mail|to sender)"
)
_QUOTED = re.compile(
    r"\W*(?:below this line is a copy|this is a copy of|message header|original (?:message|mail)|unsent message"
    r"|returned (?:message|mail)"
    r"|message text follows|the header of the original|forwarded message|copy of (?:the|your) message"
    r"|your (?:original )?message (?:reads|follows)"
    r"|message follows|özgün ileti|orijinal ileti|undelivered message|original-nachricht|ursprüngliche nachricht"
    r"|message d.origine"
    r"|header follows|headers follow|mail header|message contents? follows|begin(?:ning)? of (?:original|message))"
    r"|(?:received|return-path|dkim-signature|x-\w[\w-]+): \S"
)
_REPLY = re.compile(r"(?<![\d.#])([45])\d\d[ -]")
_HEADER = re.compile(r"(?:from|to|cc|subject|date|message-id|sent)\s*:", re.I)
_ANSWER = re.compile(r"(?:re|ynt|aw|sv|rv|antw|fwd?|ilt|tr|wg)\s?:")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,190}\w")


def is_daemon(sender: str) -> bool:
    """Whether a From field names a mail system."""
    return sender.endswith("<>") or not sender.strip("<> ") or bool(_SYSTEM.search(sender.lower()))


def is_systems_own(mail: Message, sender: str) -> bool:
    """Whether it comes from an address, or has a form, that only mail systems use. `sender` is the whole From field."""
    return (
        is_daemon(sender)
        or "mailer-daemon" in str(mail.get("Return-Path", "")).lower()
        or mail.get_content_type() == "multipart/report"
        or "X-Failed-Recipients" in mail
    )


def is_notice(mail: Message, subject: str, notice: str, *, has_no_sender: bool) -> bool:
    """Whether it may be a mail system's though its address does not say so: by its envelope, or by what it calls itself
    and says. People write about mail that came back too, in answers.

    `has_no_sender` says that the envelope named none, as that of every report and of many automatic answers.
    """
    is_null = has_no_sender or str(mail.get("Return-Path", "")).strip() == "<>"
    calls_itself_one = _SUBJECT.search(subject.lower()) and not _ANSWER.match(subject.lower())
    return is_null or bool(calls_itself_one and _FAILED.search(notice.lower()))


def notice_in(texts: Iterable[str]) -> str:
    """What is written for people, up to where the mail that came back begins."""
    kept: list[str] = []
    for text in texts:
        for line in text.splitlines():
            if len(kept) >= MAX_LINES:
                return "\n".join(kept)
            if kept and _QUOTED.match(line.lower()[:MAX_LINE].lstrip("-=|*> ")):
                break
            if line.strip():
                kept.append(line.strip()[:MAX_LINE])
    return "\n".join(kept)


def failure_in(mail: Message, raw: bytes, subject: str, notice: str) -> dict[str, Any] | None:
    """What a mail system says became of our mail, in whatever form. `raw` is the mail as it came."""
    late, failed = _known_forms(raw)
    told = told_in(notice)
    said = f"{subject}\n{notice}".lower()
    is_bounce = bool(_SUBJECT.search(subject.lower()))
    kinds = set(_REPLY.findall(told)) | {code[0] for code in codes_in(told)}
    says_late, is_over = bool(_DELAYED.search(subject.lower())), bool(_FINAL.search(said))
    is_late = "5" not in kinds and (says_late or (not is_over and _is_late(said, is_bounce, late, failed)))
    has_failed = failed or "X-Failed-Recipients" in mail or _FAILED.search(said) or "5" in kinds or is_over
    if not (is_late or has_failed or is_bounce):
        return None
    named = [*failed, *late, *_ADDRESS.findall(str(mail.get("X-Failed-Recipients", "")))[:20]]
    return {
        "action": "delayed" if is_late else "failed",
        "addresses": sorted({one.lower()[:254] for one in [*named, *_ADDRESS.findall(notice)]})[:50],
        "status": next(iter(codes_in(told)), ""),
        "words": shown_plainly(told or subject)[:MAX_WORDS],
    }


def _is_late(said: str, is_bounce: bool, late: list[str], failed: list[str]) -> bool:
    """Whether it is only late: somebody says so, or names a trouble that passes without calling the mail returned."""
    return bool(late and not failed) or bool(_DELAYED.search(said)) or (not is_bounce and "temporar" in said)


def _known_forms(raw: bytes) -> tuple[list[str], list[str]]:
    """The addresses that flufl.bounce finds delayed, and failed. It looks at each line in many ways, and so it is shown
    the beginning only: what came back stands at the end."""
    try:
        late, failed = all_failures(message_from_bytes(raw[:MAX_FORM]))
    except Exception:  # a mail that one of its many forms is not ready for
        return [], []
    return sorted(one.decode("ascii", "replace") for one in late), sorted(
        one.decode("ascii", "replace") for one in failed
    )


def told_in(notice: str) -> str:
    """The line of a notice that tells most, with what follows it where the sentence goes on there."""
    lines = [line for line in notice.splitlines() if not _HEADER.match(line)]
    best = max(range(len(lines)), key=lambda at: tells_most(lines[at]), default=None)
    if best is None or not tells_most(lines[best]):
        return ""
    # What stands alone and is clear needs no next line, which may be about somebody else.
    return lines[best] if is_clear(lines[best]) else " ".join(lines[best : best + 2])


_AUTO_SUBJECT = re.compile(
    r"\W*(?:(?:re|ynt|aw|sv|rv|r|tr|antw): ?)?\W*(?:auto(?:matic)?[- ]?(?:repl(?:y|ied)|response|answer)|auto: "
    r"|autorespon|out[- ]of[- ](?:the[- ])?office"
    r"|(?:otomatik|oto) (?:yan[ıi]t|cevap|mesaj)|(?:ofis|i[şs]yeri) d[ıi][şs][ıi]|izinde|y[ıi]ll[ıi]k izin"
    r"|automatische (?:antwort|beantwortung)|abwesenheit|abwesend|außer haus|réponse automatique|absence du bureau"
    r"|absent"
    r"|respuesta autom|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)|resposta autom"
    r"|automatisch antwoord|afwezig|autosvar|automatsvar|automatisk svar|odpowiedź automatyczna|automatická odpověď"
    r"|автоответ|автоматический ответ|自動(?:応答|返信)|自动(?:回复|答复)|απάντηση εκτός|vacation|away from (?:my|the)"
    r"|on (?:annual )?leave)"
    r"|.{0,60}\bis (?:out of the office|away|on leave|on vacation)\b"
)
_AUTO_FIELDS = {
    "x-autoreply": "",
    "x-autorespond": "",
    "x-autoresponder": "",
    "x-auto-reply-from": "",
    "x-autoreply-from": "",
    "x-mail-autoreply": "",
    "x-vacation": "",
    "x-ms-exchange-inbox-rules-loop": "",
    "x-apple-action": "vacation",
    "x-post-messageclass": "autoresponder",
    "x-autogenerated": "reply",
    "x-fc-machinegenerated": "true",
    "precedence": "auto_reply",
    "x-precedence": "auto_reply",
    "preference": "auto_reply",
    "delivered-to": "autoresponder",
}


def is_automatic_answer(mail: Message, subject: str, notice: str) -> bool:
    """Whether a person's mailbox answered by itself. That a mail was sent by a program is not enough, nor that it went
    to many: reports are sent by programs too, and people's mail may say `Precedence: bulk`.
    """
    # A Turkish İ in lower case is an i with a dot of its own.
    if _AUTO_SUBJECT.match(subject.lower().replace("\u0307", "")):
        return True
    for name, value in _AUTO_FIELDS.items():
        if any(value in str(one).lower() for one in mail.get_all(name, [])):
            return True
    # Exchange forbids answers to what it answers by itself, which is all that some of its versions show.
    is_reply = "auto-replied" in str(mail.get("Auto-Submitted", "")).lower() or (
        "X-Auto-Response-Suppress" in mail and "In-Reply-To" in mail
    )
    return is_reply and not _SUBJECT.search(subject.lower()) and not _FAILED.search(notice.lower())
