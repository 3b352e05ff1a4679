"""The case of an idea as the archive gets it: proposals, answers, decisions and what was said; no private names."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from portal.accounts.models import Byline, Organisation, ServiceArea
from portal.accounts.queries.settings import branding
from portal.ideas import policy, questions
from portal.ideas.archive.values import (
    ADVISER,
    MUNICIPALITY,
    PARTICIPANTS,
    PROPOSER,
    STAFF,
    Case,
    Document,
    EntryType,
    Party,
    RegistryEntry,
    Section,
)
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import Assessment, CaseStep, Step
from portal.ideas.models.ideas import Idea, IdeaVersion, Origin
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries.cases import step_heading
from portal.ideas.queries.importing import portal_address
from portal.ideas.slugs import slug
from portal.ideas.stages import DECISIONS, ENDED, STAGES, Decision, IdeaKind, Stage
from portal.ideas.thief_words import CAUSES, HITS, OWNERS
from portal.ideas.trilingual import told
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.i18n import _
from portal.kernel.identity import Actor
from portal.kernel.richtext import plain
from portal.participation.models import Contribution, Form, Support
from portal.places import queries as places

OSLO = ZoneInfo("Europe/Oslo")
FORMS = {
    Form.ARGUMENT_FOR: "Argument for",
    Form.ARGUMENT_AGAINST: "Argument mot",
    Form.QUESTION: "Spørsmål",
    Form.COMMENT: "Kommentar",
}


def idea_case(actor: Actor, idea_id: int) -> Case:
    idea = policy.must_archive(actor, db.session.get(Idea, idea_id))
    unit = _area(idea) or branding().municipality_name
    party = _proposer(idea)
    ended = idea.stage in ENDED or idea.decision is Decision.REJECTED
    return Case(
        kind=IDEA,
        number=idea.id,
        address=portal_address(f"ideer/{idea.id}-{slug(idea.title)}"),
        title=idea.title,
        keywords=[str(_kind_word(idea))],
        creator=branding().municipality_name,
        creator_id=branding().municipality_number,
        unit=unit,
        responsible=_area(idea) or ADVISER,
        opened_at=idea.sent_at or idea.shown_at,
        ended_at=idea.stage_since if ended else None,
        journal_number=idea.journal_number or "",
        parties=[Party(name=party, role=PROPOSER)],
        entries=sorted(
            [*_wordings(idea, party), *_steps(idea, party), *_conversation(idea), *_assessments(idea)],
            key=lambda entry: entry.at,
        ),
    )


def _proposer(idea: Idea) -> str:
    """Name who proposed it: an organisation or a portal by its name, a person never."""
    if idea.byline is Byline.ORGANISATION and idea.organisation_id:
        return (
            db.session.scalar(sa.select(Organisation.name).where(Organisation.id == idea.organisation_id)) or PROPOSER
        )
    origin = db.session.get(Origin, idea.id)
    return origin.source if origin else PROPOSER


def _area(idea: Idea) -> str:
    return db.session.scalar(sa.select(ServiceArea.name).where(ServiceArea.id == idea.service_area_id)) or ""


def _wordings(idea: Idea, party: str) -> list[RegistryEntry]:
    """Return the proposal as it was sent in and each wording that took its place, but what moderation has hidden."""
    versions = db.session.scalars(
        sa.select(IdeaVersion)
        .where(IdeaVersion.idea_id == idea.id, IdeaVersion.hidden.is_(False))
        .order_by(IdeaVersion.id)
    ).all()
    wordings: list[Idea | IdeaVersion] = [*versions, idea]
    since = idea.sent_at or idea.shown_at
    entries = []
    for number, wording in enumerate(wordings):
        facts = _facts(idea) if wording is idea else []
        title = f"Forslag: {wording.title}" if number == 0 else f"Endret ordlyd: {wording.title}"
        document = Document(
            title=title, kind="Forslag", facts=facts, sections=_words(wording, idea), language=wording.language
        )
        entries.append(
            RegistryEntry(
                at=since,
                type=EntryType.INCOMING,
                title=title,
                sender=party,
                recipient=MUNICIPALITY,
                document=document,
            )
        )
        since = wording.until if isinstance(wording, IdeaVersion) else since
    return entries


def _words(wording: Idea | IdeaVersion, idea: Idea) -> list[Section]:
    said = [
        Section("Kort fortalt", wording.summary),
        Section("Utfordringen", wording.challenge),
        Section("Forslaget", wording.solution),
        Section("Nytte for andre", wording.usefulness),
    ]
    if wording is idea:
        said += _answers(idea)
    return [Section(each.heading, plain(each.text)) for each in said if each.text]


def _answers(idea: Idea) -> list[Section]:
    campaign = db.session.get(Campaign, idea.campaign_id) if idea.campaign_id and idea.answers else None
    asked = questions.read(campaign.questions) if campaign else ()
    return [Section(told(each.label, "nb").text, str(idea.answers.get(each.key, ""))) for each in asked]


def _facts(idea: Idea) -> list[tuple[str, str]]:
    location = places.location(Ref(IDEA, idea.id))
    place = (location.address or (location.neighbourhood.name if location.neighbourhood else "")) if location else ""
    supports = db.session.scalar(
        sa.select(sa.func.count()).select_from(Support).where(Support.kind == IDEA, Support.target_id == idea.id)
    )
    standing = str(STAGES[idea.stage])
    if idea.stage is Stage.DECIDED and idea.decision:
        standing = f"{standing}: {DECISIONS[idea.decision]}"
    facts = [
        ("Slag", str(_kind_word(idea))),
        ("Sak", standing),
        ("Sted", place),
        ("Støtter forslaget", str(supports or 0)),
        ("Nettadresse", portal_address(f"ideer/{idea.id}-{slug(idea.title)}")),
        *_origin(idea),
        *_thief(idea),
    ]
    return [(name, value) for name, value in facts if value]


def _kind_word(idea: Idea) -> Any:
    return _("Tidstyv") if idea.kind is IdeaKind.TIME_THIEF else _("Idé")


def _origin(idea: Idea) -> list[tuple[str, str]]:
    origin = db.session.get(Origin, idea.id)
    if origin is None:
        return []
    return [("Hentet fra", origin.address or origin.source), ("Støtte der", str(origin.supports))]


def _thief(idea: Idea) -> list[tuple[str, str]]:
    thief = db.session.get(TimeThief, idea.id)
    if thief is None:
        return []
    numbers = [thief.minutes, thief.times, thief.persons, thief.hours]
    minutes, times, persons, hours = ("ikke oppgitt" if each is None else _number(each) for each in numbers)
    return [
        ("Hvem den rammer", ", ".join(str(HITS[each]) for each in HITS if each in thief.hit)),
        ("Årsak", str(CAUSES[thief.cause]) if thief.cause else ""),
        ("Eier", str(OWNERS[thief.owner]) if thief.owner else ""),
        ("Minutter hver gang", minutes),
        ("Ganger i året", times),
        ("Personer", persons),
        ("Timer i året", "ikke beregnet" if thief.hours is None else hours),
        ("Timer i året etterpå", _number(thief.hours_after) if thief.hours_after is not None else ""),
    ]


def _number(value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value:f}" else str(value)


def _steps(idea: Idea, party: str) -> list[RegistryEntry]:
    steps = sa.select(CaseStep).where(CaseStep.idea_id == idea.id, CaseStep.step != Step.RECEIVED)
    return [_step(each, party) for each in db.session.scalars(steps.order_by(CaseStep.id))]


def _step(step: CaseStep, party: str) -> RegistryEntry:
    heading = step_heading(step)
    to_author = step.step in {Step.ANSWERED, Step.DECIDED, Step.CLOSED, Step.REALISED} and step.is_public
    outgoing = to_author or step.step is Step.SENT
    recipient = party if to_author else str(step.details.get("to") or "") if outgoing else ""
    return RegistryEntry(
        at=step.at,
        type=EntryType.OUTGOING if outgoing else EntryType.INTERNAL,
        title=heading,
        sender=step.by_title or MUNICIPALITY,
        recipient=recipient,
        is_restricted=not step.is_public,
        document=Document(
            title=heading,
            kind="Svar" if outgoing else "Saksnotat",
            facts=[("Av", step.by_title)] if step.by_title else [],
            sections=[Section("Tekst", plain(step.text))] if step.text else [],
            language=step.language,
        ),
    )


def _conversation(idea: Idea) -> list[RegistryEntry]:
    """Return what was argued, asked and answered in public as one document, without names."""
    shown = sa.select(Contribution).where(
        Contribution.kind == IDEA,
        Contribution.target_id == idea.id,
        Contribution.state == PublicationState.PUBLISHED,
        Contribution.text != "",
    )
    found = db.session.scalars(shown.order_by(Contribution.id)).all()
    if not found:
        return []
    title = "Argumenter, spørsmål og kommentarer"
    return [
        RegistryEntry(
            at=max(each.edited_at or each.created_at for each in found),
            type=EntryType.INCOMING,
            title=title,
            sender=PARTICIPANTS,
            recipient=MUNICIPALITY,
            document=Document(title=title, kind="Innspill", sections=[_said(each) for each in found]),
        )
    ]


def _said(contribution: Contribution) -> Section:
    what = FORMS[contribution.form]
    if contribution.is_official:
        what = "Kommunens svar"
    elif contribution.parent_id is not None:
        what = f"Svar på {what.lower()}"
    day = contribution.created_at.astimezone(OSLO).date().isoformat()
    return Section(f"{what}, {day} (nr. {contribution.id})", plain(contribution.text))


def _assessments(idea: Idea) -> list[RegistryEntry]:
    found = db.session.scalars(
        sa.select(Assessment).where(Assessment.idea_id == idea.id).order_by(Assessment.at, Assessment.id)
    ).all()
    if not found:
        return []
    title = "Vurderinger"
    sections = [Section(f"Vurdering {number}", _assessment(each)) for number, each in enumerate(found, 1)]
    return [
        RegistryEntry(
            at=max(each.at for each in found),
            type=EntryType.INTERNAL,
            title=title,
            sender=STAFF,
            is_restricted=True,
            document=Document(title=title, kind="Vurdering", sections=sections),
        )
    ]


def _assessment(given: Assessment) -> str:
    lines = [f"{key}: {score}" for key, score in sorted(given.scores.items())]
    if given.likelihood and given.consequence:
        lines.append(f"Risiko: sannsynlighet {given.likelihood}, konsekvens {given.consequence}")
    return "\n".join([*lines, *([given.comment] if given.comment else [])])
