"""Settings of the federation."""

from rse.config_section import Section


class FederationSettings(Section):
    """Federation is off until a partner is invited."""
