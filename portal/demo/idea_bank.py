"""The demo's ideas and tidstyver, in every state, made by the same actions as people use; the texts: ideas.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from portal.accounts.models import Byline, ServiceArea
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.demo.moderated import let_through
from portal.goals.actions import link
from portal.ideas.actions import cases, thieves
from portal.ideas.actions.assessing import AssessmentDraft
from portal.ideas.actions.assessing import assess_idea as give_assessment
from portal.ideas.actions.cases import Assignment, Receipt, Said
from portal.ideas.actions.merging import merge_ideas
from portal.ideas.actions.proposing import IdeaDraft, begin_idea, consent_to_publishing, send_idea
from portal.ideas.criteria import STANDARD
from portal.ideas.events.ideas import IDEA
from portal.ideas.hours import Cause, Hit, Owner
from portal.ideas.models.ideas import Idea, Lineage
from portal.ideas.models.thieves import TimeThief
from portal.ideas.stages import Decision, Degree, IdeaKind
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor, Role
from portal.observatorium.catalogue import row_number
from portal.observatorium.events.rounds import INDICATOR
from portal.participation.actions.joining import follow, support
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Form
from portal.places.actions import PlaceDraft, locate
from portal.places.queries import neighbourhoods
from portal.portfolio.actions import applications, benefits, funds
from portal.portfolio.models import BenefitType, Purpose, ResultLink
from portal.portfolio.realisation import Unit

FILE = Path(__file__).parent / "ideas.json"
FRAME_ORE = 150_000_000
"""Asker's yearly frame: 1.5 million kroner."""
LATER = "Takk for at du sier fra! Vi snakker med dem det gjelder, og svarer mer når vi vet hva som er mulig."
ENDS_AFTER_WORK = frozenset({"under_way", "realised", "closed"})


@dataclass(frozen=True)
class People:
    """Who does what in the demo."""

    cast: Mapping[str, Actor]
    crowd: Sequence[Actor]
    random: Random
    funds: Mapping[int, int]
    """The innovation fund of each year."""


@dataclass(frozen=True)
class Case:
    """One idea on its way: when it was sent in, and how time goes for it."""

    idea: Idea
    told: Mapping[str, Any]
    people: People

    @contextmanager
    def at(self, share: float) -> Iterator[None]:
        """Be at a time between when it was sent in (0) and today (1)."""
        with clock.moved(-timedelta(days=self.told["days_ago"] * (1 - share))):
            yield

    def said(self, text: str) -> Said:
        return Said(text=text, version=db.session.get_one(Idea, self.idea.id, populate_existing=True).version)


def load(random: Random, cast: Mapping[str, Actor], crowd: Sequence[Actor], areas: Sequence[ServiceArea]) -> None:
    """Load the ideas, oldest first, with supports, arguments, cases, benefits and funds, and a pair that is merged."""
    by_name = {area.name: area.id for area in areas}
    places = {place.name: place for place in neighbourhoods()}
    people = People(cast, crowd, random, _make_funds(cast["adviser"]))
    told = sorted(json.loads(FILE.read_text()), key=lambda each: -each["days_ago"])
    made = []
    for number, each in enumerate(told):
        case = _propose(people, each, by_name, number)
        made.append(case)
        _place(case, places)
        if case.idea.state is PublicationState.PUBLISHED:
            _take_part(case)
        _handle(case)
    _assess(made)
    _merge(made)


