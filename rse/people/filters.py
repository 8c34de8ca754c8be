"""What the list of people is narrowed to, as conditions on `person`, aliased `p`."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from rse.identity.models import ACTIVE
from rse.kernel import clock
from rse.kernel.ids import at_time, to_public

from .audiences import Where

NEW_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """One address of the list of people."""

    text: str = ""
    organisation_id: int | None = None
    skill: str = ""
    site: str = ""
    language: str = ""
    manager_id: int | None = None
    newcomers: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Narrowed()

    def url(self, after: int | None = None) -> str:
        """Its address; what is not chosen is not in it."""
        values = {
            "q": self.text,
            "organisation": to_public(self.organisation_id) if self.organisation_id else "",
            "skill": self.skill,
            "site": self.site,
            "language": self.language,
            "manager": to_public(self.manager_id) if self.manager_id else "",
            "new": "yes" if self.newcomers else "",
            "after": to_public(after) if after else "",
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"/people?{urlencode(chosen)}" if chosen else "/people"

    def without(self, name: str) -> "Narrowed":
        """The same with one of the choices taken back."""
        return replace(self, **{name: getattr(Narrowed(), name)})

    def conditions(self) -> list[Where]:
        """All but the words, which have their own search."""
        found = [Where("p.status = ?", (ACTIVE,))]
        if self.organisation_id is not None:
            found.append(Where("p.organisation_id = ?", (self.organisation_id,)))
        if self.skill:
            found.append(Where(_SKILL, (self.skill,)))
        if self.site:
            found.append(Where("p.site = ?", (self.site,)))
        if self.language:
            found.append(Where(_LANGUAGE, (self.language,)))
        if self.manager_id is not None:
            found.append(Where("p.manager_id = ?", (self.manager_id,)))
        if self.newcomers:
            # The id holds the moment somebody came: no other column is needed.
            found.append(Where("p.id > ? AND p.uri IS NULL", (at_time(clock.now() - NEW_FOR),)))
        return found


_SKILL = """p.id IN (SELECT ps.person_id FROM person_skill ps JOIN skill s ON s.id = ps.skill_id
  WHERE s.key = ?)"""
_LANGUAGE = "p.id IN (SELECT l.person_id FROM spoken_language l WHERE l.code = ?)"
