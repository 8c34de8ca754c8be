"""Documents for signed readers; the instance actor is the only one that needs no signature."""

from collections.abc import Mapping
from typing import Any

from quart import Response, request

from rse.config import settings
from rse.federation import cards, registry
from rse.federation.core import jcs, keys
from rse.federation.core.jsonsafe import Json
from rse.federation.core.vocab import MEDIA_TYPE, Application
from rse.federation.names import object_uri, our_actor, our_origin
from rse.federation.outbox import card_of
from rse.identity.models import Person
from rse.identity.people import our_organisation
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public

from . import client, gate, keyring, pages
from .gate import Problem, Signed
from .inbox import blueprint, wants
from .models import LANES, FedOut, Introduction, Lane


async def our_application() -> Application:
    """What anybody may know of this instance."""
    origin = our_origin()
    return Application(
        id=our_actor(),
        name=(await our_organisation()).name,
        inbox=f"{origin}/fed/inbox",
        stream=f"{origin}/fed/stream",
        public_key=keys.to_multikey((await keyring.root_key()).public_key()),
    )


@blueprint.get("/fed/actor")
async def show_actor() -> Response:
    """The instance actor: keys and addresses, nothing else."""
    return _document((await our_application()).to_json())


@blueprint.get("/fed/stream")
async def show_page() -> Response:
    """The reader's own stream, signed as a push of the same bytes would be."""
    signed = await gate.identify()
    number, after = wants("lane"), wants("after")
    lane = await Lane.get_or_none(partner_id=signed.partner.id, number=number, outgoing=True)
    if lane is None or number not in LANES:
        raise Problem(404, "nothing was written to this lane")
    body, _last = await pages.write(lane, after)
    response = Response(body, content_type=MEDIA_TYPE)
    for name, value in await client.signed_headers("POST", signed.partner.stream, body):
        response.headers[name] = value
    return response


@blueprint.get("/fed/<kind>/<public_id>")
async def show_object(kind: str, public_id: str) -> Response:
    """One object, as this partner may read it now; everything else does not exist."""
    signed = await gate.identify()
    if kind == "activities":
        return await _activity(signed, public_id)
    try:
        number = parse_public(public_id)
    except NotFound:
        raise Problem(404, "no such object") from None
    if kind == "people":
        return await _person(signed, number)
    document = await registry.load(kind, number, signed.partner.id)
    if document is None:
        raise Problem(404, "no such object")
    return _document(document)


@blueprint.get("/fed/<path:_rest>")
async def show_nothing(_rest: str) -> Response:
    """Whatever else may be asked for: a stranger learns no more than anywhere."""
    await gate.identify()
    raise Problem(404, "no such object")


@blueprint.get("/.well-known/webfinger")
async def show_address() -> Response:
    """Where a person's actor is, for partners who know the person already; else one same 404."""
    try:
        signed = await gate.identify()
    except (gate.Stranger, Problem):
        return Response(b"", 404)
    resource = request.args.get("resource", "")
    name, _, host = resource.removeprefix("acct:").partition("@")
    if not resource.startswith("acct:") or len(resource) > 320 or host != settings().host:
        return Response(b"", 404)
    person = await Person.get_or_none(handle=name, uri=None, organisation__is_ours=True)
    if person is None or not await _is_introduced(signed, person.id):
        return Response(b"", 404)
    link: Json = {"rel": "self", "type": MEDIA_TYPE, "href": object_uri("people", person.id)}
    body = jcs.canonical({"subject": resource, "links": [link]})
    return Response(body, content_type="application/jrd+json")


async def _activity(signed: Signed, public_id: str) -> Response:
    uri = f"{our_origin()}/fed/activities/{public_id}"
    row = await FedOut.get_or_none(partner_id=signed.partner.id, activity_id=uri)
    if row is None or (row.share_id and row.share_id not in await pages.open_shares([row])):
        raise Problem(404, "no such object")
    return Response(bytes(row.body), content_type=MEDIA_TYPE)


async def _person(signed: Signed, person_id: int) -> Response:
    person = await Person.get_or_none(id=person_id, uri=None)
    if person is None or not await _is_introduced(signed, person.id):
        raise Problem(404, "no such object")
    card = card_of(person, object_uri("people", person.id))
    return _document((await cards.card_for(signed.partner.organisation_id, person, card)).to_json())


async def _is_introduced(signed: Signed, person_id: int) -> bool:
    return await Introduction.exists(partner_id=signed.partner.id, person_id=person_id)


def _document(document: Mapping[str, Any]) -> Response:
    return Response(jcs.canonical(dict(document)), content_type=MEDIA_TYPE)
