"""Notices reach a device: encrypted for it, once, as wanted, and never at a private address."""

from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from quart import Quart

from rse import config
from rse.config import Settings
from rse.identity.models import Account
from rse.identity.sessions import end_session, open_session, session_for
from rse.kernel import clock, jobs
from rse.kernel.errors import Invalid
from rse.kernel.http import Client
from rse.kernel.ids import to_public
from rse.notifications import mark_read, notify, preferences, privacy
from rse.notifications.models import Notification, PushSubscription
from rse.notifications.push import sending, subscriptions, vapid
from rse.notifications.push.encryption import CURVE, MOST, Receiver, encrypt
from rse.notifications.push.vapid import decode, encode
from tests import make
from tests.notifications.push_service import PushService, claims, decrypt, serving
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app", "things")


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    async with serving() as one:
        yield one


async def device(account: Account, service: PushService) -> PushSubscription:
    session = await session_for(await open_session(account, browser="Firefox, Linux"))
    assert session is not None
    return await subscriptions.subscribe(
        account.person_id, session, service.endpoint, service.receiver
    )


async def tell(account: Account, number: int = 1, thread: int = 10) -> None:
    await notify(
        "test.mention", [account.person_id], key=f"c:{number}", object_id=number, thread_id=thread
    )


def test_the_vectors_of_the_standard() -> None:
    private = ec.derive_private_key(
        int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), CURVE
    )
    receiver = Receiver(
        decode(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        decode("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = encrypt(
        b"When I grow up, I want to be a watermelon", receiver,
        private=private, salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
    )  # fmt: skip
    assert encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


def test_a_message_fills_one_record_and_no_more() -> None:
    private = ec.generate_private_key(CURVE)
    service = PushService(private=private)
    body = encrypt(b"x" * MOST, service.receiver)
    assert len(body) == 4096
    assert decrypt(body, private, service.auth) == b"x" * MOST
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (MOST + 1), service.receiver)


async def test_the_device_reads_what_the_notice_says(service: PushService) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    await tell(ines)
    await jobs.drain()
    notice = await Notification.get()
    assert service.read() == {
        "title": "test.mention of 1",
        "body": "The north façade is finished.",
        "url": f"/notifications/{to_public(notice.id)}/open",
        "tag": to_public(10),
        "unread": 1,
    }
    [(headers, _body)] = service.came
    assert headers["Content-Encoding"] == "aes128gcm"
    assert (headers["TTL"], headers["Topic"]) == ("86400", to_public(10))
    said = claims(headers["Authorization"])
    assert said["aud"] == service.endpoint.removesuffix("/push/one")
    assert said["sub"] == config.settings().origin
    assert 0 < said["exp"] - clock.now().timestamp() <= 86_400
    assert headers["Authorization"].endswith(f"k={vapid.public_key()}")


async def test_each_notice_is_told_once_and_a_second_run_tells_nothing(
    service: PushService,
) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    await tell(ines)
    await tell(ines)
    await jobs.drain()
    await jobs.drain()
    assert len(service.came) == 1


async def test_what_was_read_meanwhile_or_is_not_wanted_is_not_told(service: PushService) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    await tell(ines)
    await mark_read(ines.person_id)
    await preferences.choose(ines.person_id, {"test.mention": {"in_app", "mail"}})
    await tell(ines, 2)
    await jobs.drain()
    assert service.came == []
    await preferences.choose(ines.person_id, {"test.mention": {"push"}})
    await tell(ines, 3)
    await jobs.drain()
    assert len(service.came) == 1


async def test_what_is_older_than_a_day_is_not_told(service: PushService) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    await tell(ines)
    clock.shift(timedelta(days=2))
    await jobs.drain()
    assert service.came == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(service: PushService, status: int) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    service.status = status
    await tell(ines)
    await jobs.drain()
    assert await PushSubscription.all().count() == 0


async def test_a_service_that_is_down_is_asked_again(service: PushService) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    service.status = 503
    await tell(ines)
    await jobs.drain()
    assert (await PushSubscription.get()).failures == 1
    service.status = 201
    clock.shift(timedelta(hours=1))
    await jobs.drain()
    assert len(service.came) == 2
    assert (await PushSubscription.get()).failures == 0


async def test_a_device_ends_with_its_session(service: PushService) -> None:
    ines = await make.account("Inès")
    one = await device(ines, service)
    await tell(ines)
    await end_session(one.session_id, ines.id)
    await jobs.drain()
    assert await PushSubscription.all().count() == 0
    assert service.came == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1", "https://127.0.0.1/1", "https://10.0.0.7/1", "https://[::1]/1",
        "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/1", "https://a:b@push.example/",
        "file:///etc/passwd", "https:///1", "https://push.example:99999/", "", "https://[::1/",
    ],
)  # fmt: skip
async def test_in_production_no_address_inside_is_taken(settings: Settings, endpoint: str) -> None:
    strict = settings.model_copy(
        update={
            "network": settings.network.model_copy(update={"allowed_private": ()}),
            "server": settings.server.model_copy(update={"public_url": "https://rse.example"}),
        }
    )
    config.use(strict)
    try:
        with pytest.raises(Invalid):
            subscriptions.check_endpoint(endpoint)
        subscriptions.check_endpoint("https://push.example/1")
    finally:
        config.use(settings)


async def test_a_name_that_leads_inside_is_not_called(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = await make.account("Inès")
    one = await device(ines, service)
    await PushSubscription.filter(id=one.id).update(
        endpoint=service.endpoint.replace("127.0.0.1", "localhost")
    )
    strict = Client()
    monkeypatch.setattr(sending, "client", lambda: strict)
    await tell(ines)
    await jobs.drain()
    await strict.close()
    assert service.came == []
    assert (await PushSubscription.get()).failures == 1


async def test_a_device_is_added_and_removed_in_the_settings(
    app: Quart, service: PushService
) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    browser = await Browser(app).sign_in(ines)
    form = {
        "endpoint": service.endpoint,
        "p256dh": encode(service.receiver.public),
        "auth": encode(service.auth),
    }
    assert (await browser.post("/settings/notifications/devices", form)).status_code == 303
    assert (await browser.post("/settings/notifications/devices", form)).status_code == 303
    one = await PushSubscription.get()
    page = await (await browser.get("/settings/notifications")).get_data(as_text=True)
    assert to_public(one.id) in page and vapid.public_key() in page
    removal = f"/settings/notifications/devices/{to_public(one.id)}/removal"
    await (await Browser(app).sign_in(theo)).post(removal)
    assert await PushSubscription.all().count() == 1
    await browser.post(removal)
    assert await PushSubscription.all().count() == 0
    for wrong in ({"p256dh": "AAAA"}, {"auth": "AA"}, {"p256dh": "é"}, {"endpoint": "nowhere"}):
        answer = await browser.post("/settings/notifications/devices", {**form, **wrong})
        assert answer.status_code == 422, wrong


async def test_devices_are_in_the_export_and_the_erasure(service: PushService) -> None:
    ines = await make.account("Inès")
    await device(ines, service)
    found = await privacy.export(ines.person_id)
    assert found["devices"][0]["endpoint"] == service.endpoint
    assert orjson.dumps(found)
    await privacy.erase(ines.person_id)
    assert await PushSubscription.all().count() == 0
