"""Settings of the mail channel: addresses, the doors mail comes in by, the relay it leaves by."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from rse.config_section import Section

Network = IPv4Network | IPv6Network
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class RelaySettings(Section):
    """The server that carries our mail into the world."""

    host: str = Field(default="", description="Host of the outgoing relay. Empty: no mail is sent.")
    port: int = Field(default=25, ge=1, le=65535, description="Port of the outgoing relay.")
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection is protected. 'none' is allowed on loopback only.",
    )
    ca_file: str = Field(
        default="", description="CA certificates to trust instead of the system's."
    )
    username: str = Field(default="", description="Login at the relay, when it asks for one.")
    password: SecretStr = Field(default=SecretStr(""), description="Password for that login.")
    timeout_seconds: float = Field(
        default=30.0, gt=0, description="How long one command to the relay may take."
    )

    @model_validator(mode="after")
    def _clear_text_stays_home(self) -> Self:
        if self.host and self.tls == "none" and self.host not in _LOOPBACK_HOSTS:
            raise ValueError("tls = 'none' is allowed only for a relay on this machine")
        return self


class MailLimits(Section):
    """What one client, one connection and one mail may take of us."""

    message_bytes: int = Field(default=26_214_400, ge=10_000, description="Largest mail accepted.")
    recipients: int = Field(default=50, ge=1, description="Recipients accepted in one mail.")
    connections: int = Field(default=200, ge=1, description="Connections open at one time.")
    connections_per_address: int = Field(
        default=20, ge=1, description="The same for one address that is not a relay."
    )
    messages_per_connection: int = Field(
        default=100, ge=1, description="Mails accepted on one connection."
    )
    command_seconds: float = Field(
        default=60.0, gt=0, description="How long a client may take for one command."
    )
    data_seconds: float = Field(
        default=300.0, gt=0, description="How long a client may take to send one mail."
    )
    session_seconds: float = Field(
        default=1800.0, gt=0, description="How long a connection may last."
    )


class MailSettings(Section):
    """Everything the mail channel can be told."""

    domain: str = Field(
        default="", description="Domain of our addresses. Empty: the host of server.public_url."
    )
    smtp_bind: str = Field(
        default="", description="host:port where SMTP is heard. Empty: not at all."
    )
    lmtp_bind: str = Field(
        default="", description="host:port where LMTP is heard. Empty: not at all."
    )
    trusted_relays: list[str] = Field(
        ["127.0.0.0/8", "::1/128"],
        description="Networks of relays whose verdict on a sender we take.",
    )
    authserv_id: str = Field(
        default="",
        description="Name our relay signs Authentication-Results with. Empty: they are not read.",
    )
    relay: RelaySettings = Field(default_factory=RelaySettings, description="Outgoing relay.")
    limits: MailLimits = Field(default_factory=MailLimits, description="Limits on incoming mail.")
    retry_minutes: list[float] = Field(
        [1, 5, 15, 60],
        min_length=1,
        description="Waits before sending again; the last one repeats.",
    )
    give_up_hours: float = Field(default=48.0, gt=0, description="How long sending is tried again.")
    raw_days: int = Field(
        default=30, ge=1, description="How long the raw text of a settled mail is kept."
    )
    reply_days: int = Field(
        default=90, ge=1, le=400, description="How long a mail can be answered."
    )
    address_key: int = Field(
        default=0, ge=0, le=15, description="Number of the address key; raise it to rotate."
    )
    postmaster: str = Field(
        default="",
        description="Where mail for postmaster@ and abuse@ goes. Empty: to the administrators.",
    )

    @field_validator("trusted_relays")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for text in value:
            ip_network(text)
        return value

    @property
    def relay_networks(self) -> tuple[Network, ...]:
        return tuple(ip_network(text) for text in self.trusted_relays)
