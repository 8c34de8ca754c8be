"""Who may have which mail address when many change at once: one person each, swaps work."""

from collections.abc import Collection, Mapping, Sequence

from rse.ldap.mapping import Candidate
from rse.ldap.plan import Holder


class MailClaims:
    """First come, first served, unless somebody holds the address and keeps it in this run."""

    def __init__(self, holders: Mapping[str, Holder], people: Sequence[Candidate]) -> None:
        self._holders = holders
        self._wanted = {one.external_id: (one.mail or "").casefold() for one in people}
        self._claimed: dict[str, str] = {}

    def claim(self, candidate: Candidate, accounts: Collection[int | None]) -> bool:
        """Whether the candidate, whose accounts these are, gets the address it wants."""
        mail = (candidate.mail or "").casefold()
        holder = self._holders.get(mail)
        if (
            holder is not None
            and holder.account_id not in accounts
            and not self._freed(holder, mail)
        ):
            return False
        return self._claimed.setdefault(mail, candidate.external_id) == candidate.external_id

    def _freed(self, holder: Holder, mail: str) -> bool:
        return self._wanted.get(holder.external_id or "", mail) != mail
