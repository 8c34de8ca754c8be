"""A person at a browser: real HTTP, cookies kept, forms filled in and sent as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp

from tests.journey.pages import Form, Page
from tests.journey.waiting import check

TIMEOUT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True)
class Upload:
    """A file chosen in a form."""

    name: str
    content: bytes
    media_type: str


class Browser:
    """One person's browser at one company."""

    def __init__(self, origin: str, language: str = "fr") -> None:
        self.origin = origin
        # Addresses of this machine have no domain: cookies are allowed for plain addresses.
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            headers={"Accept": "text/html", "Accept-Language": language},
            timeout=TIMEOUT,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def look(self, path: str) -> Page:
        """Whatever the address answers."""
        async with self._session.get(self._url(path)) as answer:
            return await _page(answer)

    async def open(self, path: str) -> Page:
        """The page, which must be there."""
        page = await self.look(path)
        check(page.status == 200, f"{path} should open, it answered {page.status}")
        return page

    async def fetch(self, path: str) -> bytes:
        """The bytes behind an address, which must be there."""
        async with self._session.get(self._url(path)) as answer:
            check(answer.status == 200, f"{path} should open, it answered {answer.status}")
            return await answer.read()

    async def send(self, form: Form, *, files: Sequence[Upload] = (), **values: str) -> Page:
        """Send a form with these fields filled in; the page it leads to, which must be well."""
        page = await self.try_to_send(form, files=files, **values)
        check(page.status == 200, f"{form.action} should be accepted, it answered {page.status}")
        return page

    async def try_to_send(self, form: Form, *, files: Sequence[Upload] = (), **values: str) -> Page:
        """Send a form; whatever it answers."""
        fields = {**form.fields, **values}
        data: aiohttp.FormData | dict[str, str] = fields
        if form.is_multipart:
            data = aiohttp.FormData(fields)
            for file in files:
                data.add_field(
                    "files", file.content, filename=file.name, content_type=file.media_type
                )
        async with self._session.post(form.action, data=data) as answer:
            return await _page(answer)

    async def sign_in(self, login: str, password: str) -> Page:
        """Through the sign-in page, as anybody does."""
        page = await self.open("/sign-in")
        return await self.try_to_send(page.form("/sign-in"), login=login, password=password)

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.origin + path


async def _page(answer: aiohttp.ClientResponse) -> Page:
    text = await answer.text(errors="replace")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Page(answer.status, str(answer.url), text, headers)
