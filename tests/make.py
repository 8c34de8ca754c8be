"""Makes things for tests, with sensible defaults: `await make.person()`."""

from itertools import count

from rse.identity import people
from rse.identity.models import ADMIN, MEMBER, Account, Organisation, Person
from rse.identity.people import Card
from rse.kernel.crypto import hash_password

PASSWORD = "a long and quiet sentence"  # noqa: S105 - everybody's in tests

_numbers = count(1)
_hashed: list[str] = []


def reset() -> None:
    """Start numbering again."""
    global _numbers
    _numbers = count(1)


async def account(
    name: str = "", *, admin: bool = False, login: str = "", language: str = "en", **card: str
) -> Account:
    """One of our people, with PASSWORD as password."""
    number = next(_numbers)
    name = name or f"Person {number}"
    if not _hashed:
        _hashed.append(await hash_password(PASSWORD))
    login = login or f"{name.split()[0].casefold()}{number}"
    made = await people.ensure_local(
        login,
        Card(display_name=name, email=card.pop("email", f"{login}@ostrelle.example"), **card),
        role=ADMIN if admin else MEMBER,
        password_hash=_hashed[0],
    )
    await Person.filter(id=made.person_id).update(language=language)
    return await Account.get(id=made.id).select_related("person__organisation")


async def person(name: str = "", **options: str) -> Person:
    """One of our people."""
    return (await account(name, **options)).person


async def organisation(name: str = "Brumelis", host: str = "brumelis.example") -> Organisation:
    """Another company, as if its partnership were proven."""
    return await Organisation.create(name=name, host=host, hue=38)


async def outsider(name: str = "Rui Valadares", company: Organisation | None = None) -> Person:
    """Somebody of another company."""
    company = company or await organisation()
    number = next(_numbers)
    return await people.ensure_remote(
        company.id, f"https://{company.host}/fed/people/{number}", name, Card(display_name=name)
    )
