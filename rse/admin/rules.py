"""What an administrator may do to whom. Pure: no database, no clock."""

from rse.identity.models import Account, Person
from rse.identity.sign_in import LOCAL

BY_ADMIN = "admin"


def may_disable(actor: Person, person: Person) -> bool:
    """Not oneself: somebody else must be able to undo it."""
    return actor.id != person.id


def may_enable(person: Person) -> bool:
    """Only who was switched off here: a directory switches its own people on again."""
    return not person.is_active and person.status_source == BY_ADMIN


def may_get_link(account: Account) -> bool:
    """A link to choose a new password, for those whose password is kept here."""
    return account.source == LOCAL and account.person.is_active


def directory_of(source: str) -> str:
    """The directory's name in an account's or a status's source; empty for our own."""
    return source.partition(":")[2]
