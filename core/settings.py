"""What an operator may set: HEYET_* variables, nothing else."""

import ipaddress
import secrets
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Request
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.buckets import bucket
from core.files import FileStore, Folder
from core.private import FOLDER, private_opener
from core.relay_settings import DkimKey, RelaySettings, Security
from core.strength import weakness_of

METRICS_TOKEN_LETTERS = 16
# With what is added to it (core/signed_addresses.py) a local part has 64 letters, and no more are allowed.
MOST_INBOUND_USER = 20
LONGEST_SESSION = 24
LONGEST_IDLE = 240


class Settings(BaseSettings):
    """Settings of one installation. The defaults are the embedded way to run."""

    model_config = SettingsConfigDict(env_prefix="HEYET_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="Address that `heyet serve` listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that `heyet serve` listens on.")
    public_url: str = Field(
        "",
        description="Address people reach Heyet at; links in mails start with it. Empty: http://HOST:PORT.",
    )
    var: Path = Field(Path("var"), description="Folder for the SQLite file, the secret key and backups.")
    database_url: str = Field(
        "", description="postgresql+asyncpg://… or sqlite+aiosqlite:///…. Empty: SQLite in HEYET_VAR."
    )
    files_url: str = Field(
        "",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?)?$",
        description="Where uploads, certificates and all other files lie: `s3://bucket/prefix` in S3-compatible "
        "storage, encrypted before they leave; it takes obstore, see operating.md. Empty: in HEYET_VAR/files.",
    )
    files_endpoint: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+/?)?$",
        description="Address of that storage, `https://…`. Empty: Amazon's, in HEYET_FILES_REGION.",
    )
    files_region: str = Field("us-east-1", min_length=1, max_length=64, description="Region that the bucket lies in.")
    files_key_id: SecretStr = Field(
        SecretStr(""),
        description="Access key of the storage. Empty: the role of the machine, or what AWS_* variables say.",
    )
    files_secret: SecretStr = Field(SecretStr(""), description="The secret of HEYET_FILES_KEY_ID.")
    database_pool: int = Field(10, ge=1, le=200, description="Database connections per process.")
    redis_url: str = Field(
        "", description="redis://…. Set: jobs run in `heyet worker` (arq). Empty: inside the web process."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="At least 32 characters; signs cookies and encrypts personal data at rest. "
        "Empty: made once and kept in HEYET_VAR/secret.key.",
    )
    secret_key_old: SecretStr = Field(
        SecretStr(""),
        description="The former HEYET_SECRET_KEY, while it is being replaced: what it encrypted and signed is still "
        "read. "
        "Run `heyet rotate-key`, then leave it empty.",
    )
    backup_passphrase: SecretStr = Field(
        SecretStr(""),
        description="What `heyet backup` encrypts its archives with. Empty: a key derived from HEYET_SECRET_KEY.",
    )
    smtp_host: str = Field("", description="Mail relay. Empty: mail stays in the local mailbox page.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the relay.")
    smtp_user: str = Field("", description="User at the relay, if it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the relay.")
    smtp_security: Security = Field("starttls", description="`none` is accepted for a relay on loopback only.")
    smtp_ca_file: Path | None = Field(
        None, description="Certificates (PEM) of the authority that vouches for the relay, where it is your own."
    )
    smtp_relays: list[RelaySettings] = Field(
        default_factory=list,
        description="More relays, as a JSON list of objects with name, host, port, user, password, security, "
        "ca_file and senders "
        '(`["@ministry.example", "office@ngo.example"]`; none: the domain of HEYET_MAIL_FROM). Mail goes by the first '
        "relay that sends for its sender and answers, HEYET_SMTP_HOST before these.",
    )
    smtp_timeout: float = Field(30, gt=0, le=300, description="Seconds to wait for any answer of the relay.")
    smtp_connections: int = Field(
        4,
        ge=1,
        le=20,
        description="Connections to each relay at a time, from one process. A process that is killed can send as many "
        "mails twice.",
    )
    smtp_per_minute: int = Field(
        0, ge=0, le=100_000, description="Mails a minute that the relay is given at most. 0: no limit."
    )
    smtp_per_domain: int = Field(
        0, ge=0, le=100_000, description="Of these at most so many to one recipient domain. 0: no limit."
    )
    recall_seconds: int = Field(
        30,
        ge=0,
        le=600,
        description="Seconds for which mails that were sent to more than one person can be taken back before they "
        "leave. 0: they leave at once.",
    )
    dkim_keys: list[DkimKey] = Field(
        default_factory=list,
        description="Keys that mail is signed with, as a JSON list of objects with domain (the sender's), selector and "
        "key_file (RSA in PEM). `heyet check` prints what to publish in DNS. Empty: the relay signs, or nobody.",
    )
    inbound_address: str = Field(
        "",
        description="Address whose mail reaches Heyet, with plus-addressing: bounces and answers of calendars. Empty: "
        "none.",
    )
    inbound_host: str = Field("127.0.0.1", description="Address on which Heyet takes mail for it, by SMTP.")
    inbound_port: int = Field(0, ge=0, le=65535, description="Port for that. 0: Heyet takes no mail.")
    inbound_keep_days: int = Field(30, ge=1, le=365, description="Days for which the text of such mail is kept.")
    webhooks_inside: bool = Field(
        False, description="Whether webhooks may call addresses inside your own network, and by plain http."
    )
    mail_from: str = Field("heyet@localhost.localdomain", description="Sender address of every mail.")
    mail_domain: str = Field(
        "", description="Domain in Message-ID and calendar UIDs. Empty: the domain of HEYET_MAIL_FROM."
    )
    fonts: str = Field(
        "/usr/share/fonts,/usr/local/share/fonts",
        description="Folders, separated by commas, with fonts for names in scripts that Heyet brings no font for "
        "(Debian's fonts-noto-core and fonts-noto-cjk hold all of them). `heyet check` says what is missing.",
    )
    seal_file: Path | None = Field(
        None,
        description="Key and certificate (PKCS#12) that certificates of attendance are sealed with (PAdES). It takes "
        "pyHanko, see operating.md. Empty: none; each has its page that verifies it either way.",
    )
    seal_passphrase: SecretStr = Field(SecretStr(""), description="What HEYET_SEAL_FILE is opened with.")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics. Empty: the page does not exist."
    )
    security_contact: str = Field(
        "",
        pattern=r"^(mailto:[^\s@]+@[^\s@]+|https://\S+)?$",
        description="Where weaknesses are reported, `mailto:…` or `https://…`, for `/.well-known/security.txt`. "
        "Empty: the file does not exist.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses whose X-Forwarded-* headers are believed, separated by commas."
    )
    session_hours: int = Field(12, ge=1, le=720, description="Hours until a signed-in account signs in again.")
    session_idle_minutes: int = Field(
        60,
        ge=5,
        le=1440,
        description="Minutes without a request after which a signed-in account signs in again.",
    )
    log_format: Literal["json", "text"] = Field("text", description="Shape of the log lines.")

    @property
    def base_url(self) -> str:
        """The public address without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> set[str]:
        """Host names a request may name."""
        return {urlsplit(self.base_url).hostname or "", "127.0.0.1", "localhost"} - {""}

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'heyet.db'}"

    @property
    def served_at(self) -> Path:
        """Where a process that serves notes its address, for commands that print links to it."""
        return self.var / "served-at"

    @property
    def files_folder(self) -> Path:
        """Folder of files, where they lie in one; replicas share it."""
        return self.var / "files"

    @property
    def files(self) -> FileStore:
        """Where files are kept. Raises Unfit where something that it takes is not installed."""
        if not self.files_url:
            return Folder(self.files_folder)
        return bucket(
            self.files_url,
            self.files_endpoint,
            self.files_region,
            self.files_key_id.get_secret_value(),
            self.files_secret.get_secret_value(),
        )

    @property
    def audit_head(self) -> Path:
        """Where the sealed history ends, remembered outside the database."""
        return self.var / "audit.head"

    @property
    def font_folders(self) -> list[Path]:
        return [Path(one.strip()) for one in self.fonts.split(",") if one.strip()]

    @property
    def kept(self) -> Iterator[Path]:
        """Everything of an installation that lies on the disk; of HEYET_VAR nothing that is not Heyet's."""
        yield from (self.var, self.var / "secret.key", self.audit_head, self.files_folder)
        yield from self.files_folder.rglob("*")
        if self.database.startswith("sqlite"):
            file = self.sqlite_file
            yield from (file, self.before_migration)
            yield from (Path(f"{file}{end}") for end in ("-wal", "-shm", "-journal", "-migrating"))

    @property
    def sqlite_file(self) -> Path:
        return Path(self.database.removeprefix("sqlite+aiosqlite:///"))

    @property
    def before_migration(self) -> Path:
        """The copy of a SQLite file that is made before each migration."""
        return self.sqlite_file.with_suffix(".before-migration")

    @property
    def uid_domain(self) -> str:
        return self.mail_domain or self.mail_from.rpartition("@")[2]

    @cached_property
    def relays(self) -> list[RelaySettings]:
        """All relays in the order in which they are tried, each with the senders that it sends for."""
        first = (
            RelaySettings(
                name="main",
                host=self.smtp_host,
                port=self.smtp_port,
                user=self.smtp_user,
                password=self.smtp_password,
                security=self.smtp_security,
                ca_file=self.smtp_ca_file,
            )
            if self.smtp_host
            else None
        )
        own = [f"@{self.mail_from.rpartition('@')[2]}"]
        return [
            relay.model_copy(update={"senders": relay.senders or own}) for relay in (first, *self.smtp_relays) if relay
        ]

    def may_send_as(self, address: str) -> bool:
        """Whether some relay sends for that address; until there is a relay, everybody may be written in."""
        return not self.relays or any(relay.sends_for(address) for relay in self.relays)

    @cached_property
    def key(self) -> str:
        """The secret key; made and kept (readable by the owner only) where none is set."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        self.var.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        path = self.var / "secret.key"
        try:
            with open(path, "x", opener=private_opener) as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text().strip()

    @property
    def former_keys(self) -> tuple[str, ...]:
        """Keys that are being replaced: they still open and prove what is there, and nothing new is made with them."""
        former = self.secret_key_old.get_secret_value()
        return (former,) if former and former != self.key else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The present key and the former ones."""
        return (self.key, *self.former_keys)

    def _too_open(self) -> list[str]:
        """What was set and lets in more than it should."""
        found = []
        token = self.metrics_token.get_secret_value()
        if token and len(token) < METRICS_TOKEN_LETTERS:
            found.append(f"HEYET_METRICS_TOKEN is shorter than {METRICS_TOKEN_LETTERS} characters: it can be guessed.")
        if "*" in [proxy.strip() for proxy in self.trusted_proxies.split(",")]:
            found.append(
                "HEYET_TRUSTED_PROXIES=* believes whoever connects: anybody who reaches the port directly says "
                "where they come from. "
                "Name the proxies, or their network (10.0.0.0/8)."
            )
        if self.webhooks_inside:
            found.append(
                "HEYET_WEBHOOKS_INSIDE=true: whoever administers a project can make Heyet call addresses "
                "inside your network."
            )
        if self.inbound_port and _lies_open(self.inbound_host):
            found.append(
                f"HEYET_INBOUND_HOST={self.inbound_host} takes mail from everywhere: listen where your mail "
                "server is, 127.0.0.1 as a rule."
            )
        if self.session_hours > LONGEST_SESSION:
            found.append(
                f"HEYET_SESSION_HOURS={self.session_hours}: a stolen session works as long; {LONGEST_SESSION} "
                "hours are plenty."
            )
        if self.session_idle_minutes > LONGEST_IDLE:
            found.append(
                f"HEYET_SESSION_IDLE_MINUTES={self.session_idle_minutes}: an unattended browser stays signed "
                f"in as long; {LONGEST_IDLE} minutes are plenty."
            )
        return found

    def _files_at_fault(self) -> list[str]:
        """What does not fit together of where files lie."""
        found = []
        place = urlsplit(self.files_endpoint)
        if place.scheme == "http" and place.hostname not in _LOOPBACK:
            found.append("HEYET_FILES_ENDPOINT is not https: others can see and change what goes to the storage.")
        if bool(self.files_key_id.get_secret_value()) != bool(self.files_secret.get_secret_value()):
            found.append("HEYET_FILES_KEY_ID and HEYET_FILES_SECRET go together: one of them is empty.")
        if not self.files_url and self.files_endpoint:
            found.append("HEYET_FILES_ENDPOINT is set, but HEYET_FILES_URL is empty: files lie in HEYET_VAR/files.")
        return found

    def _unreachable(self) -> list[str]:
        """Mails that reach nobody, or lead nowhere."""
        if not self.relays:
            return ["HEYET_SMTP_HOST is empty: mails stay in the local mailbox and reach nobody."]
        if not self.public_url:
            return [f"HEYET_PUBLIC_URL is empty: links in mails lead to {self.base_url}, for this machine only."]
        return []

    def problems(self) -> list[str]:
        """What is missing or unsafe, in words an operator understands."""
        found = []
        weakness = weakness_of(self.key)
        if weakness:
            found.append(weakness)
        if self.former_keys:
            found.append(
                "HEYET_SECRET_KEY_OLD is set: the former key still opens what it encrypted. Run `heyet "
                "rotate-key`, then leave it empty."
            )
        found += self._too_open()
        found += self._files_at_fault()
        local = urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost", "::1"}
        if not local and not self.is_https:
            found.append("HEYET_PUBLIC_URL is not https: sign-in cookies would travel in the clear.")
        found += self._unreachable()
        for relay in self.relays:
            if relay.security == "none" and relay.host not in _LOOPBACK:
                found.append(f"Relay {relay.name}: HEYET_SMTP_SECURITY=none is accepted for a relay on loopback only.")
        if not self.may_send_as(self.mail_from):
            found.append("No relay sends for HEYET_MAIL_FROM.")
        names = [relay.name for relay in self.relays]
        found += [f"Two relays are called {name}." for name in sorted({n for n in names if names.count(n) > 1})]
        if len(self.inbound_address.rpartition("@")[0]) > MOST_INBOUND_USER:
            found.append(
                f"HEYET_INBOUND_ADDRESS: more than {MOST_INBOUND_USER} letters before the @ leave no room for what is "
                "added."
            )
        if self.redis_url and self.database.startswith("sqlite"):
            found.append("Redis workers share one database: use PostgreSQL with HEYET_REDIS_URL.")
        return found


def _lies_open(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def settings_of(request: Request) -> Settings:
    """Those of the installation that answers; endpoints take `Installed`."""
    settings: Settings = request.app.state.settings
    return settings


async def _installed(request: Request) -> Settings:
    return settings_of(request)


Installed = Annotated[Settings, Depends(_installed)]
