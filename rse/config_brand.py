"""Settings of the brand."""

from pathlib import Path

from pydantic import Field

from rse.config_section import Section


class BrandSettings(Section):
    theme: str = Field("default", description="Folder name of the theme in use.")
    themes_dir: Path = Field(Path("themes"), description="Where themes are found.")
