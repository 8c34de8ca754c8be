"""What features offer beside the results of a search."""

from dataclasses import dataclass

from .asked import Asked


@dataclass(frozen=True, slots=True)
class ResultsLink:
    """A link above the results; it gets the search along. `title` is a gettext message id."""

    title: str
    path: str
    icon: str

    def url(self, asked: Asked) -> str:
        return f"{self.path}{asked.but().url.removeprefix('/search')}"


# By the feature's name: set at start.
results_links: dict[str, ResultsLink] = {}
