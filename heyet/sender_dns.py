"""Whether receivers find in DNS that mail comes from where it says: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489).

What DNS cannot be asked from here is noted and is no fault: where Heyet runs is often not where names are known.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

import dns.exception
from dns.asyncresolver import Resolver
from dns.resolver import NXDOMAIN, NoAnswer

from core.relay_settings import DkimKey
from core.settings import Settings
from notifications.delivery.mails import wire_address
from notifications.delivery.signing import record_of

# Seconds for one question, and lookups that receivers make for one SPF record (RFC 7208, 4.6.4).
PATIENCE, MOST_LOOKUPS = 4.0, 10
# Names above the sender's at which a policy is looked for.
MOST_PARENTS = 5
# Set aside for documentation and tests (RFC 2606, RFC 6761): nobody publishes anything there.
_SET_ASIDE = ("example", "invalid", "test", "localhost", "local", "localdomain", "internal")
_EXAMPLES = ("example.com", "example.net", "example.org")
_LOOKUP = re.compile(r"[-+~?]?(?:(?:a|mx|ptr)(?:[:/].*)?|exists:.*|(?:include:|redirect=)(.*))")
_POLICY = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)", re.I)


@dataclass
class Findings:
    """What an operator should mend, and what they should know."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def check_senders(settings: Settings, senders: Iterable[str], resolver: Resolver) -> Findings:
    """What is published of the domains of these sender addresses, of their envelopes, and of the keys for signing."""
    found = Findings()
    checks = [_check_key(found, key, resolver) for key in settings.dkim_keys]
    if settings.relays:
        domains = sorted({_domain_of(address) for address in senders})
        envelopes = {_domain_of(settings.inbound_address)} if settings.inbound_address else set(domains)
        checks += [_check_spf(found, one, settings, resolver) for one in sorted(envelopes) if _is_public(one)]
        checks += [
            _check_dmarc(found, one, one if one in envelopes else min(envelopes), settings, resolver)
            for one in domains
            if _is_public(one)
        ]
    await asyncio.gather(*checks)
    found.problems.sort()
    found.notes.sort()
    return found


def _domain_of(address: str) -> str:
    return wire_address(address).rpartition("@")[2].lower()


def _is_public(domain: str) -> bool:
    return "." in domain and domain.rpartition(".")[2] not in _SET_ASIDE and not _is_under(domain, _EXAMPLES)


def _is_under(domain: str, parents: Iterable[str]) -> bool:
    return any(domain == parent or domain.endswith(f".{parent}") for parent in parents)


async def _texts_at(name: str, resolver: Resolver) -> list[str] | None:
    """The TXT records of a name; None where DNS cannot be asked."""
    try:
        answer = await resolver.resolve(name, "TXT", lifetime=PATIENCE)
    except (NXDOMAIN, NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(row.strings).decode(errors="replace") for row in answer]


async def _check_key(found: Findings, key: DkimKey, resolver: Resolver) -> None:
    try:
        record = record_of(key)
    except (OSError, ValueError) as error:
        found.problems.append(
            f"The DKIM key {key.key_file} cannot be read ({type(error).__name__}): no mail of {key.domain} leaves."
        )
        return
    texts = await _texts_at(key.record_name, resolver)
    publish = f"Publish at {key.record_name} as TXT: {record}"
    if texts is None:
        found.notes.append(f"DNS could not be asked for the DKIM key of {key.domain}. {publish}")
    elif not any(_public_half(text) == _public_half(record) for text in texts):
        found.problems.append(f"DNS does not show the DKIM key of {key.domain}. {publish}")


def _public_half(record: str) -> str:
    return "".join(record.partition("p=")[2].partition(";")[0].split())