def _propose(people: People, told: Mapping[str, Any], areas: Mapping[str, int], number: int) -> Case:
    author = people.cast.get(told["by"]) or people.crowd[number % len(people.crowd)]
    voices = spokesperson_organisations(author.id or 0) if number % 2 else ()
    draft = IdeaDraft(
        kind=IdeaKind.TIME_THIEF if "thief" in told else IdeaKind.INNOVATION,
        title=told["title"],
        summary=told.get("summary", ""),
        challenge=told["challenge"],
        solution=told.get("solution", ""),
        usefulness=told.get("usefulness", ""),
        benefit_type=told["benefit_type"],
        language=told["language"],
        is_told=told.get("is_told", False),
        service_area_id=areas.get(told.get("area", "")),
        byline=Byline.ORGANISATION if voices else Byline.NAME,
        organisation_id=voices[0].id if voices else None,
    )
    with clock.moved(-timedelta(days=told["days_ago"])):
        idea = begin_idea(author, draft)
        if "thief" in told:
            thieves.save_thief(author, idea.id, _thief(told["thief"]))
        ref = Ref(IDEA, idea.id)
        link(author, ref, "goal", told.get("goals", ()))
        link(author, ref, INDICATOR, [row_number(each) for each in told.get("indicators", ())])
        internal = author.has(Role.EMPLOYEE) and "thief" in told
        idea = send_idea(author, idea.id, internally=internal)
    with clock.moved(-timedelta(days=told["days_ago"] * 0.99)):
        if internal and told.get("state") != "internal":
            idea = consent_to_publishing(author, idea.id)
        if idea.state is PublicationState.PENDING and told["days_ago"] > 5:
            let_through(people.cast["moderator"], ref)
    return Case(db.session.get_one(Idea, idea.id, populate_existing=True), told, people)


def _thief(told: Mapping[str, Any]) -> thieves.ThiefDraft:
    return thieves.ThiefDraft(
        hit=[Hit(each) for each in told["hit"]],
        cause=Cause(told["cause"]),
        within_control=told.get("within_control", False),
        minutes=Decimal(told["minutes"]) if "minutes" in told else None,
        times=told.get("times"),
        persons=told.get("persons"),
        owner=Owner(told["owner"]) if "owner" in told else None,
    )


def _place(case: Case, places: Mapping[str, Any]) -> None:
    place = places.get(case.told.get("place", ""))
    if place is None:
        return
    near = [centre + case.people.random.uniform(-0.006, 0.006) for centre in (place.latitude, place.longitude)]
    exact = case.idea.id % 4
    draft = PlaceDraft(latitude=near[0], longitude=near[1]) if exact else PlaceDraft(neighbourhood_id=place.id)
    locate(case.people.cast["adviser"], Ref(IDEA, case.idea.id), draft)


def _take_part(case: Case) -> None:
    people, ref = case.people, Ref(IDEA, case.idea.id)
    others = [each for each in people.crowd if each.id != case.idea.author_id]
    fans = people.random.sample(others, k=min(case.told.get("supports", 0), len(others)))
    for number, each in enumerate(fans):
        with case.at(0.05 + 0.9 * number / len(fans)):
            support(each, ref)
            if number % 5 == 0:
                follow(each, ref)
    said = [(Form.ARGUMENT_FOR, text) for text in case.told.get("arguments_for", ())]
    said += [(Form.ARGUMENT_AGAINST, text) for text in case.told.get("arguments_against", ())]
    said += [(Form.QUESTION, text) for text in case.told.get("questions", ())]
    for number, (form, text) in enumerate(said):
        with case.at(0.1 + 0.1 * number):
            written = contribute(
                others[(case.idea.id + number) % len(others)], ref, ContributionDraft(text=text, form=form)
            )
            if db.session.get_one(type(written), written.id, populate_existing=True).state is PublicationState.PENDING:
                let_through(people.cast["moderator"], Ref(CONTRIBUTION, written.id))


def _handle(case: Case) -> None:
    told, adviser, id_ = case.told, case.people.cast["adviser"], case.idea.id
    if case.idea.state not in {PublicationState.PUBLISHED, PublicationState.INTERNAL}:
        return
    employee = {0: "employee", 3: "employee2"}.get((case.idea.service_area_id or 0) - 1)
    with case.at(0.1):
        if employee and told["stage"] != "received":
            given = Assignment(
                service_area_id=case.idea.service_area_id,
                responsible_id=case.people.cast[employee].id,
                version=case.said("").version,
            )
            cases.assign_idea(adviser, id_, given)
    with case.at(min(0.3, 11 / told["days_ago"])):
        answer = told.get("answer") or (LATER if told["days_ago"] > 14 and id_ % 4 else "")
        if answer:
            cases.answer_idea(adviser, id_, case.said(answer))
        if told["stage"] != "received":
            cases.assess_idea(adviser, id_, case.said(""))
    if "decision" in told:
        _decide(case)
    if told["stage"] in ENDS_AFTER_WORK:
        _finish(case)


