"""Makes things for tests, with sensible defaults: `await make.person()`."""

from itertools import count
from typing import Literal, TypedDict, Unpack

from rse.feed import actions as feed
from rse.feed.drafts import CommentDraft, PostDraft
from rse.feed.models import Comment, Post
from rse.identity import people
from rse.identity.models import ADMIN, MEMBER, Account, Organisation, Person
from rse.identity.people import Card
from rse.kernel.crypto import hash_password
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Space

PASSWORD = "a long and quiet sentence"

_numbers = count(1)
_hashed: list[str] = []
Access = Literal["open", "request", "invitation", "secret"]


def reset() -> None:
    """Start numbering again."""
    global _numbers  # noqa: PLW0603 - one numbering for all makers
    _numbers = count(1)


class CardWords(TypedDict, total=False):
    """What is said of a person."""

    title: str
    email: str
    phone: str
    about: str


async def account(
    name: str = "",
    *,
    admin: bool = False,
    login: str = "",
    language: str = "en",
    **card: Unpack[CardWords],
) -> Account:
    """One of our people, with PASSWORD as password."""
    number = next(_numbers)
    name = name or f"Person {number}"
    if not _hashed:
        _hashed.append(await hash_password(PASSWORD))
    login = login or f"{name.split()[0].casefold()}{number}"
    card.setdefault("email", f"{login}@ostrelle.example")
    made = await people.ensure_local(
        login,
        Card(display_name=name, **card),
        role=ADMIN if admin else MEMBER,
        password_hash=_hashed[0],
    )
    await Person.filter(id=made.person_id).update(language=language)
    return await Account.get(id=made.id).select_related("person__organisation")


async def person(
    name: str = "", *, login: str = "", language: str = "en", **card: Unpack[CardWords]
) -> Person:
    """One of our people."""
    return (await account(name, login=login, language=language, **card)).person


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


async def space(
    owner: Person | None = None, name: str = "Projet Rive-Nord", access: Access = "open"
) -> Space:
    """A space of ours; open unless said otherwise."""
    owner = owner or await person()
    return await spaces.create(owner, spaces.SpaceDraft(name=name, access=access))


async def member(space: Space, name: str = "") -> Person:
    """One of our people, in a space."""
    one = await person(name)
    await spaces.admit(space.id, one.id)
    return one


async def _space_of(author: Person) -> Space:
    return await space(author)


async def post(
    author: Person | None = None, space: Space | None = None, body: str = "Bonjour"
) -> Post:
    """A post; its author and space are made when not given."""
    author = author or await person()
    where = space or await _space_of(author)
    return await feed.publish(author, PostDraft(space=to_public(where.id), body=body))


async def comment(post: Post, author: Person | None = None, body: str = "Merci") -> Comment:
    author = author or await Person.get(id=post.author_id)
    return await feed.comment(author, post.id, CommentDraft(body=body))
