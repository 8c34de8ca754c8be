"""Settings of mail in and out."""

from rse.config_section import Section


class MailSettings(Section):
    """Mail is off by default."""