async def _check_spf(found: Findings, domain: str, settings: Settings, resolver: Resolver) -> None:
    texts = await _texts_at(domain, resolver)
    publish = f"Publish at {domain} as TXT: {_spf_for(domain, settings)}"
    if texts is None:
        found.notes.append(f"DNS could not be asked for the SPF record of {domain}. {publish}")
        return
    records = _spf_in(texts)
    terms = records[0].lower().split()[1:] if records else []
    if not records:
        said = "DNS shows no SPF record of {domain}: receivers cannot tell that your relay may send for it. {publish}"
    elif len(records) > 1:
        said = "DNS shows several SPF records of {domain}, of which receivers take none: join them into one."
    elif terms == ["-all"]:
        said = "The SPF record of {domain} says that nobody sends for it. {publish}"
    elif "all" in terms or "+all" in terms:
        said = "The SPF record of {domain} lets everybody send for it: end it with ~all or -all."
    elif await _count_lookups(records[0], resolver) > MOST_LOOKUPS:
        said = (
            "The SPF record of {domain} takes more than ten lookups, so receivers refuse it: name fewer others in it."
        )
    else:
        return
    found.problems.append(said.format(domain=domain, publish=publish))


def _spf_in(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text.lower().split()[:1] == ["v=spf1"]]


def _spf_for(domain: str, settings: Settings) -> str:
    """A record that lets the relays send which send for the domain, as far as their names say where they are."""
    relays = [one for one in settings.relays if one.sends_for(f"heyet@{domain}")] or settings.relays
    return " ".join(["v=spf1", *dict.fromkeys(_mechanism(one.host) for one in relays), "~all"])


def _mechanism(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return f"a:{host}" if _is_public(host) else "mx"
    return f"ip{address.version}:{address}" if address.is_global else "mx"


async def _count_lookups(record: str, resolver: Resolver) -> int:
    """How many lookups receivers make for a record and for those that it includes; beyond ten it is not counted on."""
    count, waiting = 0, [record]
    while waiting and count <= MOST_LOOKUPS:
        terms = [found for term in waiting.pop().lower().split()[1:] if (found := _LOOKUP.fullmatch(term))]
        count += len(terms)
        for name in [found[1] for found in terms if found[1] and "%" not in found[1]][:MOST_LOOKUPS]:
            waiting += _spf_in(await _texts_at(name, resolver) or [])[:1]
    return count


async def _check_dmarc(found: Findings, domain: str, envelope: str, settings: Settings, resolver: Resolver) -> None:
    """The policy of a domain in From; `envelope` is the domain of the envelopes in which its mail goes."""
    publish = f"Publish at _dmarc.{domain} as TXT: v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    policies = await _policies_for(domain, resolver)
    if policies is None:
        found.notes.append(f"DNS could not be asked for the DMARC record of {domain}. {publish}")
    elif not policies:
        found.problems.append(f"DNS shows no DMARC record of {domain}: large providers refuse its bulk mail. {publish}")
    elif len(policies) > 1:
        found.problems.append(f"DNS shows several DMARC records for {domain}, of which receivers take none.")
    elif policies[0].get("p", "").lower() not in ("none", "quarantine", "reject"):
        found.problems.append(f"The DMARC record for {domain} names no policy that there is. {publish}")
    else:
        if policies[0]["p"].lower() == "none":
            found.notes.append(
                f"The DMARC record for {domain} lets forged mail through (p=none): p=quarantine once reports are clean."
            )
        is_aligned = envelope == domain or (
            policies[0].get("aspf", "r").lower() != "s"
            and (_is_under(envelope, [domain]) or _is_under(domain, [envelope]))
        )
        if not is_aligned and domain not in {key.domain for key in settings.dkim_keys}:
            found.notes.append(
                f"Mail from {domain} goes in envelopes of {envelope}: DMARC passes only where the relay signs it with "
                f"DKIM for {domain}."
            )


async def _policies_for(domain: str, resolver: Resolver) -> list[dict[str, str]] | None:
    """The DMARC records, as tags and values, of the domain or of the next name above it that has any; None where DNS
    cannot be asked."""
    labels = domain.split(".")
    for names in [labels[n:] for n in range(min(len(labels) - 1, MOST_PARENTS))]:
        texts = await _texts_at(f"_dmarc.{'.'.join(names)}", resolver)
        if texts is None:
            return None
        records = [text for text in texts if _POLICY.match(text)]
        if records:
            return [_tags_in(record, is_parents=names != labels) for record in records]
    return []


def _tags_in(record: str, *, is_parents: bool) -> dict[str, str]:
    """What a record says, of names below its own where it is a parent's."""
    pairs = (part.partition("=") for part in record.split(";"))
    tags = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return tags | ({"p": tags["sp"]} if is_parents and "sp" in tags else {})
