"""The demo's solutions: three neighbours' and the home municipality's own, made by the same actions as people use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from portal import config
from portal.accounts.actions.creation import AccountDraft, create_account
from portal.accounts.models import ServiceArea
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Project
from portal.demo.moderated import let_through
from portal.demo.people import NEIGHBOURS
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Actor, Role, SignInMethod
from portal.observatorium.catalogue import row_number
from portal.participation.actions.joining import follow
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Form
from portal.portfolio.actions import benefits
from portal.portfolio.models import BenefitType, ResultLink
from portal.portfolio.realisation import Unit
from portal.solutions.actions.adopting import begin_adoption, change_adoption
from portal.solutions.actions.sharing import (
    SolutionDraft,
    WordsDraft,
    edit_solution,
    share_solution,
    translate_solution,
)
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.adoption_rows import AdoptionDraft
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import WORDS, Solution

FILE = Path(__file__).parent / "solutions.json"


@dataclass(frozen=True)
class Sharing:
    """One solution on its way out, and the people it meets."""

    solution_id: int
    told: Mapping[str, Any]
    owner: Actor
    people: Mapping[str, Actor]
    areas: Mapping[str, int]

    @property
    def ref(self) -> Ref:
        return Ref(SOLUTION, self.solution_id)

    def show(self, ref: Ref) -> None:
        let_through(self.people["moderator"], ref)


def load(random: Random, cast: Mapping[str, Actor], crowd: Sequence[Actor], areas: Sequence[ServiceArea]) -> None:
    """Load the solutions, oldest first."""
    people = {**cast, **_make_neighbours()}
    by_name = {area.name: area.id for area in areas}
    for told in sorted(json.loads(FILE.read_text(encoding="utf-8")), key=lambda each: -each["days_ago"]):
        sharing = _share(told, people, by_name)
        if told.get("waits"):
            continue
        with _ago(told["days_ago"] - 1):
            sharing.show(sharing.ref)
        for each in told.get("translations", ()):
            _translate(sharing, each)
        _follow(sharing, random, crowd)
        for number, words in enumerate(told.get("questions", ())):
            _ask(sharing, number, *words)
        for adoption in told.get("adoptions", ()):
            _adopt(sharing, adoption)
        if "benefit" in told:
            _benefit(sharing)
        if "edited" in told:
            _edit(sharing)


@atomic
def _make_neighbours() -> dict[str, Actor]:
    """Make partner staff of more municipalities; without passwords, since nobody is to be them."""
    made = {}
    roles = (Role.PARTNER,)
    with _ago(800):
        for key, (name, number) in NEIGHBOURS.items():
            draft = AccountDraft(
                name=name, email=f"partner-{number}@crowd.demo.example", roles=roles, municipality_number=number
            )
            account = create_account(SYSTEM, draft)
            made[key] = Actor(
                id=account.id,
                name=name,
                roles=frozenset({Role.MEMBER, *roles}),
                sign_in=SignInMethod.PASSWORD,
                municipality_number=number,
            )
    return made


@contextmanager
def _ago(days: float) -> Iterator[None]:
    with clock.moved(-timedelta(days=days)):
        yield


def _share(told: Mapping[str, Any], people: Mapping[str, Actor], areas: Mapping[str, int]) -> Sharing:
    owner = people[told["by"]]
    with _ago(told["days_ago"]):
        solution = share_solution(owner, _draft(told), origin=_origin(told), key=f"demo-{told['days_ago']}")
    return Sharing(solution_id=solution.id, told=told, owner=owner, people=people, areas=areas)


def _draft(told: Mapping[str, Any]) -> SolutionDraft:
    return SolutionDraft(
        words=_words(told),
        theme=Theme(told["theme"]),
        cost_class=Cost(told["cost_class"]),
        evidence=Evidence(told["evidence"]),
        size=Size(told["size"]),
        licence=Licence(told.get("licence", Licence.CC_BY)),
        contact_title=told["contact_title"],
        used_since=clock.today() - timedelta(days=told["used_for"]),
        goals=tuple(told["goals"]),
        indicators=tuple(row_number(each) for each in told["indicators"]),
    )


def _words(told: Mapping[str, Any]) -> WordsDraft:
    return WordsDraft(**{name: told[name] for name in WORDS if name in told}, language=told.get("language", "nb"))


def _origin(told: Mapping[str, Any]) -> Ref | None:
    if "origin" not in told:
        return None
    kind, title = told["origin"]
    titled = {
        IDEA: sa.select(Idea.id).where(Idea.title == title),
        PROJECT: sa.select(Project.id).where(Project.title == title),
    }
    return Ref(kind, db.session.scalars(titled[kind]).one())


def _translate(sharing: Sharing, told: Mapping[str, Any]) -> None:
    with _ago(told["days_ago"]):
        made = translate_solution(sharing.owner, sharing.solution_id, _words(told))
        sharing.show(Ref(TRANSLATION, made.id))


def _follow(sharing: Sharing, random: Random, crowd: Sequence[Actor]) -> None:
    with _ago(sharing.told["days_ago"] * 0.8):
        for each in random.sample(list(crowd), k=min(len(crowd), 2 + sharing.solution_id * 5 % 11)):
            follow(each, sharing.ref)


def _ask(sharing: Sharing, number: int, who: str, text: str, answer: str) -> None:
    """Let somebody ask the source, which answers two days later."""
    days_ago = sharing.told["days_ago"] * 0.7 - number
    key = f"demo-{sharing.solution_id}-{number}"
    with _ago(days_ago):
        draft = ContributionDraft(text=text, form=Form.QUESTION, key=key)
        question = Ref(CONTRIBUTION, contribute(sharing.people[who], sharing.ref, draft).id)
        sharing.show(question)
    with _ago(max(0, days_ago - 2)):
        answered = ContributionDraft(text=answer, is_official=True, key=f"{key}-answer")
        contribute(sharing.owner, question, answered)


def _adopt(sharing: Sharing, told: Mapping[str, Any]) -> None:
    """Let somebody take it in use, step by step; a word that `waits` is left to the moderators."""
    actor, adoption_id, since = sharing.people[told["by"]], 0, None
    for step in told["steps"]:
        with _ago(step["days_ago"]):
            if step["step"] == Step.IN_USE:
                since = clock.today()
            draft = _step(step, told.get("contact_title", ""), since)
            if adoption_id:
                version = db.session.get_one(Adoption, adoption_id, populate_existing=True).version
                change_adoption(actor, adoption_id, draft, version=version)
            else:
                adopter, key = _adopter(sharing, actor, told["for"]), f"demo-{sharing.solution_id}-{told['for']}"
                adoption_id = begin_adoption(actor, sharing.solution_id, adopter, draft, key=key[:36]).id
            told_now = db.session.get_one(Adoption, adoption_id, populate_existing=True)
            if told_now.state is PublicationState.PENDING and not step.get("waits"):
                sharing.show(Ref(ADOPTION, adoption_id))


def _step(told: Mapping[str, Any], contact_title: str, since: date | None) -> AdoptionDraft:
    return AdoptionDraft(
        step=Step(told["step"]),
        way=Way(told["way"]) if "way" in told else None,
        in_use_since=since,
        adapted=told.get("adapted", ""),
        result=told.get("result", ""),
        learning=told.get("learning", ""),
        contact_title=contact_title,
    )


def _adopter(sharing: Sharing, actor: Actor, whom: str) -> Adopter:
    """Return the actor's municipality or organisation, or a service area by its name."""
    if whom == "municipality":
        return Adopter(AdopterKind.MUNICIPALITY, actor.municipality_number or config.current().municipality_number)
    if whom == "organisation":
        return Adopter(AdopterKind.ORGANISATION, str(spokesperson_organisations(actor.id or 0)[0].id))
    return Adopter(AdopterKind.UNIT, str(sharing.areas[whom]))


