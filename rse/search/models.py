"""The index's own tables. The full-text index over them is made by migration 0002."""

from tortoise import fields

from rse.kernel.models import Record


class IndexedText(Record):
    """The words of one thing, under the thing's own id. What is shown is read from the thing."""

    kind = fields.CharField(max_length=16)
    # 0: belongs to no space.
    space_id = fields.BigIntField(default=0)
    author_id = fields.BigIntField(default=0)
    title_words = fields.TextField(default="")
    body_words = fields.TextField(default="")
    # Tokens for its kind, space, author and company: they narrow a match inside the index.
    audience = fields.CharField(max_length=60)

    class Meta:
        table = "search_document"
        indexes = (("kind", "id"), ("space_id", "id"), ("author_id", "id"))


class KnownWord(Record):
    """A word that was written somewhere, for « did you mean ». No reader sees it unasked."""

    word = fields.CharField(max_length=64, unique=True)
    shown = fields.CharField(max_length=64)

    class Meta:
        table = "search_word"


class FreshDocument(Record):
    """Something that can be found since a moment ago, by its own id: saved searches look at it."""

    class Meta:
        table = "search_fresh"
