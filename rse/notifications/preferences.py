"""What people want to hear of, and how: choices by kind and channel, muted threads and spaces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rse.kernel.db import transaction

from .kinds import NoticeKind, kinds
from .models import NoticeChoice, NoticeMute

IN_APP, MAIL, PUSH = "in_app", "mail", "push"
CHANNELS = (IN_APP, MAIL, PUSH)
ALL_KINDS = ""


async def wants(
    person_id: int,
    kind: str,
    channel: str,
    thread_id: int | None = None,
    space_id: int | None = None,
) -> bool:
    """Whether a person wants to hear of `kind` by `channel`."""
    found = await channels_of([person_id], kinds[kind], thread_id, space_id)
    return channel in found[person_id]


async def channels_of(
    person_ids: Iterable[int], kind: NoticeKind, thread_id: int | None, space_id: int | None
) -> Mapping[int, set[str]]:
    """The channels each person wants to hear of a thing by. Two reads, however many people."""
    people = list(person_ids)
    chosen = await _choices(people, (kind.name, ALL_KINDS))
    muted = await _muted(people, [number for number in (thread_id, space_id) if number])
    return {
        person_id: {
            channel
            for channel in CHANNELS
            if _wanted(chosen[person_id], kind, channel) and not muted[person_id] & {"", channel}
        }
        for person_id in people
    }


async def _choices(
    people: list[int], names: tuple[str, ...]
) -> Mapping[int, dict[tuple[str, str], bool]]:
    found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for choice in await NoticeChoice.filter(person_id__in=people, kind__in=names):
        found[choice.person_id][choice.kind, choice.channel] = choice.wanted
    return found


async def _muted(people: list[int], object_ids: list[int]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    if object_ids:
        for mute in await NoticeMute.filter(person_id__in=people, object_id__in=object_ids):
            found[mute.person_id].add(mute.channel)
    return found


def _wanted(chosen: Mapping[tuple[str, str], bool], kind: NoticeKind, channel: str) -> bool:
    usual = chosen.get((ALL_KINDS, channel), channel == IN_APP or kind.by_mail)
    return chosen.get((kind.name, channel), usual)


async def matrix(person_id: int) -> Mapping[str, set[str]]:
    """The channels a person has chosen for each kind: the form."""
    chosen: dict[tuple[str, str], bool] = {}
    for choice in await NoticeChoice.filter(person_id=person_id):
        chosen[choice.kind, choice.channel] = choice.wanted
    return {
        kind.name: {channel for channel in CHANNELS if _wanted(chosen, kind, channel)}
        for kind in kinds.values()
    }


async def choose(person_id: int, wanted: Mapping[str, set[str]]) -> None:
    """Keep what a person chose in the form: exactly these channels for each kind."""
    async with transaction():
        await NoticeChoice.filter(person_id=person_id).delete()
        await NoticeChoice.bulk_create(
            NoticeChoice(
                person_id=person_id, kind=name, channel=channel, wanted=channel in channels
            )
            for name, channels in wanted.items()
            for channel in CHANNELS
        )


async def mute_mail(person_id: int, kind: str | None = None, thread_id: int | None = None) -> None:
    """No more mail of a thread, of a kind, or, with neither, at all: what a mail's link does."""
    if thread_id is not None:
        await mute(person_id, thread_id, MAIL)
        return
    async with transaction():
        which = {"kind": kind} if kind else {}
        await NoticeChoice.filter(person_id=person_id, channel=MAIL, **which).delete()
        await NoticeChoice.create(
            person_id=person_id, kind=kind or ALL_KINDS, channel=MAIL, wanted=False
        )


async def mute(person_id: int, object_id: int, channel: str = "") -> None:
    """Tell a person nothing more of a thread or space: by one channel, or at all."""
    async with transaction():
        await NoticeMute.get_or_create(person_id=person_id, object_id=object_id, channel=channel)


async def unmute(person_id: int, object_id: int | None = None) -> None:
    """Tell a person of a thread or space again; without one, of all of them."""
    which = {"object_id": object_id} if object_id is not None else {}
    await NoticeMute.filter(person_id=person_id, **which).delete()


async def muted_of(person_id: int, object_ids: Iterable[int]) -> set[int]:
    """Which of these threads or spaces a person has muted altogether."""
    found = await NoticeMute.filter(
        person_id=person_id, object_id__in=list(object_ids), channel=""
    ).values("object_id")
    return {each["object_id"] for each in found}


async def count_muted(person_id: int) -> int:
    return await NoticeMute.filter(person_id=person_id).count()
