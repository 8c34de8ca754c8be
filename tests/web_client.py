"""A person at a browser, over the application's own test client."""

from collections.abc import Mapping
from urllib.parse import urlencode

from quart import Quart, Response

from rse.identity.current import set_current_session
from rse.identity.models import Account
from rse.identity.sessions import open_session, session_for
from rse.web.csrf import csrf_token
from rse.web.session import cookie_name


class Browser:
    """Keeps cookies, finds the form token of the last page, posts forms like a browser does."""

    def __init__(self, app: Quart) -> None:
        self._client = app.test_client()
        self._app = app
        self._session = ""

    async def sign_in(self, account: Account) -> "Browser":
        """Come in as somebody, without the sign-in page."""
        token = await open_session(account)
        self._client.set_cookie("127.0.0.1", cookie_name("session"), token)
        self._session = token
        return self

    async def get(self, path: str, **headers: str) -> Response:
        return await self._client.get(path, headers={"Host": "127.0.0.1", **_dashed(headers)})

    async def post(
        self, path: str, form: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> Response:
        """Send a form with the token of the last page seen."""
        body = urlencode({"_csrf": await self.form_token(), **(form or {})}, doseq=True)
        return await self._client.post(
            path,
            data=body,
            headers={
                "Host": "127.0.0.1",
                "Content-Type": "application/x-www-form-urlencoded",
                **_dashed(headers),
            },
        )

    async def raw_post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Send bytes as they are, as no form of ours would."""
        return await self._client.post(path, data=body, headers=dict(headers))

    async def post_json(self, path: str, body: Mapping[str, object]) -> Response:
        """Send what a script sends, with the same token."""
        token = await self.form_token()
        headers = {"Host": "127.0.0.1", "X-CSRF-Token": token}
        return await self._client.post(path, json=body, headers=headers)

    async def form_token(self) -> str:
        """The token a page of this session carries."""
        session = await session_for(self._cookie() or self._session)
        async with self._app.test_request_context("/"):
            set_current_session(session)
            return csrf_token()

    def _cookie(self) -> str:
        """The session the site gave this browser last."""
        jar = self._client.cookie_jar or ()
        found = [cookie.value or "" for cookie in jar if cookie.name == cookie_name("session")]
        return found[-1] if found else ""

    async def text(self, path: str) -> str:
        """The page at `path`, which must be there."""
        response = await self.get(path)
        body = await response.get_data(as_text=True)
        assert response.status_code == 200, f"{path}: {response.status_code} {body[:300]}"
        return str(body)


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
