"""What people write in the demonstration: spaces, posts, comments, reactions."""

from dataclasses import dataclass

from tests.journey.people import (
    AMARA,
    BASTIEN,
    CLEMENCE,
    HUGO,
    INES,
    JONAS,
    LEONIE,
    MIREILLE,
    NAOMI,
    OSKAR,
    PRIYA,
    RUI,
    SOFIA,
    THEO,
    Somebody,
)  # fmt: skip


@dataclass(frozen=True)
class Talk:
    """A post with what follows it."""

    author: Somebody
    body: str
    title: str = ""
    comments: tuple[tuple[Somebody, str], ...] = ()
    reactions: tuple[tuple[Somebody, str], ...] = ()
    has_document: bool = False


@dataclass(frozen=True)
class Place:
    """A space with its people and what was written in it; without a name it is everybody's."""

    name: str
    description: str
    category: int
    owner: Somebody
    members: tuple[Somebody, ...]
    talks: tuple[Talk, ...]


RIVE_NORD = "Projet Rive-Nord"

OSTRELLE = (
    Place(
        "",
        "",
        1,
        INES,
        (),
        (
            Talk(
                SOFIA,
                "Bienvenue à **Elliot Fairbairn**, qui rejoint le bureau d’études pour deux ans. "
                "Il sera au troisième étage, passez lui dire bonjour.",
                comments=((THEO, "Bienvenue Elliot ! Un bureau t’attend près de la fenêtre."),),
                reactions=((PRIYA, "👏"), (OSKAR, "👍"), (JONAS, "🎉")),
            ),
            Talk(
                OSKAR,
                "Ce samedi de 7 h à 9 h, le réseau du bâtiment B sera coupé : nous remplaçons les "
                "commutateurs du sous-sol. Le reste du site n’est pas touché.",
                title="Coupure du réseau samedi matin",
                reactions=((NAOMI, "👍"),),
            ),
            Talk(
                CLEMENCE,
                "Le journal du trimestre est prêt. Au sommaire :\n\n- la halle de Rive-Nord, mât "
                "après mât ;\n- trois questions à Naomi sur les essais de fatigue ;\n- le cahier "
                "photo du pique-nique.\n\nVos remarques avant jeudi midi, s’il vous plaît.",
                title="Le journal du trimestre",
                comments=(
                    (BASTIEN, "La légende de la page 4 : c’est la travée 3, pas la 2."),
                    (CLEMENCE, "Corrigé, merci."),
                ),
                reactions=((INES, "👏"), (HUGO, "❤️")),
            ),
        ),
    ),
    Place(
        RIVE_NORD,
        "La couverture textile du quai de Rive-Nord : études, essais, montage.",
        4,
        BASTIEN,
        (INES, THEO, AMARA, NAOMI, JONAS, HUGO),
        (
            Talk(
                BASTIEN,
                "Le calendrier du montage est à jour. Les mâts commencent en semaine 31, la toile "
                "suit deux semaines après ; la réception est tenue.",
                title="Calendrier du montage",
                comments=(
                    (JONAS, "Le chantier est prêt pour la semaine 31. Die Kräne sind bestellt."),
                ),
                reactions=((INES, "🎉"), (AMARA, "👍")),
                has_document=True,
            ),
            Talk(
                HUGO,
                "Relevé des ancrages terminé : 24 points sur 24, écart maximal **6 mm** sur la "
                "travée 3. C’est dans la tolérance.",
                comments=((THEO, "Parfait, je recale le modèle cet après-midi."),),
                reactions=((BASTIEN, "👏"), (THEO, "👍")),
            ),
            Talk(
                THEO,
                "Question sur la travée 3 : avec 6 mm d’écart, on garde la prétension nominale, "
                "ou on descend de 5 % ? Je penche pour garder.",
                title="Prétension de la travée 3",
                comments=((NAOMI, "Die Proben halten 20 % mehr aus. Gardons la nominale."),),
                reactions=((HUGO, "🤔"), (NAOMI, "💡")),
            ),
        ),
    ),
    Place(
        "Essais et matériaux",
        "Ce que le laboratoire mesure, et ce que cela veut dire.",
        8,
        NAOMI,
        (THEO, INES, PRIYA),
        (
            Talk(
                NAOMI,
                "Die Zugversuche der dritten Charge sind fertig: Mittelwert **4,1 kN / 5 cm**, "
                "Streuung unter 2 %. Die Messreihen liegen im Labor bereit.",
                title="Zugversuche, dritte Charge",
                comments=((INES, "Très bon résultat. Merci à toute l’équipe."),),
                reactions=((THEO, "👏"), (INES, "🎉")),
            ),
            Talk(
                PRIYA,
                "The climate chamber is booked until Friday. If you need it next week, please put "
                "your name on the list by the door.",
                reactions=((NAOMI, "👍"),),
            ),
        ),
    ),
    Place(
        "Sécurité des chantiers",
        "Ce que nous voyons sur place et ce que nous en faisons.",
        11,
        PRIYA,
        (JONAS, BASTIEN, HUGO),
        (
            Talk(
                PRIYA,
                "Good catch on Tuesday: **Hugo** saw the worn sling before the first lift. It has "
                "been replaced, and the whole set was checked.",
                title="A worn sling, seen in time",
                comments=((JONAS, "Danke Hugo! So soll es sein."),),
                reactions=((JONAS, "👏"), (BASTIEN, "❤️")),
            ),
            Talk(
                JONAS,
                "Ab Montag gilt auf der Baustelle Helmpflicht auch im Containerbereich. "
                "Besucherhelme liegen am Eingang.",
                reactions=((PRIYA, "👍"),),
            ),
        ),
    ),
)

BRUMELIS = (
    Place(
        "",
        "",
        1,
        LEONIE,
        (),
        (
            Talk(
                LEONIE,
                "Les métiers 4 et 5 passent en grande largeur cette semaine. Merci à l’équipe du "
                "matin, qui a tout réglé sans arrêter la commande de Rive-Nord.",
                title="Deux métiers en grande largeur",
                comments=((MIREILLE, "Le 5 tourne déjà. Premier mètre sans défaut !"),),
                reactions=((RUI, "👏"),),
            ),
            Talk(
                MIREILLE,
                "Le nuancier d’automne est arrivé : terre cuite, lin, ardoise. Il est sur la "
                "table de l’atelier, à regarder à la lumière du jour.",
                reactions=((LEONIE, "❤️"), (RUI, "👍")),
            ),
        ),
    ),
    Place(
        "Atelier de tissage",
        "Métiers, fils et réglages.",
        2,
        MIREILLE,
        (RUI,),
        (
            Talk(
                RUI,
                "Pour la laize de 13 m, je propose de passer à 18 duites au centimètre. L’essai de "
                "ce matin est concluant.",
                title="Réglage pour la grande laize",
                comments=((MIREILLE, "D’accord, je prépare la chaîne."),),
                reactions=((MIREILLE, "💡"),),
            ),
        ),
    ),
)
