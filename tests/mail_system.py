"""A mail system as an agency has it: Postfix with greylisting in front, Dovecot behind, both as Debian ships them."""

import imaplib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from tests.servers import do_without, free_port, wait_for_port

SBIN = "/usr/sbin:/usr/lib/postfix/sbin:/usr/bin:/bin"
PASSWORD = "only-for-this-test"
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
relay_domains = example.org, in.example.org
transport_maps = inline:{{
    {{example.org = lmtp:inet:127.0.0.1:{lmtp}}},
    {{in.example.org = smtp:[127.0.0.1]:{inbound}}} }}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{greylist}
smtputf8_enable = yes
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
"""
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:{folder}/mail/%n
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
first_valid_gid = 1
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


class MailSystem:
    """Takes mail by SMTP at `port` for example.org, hands what is for in.example.org to `inbound` of this machine.

    Who has no mailbox is refused behind Postfix, so that it writes a report, as most systems do.
    """

    def __init__(self, folder: Path, inbound: int, mailboxes: list[str]) -> None:
        self.folder, self.inbound, self.mailboxes = folder, inbound, mailboxes
        self.port, self.lmtp, self.imap, self.greylist = (free_port() for _ in range(4))
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for name in ("postfix", "data", "queue", "mail", "run", "grey"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "mail", "postfix")
        shutil.chown(self.folder / "grey", "postgrey")
        self._write("users", "".join(f"{box}:{PASSWORD}::::::\n" for box in self.mailboxes))
        self._write("dovecot.conf", DOVECOT)
        self._write("postfix/main.cf", MAIN)
        self._write("postfix/master.cf", MASTER)
        self._run("dovecot", "-F", "-c", str(self.folder / "dovecot.conf"))
        self._run("postgrey", f"--inet=127.0.0.1:{self.greylist}", f"--dbdir={self.folder}/grey", "--delay=1")
        self._postfix("start")
        for port in (self.lmtp, self.imap, self.greylist, self.port):
            wait_for_port(port)

    def stop(self) -> None:
        self._postfix("stop")
        for process in self.running:
            process.terminate()
            process.wait(20)

    def mails_of(self, mailbox: str, count: int, *, seconds: float = 30) -> list[EmailMessage]:
        """What lies in that mailbox once it is `count` mails, as a mail program fetches it."""
        ends = time.monotonic() + seconds
        while True:
            with imaplib.IMAP4("127.0.0.1", self.imap) as there:
                there.login(mailbox, PASSWORD)
                there.select("INBOX")
                found = there.search(None, "ALL")[1][0].split()
                if len(found) >= count or time.monotonic() > ends:
                    fetched = [there.fetch(number, "(RFC822)")[1][0] for number in found]
                    parts = [part[1] for part in fetched if isinstance(part, tuple)]
                    return [BytesParser(policy=default).parsebytes(raw) for raw in parts]
            time.sleep(0.1)

    def _write(self, name: str, text: str) -> None:
        ports = {"smtp": self.port, "lmtp": self.lmtp, "imap": self.imap, "greylist": self.greylist}
        filled = text.format(folder=self.folder, inbound=self.inbound, user="postfix", **ports)
        (self.folder / name).write_text(filled)

    def _run(self, *command: str) -> None:
        environment = {**os.environ, "PATH": SBIN}
        quiet = subprocess.DEVNULL
        self.running.append(subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet))

    def _postfix(self, what: str) -> None:
        subprocess.run(
            ["postfix", "-c", str(self.folder / "postfix"), what],
            env={**os.environ, "PATH": SBIN},
            check=what == "start",
            capture_output=True,
        )


@contextmanager
def mail_system(inbound: int, mailboxes: list[str]) -> Iterator[MailSystem]:
    """Postfix, postgrey and Dovecot of the test's own, on loopback and in a folder that is thrown away."""
    lacking = [name for name in ("postfix", "dovecot", "postgrey") if shutil.which(name, path=SBIN) is None]
    if lacking or os.geteuid():
        do_without("a mail system", "run as root, with the packages postfix, dovecot-lmtpd, dovecot-imapd and postgrey")
    folder = Path(tempfile.mkdtemp(prefix="heyet-mail-"))
    folder.chmod(0o755)
    system = MailSystem(folder, inbound, mailboxes)
    try:
        system.start()
        yield system
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)
