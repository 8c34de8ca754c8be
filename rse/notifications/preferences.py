"""What people want to hear of, and how: by kind and channel, and by thread and space."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rse.kernel.db import transaction
from rse.kernel.reads import ids

from .kinds import NoticeKind, kinds
from .models import NoticeChoice, NoticeLevel, NoticeMute
from .policy import NoticePolicy, policy

IN_APP, MAIL, PUSH, DIGEST = "in_app", "mail", "push", "digest"
CHANNELS = (IN_APP, MAIL, PUSH, DIGEST)
ALL_KINDS = ""
ALL, MENTIONS, NOTHING = "all", "mentions", "nothing"
LEVELS = (ALL, MENTIONS, NOTHING)
# Why something comes by a channel, or does not: codes of the trace.
YES, REQUIRED, CHOICE, LEVEL, NO_MAIL, BY_MAIL = (
    "yes", "required", "choice", "level", "no_mail", "by_mail",
)  # fmt: skip

Chosen = Mapping[tuple[str, str], bool]


async def wants(
    person_id: int,
    kind: str,
    channel: str,
    thread_id: int | None = None,
    space_id: int | None = None,
) -> bool:
    """Whether a person wants to hear of `kind` by `channel`."""
    found = await verdicts_of([person_id], kinds[kind], thread_id, space_id)
    return found[person_id][channel] in {YES, REQUIRED}


async def verdicts_of(
    person_ids: Iterable[int], kind: NoticeKind, thread_id: int | None, space_id: int | None
) -> Mapping[int, Mapping[str, str]]:
    """For each person and channel, yes or why not. Four reads, however many people."""
    people, rules = list(person_ids), await policy()
    chosen = await _choices(people, (kind.name, ALL_KINDS))
    levels = await _levels(people, thread_id, space_id)
    without_mail = await _without_mail(people, [n for n in (thread_id, space_id) if n])
    return {
        person_id: _verdict(
            kind, _wanted_by(chosen[person_id], kind, rules), levels.get(person_id, ""),
            without_mail=person_id in without_mail,
        )
        for person_id in people
    }  # fmt: skip


def _verdict(
    kind: NoticeKind, wanted: set[str], level: str, *, without_mail: bool
) -> Mapping[str, str]:
    """Yes or why not, by channel."""
    found = {channel: YES if channel in wanted else CHOICE for channel in CHANNELS}
    if level == ALL and found[IN_APP] != YES:
        found[IN_APP] = YES
    if level == NOTHING or (level == MENTIONS and not kind.is_direct):
        found = dict.fromkeys(CHANNELS, LEVEL)
    elif without_mail and found[MAIL] == YES:
        found[MAIL] = NO_MAIL
    if kind.is_required and found[IN_APP] != YES:
        found[IN_APP] = REQUIRED
    if found[MAIL] == YES and found[DIGEST] == YES:
        found[DIGEST] = BY_MAIL  # told at once, so not again
    return found


async def _choices(
    people: list[int], names: tuple[str, ...]
) -> Mapping[int, dict[tuple[str, str], bool]]:
    found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for choice in await NoticeChoice.filter(person_id__in=people, kind__in=names):
        found[choice.person_id][choice.kind, choice.channel] = choice.wanted
    return found


async def _levels(
    people: list[int], thread_id: int | None, space_id: int | None
) -> Mapping[int, str]:
    """What each chose for the thread or, where they said nothing of it, for its space."""
    about = [number for number in (space_id, thread_id) if number]
    if not about:
        return {}
    found: dict[int, str] = {}
    rows = await NoticeLevel.filter(person_id__in=people, object_id__in=about)
    for row in sorted(rows, key=lambda row: row.object_id == thread_id):
        found[row.person_id] = row.level
    return found


async def _without_mail(people: list[int], object_ids: list[int]) -> set[int]:
    if not object_ids:
        return set()
    muted = NoticeMute.filter(person_id__in=people, object_id__in=object_ids, channel=MAIL)
    return set(await ids(muted, "person_id"))


def usual(kind: NoticeKind, rules: NoticePolicy) -> set[str]:
    """The channels of a kind for whoever has chosen nothing."""
    if kind.name in rules.defaults:
        return set(rules.defaults[kind.name])
    wished = {IN_APP: True, MAIL: kind.by_mail, PUSH: kind.by_mail, DIGEST: kind.by_digest}
    return {channel for channel, is_wished in wished.items() if is_wished}


def _wanted_by(chosen: Chosen, kind: NoticeKind, rules: NoticePolicy) -> set[str]:
    default = usual(kind, rules)
    return {
        channel
        for channel in CHANNELS
        if chosen.get(
            (kind.name, channel), chosen.get((ALL_KINDS, channel), channel in default)
        )
    }  # fmt: skip


async def matrix(person_id: int) -> Mapping[str, set[str]]:
    """The channels a person has chosen for each kind: the form."""
    rules, chosen = await policy(), {}
    for choice in await NoticeChoice.filter(person_id=person_id):
        chosen[choice.kind, choice.channel] = choice.wanted
    return {kind.name: _wanted_by(chosen, kind, rules) for kind in kinds.values()}


async def choose(person_id: int, wanted: Mapping[str, set[str]]) -> None:
    """Keep what a person chose in the form; a kind they left as it was follows the defaults on."""
    rules = await policy()
    theirs = {
        name: channels
        for name, channels in wanted.items()
        if name not in kinds or channels != usual(kinds[name], rules)
    }
    async with transaction():
        await NoticeChoice.filter(person_id=person_id).delete()
        await NoticeChoice.bulk_create(
            NoticeChoice(
                person_id=person_id, kind=name, channel=channel, wanted=channel in channels
            )
            for name, channels in theirs.items()
            for channel in CHANNELS
        )


async def mute_mail(person_id: int, kind: str | None = None, thread_id: int | None = None) -> None:
    """No more mail of a thread, of a kind, or, with neither, at all: what a mail's link does."""
    async with transaction():
        if thread_id is not None:
            await NoticeMute.get_or_create(person_id=person_id, object_id=thread_id, channel=MAIL)
            return
        which = {"kind": kind} if kind else {}
        await NoticeChoice.filter(person_id=person_id, channel=MAIL, **which).delete()
        await NoticeChoice.create(
            person_id=person_id, kind=kind or ALL_KINDS, channel=MAIL, wanted=False
        )


