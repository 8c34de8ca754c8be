"""write-path: a post, a comment and a reaction, with everything that follows from them."""

from contextlib import AsyncExitStack

from bench import world
from bench.frame import Prepared, workload
from rse.feed import actions
from rse.feed.drafts import CommentDraft, PostDraft, ReactionDraft
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain

BODY = "La façade nord est terminée, avec **deux jours** d’avance. Visite ouverte jeudi à 12 h 30."


async def _opened() -> tuple[AsyncExitStack, world.World]:
    stack = AsyncExitStack()
    await stack.enter_async_context(world.instance())
    return stack, await world.fill(1000)


@workload("publish a post: rule, row, stream, outbox, in one transaction")
async def write_post() -> Prepared:
    stack, made = await _opened()
    draft = PostDraft(space=to_public(5), body=BODY)

    async def publish() -> None:
        await actions.publish(made.readers["usual"], draft)

    return Prepared(publish, rounds_of=60, close=stack.aclose)


@workload("publish a post and run all that follows: notices, signals, partners")
async def write_post_and_follow() -> Prepared:
    stack, made = await _opened()
    draft = PostDraft(space=to_public(5), body=BODY)

    async def publish() -> None:
        await actions.publish(made.readers["usual"], draft)
        await drain()

    return Prepared(publish, rounds_of=30, close=stack.aclose)


@workload("comment on a post")
async def write_comment() -> Prepared:
    stack, made = await _opened()
    post = await actions.publish(made.readers["usual"], PostDraft(space=to_public(5), body=BODY))

    async def comment() -> None:
        await actions.comment(made.readers["heavy"], post.id, CommentDraft(body=BODY))

    return Prepared(comment, rounds_of=60, close=stack.aclose)


@workload("react to a post and take it back")
async def write_reaction() -> Prepared:
    stack, made = await _opened()
    post = await actions.publish(made.readers["usual"], PostDraft(space=to_public(5), body=BODY))

    async def react() -> None:
        await actions.react(made.readers["heavy"], post.id, ReactionDraft(emoji="👏"))
        await actions.withdraw(made.readers["heavy"], post.id, "👏")

    return Prepared(react, rounds_of=40, close=stack.aclose)
