"""The invented people of both companies, the same in every run."""

from dataclasses import dataclass

PASSWORD = "une phrase longue et tranquille"


@dataclass(frozen=True)
class Somebody:
    """One person: what they sign in with, how they are called, what they do."""

    login: str
    name: str
    title: str
    mail_domain: str

    @property
    def mail(self) -> str:
        return self.login if "@" in self.login else f"{self.login}@{self.mail_domain}"


def _ours(login: str, name: str, title: str) -> Somebody:
    return Somebody(login, name, title, "ostrelle.example")


def _theirs(login: str, name: str, title: str = "") -> Somebody:
    return Somebody(login, name, title, "brumelis.example")


# Ostrelle's administrator has a local account: the way in when the directory is down.
MAUD = _ours("maud.kerbrat", "Maud Kerbrat", "Administratrice")

INES = _ours("ines.morvan", "Inès Morvan", "Directrice des opérations")
THEO = _ours("theo.lindqvist", "Théo Lindqvist", "Ingénieur structure")
AMARA = _ours("amara.diop-renard", "Amara Diop-Renard", "Responsable achats")
BASTIEN = _ours("bastien.corvol", "Bastien Corvol", "Chef de projet Rive-Nord")
NAOMI = _ours("naomi.feldt", "Naomi Feldt", "Werkstoffprüferin")
JONAS = _ours("jonas.ahlers", "Jonas Ahlers", "Bauleiter")
CLEMENCE = _ours("clemence.vautrin", "Clémence Vautrin", "Communication interne")
PRIYA = _ours("priya.nandakumar", "Priya Nandakumar", "Site safety lead")
SOFIA = _ours("sofia.marchetti", "Sofia Marchetti", "Ressources humaines")
OSKAR = _ours("oskar.wendt", "Oskar Wendt", "Systemadministrator")
HUGO = _ours("hugo.delattre", "Hugo Delattre", "Géomètre")
ELLIOT = _ours("elliot.fairbairn", "Elliot Fairbairn", "Graduate engineer")

DIRECTORY = (
    INES, THEO, AMARA, BASTIEN, NAOMI, JONAS, CLEMENCE, PRIYA, SOFIA, OSKAR, HUGO, ELLIOT,
)  # fmt: skip

# Brumelis, the supplier, has local accounts only; Léonie is its administrator.
LEONIE = _theirs("leonie.sarrault", "Léonie Sarrault")
# Who is invited by mail signs in with that address.
RUI = _theirs("rui.valadares@brumelis.example", "Rui Valadares")
MIREILLE = _theirs("mireille.astruc@brumelis.example", "Mireille Astruc")
SUPPLIERS = (RUI, MIREILLE)
