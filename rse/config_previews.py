"""Settings of the previews of links."""

from ipaddress import ip_network

from pydantic import Field, field_validator

from rse.config_section import Section


class PreviewSettings(Section):
    allowed_private: list[str] = Field(
        [],
        description="Private networks whose pages may be previewed, such as the intranet's. "
        "Whoever writes a post makes this instance ask there.",
    )

    @field_validator("allowed_private")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for text in value:
            ip_network(text)
        return value
