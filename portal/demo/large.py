"""A portal the size of a large municipality, put straight into the tables: to try how it holds, never for show."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, Byline, ServiceArea
from portal.demo.large_projects import fill_projects
from portal.demo.large_solutions import fill_solutions
from portal.demo.people import names
from portal.demo.rows import add, links, places
from portal.goals.models import Link
from portal.ideas.events.ideas import IDEA
from portal.ideas.hours import Cause, Factors, Owner
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.rounds import Ballot, Rating, Round, RoundState, Tie
from portal.participation.models import Contribution, Form, Support, Tally
from portal.places.models import Location

PEOPLE, IDEAS, SUPPORTS, ARGUMENTS, RATERS = 5_000, 10_000, 10, 5, 25_000
PROJECTS, SOLUTIONS = 1_000, 2_000
WANTED = (
    "Buss", "Sykkelvei", "Lekeplass", "Benk", "Møteplass", "Gatelys", "Bibliotek", "Badeplass", "Skolehage",
    "Verksted", "Turvei", "Leksehjelp", "Byttebod", "Kafé", "Snørydding", "Fotballbane", "Skatepark",
    "Drikkefontene", "Kulturkveld", "Nabohjelp",
)  # fmt: skip
FOR = (
    "for barn", "for unge", "for eldre", "om kvelden", "om vinteren", "uten bil", "for alle", "i helgene",
    "for nye i bygda", "med rullestol", "ved skolen", "ved stasjonen",
)  # fmt: skip
REASONS = (
    "I dag må folk kjøre langt, og mange lar det heller være.",
    "Det som var her før, er borte, og ingen har sagt hva som kommer i stedet.",
    "Vi er mange som har savnet dette i årevis, og vi bidrar gjerne selv.",
    "Det er farlig slik det er nå, særlig når det er mørkt.",
    "Andre kommuner har fått det til, og der er de fornøyde.",
)


@atomic
def fill(
    random: Random,
    tell: Callable[[str], None],
    *,
    ideas: int = IDEAS,
    raters: int = RATERS,
    projects: int = PROJECTS,
    solutions: int = SOLUTIONS,
) -> None:
    """Add people, ideas with supports and arguments, projects, solutions, and raters in the open round, all made up.

    Past the actions: no mail, no notices, no audit entries, and nothing for moderators.
    """
    now = clock.now()
    people = _people(random, now, max(SUPPORTS + 1, ideas * PEOPLE // IDEAS))
    tell(f"{len(people)} people")
    first = (db.session.scalar(sa.select(sa.func.max(Idea.id))) or 0) + 1
    numbers = range(first, first + ideas)
    add(Idea, _ideas(random, now, numbers, people))
    if db.session.get_bind().dialect.name == "postgresql":  # which counts for itself
        db.session.execute(sa.select(sa.func.setval("ideas_id_seq", numbers.stop - 1)))
    add(CaseStep, _steps(now, numbers))
    add(TimeThief, _thieves(random, numbers))
    tell(f"{ideas} ideas")
    add(Location, places(random, now, IDEA, numbers))
    add(Link, links(random, IDEA, numbers))
    add(Support, _supports(random, now, numbers, people))
    tell(f"{ideas * SUPPORTS} supports")
    add(Contribution, _arguments(random, now, numbers, people))
    add(Tally, _tallies(numbers))
    tell(f"{ideas * ARGUMENTS} arguments")
    fill_projects(random, people, numbers, projects)
    tell(f"{projects} projects")
    fill_solutions(random, people, numbers, solutions)
    tell(f"{solutions} solutions")
    _rate(random, raters)
    tell(f"{raters} raters")


def _people(random: Random, now: datetime, count: int) -> Sequence[int]:
    before = db.session.scalar(sa.select(sa.func.max(Account.id))) or 0
    rows = (
        {"name": name, "email": f"large-{number}@crowd.demo.example", "created_at": now, "version": 1}
        for number, name in enumerate(names(random, count), 1)
    )
    add(Account, rows)
    return db.session.scalars(sa.select(Account.id).where(Account.id > before).order_by(Account.id)).all()


def _is_thief(number: int) -> bool:
    return number % 8 == 0


def _stage(number: int) -> tuple[Stage, Decision | None]:
    stage = (Stage.RECEIVED, Stage.ASSESSING, Stage.DECIDED, Stage.UNDER_WAY, Stage.REALISED, Stage.CLOSED)[number % 6]
    decided = None if stage in {Stage.RECEIVED, Stage.ASSESSING} else list(Decision)[number % 3]
    return stage, decided


def _ideas(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    areas: Sequence[int | None] = db.session.scalars(sa.select(ServiceArea.id).order_by(ServiceArea.id)).all() or [None]
    for number in numbers:
        sent = now - timedelta(minutes=(numbers.stop - number) * 40)
        stage, decision = _stage(number)
        answered = stage is not Stage.RECEIVED
        yield {
            "id": number,
            "kind": IdeaKind.TIME_THIEF if _is_thief(number) else IdeaKind.INNOVATION,
            "title": f"{random.choice(WANTED)} {random.choice(FOR)} nummer {number}",
            "summary": "",
            "challenge": " ".join(random.sample(REASONS, 2)),
            "solution": "Begynn i det små, og spør dem som bruker det.",
            "usefulness": "",
            "benefit_type": "service_development",
            "answers": {},
            "language": "nb",
            "is_told": False,
            "service_area_id": areas[number % len(areas)],
            "state": PublicationState.PUBLISHED,
            "stage": stage,
            "stage_since": sent,
            "decision": decision,
            "answer_due_at": sent + timedelta(days=14),
            "answered_at": sent + timedelta(days=5) if answered else None,
            "key": uuid.UUID(int=random.getrandbits(128)).hex,
            "created_at": sent,
            "saved_at": sent,
            "sent_at": sent,
            "shown_at": sent + timedelta(minutes=5),
            "author_id": people[number % len(people)],
            "byline": Byline.NAME,
            "version": 1,
        }


def _steps(now: datetime, numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        row = {"idea_id": number, "at": now, "language": "nb", "is_public": True, "details": {}}
        yield {**row, "step": Step.RECEIVED, "by_title": "", "text": ""}
        if _stage(number)[0] is not Stage.RECEIVED:
            answer = {"step": Step.ANSWERED, "by_title": "Innovasjonsrådgiver", "text": "Takk! Vi ser på dette."}
            yield {**row, **answer}


def _thieves(random: Random, numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        if _is_thief(number):
            minutes, times, persons = random.randint(1, 90), random.randint(1, 220), random.randint(1, 60)
            hours = Factors(minutes=minutes, times=times, persons=persons).hours or 0
            yield {
                "idea_id": number,
                "hit": ["employees"],
                "cause": random.choice(list(Cause)),
                "minutes": minutes,
                "times": times,
                "persons": persons,
                "hours": round(float(hours), 4),
                "owner": random.choice(list(Owner)),
                "owner_name": "",
                "freed_for": "",
                "used_for": "",
                "version": 1,
            }


def _supports(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        others = random.sample(people, SUPPORTS + 1)
        author = people[number % len(people)]
        for account in [each for each in others if each != author][:SUPPORTS]:
            yield {"kind": IDEA, "target_id": number, "account_id": account, "created_at": now}


def _arguments(random: Random, now: datetime, numbers: range, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for turn in range(ARGUMENTS):
            yield {
                "kind": IDEA,
                "target_id": number,
                "form": Form.ARGUMENT_AGAINST if turn == ARGUMENTS - 1 else Form.ARGUMENT_FOR,
                "is_official": False,
                "text": random.choice(REASONS),
                "language": "nb",
                "state": PublicationState.PUBLISHED,
                "key": uuid.UUID(int=random.getrandbits(128)).hex,
                "created_at": now,
                "author_id": random.choice(people),
                "byline": Byline.NAME,
                "version": 1,
            }


def _tallies(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "kind": IDEA,
            "target_id": number,
            "supports": SUPPORTS,
            "followers": 0,
            "arguments_for": ARGUMENTS - 1,
            "arguments_against": 1,
            "questions": 0,
            "comments": 0,
        }


def _rate(random: Random, raters: int) -> None:
    """Let so many residents rate everything in the open round, when there is one."""
    round_id = db.session.scalar(sa.select(Round.id).where(Round.state == RoundState.OPEN))
    if round_id is None:
        return
    people = sorted(random.randbytes(32) for _ in range(raters))
    ballot = {"round_id": round_id, "group": StakeholderGroup.RESIDENT, "organisation": None, "tie": Tie.LIVES}
    add(Ballot, ({**ballot, "pseudonym": who} for who in people))
    add(Rating, _ratings(random, round_id, people))


def _ratings(random: Random, round_id: int, people: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    indicators = sorted(each.number for each in catalogue().indicators)
    for who in people:
        chosen = random.choices(list(Answer), (3, 4, 4, 1), k=len(indicators))
        for indicator, answer in zip(indicators, chosen, strict=True):
            yield {"round_id": round_id, "pseudonym": who, "indicator": indicator, "answer": answer}
