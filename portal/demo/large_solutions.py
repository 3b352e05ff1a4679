"""The solutions of a portal the size of a large municipality, put straight into the tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal import config
from portal.accounts.models import Byline
from portal.demo.rows import add, links
from portal.goals.models import Link
from portal.ideas.events.ideas import IDEA
from portal.kernel import clock, municipalities
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.participation.models import Tally
from portal.solutions.adoption import AdopterKind, Step, Way, counts, needs_way
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution

ADOPTERS = 7
"""At most so many take each in use: some take none."""
MAKES = (
    "Ombruk", "Bestillingsbuss", "Mentorordning", "Lånesentral", "Felles vaktplan", "Åpen time", "Varsling",
    "Dugnad", "Medborgerråd", "Matlag",
)  # fmt: skip
FOR = ("i skolen", "på sykehjemmet", "i grenda", "på biblioteket", "for unge", "for nye innbyggere", "ved elva")


def fill_solutions(random: Random, people: Sequence[int], ideas: range, count: int) -> None:
    """Add solutions of all the country's municipalities with those who use them, all made up; past the actions."""
    now = clock.now()
    first = (db.session.scalar(sa.select(sa.func.max(Solution.id))) or 0) + 1
    adoption = (db.session.scalar(sa.select(sa.func.max(Adoption.id))) or 0) + 1
    numbers = range(first, first + count)
    adoptions = list(_adoptions(random, now, numbers, people))
    for number, row in enumerate(adoptions, adoption):
        row["id"] = number
    add(Solution, _solutions(random, now, numbers, people, ideas=ideas, in_use=_in_use(adoptions)))
    add(Adoption, adoptions)
    if db.session.get_bind().dialect.name == "postgresql":  # which counts for itself
        for table, last in (("solutions", numbers.stop - 1), ("adoptions", adoption + len(adoptions) - 1)):
            db.session.execute(sa.select(sa.func.setval(f"{table}_id_seq", max(1, last))))
    add(AdoptionStep, ({"adoption_id": row["id"], "step": row["step"], "at": row["written_at"]} for row in adoptions))
    add(Link, links(random, SOLUTION, numbers))
    add(Tally, _tallies(numbers))


def _owner(number: int) -> str:
    """Return whose it is: each twentieth is the home municipality's, the others are spread over the country."""
    places = municipalities.all_municipalities()
    return config.current().municipality_number if number % 20 == 0 else places[number % len(places)].number


def _solutions(
    random: Random,
    now: datetime,
    numbers: range,
    people: Sequence[int],
    *,
    ideas: range,
    in_use: dict[int, int],
) -> Iterator[dict[str, Any]]:
    for number in numbers:
        at = now - timedelta(hours=(numbers.stop - number) * 3)
        has_origin = number % 20 == 0 and len(ideas) > 0
        yield {
            "id": number,
            "title": f"{random.choice(MAKES)} {random.choice(FOR)} nummer {number}",
            "summary": "En enkel løsning som små og store kommuner kan bruke.",
            "problem": "Det tok for lang tid, og mange ga opp på veien.",
            "core": "Én person har ansvaret, og alle vet hvem det er.",
            "adaptable": "Tid, sted og hvem som er med.",
            "context": "",
            "cost": "Noen timer i uka.",
            "prerequisites": "En leder som vil.",
            "results": "Ventetiden er halvert.",
            "risk": "",
            "procedures": "1. Spør dem det gjelder\n2. Begynn i det små",
            "language": "nb",
            "municipality_number": _owner(number),
            "theme": list(Theme)[number % len(Theme)],
            "cost_class": list(Cost)[number % len(Cost)],
            "evidence": random.choice(list(Evidence)),
            "size": list(Size)[number % len(Size)],
            "licence": Licence.CC_BY,
            "contact_title": "Rådgiver",
            "used_since": (at - timedelta(days=200)).date(),
            "origin_kind": IDEA if has_origin else None,
            "origin_id": random.choice(ideas) if has_origin else None,
            "local_note": "",
            "state": PublicationState.PUBLISHED,
            "in_use": in_use.get(number, 0),
            "edition": 1,
            "author_id": people[number % len(people)],
            "byline": Byline.NAME,
            "key": uuid.UUID(int=random.getrandbits(128)).hex,
            "created_at": at,
            "shown_at": at + timedelta(minutes=5),
            "changed_at": at + timedelta(minutes=5),
            "version": 1,
        }


def _adoptions(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        chosen = random.sample(municipalities.all_municipalities(), number % (ADOPTERS + 1))
        adopters = [each for each in chosen if each.number != _owner(number)]
        for turn, adopter in enumerate(adopters):
            step = list(Step)[(number + turn) % len(Step)]
            at = now - timedelta(hours=(numbers.stop - number) * 2)
            yield {
                "solution_id": number,
                "adopter": f"{AdopterKind.MUNICIPALITY}:{adopter.number}",
                "kind": AdopterKind.MUNICIPALITY,
                "municipality_number": adopter.number,
                "step": step,
                "way": list(Way)[number % len(Way)] if needs_way(step) else None,
                "in_use_since": at.date() if counts(step) else None,
                "stopped_on": at.date() if step is Step.STOPPED else None,
                "adapted": "",
                "result": "",
                "learning": "Vi var for få til å holde det i gang." if step is Step.STOPPED else "",
                "contact_title": "Rådgiver",
                "language": "nb",
                "of_edition": 1,
                "author_id": people[number % len(people)],
                "byline": f"{adopter.name} kommune",
                "state": PublicationState.PUBLISHED,
                "key": uuid.UUID(int=random.getrandbits(128)).hex,
                "written_at": at,
                "version": 1,
            }


def _in_use(adoptions: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Count those who use each solution, as the actions do."""
    found: dict[int, int] = {}
    for row in adoptions:
        found[row["solution_id"]] = found.get(row["solution_id"], 0) + counts(row["step"])
    return found


def _tallies(numbers: range) -> Iterator[dict[str, Any]]:
    counted = ("supports", "followers", "arguments_for", "arguments_against", "questions", "comments")
    for number in numbers:
        yield {"kind": SOLUTION, "target_id": number, **dict.fromkeys(counted, 0)}
