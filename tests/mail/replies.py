# ruff: noqa: E501 - a sample of mail keeps its long lines
"""Answers as common mail programs write them, all invented; each with the words its writer typed."""

from dataclasses import dataclass

PARENT = """Bonjour à tous,

Le nouveau plan de l'atelier est prêt. Merci de regarder la page deux avant jeudi,
surtout le passage sur les livraisons du matin et la place des chariots.

Amélie"""

PARENT_EN = """Hello everybody,

The new plan of the workshop is ready. Please read page two before Thursday,
above all the part about morning deliveries and where the carts stand."""


@dataclass(frozen=True)
class Sample:
    name: str
    body: str
    typed: str
    parent: str = ""
    html: bool = False


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


TEXT = [
    Sample(
        "gmail fr",
        "Je regarde ça demain.\n\nLe mar. 3 nov. 2026 à 10:01, Amélie Roussel via Ostrelle <\nr.abc@mail.ostrelle.example> a écrit :\n\n"
        + _quoted(PARENT),
        "Je regarde ça demain.",
    ),
    Sample(
        "gmail fr, wrapped before the verb",
        "D'accord.\n\nLe mar. 3 nov. 2026 à 10:01, Amélie Roussel <amelie@ostrelle.example>\na écrit :\n\n"
        + _quoted(PARENT),
        "D'accord.",
    ),
    Sample(
        "gmail en",
        "Sounds good!\n\nOn Tue, Nov 3, 2026 at 10:01 AM Amélie Roussel <amelie@ostrelle.example>\nwrote:\n\n"
        + _quoted(PARENT_EN),
        "Sounds good!",
    ),
    Sample(
        "gmail de",
        "Passt so.\n\nAm Di., 3. Nov. 2026 um 10:01 Uhr schrieb Amélie Roussel <\namelie@ostrelle.example>:\n\n"
        + _quoted(PARENT),
        "Passt so.",
    ),
    Sample(
        "outlook fr",
        "Bien reçu, je passe jeudi.\n\nCordialement,\nMarc\n\n________________________________\nDe : Amélie Roussel <amelie@ostrelle.example>\n"
        "Envoyé : mardi 3 novembre 2026 10:01\nÀ : Marc Teyssier\nObjet : Plan de l'atelier\n\n"
        + PARENT,
        "Bien reçu, je passe jeudi.\n\nCordialement,\nMarc",
    ),
    Sample(
        "outlook en",
        "Will do.\n\nFrom: Amélie Roussel <amelie@ostrelle.example>\nSent: Tuesday, November 3, 2026 10:01 AM\nTo: Marc Teyssier\n"
        "Subject: RE: Plan\n\n" + PARENT_EN,
        "Will do.",
    ),
    Sample(
        "outlook de, stars",
        "Danke, das reicht.\n\n*Von:* Amélie Roussel <amelie@ostrelle.example>\n*Gesendet:* Dienstag, 3. November 2026 10:01\n"
        "*An:* Marc\n*Betreff:* Plan\n\n" + PARENT,
        "Danke, das reicht.",
    ),
    Sample(
        "old outlook fr",
        "Ok pour moi\n\n-----Message d'origine-----\nDe : Amélie\nEnvoyé : mardi\nObjet : Plan\n\n"
        + PARENT,
        "Ok pour moi",
    ),
    Sample(
        "samsung fr",
        "Oui\n\n-------- Message d'origine --------\nDe : Amélie\nDate : 03/11/2026 10:01 (GMT+01:00)\nÀ : Marc\nObjet : Plan\n"
        + PARENT,
        "Oui",
    ),
    Sample(
        "apple mail de",
        "Geht klar.\n\n> Am 03.11.2026 um 10:01 schrieb Amélie Roussel <amelie@ostrelle.example>:\n> \n"
        + _quoted(PARENT),
        "Geht klar.",
    ),
    Sample(
        "apple mail fr, iphone",
        "Je confirme\n\nEnvoyé de mon iPhone\n\n> Le 3 nov. 2026 à 10:01, Amélie <amelie@ostrelle.example> a écrit\u202f:\n> \n"
        + _quoted(PARENT),
        "Je confirme",
    ),
    Sample(
        "thunderbird fr, no-break space",
        "Très bien.\n\nLe 03/11/2026 à 10:01, Amélie Roussel a écrit\u00a0:\n" + _quoted(PARENT),
        "Très bien.",
    ),
    Sample(
        "thunderbird en, below the quote",
        "On 03/11/2026 10:01, Amélie Roussel wrote:\n"
        + _quoted(PARENT_EN)
        + "\n\nRead it. Page two is fine.\n",
        "On 03/11/2026 10:01, Amélie Roussel wrote:\n"
        + _quoted(PARENT_EN)
        + "\n\nRead it. Page two is fine.",
    ),
    Sample(
        "between the lines",
        "Le 03/11/2026 à 10:01, Amélie a écrit :\n> Merci de regarder la page deux\nC'est fait.\n> surtout le passage sur les livraisons\nLà je doute.",
        "Le 03/11/2026 à 10:01, Amélie a écrit :\n> Merci de regarder la page deux\nC'est fait.\n> surtout le passage sur les livraisons\nLà je doute.",
    ),
    Sample("signature", "Vu.\n\n-- \nMarc Teyssier\nAtelier", "Vu."),
    Sample("mobile en", "Fine by me\n\nSent from my iPhone", "Fine by me"),
    Sample("mobile de", "Ja\n\nVon meinem iPhone gesendet", "Ja"),
    Sample("outlook for android", "Merci\n\nTélécharger Outlook pour Android", "Merci"),
    Sample(
        "typed keys stay",
        "Trajet :\nDe : Lyon\nVers : Paris\nà voir ensemble",
        "Trajet :\nDe : Lyon\nVers : Paris\nà voir ensemble",
    ),
    Sample(
        "typed list and rule stay",
        "Deux points :\n- un\n- deux\n---\nfin",
        "Deux points :\n- un\n- deux\n---\nfin",
    ),
    Sample(
        "typed colon stays",
        "Le plan de 2026 dit ceci :\nil faut attendre.",
        "Le plan de 2026 dit ceci :\nil faut attendre.",
    ),
    Sample(
        "unknown program, known parent",
        "C'est noté, à jeudi.\n\nAmelie tarafından yazıldı\n" + PARENT,
        "C'est noté, à jeudi.\n\nAmelie tarafından yazıldı",
        PARENT,
    ),
    Sample(
        "known parent, wrapped anew",
        "Noted.\n\n" + PARENT_EN.replace("\n", " ").replace("  ", "\n"),
        "Noted.",
        PARENT_EN,
    ),
    Sample(
        "forward is content",
        "---------- Forwarded message ---------\nFrom: Amélie <amelie@ostrelle.example>\nDate: Tue, 3 Nov 2026\nSubject: Plan\n\nLe plan.",
        "---------- Forwarded message ---------\nFrom: Amélie <amelie@ostrelle.example>\nDate: Tue, 3 Nov 2026\nSubject: Plan\n\nLe plan.",
    ),
    Sample(
        "disclaimer de",
        "Einverstanden.\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Empfänger sind, löschen Sie sie.",
        "Einverstanden.",
    ),
]

