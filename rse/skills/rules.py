"""When two skills are the same, and who may confirm one. Pure: no database, no clock."""

import re

from rse.identity.models import Person
from rse.kernel.text import fold

MOST_SKILLS = 40


def key_of(name: str) -> str:
    """A skill without case, accents and doubled blanks; signs stay, since C, C# and C++ differ."""
    return re.sub(r"\s+", " ", fold(name)).strip()[:60]


def may_endorse(endorser: Person, holder_id: int) -> bool:
    """Nobody confirms their own."""
    return endorser.id != holder_id and endorser.is_local