async def set_level(person_id: int, object_id: int, level: str) -> None:
    """How much of a thread or space a person hears; empty is as usual."""
    async with transaction():
        if level not in LEVELS:
            await NoticeLevel.filter(person_id=person_id, object_id=object_id).delete()
            await NoticeMute.filter(person_id=person_id, object_id=object_id).delete()
            return
        await NoticeLevel.update_or_create(
            person_id=person_id, object_id=object_id, defaults={"level": level}
        )


async def level_of(person_id: int, object_id: int) -> str:
    """The level a person chose for a thread or space; empty when they chose none."""
    found = await NoticeLevel.get_or_none(person_id=person_id, object_id=object_id)
    return found.level if found else ""


async def followers_of(thread_id: int, space_id: int) -> list[int]:
    """Who asked to hear of all that is said in a thread, or in its space."""
    return await ids(
        NoticeLevel.filter(object_id__in=[thread_id, space_id], level=ALL), "person_id"
    )


async def mute(person_id: int, object_id: int) -> None:
    """Tell a person nothing more of a thread or space."""
    await set_level(person_id, object_id, NOTHING)


async def unmute(person_id: int, object_id: int | None = None) -> None:
    """Tell a person of a thread or space as usual again; without one, of all of them."""
    which = {"object_id": object_id} if object_id is not None else {}
    await NoticeLevel.filter(person_id=person_id, **which).delete()
    await NoticeMute.filter(person_id=person_id, **which).delete()


async def levels_of(person_id: int, object_ids: Iterable[int]) -> Mapping[int, str]:
    """What a person chose for each of these threads or spaces."""
    found = NoticeLevel.filter(person_id=person_id, object_id__in=list(object_ids))
    return {row.object_id: row.level for row in await found}


async def muted_of(person_id: int, object_ids: Iterable[int]) -> set[int]:
    """Which of these threads or spaces a person has muted altogether."""
    levels = await levels_of(person_id, object_ids)
    return {object_id for object_id, level in levels.items() if level == NOTHING}


async def count_levels(person_id: int) -> int:
    """How many threads and spaces a person hears of in a way of their own."""
    by_level = await NoticeLevel.filter(person_id=person_id).count()
    return by_level + await NoticeMute.filter(person_id=person_id).count()
