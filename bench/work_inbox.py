"""inbox: a signed activity of a known partner is verified, kept and applied; a page of 64 too."""

from contextlib import AsyncExitStack

from bench import world
from bench.frame import Prepared, workload
from rse.federation.core import jcs, stream
from rse.feed.models import Post
from rse.kernel.jobs import drain
from tests.federation.conftest import befriend, shared_space
from tests.federation.peer import Peer, chain_after


@workload("accept one signed post of a partner, durable before it is answered")
async def inbox_single() -> Prepared:
    return await _inbox(1)


@workload("accept a page of 64 signed posts of a partner")
async def inbox_page() -> Prepared:
    return await _inbox(64)


async def _inbox(size: int) -> Prepared:
    stack = AsyncExitStack()
    settings = await stack.enter_async_context(world.instance())
    app = world.application(settings)
    client = app.test_client()
    peer = Peer("", settings.origin)
    await shared_space(peer, await befriend(peer))
    after, chain = 0, stream.START

    async def deliver() -> None:
        nonlocal after, chain
        sent = [peer.create() for _number in range(size)]
        if size == 1:
            path, document = "/fed/inbox", sent[0]
        else:
            path = "/fed/stream"
            document = peer.page(sent, after=after, prev=chain)
        body = jcs.canonical(document)
        answer = await client.post(path, data=body, headers=peer.headers("POST", path, body))
        assert answer.status_code in {200, 202}, await answer.get_data()
        chain = chain_after(sent, chain)
        after += size

    await deliver()
    await drain()
    counts: dict[str, int | float | str] = {
        "a delivery holds": size,
        "applied": await Post.all().count(),
    }
    return Prepared(deliver, rounds_of=40 if size == 1 else 5, counts=counts, close=stack.aclose)
