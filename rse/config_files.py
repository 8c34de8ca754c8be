"""Settings of the files people add."""

from pydantic import Field

from rse.config_section import Section

# What a machine runs when somebody opens it; a colleague's good name would be enough to start it.
PROGRAMS = [
    "exe", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "lnk", "jar",
    "apk", "dmg", "pif", "reg",
]  # fmt: skip


class FilesSettings(Section):
    max_mb: int = Field(15, ge=1, le=64, description="Largest file, in MB.")
    max_picture_mb: int = Field(15, ge=1, le=64, description="Largest picture, in MB.")
    refused_endings: list[str] = Field(
        PROGRAMS, description="Endings of names that are refused, without the dot."
    )
