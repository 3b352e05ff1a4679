"""The samskaping of a portal the size of a large municipality, put straight into the tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.classifying import Classification
from portal.cocreation.models.projects import Member, MemberRole, Part, Party, PartyKind, Project
from portal.cocreation.models.together import Input, Meeting, Need, NeedKind, Update, Way
from portal.cocreation.phases import ORDER, Phase
from portal.cocreation.typology import PROTOTYPES, STEPS, VERSION, Answers, ProjectType, classify
from portal.demo.rows import add, links, places
from portal.goals.models import Link
from portal.ideas.events.ideas import IDEA
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.participation.models import Tally
from portal.places.models import Location

PARTIES = (PartyKind.RESIDENTS, PartyKind.MUNICIPALITY, PartyKind.ORGANISATION)


def fill_projects(random: Random, people: Sequence[int], ideas: range, count: int) -> None:
    """Add projects with parties, answers, needs, a meeting, news and input, all made up; past the actions."""
    now = clock.now()
    first = (db.session.scalar(sa.select(sa.func.max(Project.id))) or 0) + 1
    numbers = range(first, first + count)
    party = (db.session.scalar(sa.select(sa.func.max(Party.id))) or 0) + 1
    add(Project, _projects(random, now, numbers, people, ideas))
    add(Party, _parties(now, numbers, party))
    if db.session.get_bind().dialect.name == "postgresql":  # which counts for itself
        for table, last in (("projects", numbers.stop - 1), ("project_parties", party + count * len(PARTIES) - 1)):
            db.session.execute(sa.select(sa.func.setval(f"{table}_id_seq", last)))
    add(Member, _members(now, numbers, party, people))
    add(Classification, _answers(now, numbers, party))
    add(Need, _needs(random, now, numbers, people))
    add(Meeting, _meetings(random, now, numbers, people))
    add(Update, _updates(random, now, numbers, people))
    add(Input, _inputs(random, now, numbers, people))
    add(Location, places(random, now, PROJECT, numbers))
    add(Link, links(random, PROJECT, numbers))
    add(Tally, _tallies(numbers))


def _type(number: int) -> ProjectType:
    return list(ProjectType)[number % len(ProjectType)]


def _steps(number: int) -> tuple[int, ...]:
    return tuple(int(step) for step in PROTOTYPES[_type(number)])


def _phase(number: int) -> Phase:
    return ORDER[number % 5]


def _projects(
    random: Random, now: datetime, numbers: range, people: Sequence[int], ideas: range
) -> Iterator[dict[str, Any]]:
    for number in numbers:
        at = now - timedelta(hours=(numbers.stop - number) * 4)
        problem, goals, design, carry_out = _steps(number)
        reading = classify(Answers(problem=problem, goals=goals, design=design, carry_out=carry_out))
        yield {
            "id": number,
            "title": f"Sammen om stedet vårt nummer {number}",
            "summary": "Naboer, en organisasjon og kommunen gjør noe sammen.",
            "challenge": "Det mangler et sted å møtes, og ingen får det til alene.",
            "goal": "Et sted som brukes hver dag.",
            "language": "nb",
            "origin_kind": IDEA if number % 2 and ideas else None,
            "origin_id": random.choice(ideas) if number % 2 and ideas else None,
            "state": PublicationState.PUBLISHED,
            "phase": _phase(number),
            "phase_since": at,
            "type": _type(number),
            "central_actor": reading.central_actor,
            "predictability": reading.predictability,
            "learning": "",
            "benefits_responsible": "",
            "alive_at": at,
            "author_id": people[number % len(people)],
            "byline": Byline.NAME,
            "key": uuid.UUID(int=random.getrandbits(128)).hex,
            "created_at": at,
            "shown_at": at,
            "version": 1,
        }


def _parties(now: datetime, numbers: range, first: int) -> Iterator[dict[str, Any]]:
    for place, number in enumerate(numbers):
        for turn, kind in enumerate(PARTIES):
            yield {
                "id": first + place * len(PARTIES) + turn,
                "project_id": number,
                "kind": kind,
                "name": f"{kind.value} {number}",
                "contact_title": "Kontaktperson",
                **dict.fromkeys(STEPS, Part.TOGETHER),
                "joined_at": now,
                "version": 1,
            }


def _members(now: datetime, numbers: range, first: int, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for place, number in enumerate(numbers):
        yield {
            "project_id": number,
            "account_id": people[number % len(people)],
            "role": MemberRole.OWNER,
            "party_id": first + place * len(PARTIES),
            "title": "Kontaktperson",
            "asked_at": now,
            "joined_at": now,
        }


def _answers(now: datetime, numbers: range, first: int) -> Iterator[dict[str, Any]]:
    for place, number in enumerate(numbers):
        for turn in range(len(PARTIES)):
            yield {
                "project_id": number,
                "party_id": first + place * len(PARTIES) + turn,
                "phase": _phase(number),
                **dict(zip(STEPS, _steps(number), strict=True)),
                **dict.fromkeys(("goal_locked", "frame_locked", "could_end_elsewhere"), False),
                "rule_version": VERSION,
                "answered_at": now,
            }


def _post(random: Random, now: datetime, number: int, people: Sequence[int]) -> dict[str, Any]:
    return {
        "project_id": number,
        "author_id": people[number % len(people)],
        "byline": "Kontaktperson",
        "state": PublicationState.PUBLISHED,
        "language": "nb",
        "key": uuid.UUID(int=random.getrandbits(128)).hex,
        "written_at": now,
        "version": 1,
    }


def _needs(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for kind in (NeedKind.HOURS, NeedKind.SKILLS, NeedKind.EQUIPMENT):
            post = _post(random, now, number, people)
            yield {
                **post,
                "kind": kind,
                "title": "Hjelp til å bygge",
                "text": "",
                "skills": [],
                "capacity": 9,
                "taken": 0,
            }


def _meetings(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        starts = now + timedelta(days=number % 60 - 20)
        yield {
            **_post(random, now, number, people),
            "title": "Møte",
            "agenda": "",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "place": "Biblioteket",
            "link": "",
            "taken": 0,
            "minutes": "",
            "sequence": 0,
        }


def _updates(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {**_post(random, now, number, people), "title": "Vi er i gang", "text": "Første helg er gjort."}


def _inputs(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for _turn in range(2):
            post = _post(random, now, number, people)
            yield {
                **post,
                "way": Way.DIGITAL,
                "text": "Husk dem som ikke ser.",
                "who": "",
                "answer": "",
                "answered_by_title": "",
            }


def _tallies(numbers: range) -> Iterator[dict[str, Any]]:
    counted = ("supports", "followers", "arguments_for", "arguments_against", "questions", "comments")
    for number in numbers:
        yield {"kind": PROJECT, "target_id": number, **dict.fromkeys(counted, 0)}
