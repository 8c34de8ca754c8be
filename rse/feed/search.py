"""Posts, comments and their files in search. A file is found where the post is that it hangs on."""

from collections.abc import Sequence

from rse.files import queries as files
from rse.files.models import FileText, StoredFile
from rse.files.texts import readings
from rse.kernel.i18n import N_
from rse.kernel.ids import to_public
from rse.kernel.text import excerpt, to_plain
from rse.search import index
from rse.search.documents import Document, SearchDocument

from . import finding
from .events import (
    CommentDeleted,
    CommentEdited,
    CommentPublished,
    CommentRestored,
    PostDeleted,
    PostEdited,
    PostMoved,
    PostPublished,
    PostRestored,
)
from .finding import Place
from .models import Comment, Post
from .rules import comment_url

PostEvent = PostPublished | PostEdited | PostDeleted | PostRestored | PostMoved
CommentEvent = CommentPublished | CommentEdited | CommentDeleted | CommentRestored


async def index_post(event: PostEvent) -> None:
    """A post takes its comments and files along when it goes, moves or comes back."""
    await index.refresh("post", [event.post_id])
    if not isinstance(event, PostEdited):
        await _index_files(await files.ids_of_post(event.post_id))
    if isinstance(event, PostDeleted | PostRestored | PostMoved):
        await index.refresh("comment", await finding.comment_ids(event.post_id))


async def index_comment(event: CommentEvent) -> None:
    await index.refresh("comment", [event.comment_id])
    await _index_files(await files.ids_of_comment(event.comment_id))


async def _index_files(file_ids: Sequence[int]) -> None:
    """By their names at once; by their words when these were read."""
    await readings.want(file_ids)
    await index.refresh("file", file_ids)


async def load_posts(ids: Sequence[int]) -> list[Document]:
    return [_post(post) for post in await finding.posts(ids)]


def _post(post: Post) -> Document:
    plain = to_plain(post.html)
    return Document(
        id=post.id,
        title=post.title or excerpt(plain, 80),
        body=plain,
        space_id=post.space_id,
        author_id=post.author_id,
        url=f"/posts/{to_public(post.id)}",
    )


async def load_comments(ids: Sequence[int]) -> list[Document]:
    return [_comment(comment) for comment in await finding.comments(ids)]


def _comment(comment: Comment) -> Document:
    plain = to_plain(comment.html)
    return Document(
        id=comment.id,
        title=excerpt(plain, 80),
        body=plain,
        space_id=comment.post.space_id,
        author_id=comment.author_id,
        url=comment_url(comment.post_id, comment.id),
    )


async def load_files(ids: Sequence[int]) -> list[Document]:
    found = await files.attached(ids)
    places = await finding.places([(file.post_id, file.comment_id) for file in found])
    texts = await files.texts_of(found)
    return [
        _file(file, place, texts.get(file.digest))
        for file in found
        if (place := places.get((file.post_id, file.comment_id)))
    ]


def _file(file: StoredFile, place: Place, text: FileText | None) -> Document:
    return Document(
        id=file.id,
        title=file.name,
        body=text.text if text else "",
        note=readings.sentence(text.reason) if text else "",
        space_id=place.space_id,
        author_id=file.uploader_id,
        url=f"/posts/{to_public(file.post_id or 0)}",
    )


KINDS = (
    SearchDocument(
        kind="post", title=N_("Posts"), load=load_posts, ids_after=finding.post_ids_after
    ),
    SearchDocument(
        kind="comment",
        title=N_("Comments"),
        load=load_comments,
        ids_after=finding.comment_ids_after,
    ),
    SearchDocument(kind="file", title=N_("Files"), load=load_files, ids_after=files.ids_after),
)
