"""What the readers of a large world follow, were told of, and share with a partner."""

from collections.abc import Iterator
from typing import Any

from tortoise.connection import get_connection

from bench import bulk, world
from bench.world import World
from rse.federation.io.models import Partner, Share
from rse.identity.models import Organisation

# How many people each follows; the one post in so many they were told of, none for zero.
FOLLOWED = {"usual": 20, "heavy": 200, "quiet": 3, "dead": 0}
TOLD_OF = {"usual": 100, "heavy": 50, "quiet": 2_000, "dead": 0}
SHARED_SPACES = (2, 3, 4)
COMMENTS = 40


async def fill(posts: int) -> World:
    """A world whose every page has something on it."""
    made = await world.fill(posts)
    await world.insert("follow", _follows(made))
    await world.insert("comment", _thread(posts))
    for place, name in enumerate(TOLD_OF):
        await _tell(made, name, place)
    await _partner()
    await world.settle()
    return made


def thread_of(posts: int) -> int:
    """The post with the long conversation."""
    return world.post_id(posts - 4, posts)


def _follows(made: World) -> Iterator[dict[str, Any]]:
    number = 0
    for name, person in made.readers.items():
        for followed in range(1, FOLLOWED[name] + 1):
            number += 1
            yield {"id": number, "follower_id": person.id, "followed_id": followed}


def _thread(posts: int) -> Iterator[dict[str, Any]]:
    for number in range(COMMENTS):
        yield {
            "id": thread_of(posts) + ((100 + number) << 22), "post_id": thread_of(posts),
            "author_id": 1 + number, "source": "Merci", "html": "<p>Merci</p>",
            "reaction_counts": "{}",
        }  # fmt: skip


async def _tell(made: World, name: str, place: int) -> None:
    """Notices of the newest posts; of those that are not seen yet, unread."""
    if not TOLD_OF[name]:
        return
    number = f"p.id + {100 + place}"
    unseen = world.post_id(made.posts - world.UNSEEN, made.posts)
    long_ago = bulk.typed(bulk.literal(world.LONG_AGO), "TIMESTAMPTZ")
    said = {
        **{key: bulk.literal(value) for key, value in world.defaults_of("notification").items()},
        "id": number, "place": number, "person_id": str(made.readers[name].id),
        "kind": "'feed.post'", "event_key": "'bench:' || p.id", "actor_id": "p.author_id",
        "object_id": "p.id", "thread_id": "p.id", "space_id": "p.space_id",
        "read_at": f"CASE WHEN p.id < {unseen} THEN {long_ago} END",
    }  # fmt: skip
    await get_connection("default").execute_query(
        f"INSERT INTO notification ({', '.join(said)}) SELECT {', '.join(said.values())}"
        f" FROM post p ORDER BY p.id DESC LIMIT {made.posts // TOLD_OF[name]}"
    )


async def _partner() -> None:
    company = await Organisation.create(name="Bramante", host="bramante.example")
    origin = "https://bramante.example"
    partner = await Partner.create(
        organisation=company, origin=origin, name=company.name, state="active", public_key="",
        inbox=f"{origin}/inbox", stream=f"{origin}/stream", invited_by_us=True, partnership="bench",
    )  # fmt: skip
    for space in SHARED_SPACES:
        await Share.create(
            partner=partner, hosted_by_us=True, space_id=space, state="active",
            group_uri=f"{origin}/{space}", group_name=f"Space {space}",
            invite_uri=f"{origin}/invitations/{space}",
        )  # fmt: skip
