"""What an operator says of one mail relay, and of one key that mail is signed with."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from core.text import ascii_domain

Security = Literal["starttls", "tls", "none"]


class RelaySettings(BaseModel):
    """A mail relay, and for whom it sends: addresses, or domains written `@example.org`.

    Nothing said: for the domain of HEYET_MAIL_FROM.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=40)
    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    security: Security = "starttls"
    ca_file: Path | None = None
    senders: list[str] = []

    def sends_for(self, address: str) -> bool:
        """Whether mail from that address may go this way."""
        address = address.lower()
        own = {sender.lower() for sender in self.senders}
        return address in own or f"@{address.rpartition('@')[2]}" in own


class DkimKey(BaseModel):
    """A key that mail of a domain is signed with (RFC 6376), in a file of PEM; the selector names it in DNS."""

    model_config = ConfigDict(extra="forbid")

    domain: Annotated[str, Field(min_length=1, max_length=253), AfterValidator(ascii_domain)]
    selector: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$")
    key_file: Path

    @property
    def record_name(self) -> str:
        """Where receivers look its public half up."""
        return f"{self.selector}._domainkey.{self.domain}"
