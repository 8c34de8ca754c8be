"""How much each sign that somebody knows a thing weighs. Pure: no database, no clock."""

from typing import Final

# A question is typed as it is spoken; these say nothing of what it is about.
LITTLE_WORDS: Final = frozenset(
    """le la un du au en et ou ma mon me je der den dem ein eine im am zu zur an is it to of in on a
    who can could help helps with about the and for how know knows does what from this that
    qui peut pourrait aider aide avec sur pour les des une dans comment sait connait connaissez
    quelqu wer kann hilft helfen mit bei uber der die das und fur wie was kennt sich aus jemand
    """.split()  # noqa: SIM905 - as a list this is a page long
)
SHORTEST: Final = 2
SKILL, ENDORSED, ROLE, POST, COMMENT = 10.0, 1.0, 5.0, 1.5, 0.5
# However much somebody writes, a skill they name says more than five posts.
MOST_ENDORSED, MOST_WRITTEN = 5, 5


def score(*, skills: int, endorsements: int, in_role: bool, posts: int, comments: int) -> float:
    """A greater one is shown first."""
    return (
        SKILL * skills
        + ENDORSED * min(endorsements, MOST_ENDORSED)
        + (ROLE if in_role else 0.0)
        + POST * min(posts, MOST_WRITTEN)
        + COMMENT * min(comments, MOST_WRITTEN)
    )
