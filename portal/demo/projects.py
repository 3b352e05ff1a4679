"""The demo's samskaping: projects of all four types in every phase, made by the same actions as people use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.cocreation.actions import agreement, classifying, ending, inputs, meetings, needs, news, offers, process
from portal.cocreation.actions.joining import accept_member, join_project
from portal.cocreation.actions.parties import PartyDraft, add_party
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.finding import Direction
from portal.cocreation.models.posts import Post
from portal.cocreation.models.projects import Ending, PartyKind, Project
from portal.cocreation.models.together import NeedKind, Use
from portal.cocreation.phases import GATES, ORDER, Phase
from portal.cocreation.posts import KINDS
from portal.cocreation.typology import STEPS, Answers, ProjectType
from portal.demo.moderated import let_through
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import row_number
from portal.participation.actions.joining import follow, support
from portal.places.actions import PlaceDraft
from portal.places.queries import neighbourhoods
from portal.portfolio.actions import benefits
from portal.portfolio.models import BenefitType, ResultLink
from portal.portfolio.realisation import Unit

FILE = Path(__file__).parent / "projects.json"
WAITS = 14
"""Days: what was started since then still waits for a moderator."""
SCORES = {"goal": 4, "together": 5, "influence": 4, "worth": 4, "again": 5}


OFFERS = (
    (
        "volunteer",
        Direction.OFFERS,
        NeedKind.HOURS,
        "Turledere som kan lage mat",
        ("matlaging", "tur"),
        (3, 11),
        "Heggedal",
    ),
    ("volunteer", Direction.SEEKS, NeedKind.ROOMS, "Et sted å lagre utstyr", (), (11,), "Slemmestad"),
    ("business", Direction.OFFERS, NeedKind.EQUIPMENT, "Stekeovn på hjul", ("matlaging",), (3, 12), "Heggedal"),
    ("business", Direction.SEEKS, NeedKind.HOURS, "Unge som vil prøve bakeryrket", ("bakst",), (8, 4), "Asker sentrum"),
    ("knowledge", Direction.OFFERS, NeedKind.SKILLS, "Hjelp til å måle om det virker", ("evaluering",), (17, 4), ""),
)
"""What organisations say they have and look for: who, what, the words, the goals, and where."""


@dataclass(frozen=True)
class Telling:
    """One project on its way, the people in it, and how time goes for it."""

    project: Project
    told: Mapping[str, Any]
    owner: Actor
    voices: Sequence[Actor]
    """Who speaks for each party, the owner first."""
    moderator: Actor

    @contextmanager
    def at(self, share: float) -> Iterator[None]:
        """Be at a time between when it was started (0) and today (1)."""
        with clock.moved(-timedelta(days=self.told["days_ago"] * (1 - share))):
            yield

    def show(self, post: Post) -> Any:
        let_through(self.moderator, Ref(KINDS[type(post)], post.id))
        return db.session.get_one(type(post), post.id, populate_existing=True)


def load(random: Random, cast: Mapping[str, Actor], crowd: Sequence[Actor], areas: Sequence[ServiceArea]) -> None:
    """Load the projects, oldest first."""
    by_name = {area.name: area.id for area in areas}
    places = {place.name: place.id for place in neighbourhoods()}
    _offer(cast, places)
    for each in sorted(json.loads(FILE.read_text(encoding="utf-8")), key=lambda told: -told["days_ago"]):
        telling = _start(cast, each, by_name, places)
        if each["days_ago"] <= WAITS:
            continue
        with telling.at(0.02):
            let_through(cast["moderator"], Ref(PROJECT, telling.project.id))
        _join(telling, cast)
        _answer(telling)
        _take_part(telling, random, crowd)
        _on_the_way(telling)
        _do_together(telling, random, crowd)
        _tell(telling, crowd)
        if "ending" in each:
            _end(telling)


def _offer(cast: Mapping[str, Actor], places: Mapping[str, int]) -> None:
    for number, (who, direction, kind, title, skills, goals, place) in enumerate(OFFERS):
        draft = offers.OfferDraft(
            organisation_id=spokesperson_organisations(cast[who].id or 0)[0].id,
            direction=direction,
            kind=kind,
            title=title,
            skills=skills,
            goals=goals,
            place=PlaceDraft(neighbourhood_id=places[place]) if place in places else None,
        )
        with clock.moved(-timedelta(days=20 + number * 9)):
            made = offers.write_offer(cast[who], draft, key=f"demo-{number}")
            let_through(cast["moderator"], Ref(KINDS[type(made)], made.id))


def _start(
    cast: Mapping[str, Actor], told: Mapping[str, Any], areas: Mapping[str, int], places: Mapping[str, int]
) -> Telling:
    owner = cast[told["by"]]
    if unit := told.get("unit"):  # the cast was made before it got its service areas
        owner = replace(owner, service_areas=frozenset({areas[unit]}))
    draft = ProjectDraft(
        title=told["title"],
        summary=told["summary"],
        challenge=told["challenge"],
        goal=told["goal"],
        language=told["language"],
        service_area_id=areas[told["area"]],
        place=PlaceDraft(neighbourhood_id=places[told["place"]]) if told["place"] in places else None,
        goals=tuple(told["goals"]),
        indicators=tuple(row_number(number) for number in told["indicators"]),
    )
    idea = db.session.scalar(sa.select(Idea.id).where(Idea.title == told["origin"])) if told["origin"] else None
    origin = Ref(IDEA, idea) if idea else None
    with clock.moved(-timedelta(days=told["days_ago"])):
        project = start_project(owner, draft, _first_party(owner, told, areas), origin=origin, title=told["title_of"])
    voices = [owner, *(cast[each[3]] for each in told["parties"])]
    return Telling(project=project, told=told, owner=owner, voices=voices, moderator=cast["moderator"])


def _first_party(owner: Actor, told: Mapping[str, Any], areas: Mapping[str, int]) -> PartyDraft:
    if unit := told.get("unit"):
        return PartyDraft(
            kind=PartyKind.MUNICIPALITY, name=unit, contact_title=told["title_of"], service_area_id=areas[unit]
        )
    if "speaks_for" in told:
        voice = spokesperson_organisations(owner.id or 0)[0]
        return PartyDraft(
            kind=PartyKind.ORGANISATION, name=voice.name, contact_title=told["title_of"], organisation_id=voice.id
        )
    return PartyDraft(
        kind=PartyKind.RESIDENTS, name=f"De som startet «{told['title']}»", contact_title=told["title_of"]
    )


def _join(telling: Telling, cast: Mapping[str, Actor]) -> None:
    for number, (kind, name, title, who) in enumerate(telling.told["parties"]):
        with telling.at(0.04 + number / 100):
            draft = PartyDraft(kind=PartyKind(kind), name=name, contact_title=title)
            party = add_party(telling.owner, telling.project.id, draft)
            join_project(cast[who], telling.project.id, party_id=party.id, title=title)
            accept_member(telling.owner, telling.project.id, cast[who].id or 0)


def _answer(telling: Telling) -> None:
    """Let the parties answer in the first phase; what they say later is said when the project gets there."""
    with telling.at(0.1):
        _answer_in(telling, Phase.NEED)
        if choice := telling.told.get("choice"):
            classifying.choose_type(telling.owner, telling.project.id, ProjectType(choice[0]), choice[1])


def _answer_in(telling: Telling, phase: Phase) -> None:
    for voice, steps in zip(telling.voices, telling.told["answers"].get(phase.value, ()), strict=False):
        answers = Answers(**dict(zip(STEPS, steps, strict=True)))
        classifying.answer_questions(voice, telling.project.id, answers)


def _take_part(telling: Telling, random: Random, crowd: Sequence[Actor]) -> None:
    ref = Ref(PROJECT, telling.project.id)
    with telling.at(0.15):
        for each in random.sample(list(crowd), k=min(len(crowd), 3 + telling.project.id * 3 % 19)):
            support(each, ref)
            follow(each, ref)


def _on_the_way(telling: Telling) -> None:
    """Write the agreement, answer at the gates, and go to the phase the project is in now."""
    reached = ORDER.index(Phase(telling.told["phase"]))
    for number, phase in enumerate(ORDER[: min(reached, ORDER.index(Phase.CLOSE))]):
        with telling.at(0.2 + number * 0.12):
            if phase is Phase.PLAN:
                _agree(telling)
            if phase is Phase.NEED:
                _plan(telling)
            said = {question.key: process.Answer(is_yes=True, note="Snakket om på møtet.") for question in GATES[phase]}
            process.answer_gate(telling.owner, telling.project.id, phase, said)
            reason = "Partene er enige om å gå videre."
            move = process.MoveDraft(reason=reason, decided_on=clock.today(), seen=number)
            process.pass_gate(telling.owner, telling.project.id, move)
            _answer_in(telling, ORDER[number + 1])


def _plan(telling: Telling) -> None:
    """Say what is to come of it, and what may go wrong."""
    draft = benefits.BenefitDraft(
        title=telling.told["goal"],
        type=BenefitType.QUALITY,
        link=ResultLink.USER_EFFECTS,
        for_whom="Innbyggerne",
        responsible=telling.told.get("responsible") or telling.told["title_of"],
        indicator="Hvor mange som er med",
        unit=Unit.OTHER,
        unit_word="deltakere",
        baseline_value=Decimal(0),
        baseline_on=clock.today(),
        baseline_source="Egen telling",
        target_value=Decimal(30),
        expected_on=clock.today() + timedelta(days=300),
        service_area_id=telling.project.service_area_id,
        key=f"demo-{telling.project.id}",
    )
    benefits.plan_benefit(telling.owner, Ref(PROJECT, telling.project.id), draft)
    risk = process.RiskDraft(
        what="De som bærer det, blir slitne",
        likelihood=3,
        consequence=4,
        measure="Ingen har mer enn én oppgave om gangen.",
        responsible=telling.told["title_of"],
    )
    process.enter_risk(telling.owner, telling.project.id, risk)


def _agree(telling: Telling) -> None:
    text = telling.told.get("agreement", "Vi bestemmer sammen, og sier fra i god tid når noe endrer seg.")
    draft = agreement.AgreementDraft(text=text, language=telling.told["language"], key=f"demo-{telling.project.id}")
    made = telling.show(agreement.write_agreement(telling.owner, telling.project.id, draft))
    for voice in telling.voices:
        agreement.confirm_agreement(voice, telling.project.id, made.number)


def _do_together(telling: Telling, random: Random, crowd: Sequence[Actor]) -> None:
    language = telling.told["language"]
    for number, (kind, title, text, skills, capacity, taken) in enumerate(telling.told["needs"]):
        with telling.at(0.5):
            draft = needs.NeedDraft(
                kind=NeedKind(kind), title=title, text=text, skills=tuple(skills), capacity=capacity, language=language
            )
            need = telling.show(
                needs.write_need(telling.owner, telling.project.id, draft, key=f"demo-{telling.project.id}-{number}")
            )
        with telling.at(0.7):
            each = 1 if capacity < 100 else 500
            for helper in random.sample(list(crowd), k=min(len(crowd), taken // each)):
                needs.sign_up(helper, need.id, each)
    for number, (days, title, agenda, place, minutes) in enumerate(telling.told["meetings"]):
        _meet(telling, number, days, meetings_told=(title, agenda, place, minutes))


def _meet(telling: Telling, number: int, days: int, meetings_told: Sequence[str]) -> None:
    title, agenda, place, minutes = meetings_told
    starts = clock.start_of_day(clock.today() + timedelta(days=days)) + timedelta(hours=18)
    draft = meetings.MeetingDraft(
        title=title,
        agenda=agenda,
        place=place,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        language=telling.told["language"],
    )
    before = timedelta(days=max(0, -days) + 2)
    with clock.moved(-before):
        made = telling.show(
            meetings.call_meeting(telling.owner, telling.project.id, draft, key=f"demo-{telling.project.id}-{number}")
        )
    if minutes:
        with clock.moved(timedelta(days=days + 1)):
            telling.show(meetings.write_minutes(telling.owner, made.id, minutes, version=made.version))


def _tell(telling: Telling, crowd: Sequence[Actor]) -> None:
    owner, project_id, language = telling.owner, telling.project.id, telling.told["language"]
    for number, (title, text) in enumerate(telling.told["updates"]):
        with telling.at(0.85):
            draft = news.NewsDraft(title=title, text=text, language=language)
            telling.show(news.write_news(owner, project_id, draft, key=f"demo-{telling.project.id}-{number}"))
    for number, (what, why, by) in enumerate(telling.told["decisions"]):
        with telling.at(0.8):
            decision = news.DecisionDraft(
                what=what, why=why, decided_by=by, decided_on=clock.today(), language=language
            )
            telling.show(news.write_decision(owner, project_id, decision, key=f"demo-{telling.project.id}-{number}"))
    for number, (way, text, use, answer, *met) in enumerate(telling.told["inputs"]):
        with telling.at(0.75):
            if way == "digital":
                giver = crowd[(project_id * 7 + number) % len(crowd)]
                said = inputs.InputDraft(text=text, language=language)
                made = inputs.give_input(giver, project_id, said, key=f"demo-{telling.project.id}-{number}")
            else:
                participants, who = met
                heard = inputs.MetDraft(
                    text=text, who=who, participants=participants, held_on=clock.today(), language=language
                )
                made = inputs.enter_input(owner, project_id, heard, key=f"demo-{telling.project.id}-{number}")
            shown = telling.show(made)
        if use:
            with telling.at(0.9):
                inputs.answer_input(owner, shown.id, Use(use), answer, version=shown.version)


def _end(telling: Telling) -> None:
    """Close it, through the last gate when it went all the way; every party says how it went."""
    told, project_id = telling.told, telling.project.id
    with telling.at(0.95):
        if told["phase"] == Phase.REALISE.value:
            for voice in telling.voices:
                ending.evaluate(voice, project_id, ending.EvaluationDraft(scores=SCORES))
            said = {question.key: process.Answer(is_yes=True, note="Ja.") for question in GATES[Phase.CLOSE]}
            process.answer_gate(telling.owner, project_id, Phase.CLOSE, said)
        moves = ORDER.index(Phase.CLOSE) if told["phase"] == Phase.REALISE.value else ORDER.index(Phase(told["phase"]))
        draft = ending.EndDraft(
            ending=Ending(told["ending"]),
            learning=told["learning"],
            decided_on=clock.today(),
            benefits_responsible=told["responsible"],
            seen=moves,
        )
        ending.end_project(telling.owner, project_id, draft)
        let_through(telling.moderator, Ref(PROJECT, project_id))
