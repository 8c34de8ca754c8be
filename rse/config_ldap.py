"""Settings of the directories people come from."""

from rse.config_section import Section


class LdapSettings(Section):
    """No directory by default."""
