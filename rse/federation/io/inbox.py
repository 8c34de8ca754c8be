"""Where partners speak: size and type, then partner, signature, parsing, decision."""

from quart import Blueprint, Response, request

from rse.federation.core import jcs
from rse.federation.core.jsonsafe import JsonObject
from rse.federation.core.vocab import MEDIA_TYPE
from rse.kernel.errors import TooMany
from rse.web.csrf import csrf_exempt
from rse.web.session import between_machines

from . import gate, receive
from .gate import ACTIVITY_BYTES, PAGE_BYTES, Problem, Stranger

blueprint = Blueprint("federation", __name__)


@blueprint.post("/fed/inbox")
@csrf_exempt
@between_machines
async def take_activity() -> Response:
    """One activity."""
    gate.check_kind(ACTIVITY_BYTES)
    signed = await gate.identify()
    body = await gate.read_body(signed.message, ACTIVITY_BYTES)
    if signed.partner.seen:
        return answer(202, {"result": receive.DUPLICATE})
    result = await receive.one(signed.partner, body, signed.digest)
    if result == receive.DUPLICATE:
        await gate.remember(signed.digest)
    return answer(202, {"result": result})


@blueprint.post("/fed/stream")
@csrf_exempt
@between_machines
async def take_page() -> Response:
    """The next page of a partner's stream."""
    gate.check_kind(PAGE_BYTES)
    signed = await gate.identify()
    body = await gate.read_body(signed.message, PAGE_BYTES)
    receipt = await receive.page(signed.partner, body)
    return answer(200, {"ack": receipt.ack, "results": list(receipt.results)})


@blueprint.errorhandler(Stranger)
async def refuse_stranger(_error: Stranger) -> Response:
    return Response(b"", 401)


@blueprint.errorhandler(Problem)
async def explain(problem: Problem) -> Response:
    """Problem JSON (RFC 9457), for partners only: nobody else gets this far."""
    said: JsonObject = {
        "type": "about:blank",
        "status": problem.status,
        "title": problem.reason,
        **problem.members,
    }
    return Response(jcs.canonical(said), problem.status, content_type="application/problem+json")


@blueprint.errorhandler(TooMany)
async def slow_down(error: TooMany) -> Response:
    """Delivery on the other side waits as long as it is told."""
    response = Response(b"", 429)
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def answer(status: int, document: JsonObject) -> Response:
    return Response(jcs.canonical(document), status, content_type=MEDIA_TYPE)


def wants(parameter: str, default: int = 0) -> int:
    """A number from the query; Problem when it is none."""
    text = request.args.get(parameter, str(default))
    if not text.isdecimal() or len(text) > 18:
        raise Problem(400, f"{parameter} is not a number")
    return int(text)