HTML = [
    Sample(
        "gmail",
        '<div dir="ltr"><div>Merci !</div><div>À jeudi</div></div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">Le mar. 3 nov. 2026 à 10:01, Amélie &lt;a@b.example&gt; a écrit :<br></div>'
        '<blockquote class="gmail_quote">Bonjour<br>le plan</blockquote></div>',
        "Merci !\nÀ jeudi",
    ),
    Sample(
        "outlook on the web",
        '<html><body><div class="elementToProof">Ça marche.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">'
        "<b>De :</b> Amélie<br><b>Objet :</b> Plan</div><div>Bonjour à tous</div></body></html>",
        "Ça marche.",
    ),
    Sample(
        "outlook desktop",
        '<html><body><p class=MsoNormal>Passt.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p><b>Von:</b> Amélie<br><b>Gesendet:</b> Dienstag</p></div><p>Guten Tag</p></body></html>",
        "Passt.",
    ),
    Sample(
        "apple",
        '<html><body>I agree.<br><div><br><blockquote type="cite"><div>On 3 Nov 2026, at 10:01, Amélie wrote:</div>Hello</blockquote></div></body></html>',
        "I agree.",
    ),
    Sample(
        "thunderbird",
        '<html><body><p>Vu, merci.</p><div class="moz-cite-prefix">Le 03/11/2026 à 10:01, Amélie a écrit :<br></div>'
        '<blockquote type="cite" cite="mid:x"><p>Bonjour</p></blockquote></body></html>',
        "Vu, merci.",
    ),
    Sample(
        "list and link",
        '<div>Voici :<ul><li>un</li><li>deux</li></ul><a href="https://plan.example/p">le plan</a></div><div class="gmail_quote">x</div>',
        "Voici :\n\n- un\n- deux\n\nle plan (https://plan.example/p)",
    ),
]