def _decide(case: Case) -> None:
    told, adviser, id_ = case.told, case.people.cast["adviser"], case.idea.id
    with case.at(0.5):
        receipt = None
        if told["decision"] == "sent_on":
            to = told.get("thief", {}).get("transfer", ["", "Akershus fylkeskommune"])[1]
            receipt = Receipt(to=to, reference=f"{clock.today().year}/{1000 + id_}")
        cases.decide_idea(adviser, id_, Decision(told["decision"]), case.said(told["reason"]), receipt)
        if "transfer" in told.get("thief", {}):
            owner, name = told["thief"]["transfer"]
            draft = thieves.TransferDraft(owner=Owner(owner), owner_name=name, reason=told["reason"], is_known=True)
            thieves.transfer_thief(adviser, id_, draft, version=_thief_version(id_), key=f"demo-{id_}")
    if "grant" in told:
        with case.at(0.55):
            _grant(case)


def _finish(case: Case) -> None:
    told, adviser, id_ = case.told, case.people.cast["adviser"], case.idea.id
    with case.at(0.6):
        cases.start_work(adviser, id_, case.said("Vi er i gang, og forteller mer når vi har prøvd."))
    if "benefit" in told:
        _benefit(case)
    with case.at(0.85):
        if told["stage"] == "under_way":
            cases.tell_progress(adviser, id_, case.said("De første har prøvd. Vi justerer litt og går videre."))
        elif told["stage"] == "closed":
            cases.close_idea(adviser, id_, case.said(told["account"]))
        else:
            _realise(case)


def _realise(case: Case) -> None:
    told, adviser, id_ = case.told, case.people.cast["adviser"], case.idea.id
    thief = told.get("thief")
    if thief and "after" in thief:
        minutes, times, persons = thief["after"]
        draft = thieves.AfterDraft(
            minutes=Decimal(minutes),
            times=times,
            persons=persons,
            measured_on=clock.today(),
            degree=Degree(thief["degree"]),
            freed_for=thief["freed_for"],
            used_for=thief["used_for"],
        )
        thieves.measure_thief(adviser, id_, draft, version=_thief_version(id_))
    degree = Degree(thief["degree"]) if thief else None
    cases.realise_idea(adviser, id_, case.said(told["account"]), degree)


def _benefit(case: Case) -> None:
    title, baseline, target, value, unit, kind = case.told["benefit"]
    adviser, ref = case.people.cast["adviser"], Ref(IDEA, case.idea.id)
    with case.at(0.62):
        draft = benefits.BenefitDraft(
            title=title,
            type=BenefitType(kind),
            link=ResultLink.USER_EFFECTS,
            for_whom="Innbyggerne",
            responsible="Virksomhetsleder",
            indicator=title,
            unit=Unit.OTHER,
            unit_word=unit,
            baseline_value=Decimal(baseline),
            baseline_on=clock.today(),
            baseline_source="Egen telling",
            target_value=Decimal(target),
            expected_on=clock.today() + timedelta(days=120),
            service_area_id=case.idea.service_area_id,
            key=f"demo-{case.idea.id}",
        )
        planned = benefits.plan_benefit(adviser, ref, draft)
    for share, part in ((0.7, Decimal("0.4")), (0.8, Decimal(1))):
        with case.at(share):
            measured = Decimal(baseline) + (Decimal(value) - Decimal(baseline)) * part
            told = benefits.MeasurementDraft(
                measured_on=clock.today(), value=measured.quantize(Decimal(1)), source="Egen telling"
            )
            benefits.measure_benefit(adviser, planned.id, told)