def _benefit(sharing: Sharing) -> None:
    """Plan a benefit when it is shared, and measure it when half the time has gone."""
    title, baseline, target, value, unit = sharing.told["benefit"]
    days_ago = sharing.told["days_ago"]
    with _ago(days_ago - 1):
        draft = benefits.BenefitDraft(
            title=title,
            type=BenefitType.QUALITY,
            link=ResultLink.USER_EFFECTS,
            for_whom="Innbyggerne",
            responsible=sharing.told["contact_title"],
            indicator=title,
            unit=Unit.OTHER,
            unit_word=unit,
            baseline_value=Decimal(baseline),
            baseline_on=clock.today(),
            baseline_source="Egen telling",
            target_value=Decimal(target),
            expected_on=clock.today() + timedelta(days=300),
            key=f"demo-{sharing.solution_id}",
        )
        planned = benefits.plan_benefit(sharing.owner, sharing.ref, draft)
    with _ago(days_ago / 2):
        measured = benefits.MeasurementDraft(measured_on=clock.today(), value=Decimal(value), source="Egen telling")
        benefits.measure_benefit(sharing.owner, planned.id, measured)


def _edit(sharing: Sharing) -> None:
    """Say something better, long after others took it in use."""
    told = sharing.told["edited"]
    with _ago(sharing.told["days_ago"]):
        draft = _draft(sharing.told)  # what hasn't changed is told as of the day it was shared
    words = replace(draft.words, **{name: told[name] for name in WORDS if name in told})
    version = db.session.get_one(Solution, sharing.solution_id, populate_existing=True).version
    with _ago(told["days_ago"]):
        edit_solution(sharing.owner, sharing.solution_id, replace(draft, words=words), version=version)
        sharing.show(sharing.ref)
