"""The demo's cast and its crowd of raters: names, groups and organisations, the same for a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.accounts.organisation_number import is_valid
from portal.kernel.identity import Role, StakeholderGroup


@dataclass(frozen=True)
class Person:
    """One of the demo accounts of docs/operations.md."""

    key: str
    name: str
    roles: tuple[Role, ...] = ()
    organisation: str | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


@dataclass(frozen=True)
class DemoOrganisation:
    """A made-up organisation."""

    name: str
    number: str
    group: StakeholderGroup


CAST = (
    Person("resident", "Randi Innbygger"),
    Person("resident2", "Reidar Innbygger"),
    Person("volunteer", "Vilde Frivillig", organisation="Asker turlag"),
    Person("business", "Bjørn Bedrift", organisation="Fjordbakeriet AS"),
    Person("knowledge", "Kari Kunnskap", organisation="Kunnskapshuset"),
    Person("employee", "Else Ansatt", (Role.EMPLOYEE,)),
    Person("employee2", "Emil Ansatt", (Role.EMPLOYEE,)),
    Person("adviser", "Ingrid Idé", (Role.IDEA_MANAGER,)),
    Person("moderator", "Morten Moderator", (Role.MODERATOR,)),
    Person("moderator2", "Mona Moderator", (Role.MODERATOR,)),
    Person("coordinator", "Kristin Koordinator", (Role.COORDINATOR,)),
    Person("verifier", "Vegard Verifikatør", (Role.VERIFIER,)),
    Person("verifier2", "Vera Verifikatør", (Role.VERIFIER,)),
    Person("partner", "Petter Partner", (Role.PARTNER,)),
    Person("admin", "Anne Admin", (Role.ADMIN,)),
)
PARTNER_MUNICIPALITY = "3201"
NEIGHBOURS = {"hole": ("Hilde Hole", "3310"), "hurdal": ("Hans Hurdal", "3242")}
"""Partner staff beside the one whom anybody can be: they share and take in use, but nobody signs in as them."""
SERVICE_AREAS = ("Oppvekst", "Velferd og helse", "Samfunn og utvikling", "Teknikk og miljø", "Kultur og medborgerskap")

FIRST = (
    "Anders", "Anne", "Arne", "Aisha", "Berit", "Bjarne", "Camilla", "Dag", "Eivind", "Elin", "Emma", "Fatima",
    "Frode", "Geir", "Grete", "Hanne", "Henrik", "Ida", "Ingunn", "Ivar", "Jan", "Jonas", "Kari", "Katrine",
    "Kjell", "Lars", "Leila", "Lene", "Liv", "Magnus", "Maria", "Marit", "Nina", "Nora", "Odd", "Ola", "Omar",
    "Per", "Ragnhild", "Rune", "Sara", "Sigrid", "Simen", "Siri", "Sofie", "Stein", "Terje", "Tone", "Trine",
    "Turid", "Unni", "Vidar", "Yasmin", "Øyvind", "Åse",
)  # fmt: skip
LAST = (
    "Aasen", "Andersen", "Bakke", "Berg", "Bøe", "Dahl", "Eide", "Eriksen", "Foss", "Fredriksen", "Gulbrandsen",
    "Hagen", "Halvorsen", "Hansen", "Hauge", "Holm", "Iversen", "Jensen", "Johansen", "Karlsen", "Khan", "Knutsen",
    "Kristiansen", "Larsen", "Lie", "Lund", "Moen", "Myhre", "Nguyen", "Nilsen", "Nygård", "Olsen", "Pedersen",
    "Rød", "Sandvik", "Singh", "Solheim", "Strand", "Sørensen", "Tangen", "Thorsen", "Vik", "Ødegård", "Ås",
)  # fmt: skip
PLACES = (
    "Heggedal", "Dikemark", "Vollen", "Slemmestad", "Røyken", "Spikkestad", "Sætre", "Tofte", "Borgen", "Nesbru",
    "Hvalstad", "Vettre", "Billingstad", "Gullhaug",
)  # fmt: skip
KINDS: dict[StakeholderGroup, tuple[str, ...]] = {
    StakeholderGroup.VOLUNTARY_SECTOR: (
        "velforening",
        "idrettslag",
        "turlag",
        "frivilligsentral",
        "korps",
        "historielag",
    ),
    StakeholderGroup.BUSINESS: ("bakeri", "rør og varme", "regnskap", "gartneri", "byggservice", "fysioterapi"),
    StakeholderGroup.KNOWLEDGE: ("kunnskapssenter",),
}


def names(random: Random, count: int) -> list[str]:
    """Return that many made-up names."""
    return [f"{random.choice(FIRST)} {random.choice(LAST)}" for _ in range(count)]


def organisations(random: Random, group: StakeholderGroup, count: int) -> list[DemoOrganisation]:
    """Return that many made-up organisations with numbers that pass the check."""
    found = []
    for index in range(count):
        name = f"{PLACES[index % len(PLACES)]} {KINDS[group][(index // len(PLACES)) % len(KINDS[group])]}"
        found.append(DemoOrganisation(f"{name} (demo)", organisation_number(random), group))
    return found


def organisation_number(random: Random) -> str:
    """Return a number that passes the check of Enhetsregisteret's numbers; only by chance is it somebody's."""
    while True:
        number = f"8{random.randrange(10**8):08d}"
        if is_valid(number):
            return number