def _grant(case: Case) -> None:
    kroner, purpose, _state = case.told["grant"]
    author = next(
        actor for actor in (*case.people.cast.values(), *case.people.crowd) if actor.id == case.idea.author_id
    )
    fund = case.people.funds.get(clock.today().year)
    if fund is None:
        return
    asked = applications.ApplicationDraft(
        fund_id=fund,
        purpose=Purpose(purpose),
        asked_ore=kroner * 100,
        what_for="Prøve det ut sammen i seks måneder.",
        key=f"demo-{case.idea.id}",
    )
    sent = applications.send_application(
        author, applications.draft_application(author, Ref(IDEA, case.idea.id), asked).id
    )
    decision = funds.DecisionDraft(
        granted_ore=kroner * 80,
        reason="Ideen løser noe mange har meldt, og flere er med og bidrar.",
        decided_by_title="Innovasjonsrådgiver",
    )
    funds.decide(case.people.cast["adviser"], sent.id, decision)
    payment = funds.PaymentDraft(ore=kroner * 40, paid_on=clock.today(), reference="Bilag 4711", key="demo")
    funds.pay(case.people.cast["adviser"], sent.id, payment)


def _make_funds(adviser: Actor) -> Mapping[int, int]:
    year, made = clock.today().year, {}
    for each in (year - 1, year):
        draft = funds.FundDraft(
            year=each,
            frame_ore=FRAME_ORE,
            opens_on=clock.today().replace(year=each, month=1, day=1),
            closes_on=clock.today().replace(year=each, month=12, day=31),
        )
        made[each] = funds.set_fund(adviser, draft).id
    return made


def _assess(made: Sequence[Case]) -> None:
    """Let three of the staff assess what has come so far; one of them has yet to assess the newest."""
    for number, case in enumerate(made):
        if case.told["stage"] not in {"assessing", "decided", "under_way"}:
            continue
        staff = ("employee", "employee2", "adviser")[: 2 if case.told["stage"] == "assessing" else 3]
        for name in staff:
            actor = case.people.cast[name]
            if actor.id == case.idea.author_id:
                continue
            scores = {each.key: case.people.random.randint(1 + number % 3, 5) for each in STANDARD}
            risk = case.people.random.randint(1, 4), case.people.random.randint(1, 4)
            give_assessment(
                actor, case.idea.id, AssessmentDraft(scores=scores, likelihood=risk[0], consequence=risk[1])
            )


def _merge(made: Sequence[Case]) -> None:
    """Let somebody propose what is proposed already, and an adviser see it."""
    first = next(case for case in made if case.told["title"].startswith("Nattbuss"))
    people, told = (
        first.people,
        {"days_ago": 9, "title": "Buss om natta fra Sætre", "by": "resident2", "language": "nb"},
    )
    again = {**told, "challenge": first.told["challenge"], "benefit_type": "other", "stage": "received", "supports": 7}
    case = _propose(people, again, {}, 0)
    if case.idea.state is PublicationState.PUBLISHED:
        _take_part(case)
        with case.at(0.6):
            merge_ideas(people.cast["adviser"], first.idea.id, case.idea.id, "Begge vil ha buss om kvelden fra Sætre.")
    child = IdeaDraft(
        title="Kveldsbuss fra Tofte også",
        challenge="Vi har det på samme måte her ute, med lengre vei.",
        parent_id=first.idea.id,
        lineage=Lineage.ALSO_WANTED,
    )
    with clock.moved(-timedelta(days=6)):
        idea = send_idea(people.cast["resident"], begin_idea(people.cast["resident"], child).id)
        if idea.state is PublicationState.PENDING:
            let_through(people.cast["moderator"], Ref(IDEA, idea.id))


def _thief_version(idea_id: int) -> int:
    return db.session.get_one(TimeThief, idea_id, populate_existing=True).version
