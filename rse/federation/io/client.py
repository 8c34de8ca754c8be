"""Signed requests to partners, through the guarded client only."""

from collections.abc import Sequence

from rse.federation.core import digest, httpsig
from rse.federation.core.httpsig import Message
from rse.federation.core.vocab import MEDIA_TYPE
from rse.kernel import clock, http
from rse.kernel.crypto import token
from rse.kernel.http import Answer

from . import keyring

MAX_ANSWER = 1 << 20


async def post(
    url: str, body: bytes, *, extra: Sequence[tuple[str, str]] = (), timeout_seconds: float = 10
) -> Answer:
    """A signed POST; each call signs anew, so a retry is never a replay."""
    headers = await signed_headers("POST", url, body)
    return await http.client().request(
        "POST", url, headers=dict([*headers, *extra]), body=body,
        max_bytes=MAX_ANSWER, timeout_seconds=timeout_seconds,
    )  # fmt: skip


async def get(url: str, *, max_bytes: int = MAX_ANSWER) -> Answer:
    """A signed GET."""
    headers = [("accept", MEDIA_TYPE), *await signed_headers("GET", url, b"")]
    return await http.client().request("GET", url, headers=dict(headers), max_bytes=max_bytes)


async def get_unsigned(url: str) -> Answer:
    """Only for an instance's own actor, before anybody knows anybody."""
    return await http.client().request(
        "GET", url, headers={"accept": MEDIA_TYPE}, max_bytes=64 * 1024
    )


async def signed_headers(method: str, url: str, body: bytes) -> list[tuple[str, str]]:
    """The headers that make a request ours."""
    headers: list[tuple[str, str]] = []
    if method == "POST":
        headers += [("content-type", MEDIA_TYPE), ("content-digest", digest.content_digest(body))]
    signature = httpsig.sign(
        Message(method, url, headers),
        await keyring.root_key(),
        keyring.our_keyid(),
        now=int(clock.now().timestamp()),
        nonce=token(16),
    )
    return headers + signature
