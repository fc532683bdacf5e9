"""`heyet check` asks a real name server whether receivers will believe our mail."""

from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dns.asyncresolver import Resolver

from core.relay_settings import DkimKey
from directory.projects.models import Project
from heyet.probe import check_installation
from heyet.sender_dns import Findings
from notifications.delivery.signing import record_of
from tests.conftest import open_app, settings_for
from tests.servers import MailServer, free_port

OURS, POLICY = "agency.gov.tr", "_dmarc.agency.gov.tr"
GOOD = {OURS: ["MS=ms1", "v=spf1 ip4:192.0.2.1 -all"], POLICY: ["v=DMARC1; p=reject"]}
PUBLISH = "Publish at agency.gov.tr as TXT: v=spf1 mx ~all"


class NameServer:
    """A name server on loopback with TXT records. A name whose records are None it fails at."""

    def __init__(self) -> None:
        self.records: dict[str, list[str] | None] = {}
        self.asked = 0
        outer = self

        class Answering(BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                sock.sendto(outer.answer(data), self.client_address)

        self.server = ThreadingUDPServer(("127.0.0.1", 0), Answering)
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, data: bytes) -> bytes:
        self.asked += 1
        asked = dns.message.from_wire(data)
        response = dns.message.make_response(asked)
        response.flags |= dns.flags.AA
        name = asked.question[0].name
        texts = self.records.get(name.to_text(omit_final_dot=True).lower(), [])
        if texts is None:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif texts:
            # Strings of 255 letters at most, as DNS has them.
            rows = [" ".join(f'"{text[n : n + 250]}"' for n in range(0, len(text), 250)) for text in texts]
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *rows))
        else:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    @property
    def resolver(self) -> Resolver:
        return resolver_at(int(self.server.server_address[1]))


def resolver_at(port: int) -> Resolver:
    asking = Resolver(configure=False)
    asking.nameservers, asking.port = ["127.0.0.1"], port
    return asking


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def looking(sqlite_url: str, tmp_path: Path, mail_server: MailServer, name_server: NameServer) -> Any:
    """Look at an installation that mails as that agency by a relay on this machine."""

    async def look(asking: Resolver | None = None, **more: Any) -> Findings:
        relay = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none"}
        settings = settings_for(sqlite_url, tmp_path, **relay, **more)
        settings.mail_from, settings.public_url = f"heyet@{OURS}", "https://heyet.example"
        return await check_installation(settings, asking or name_server.resolver)

    return look


async def test_records_as_they_should_be_are_no_matter(looking: Any, name_server: NameServer) -> None:
    name_server.records = {**GOOD}
    assert await looking() == Findings()


async def test_scripts_that_no_font_here_has_are_noted(looking: Any, name_server: NameServer) -> None:
    name_server.records = {**GOOD}
    assert "in place of names in Chinese, Japanese, Korean" in (await looking(fonts="")).notes[0]


async def test_projects_with_a_sender_of_their_own_are_looked_at_too(
    looking: Any, name_server: NameServer, sqlite_url: str, tmp_path: Path
) -> None:
    name_server.records = {**GOOD}
    async for app in open_app(settings_for(sqlite_url, tmp_path)):
        async with app.database.unit_of_work() as db:
            (await db.get_one(Project, app.project_id)).mail_from = "p@ministry.gov.tr"
    found = await looking()
    published = [line.partition(" at ")[2].partition(" as")[0] for line in found.problems if "Publish" in line]
    assert published == ["_dmarc.ministry.gov.tr", "ministry.gov.tr"]


FAULTS: dict[str, tuple[dict[str, list[str] | None], str]] = {
    "no SPF": ({OURS: ["MS=ms1"]}, PUBLISH),
    "two": ({OURS: ["v=spf1 mx -all", "v=spf1 a -all"]}, "several SPF records"),
    "nobody sends": ({OURS: ["v=spf1 -all"]}, PUBLISH),
    "everybody sends": ({OURS: ["v=spf1 mx +all"]}, "lets everybody send"),
    "many lookups": (
        {
            OURS: ["v=spf1 include:a.example.org ~all"],
            "a.example.org": [f"v=spf1 {'mx ' * 5}{'a:x.example.org ' * 5}-all"],
        },
        "more than ten lookups",
    ),
    "an endless one": (
        {OURS: ["v=spf1 redirect=a.example.org"], "a.example.org": [f"v=spf1 include:{OURS} {'exists:x ' * 9}"]},
        "more than ten lookups",
    ),
    "no DMARC": ({POLICY: ["something else"]}, f"Publish at {POLICY} as TXT: v=DMARC1; p=none; rua=mailto:postmaster@"),
    "two policies": ({POLICY: ["v=DMARC1; p=none", "v=DMARC1;p=reject"]}, "several DMARC records"),
    "no policy": ({POLICY: ["v=DMARC1; rua=mailto:a@example.org"]}, "names no policy"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_receivers_do_not_believe_is_said_with_what_to_publish(
    looking: Any, name_server: NameServer, fault: str
) -> None:
    records, words = FAULTS[fault]
    name_server.records = {**GOOD, **records}
    found = await looking()
    assert (len(found.problems), found.notes) == (1, [])
    assert words in found.problems[0]
    assert name_server.asked <= 12


async def test_a_policy_stands_above_and_envelopes_may_be_elsewhere(looking: Any, name_server: NameServer) -> None:
    """Ten lookups are allowed; of a policy of names below, `sp` counts."""
    name_server.records = {
        "in.mailing.com.tr": [f"v=spf1 {'a:x.example.org ' * 10}-all"],
        "_dmarc.gov.tr": ["v=DMARC1; p=reject; sp=none"],
    }
    found = await looking(inbound_address="answers@in.mailing.com.tr")
    assert (found.problems, len(found.notes)) == ([], 2)
    assert "Mail from agency.gov.tr goes in envelopes of in.mailing.com.tr" in found.notes[0]
    assert "p=none" in found.notes[1]


async def test_where_dns_cannot_be_asked_that_is_no_fault(looking: Any, name_server: NameServer) -> None:
    name_server.records = {OURS: None, POLICY: None}
    for asking in (None, resolver_at(free_port()), Resolver(configure=False)):
        found = await looking(asking)
        assert (found.problems, len(found.notes)) == ([], 2)
        assert all("could not be asked" in note and "Publish at" in note for note in found.notes)


async def test_a_key_for_signing_is_found_or_printed(looking: Any, name_server: NameServer, tmp_path: Path) -> None:
    made = rsa.generate_private_key(65537, 2048)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "dkim.pem").write_bytes(pem)
    keys = [DkimKey(domain=OURS, selector="heyet", key_file=tmp_path / name) for name in ("dkim.pem", "missing.pem")]
    name_server.records = {**GOOD}
    found = await looking(dkim_keys=keys)
    assert any(f"heyet._domainkey.{OURS} as TXT: {record_of(keys[0])}" in line for line in found.problems)
    assert any("missing.pem cannot be read" in line for line in found.problems)
    name_server.records[f"heyet._domainkey.{OURS}"] = [record_of(keys[0])]
    assert await looking(dkim_keys=keys[:1]) == Findings()
