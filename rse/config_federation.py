"""Settings of the federation."""

from pydantic import Field

from rse.config_section import Section


class FederationSettings(Section):
    """Federation is off until a partner is invited."""

    retry_first_seconds: float = Field(
        2, ge=0.05, le=60, description="Wait after the first failed delivery; it doubles each time."
    )
    retry_longest_seconds: float = Field(
        900, ge=0.05, le=3600, description="Longest wait between deliveries; there is no giving up."
    )
    poll_seconds: float = Field(
        1, ge=0.05, le=60, description="How often the log of outgoing activities is looked at."
    )
    body_seconds: float = Field(
        10, ge=0.1, le=60, description="How long a partner may take to send one request."
    )
    invite_days: int = Field(14, ge=1, le=60, description="How long a partner invitation is good.")
    keep_sent_days: int = Field(
        30, ge=1, le=3650, description="How long delivered activities stay in the log."
    )
