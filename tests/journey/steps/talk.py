"""A post with a mention and a picture; the notice, its mail, and the answer by mail."""

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

import aiosmtplib

from tests.journey import drawing, seed
from tests.journey.browser import Upload
from tests.journey.content import OSTRELLE, RIVE_NORD
from tests.journey.people import AMARA, BASTIEN
from tests.journey.stage import Stage
from tests.journey.waiting import check, until
from tests.testenv.mailcatcher import Caught

TITLE = "Livraison de la toile"
QUESTION = "voici la vue du quai pour le fournisseur. Quand la toile peut-elle être livrée ?"
ANSWER = "Vu avec l’atelier : la toile arrive mardi matin, deux camions."


async def fill(stage: Stage) -> str:
    """The believable past, written through the forms."""
    spaces = await seed.fill(stage, stage.ostrelle, OSTRELLE)
    stage.facts.shared_space = spaces[RIVE_NORD]
    posts = stage.ostrelle.count("SELECT count(*) FROM post")
    comments = stage.ostrelle.count("SELECT count(*) FROM comment")
    reactions = stage.ostrelle.count("SELECT count(*) FROM reaction")
    planned = sum(len(place.talks) for place in OSTRELLE)
    check(posts == planned, f"{planned} posts were written, {posts} are there")
    return f"{posts} posts in {len(spaces)} spaces, {comments} comments, {reactions} reactions"


async def post_with_mention(stage: Stage) -> str:
    """Bastien names Amara and shows the drawing."""
    bastien = await stage.at_home(BASTIEN)
    drawn = Upload("couverture-quai.png", drawing.canopy(), "image/png")
    words = f"@{await seed.handle_of(bastien, AMARA)} {QUESTION}"
    post = await seed.publish(bastien, stage.facts.shared_space, words, title=TITLE, files=(drawn,))
    stage.facts.mention_post = post
    page = await bastien.open(post)
    named = r'href="/people/[0-9a-z]{13}"[^>]*>(<span[^>]*>)?@'
    check(re.search(named, page.html), "the mention should be a link")
    previews = page.ids(r'src="(/files/[0-9a-z]{13}/preview\.webp)"')
    check(previews, "the picture should be shown")
    shown = await bastien.fetch(previews[0])
    check(shown[:4] == b"RIFF" and shown[8:12] == b"WEBP", "its preview should be a clean WebP")
    size = len(shown) // 1024
    return f"{BASTIEN.name} names {AMARA.name}; the drawing is shown as {size} kB WebP"


async def notice_and_mail(stage: Stage) -> str:
    """The bell and the letter box, both in the company's name."""
    amara = await stage.at_home(AMARA)

    async def told() -> bool:
        return BASTIEN.name in (await amara.open("/notifications")).text

    await until(told, "the notice")
    letter = await until(lambda: _letter(stage), "the mail")
    message = letter.message
    check("Ostrelle" in str(message["From"]), f"the sender should be branded: {message['From']}")
    check(message["List-Unsubscribe-Post"], "one click should unsubscribe")
    leave = str(message["List-Unsubscribe"])
    check(f"{stage.ostrelle.origin}/m/u/" in leave, f"by an address of ours, not {leave}")
    stage.facts.reply_to = str(message["Reply-To"])
    token = rf"r\.[a-z2-7]{{53}}@{stage.ostrelle.mail_domain}"
    check(re.fullmatch(token, stage.facts.reply_to), f"no reply token: {stage.facts.reply_to}")
    check(letter.part("plain") and letter.part("html"), "a text and an HTML part")
    return f"From: {message['From']} · Reply-To: {stage.facts.reply_to[:12]}…"


async def _letter(stage: Stage) -> Caught | None:
    """The mail to Amara about the post that names her."""
    caught = stage.catcher.to(AMARA.mail)
    return next((mail for mail in caught if TITLE in str(mail.message["Subject"])), None)


async def answer_by_mail(stage: Stage) -> str:
    """Amara answers from her mail program; the same mail twice is one comment."""
    letter = await until(lambda: _letter(stage), "the mail to answer")
    answer = _answer(letter.message, stage.facts.reply_to)
    for _copy in range(2):
        await aiosmtplib.send(
            answer, sender=AMARA.mail, recipients=[stage.facts.reply_to],
            hostname="127.0.0.1", port=stage.ostrelle.smtp_port, start_tls=False,
        )  # fmt: skip
    bastien = await stage.at_home(BASTIEN)

    async def arrived() -> bool:
        return ANSWER in (await bastien.open(stage.facts.mention_post)).text

    await until(arrived, "the answer to become a comment")
    await stage.ostrelle.until_settled()
    page = await bastien.open(stage.facts.mention_post)
    check(page.text.count(ANSWER) == 1, "the second copy should change nothing")
    check("a écrit" not in page.text and "Cordialement" not in page.text, "the quote should be cut")
    check(AMARA.name in page.part(page.ids(r'id="(c-[0-9a-z]{13})"')[-1]), "in her name")
    return f"{AMARA.name}'s words alone, once though sent twice, without quote and signature"


def _answer(letter: EmailMessage, recipient: str) -> EmailMessage:
    """What a mail program makes of « Reply »: words, signature, the mail quoted below."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"{AMARA.name}" <{AMARA.mail}>'
    message["To"] = recipient
    message["Subject"] = f"Re: {letter['Subject']}"
    message["Message-ID"] = make_msgid(domain="ostrelle.example")
    message["In-Reply-To"] = letter["Message-ID"]
    message["References"] = f"{letter['References'] or ''} {letter['Message-ID']}".strip()
    quoted = "\n".join(f"> {line}" for line in _plain(letter).splitlines())
    message.set_content(
        f"{ANSWER}\n\n-- \n{AMARA.name}\nCordialement\n\n"
        f"Le mar. 3 nov. 2026 à 15:02, {BASTIEN.name} via Ostrelle "
        f"<notifications@mail.ostrelle.example> a écrit :\n\n{quoted}\n"
    )
    return message


def _plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
