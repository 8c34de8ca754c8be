# ruff: noqa: E501 - a sample of mail keeps its long lines
"""What many tests of mail begin with."""

from rse.feed.models import Comment, Post
from rse.identity.models import Person
from tests import make
from tests.mail.post_office import PostOffice
from tests.testenv.mailcatcher import Caught


async def mentioned(office: PostOffice, language: str = "fr") -> tuple[Person, Post, Caught]:
    """Somebody who was mentioned in a post, and the mail about it."""
    author = await make.person("Amélie Roussel")
    space = await make.space(author)
    reader = await make.member(space, "Lea Marchetti")
    await Person.filter(id=reader.id).update(language=language)
    reader = await Person.get(id=reader.id).select_related("organisation")
    post = await make.post(
        author,
        space,
        f"Le plan de l'atelier est prêt, @{reader.handle}. Merci de relire la page deux avant jeudi.",
    )
    caught = await office.sent_to(reader.email)
    assert len(caught) == 1
    return reader, post, caught[0]


async def texts(post: Post) -> list[str]:
    return [comment.source for comment in await Comment.filter(post_id=post.id).order_by("id")]
