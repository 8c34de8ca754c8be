"""The first steps, in their order. Pure."""

from dataclasses import dataclass
from typing import NamedTuple


class State(NamedTuple):
    """What somebody has done: a 1 or 0 for each step, as both databases say it."""

    photo: int
    about: int
    space: int
    words: int
    notices: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, where it is done, and whether it was."""

    name: str
    url: str
    is_done: bool


def steps(state: State) -> list[Step]:
    return [
        Step("photo", "/people/me/edit", bool(state.photo)),
        Step("about", "/people/me/edit", bool(state.about)),
        Step("space", "/welcome#spaces", bool(state.space)),
        Step("words", "/?compose=1", bool(state.words)),
        Step("notices", "/settings/notifications", bool(state.notices)),
    ]


def is_over(state: State) -> bool:
    """Nothing is left to show: skipped, or all done."""
    return bool(state.skipped) or all(step.is_done for step in steps(state))
