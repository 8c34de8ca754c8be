"""write-path: what people write, alone and sixteen at once, with everything that follows."""

import asyncio
from contextlib import AsyncExitStack

from bench import world
from bench.frame import Bar, Prepared, workload
from rse.feed import actions
from rse.feed.drafts import CommentDraft, PostDraft, ReactionDraft
from rse.follows.actions import toggle
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.spaces import actions as spaces

WRITERS = 16
# Microseconds of CPU: a tenth of what GoToSocial took on the machine of the design.
A_POST = 2_780
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


@workload(
    "publish a post and run all that follows: search index, notices, signals, partners",
    Bar("", A_POST),
)
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


@workload("sixteen publish at once, and all that follows: for one post", Bar("", A_POST))
async def write_post_sixteen() -> Prepared:
    stack, made = await _opened()
    writers = list(made.readers.values())
    drafts = [PostDraft(space=to_public(1 + n // 4), body=BODY) for n in range(WRITERS)]
    members = [writers[n % 2] for n in range(WRITERS)]

    async def publish() -> None:
        await asyncio.gather(*map(actions.publish, members, drafts))
        await drain()

    return Prepared(publish, rounds_of=4, requests=WRITERS, close=stack.aclose)


@workload("answer a comment, and all that follows")
async def write_reply_and_follow() -> Prepared:
    stack, made = await _opened()
    post = await actions.publish(made.readers["usual"], PostDraft(space=to_public(5), body=BODY))
    first = await actions.comment(made.readers["usual"], post.id, CommentDraft(body=BODY))
    draft = CommentDraft(body=BODY, parent=to_public(first.id))

    async def answer() -> None:
        await actions.comment(made.readers["heavy"], post.id, draft)
        await drain()

    return Prepared(answer, rounds_of=20, close=stack.aclose)


@workload("follow somebody and stop again, and all that follows")
async def write_follow() -> Prepared:
    stack, made = await _opened()

    async def follow() -> None:
        await toggle(made.readers["usual"], 1)
        await toggle(made.readers["usual"], 1)
        await drain()

    return Prepared(follow, rounds_of=20, close=stack.aclose)


@workload("join an open space and leave it, and all that follows")
async def write_join() -> Prepared:
    stack, made = await _opened()

    async def join() -> None:
        await spaces.join(made.readers["usual"], 100)
        await spaces.leave(made.readers["usual"], 100)
        await drain()

    return Prepared(join, rounds_of=20, close=stack.aclose)
