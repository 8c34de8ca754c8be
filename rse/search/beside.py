"""What features offer beside the results of a search."""

from dataclasses import dataclass

from .asked import Asked


@dataclass(frozen=True, slots=True)
class ResultsLink:
    """A link above the results, which gets the search along, and one to what became of it.

    Titles are gettext message ids.
    """

    title: str
    path: str
    icon: str
    list_title: str
    list_path: str

    def url(self, asked: Asked) -> str:
        return f"{self.path}{asked.but().url.removeprefix('/search')}"


# By the feature's name: set at start.
results_links: dict[str, ResultsLink] = {}
