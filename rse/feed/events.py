"""What can happen in the feed."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PostPublished(Event):
    name = "post.published"
    post_id: int


@dataclass(frozen=True, slots=True)
class PostHeld(Event):
    """A post was written where a moderator agrees first. Nobody else is told."""

    name = "post.held"
    post_id: int


@dataclass(frozen=True, slots=True)
class PostAccepted(Event):
    """A moderator agreed; the publishing itself is another event."""

    name = "post.accepted"
    post_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class PostRefused(Event):
    name = "post.refused"
    post_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class PostEdited(Event):
    name = "post.edited"
    post_id: int
    editor_id: int


@dataclass(frozen=True, slots=True)
class PostDeleted(Event):
    name = "post.deleted"
    post_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class PostRestored(Event):
    name = "post.restored"
    post_id: int


@dataclass(frozen=True, slots=True)
class PostMoved(Event):
    """A post stands in another space; `known_as` is what partners of the first knew it by."""

    name = "post.moved"
    post_id: int
    from_space_id: int
    to_space_id: int
    known_as: int
    by_id: int


@dataclass(frozen=True, slots=True)
class PostLocked(Event):
    """Its comments were closed, or opened again."""

    name = "post.locked"
    post_id: int


@dataclass(frozen=True, slots=True)
class CommentPublished(Event):
    name = "comment.published"
    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentEdited(Event):
    name = "comment.edited"
    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentDeleted(Event):
    name = "comment.deleted"
    comment_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class CommentRestored(Event):
    name = "comment.restored"
    comment_id: int


@dataclass(frozen=True, slots=True)
class Reacted(Event):
    """Somebody reacted; the reaction's own id names it for partners, also after it is gone."""

    name = "feed.reacted"
    reaction_id: int
    target_id: int
    post_id: int
    person_id: int
    emoji: str


@dataclass(frozen=True, slots=True)
class ReactionWithdrawn(Event):
    name = "feed.reaction_withdrawn"
    reaction_id: int
    target_id: int
    post_id: int
    person_id: int
    emoji: str
