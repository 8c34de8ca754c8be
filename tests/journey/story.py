"""The story in its order; each step goes through the doors that people and partners use."""

from collections.abc import Awaitable, Callable

from tests.journey.stage import Stage
from tests.journey.steps import brands, directory, opening, outage, partners, talk

Step = Callable[[Stage], Awaitable[str]]

STORY: tuple[tuple[str, Step], ...] = (
    ("Each company makes its first administrator by a one-time link", opening.first_administrators),
    ("The directory is checked, previewed and read in", directory.read_in),
    ("People sign in with the directory's password", directory.sign_in),
    ("Ostrelle writes: spaces, posts, comments, reactions, a document", talk.fill),
    ("A post with a mention and a picture", talk.post_with_mention),
    ("The mentioned person is told, on the page and by mail", talk.notice_and_mail),
    ("An answer by mail becomes a comment", talk.answer_by_mail),
    ("The supplier's people are invited by mail, join and write", opening.suppliers_people),
    ("Two companies become partners", partners.become),
    ("One space is shared, and joined from the other side", partners.share),
    ("Posts, comments and reactions cross, each under its company's badge", partners.talk),
    ("Edits and deletions follow", partners.change),
    ("The partner's process is killed and loses nothing", outage.crash),
    ("Forged requests are refused", outage.forge),
    ("A suspension ends access at once, and can be undone", outage.suspend),
    ("Who leaves the directory loses access", directory.leave),
    ("Each company shows its own brand", brands.differ),
)
