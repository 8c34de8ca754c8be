"""The page that answers "who can help with…"."""

from quart import Blueprint, request

from rse.identity.current import current_person
from rse.kernel import limits
from rse.web import render

from . import queries

blueprint = Blueprint("experts", __name__)
HERE = "/people/experts"
LONGEST = 200
A_MINUTE, QUESTIONS_A_MINUTE = 60, 60


@blueprint.get(HERE)
async def index() -> str:
    reader = current_person()
    text = request.args.get("q", "").strip()[:LONGEST]
    if text:
        await limits.hit(f"experts:{reader.id}", QUESTIONS_A_MINUTE, A_MINUTE)
    topic = queries.topic_of(text)
    return await render(
        "experts/index.html",
        text=text,
        topic=topic,
        experts=await queries.experts_for(reader, topic) if topic else [],
    )
