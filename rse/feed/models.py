"""Post and what belongs to it: versions, comments, reactions, mentions, streams."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record
from rse.spaces.models import Space


class Post(Record):
    """The envelope: author, audience, words. A poll or an event hangs on one, one to one."""

    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="posts", db_index=True, on_delete=fields.RESTRICT
    )
    author_id: int
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField(
        "rse.Space", related_name="posts", db_index=True, on_delete=fields.CASCADE
    )
    space_id: int
    kind = fields.CharField(max_length=24, default="post")
    title = fields.CharField(max_length=200, default="")
    source = fields.TextField()
    html = fields.TextField()
    # Grows with each visible change; part of the address of every cached card.
    version = fields.IntField(default=1)
    edited_at: datetime | None = fields.DatetimeField(null=True)
    edited_by_id: int | None = fields.BigIntField(null=True)
    deleted_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    deleted_by_id: int | None = fields.BigIntField(null=True)
    purged = fields.BooleanField(default=False)
    comment_count = fields.IntField(default=0)
    reaction_counts: dict[str, int] = fields.JSONField(default=dict)
    last_comment_id = fields.BigIntField(default=0)
    # The form's own key: sending it twice makes one post.
    sent_key = fields.CharField(max_length=40, null=True)
    uri = fields.CharField(max_length=500, null=True, unique=True)
    by_mail = fields.BooleanField(default=False)
    # Waits for a moderator, or was refused: in no stream, and behind no door but `waiting`.
    is_waiting = fields.BooleanField(default=False, db_default=False)
    # The post this one shows again; whoever may not read that one is told so.
    shared_id: int | None = fields.BigIntField(null=True)
    is_locked = fields.BooleanField(default=False)
    # What partners know it by once it moved: a new thing, for the old one is deleted for ever.
    federated_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "post"
        unique_together = (("author", "sent_key"),)
        indexes = (("federated_id",),)


class WaitingPost(Record):
    """A post in front of the moderators of its space, until they publish it."""

    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "rse.Post", related_name="waiting", on_delete=fields.CASCADE
    )
    post_id: int
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField(
        "rse.Space", related_name="waiting_posts", db_index=True, on_delete=fields.CASCADE
    )
    space_id: int
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="waiting_posts", db_index=True, on_delete=fields.CASCADE
    )
    author_id: int
    # Why it was refused, in the moderator's words; empty: nobody has decided.
    refusal = fields.CharField(max_length=500, default="")
    decided_by_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "waiting_post"


class PostVersion(Record):
    """What a post or a comment said before an edit, and who changed it."""

    target_id = fields.BigIntField(db_index=True)
    title = fields.CharField(max_length=200, default="")
    source = fields.TextField()
    html = fields.TextField()
    replaced_at: datetime = fields.DatetimeField(default=clock.now)
    editor: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="edits", db_index=True, on_delete=fields.RESTRICT
    )
    editor_id: int

    class Meta:
        table = "post_version"


class Comment(Record):
    """An answer to a post, or to one of its comments: one level, not more."""

    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "rse.Post", related_name="comments", on_delete=fields.CASCADE
    )
    post_id: int
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="comments", db_index=True, on_delete=fields.RESTRICT
    )
    author_id: int
    parent_id: int | None = fields.BigIntField(null=True)
    source = fields.TextField()
    html = fields.TextField()
    version = fields.IntField(default=1)
    edited_at: datetime | None = fields.DatetimeField(null=True)
    deleted_at: datetime | None = fields.DatetimeField(null=True)
    deleted_by_id: int | None = fields.BigIntField(null=True)
    reaction_counts: dict[str, int] = fields.JSONField(default=dict)
    sent_key = fields.CharField(max_length=80, null=True)
    uri = fields.CharField(max_length=500, null=True, unique=True)
    by_mail = fields.BooleanField(default=False)
    federated_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "comment"
        unique_together = (("author", "sent_key"),)
        # A thread is read by its first comments, then by the answers to each.
        indexes = (
            ("post_id", "id"),
            ("post_id", "parent_id", "id"),
            ("parent_id", "id"),
            ("deleted_at",),
            ("federated_id",),
        )


class Reaction(Record):
    """One person's one emoji on a post or comment (`target_id`: ids are unique everywhere)."""

    target_id = fields.BigIntField()
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "rse.Post", related_name="reactions", db_index=True, on_delete=fields.CASCADE
    )
    post_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="reactions", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    emoji = fields.CharField(max_length=16)
    uri = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "reaction"
        unique_together = (("target_id", "person", "emoji"),)


class Mention(Record):
    """A person named in a post or comment."""

    target_id = fields.BigIntField()
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "rse.Post", related_name="mentions", db_index=True, on_delete=fields.CASCADE
    )
    post_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="mentions", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int

    class Meta:
        table = "mention"
        unique_together = (("target_id", "person"),)


class GroupMention(Record):
    """A space, or a partner company, named in a post or comment: those in it are named with it."""

    target_id = fields.BigIntField()
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "rse.Post", related_name="group_mentions", db_index=True, on_delete=fields.CASCADE
    )
    post_id: int
    # "space" or "company", and its id.
    kind = fields.CharField(max_length=8)
    group_id = fields.BigIntField()

    class Meta:
        table = "group_mention"
        unique_together = (("target_id", "group_id"),)


class StreamItem(Record):
    """A living post in a stream of readers. Today a stream is a space. Deleted posts have none."""

    stream_id = fields.BigIntField()
    # No index of its own: it would tempt a planner to walk all posts for a reader of quiet spaces.
    post_id = fields.BigIntField()
    # The newest of the post and its comments: a cursor, for ids are in the order of time.
    activity_id = fields.BigIntField(default=0)
    author_id = fields.BigIntField(default=0)
    kind = fields.CharField(max_length=24, default="post")

    class Meta:
        table = "stream_item"
        unique_together = (("stream_id", "post_id"),)
        indexes = (
            ("stream_id", "activity_id", "post_id"),
            ("stream_id", "kind", "post_id"),
            ("author_id", "post_id"),
            ("author_id", "activity_id", "post_id"),
        )


class Mute(Record):
    """A person, a thread or a space that somebody does not want to see and hear of."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="mutes", on_delete=fields.CASCADE
    )
    person_id: int
    # "person", "thread" or "space", and its id.
    kind = fields.CharField(max_length=8)
    target_id = fields.BigIntField(db_index=True)
    since: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "mute"
        unique_together = (("person", "target_id"),)


class HomeVisit(Record):
    """Where a person's last visit of the home page ended, so that the page can say what is new."""

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "rse.Person", related_name="home_visit", on_delete=fields.CASCADE
    )
    person_id: int
    newest_id = fields.BigIntField(default=0)
    line_id = fields.BigIntField(default=0)
    line_at: datetime | None = fields.DatetimeField(null=True)
    seen_at: datetime = fields.DatetimeField(default=clock.now)
    # How they like to read: remembered when they choose.
    view = fields.CharField(max_length=32, default="all")
    sort = fields.CharField(max_length=8, default="newest")

    class Meta:
        table = "home_visit"
