"""The case of an idea as the archive gets it: proposals, answers, decisions and what was said; no private names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
from portal.ideas.stages import DECISIONS, ENDED, STAGES, Decision, IdeaKind, Stage
from portal.ideas.thief_words import CAUSES, HITS, OWNERS
from portal.ideas.trilingual import told
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.richtext import plain
from portal.kernel.slugs import slug
from portal.participation.models import Contribution, Form, Support
from portal.places.models import Location, Neighbourhood

OSLO = ZoneInfo("Europe/Oslo")
FORMS = {
    Form.ARGUMENT_FOR: "Argument for",
    Form.ARGUMENT_AGAINST: "Argument mot",
    Form.QUESTION: "Spørsmål",
    Form.COMMENT: "Kommentar",
}


@dataclass(frozen=True)
class _Found:
    """An idea and what stands beside it, read in one statement."""

    idea: Idea
    origin: Origin | None
    thief: TimeThief | None
    campaign: Campaign | None
    area: str
    organisation: str
    place: str
    supports: int

    @property
    def party(self) -> str:
        """Who proposed it: an organisation or another portal by its name, a person never."""
        if self.idea.byline is Byline.ORGANISATION and self.organisation:
            return self.organisation
        return self.origin.source if self.origin else PROPOSER

    @property
    def kind(self) -> str:
        return "Tidstyv" if self.idea.kind is IdeaKind.TIME_THIEF else "Idé"

    @property
    def address(self) -> str:
        return portal_address(f"ideer/{self.idea.id}-{slug(self.idea.title)}")


def idea_case(actor: Actor, idea_id: int) -> Case:
    """Return the case of an idea in bokmål, in five statements. Raises NotFound or Forbidden."""
    found = _found(actor, idea_id)
    idea, shown = found.idea, branding()
    ended = idea.stage in ENDED or idea.decision is Decision.REJECTED
    entries = [*_wordings(found), *_steps(found), *_conversation(idea), *_assessments(idea)]
    return Case(
        kind=IDEA,
        number=idea.id,
        address=found.address,
        title=idea.title,
        keywords=[found.kind],
        creator=shown.municipality_name,
        creator_id=shown.municipality_number,
        unit=found.area or shown.municipality_name,
        responsible=found.area or ADVISER,
        opened_at=idea.sent_at or idea.shown_at,
        ended_at=idea.stage_since if ended else None,
        journal_number=idea.journal_number or "",
        parties=[Party(name=found.party, role=PROPOSER)],
        entries=sorted(entries, key=lambda entry: entry.at),
    )


def _found(actor: Actor, idea_id: int) -> _Found:
    supports = sa.select(sa.func.count()).where(Support.kind == IDEA, Support.target_id == Idea.id)
    place = sa.func.coalesce(sa.func.nullif(Location.address, ""), Neighbourhood.name, "")
    row = db.session.execute(
        sa.select(
            Idea, Origin, TimeThief, Campaign, ServiceArea.name, Organisation.name, place, supports.scalar_subquery()
        )
        .outerjoin(Origin, Origin.idea_id == Idea.id)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(Organisation, Organisation.id == Idea.organisation_id)
        .outerjoin(Location, sa.and_(Location.kind == IDEA, Location.target_id == Idea.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(Idea.id == idea_id)
    ).one_or_none()
    idea = policy.must_archive(actor, row[0] if row else None)
    _, origin, thief, campaign, area, organisation, where, count = row or (None,) * 8
    return _Found(idea, origin, thief, campaign, area or "", organisation or "", where or "", count or 0)


def _wordings(found: _Found) -> list[RegistryEntry]:
    """Return the proposal as it was sent in and each wording that took its place, but what moderation has hidden."""
    idea = found.idea
    versions = db.session.scalars(
        sa.select(IdeaVersion)
        .where(IdeaVersion.idea_id == idea.id, IdeaVersion.hidden.is_(False))
        .order_by(IdeaVersion.id)
    )
    since = idea.sent_at or idea.shown_at
    entries: list[RegistryEntry] = []
    for version in versions:
        entries.append(_proposal(found, version, since, is_first=not entries))
        since = version.until
    return [*entries, _proposal(found, idea, since, is_first=not entries)]


def _proposal(found: _Found, wording: Idea | IdeaVersion, at: datetime, *, is_first: bool) -> RegistryEntry:
    title = f"Forslag: {wording.title}" if is_first else f"Endret ordlyd: {wording.title}"
    is_current = wording is found.idea
    said = [
        Section("Kort fortalt", wording.summary),
        Section("Utfordringen", wording.challenge),
        Section("Forslaget", wording.solution),
        Section("Nytte for andre", wording.usefulness),
        *(_answers(found) if is_current else ()),
    ]
    return RegistryEntry(
        at=at,
        type=EntryType.INCOMING,
        title=title,
        sender=found.party,
        recipient=MUNICIPALITY,
        document=Document(
            title=title,
            kind="Forslag",
            facts=_facts(found) if is_current else (),
            sections=[Section(each.heading, plain(each.text)) for each in said if each.text],
            language=wording.language,
        ),
    )


def _answers(found: _Found) -> list[Section]:
    asked = questions.read(found.campaign.questions) if found.campaign else ()
    return [Section(told(each.label, "nb").text, str(found.idea.answers.get(each.key, ""))) for each in asked]


def _facts(found: _Found) -> list[tuple[str, str]]:
    idea = found.idea
    standing = str(STAGES[idea.stage])
    if idea.stage is Stage.DECIDED and idea.decision:
        standing = f"{standing}: {DECISIONS[idea.decision]}"
    facts = [
        ("Slag", found.kind),
        ("Sak", standing),
        ("Sted", found.place),
        ("Støtter forslaget", str(found.supports)),
        ("Nettadresse", found.address),
        *(_origin(found.origin) if found.origin else ()),
        *(_thief(found.thief) if found.thief else ()),
    ]
    return [(name, value) for name, value in facts if value]


def _origin(origin: Origin) -> list[tuple[str, str]]:
    return [("Hentet fra", origin.address or origin.source), ("Støtte der", str(origin.supports))]


def _thief(thief: TimeThief) -> list[tuple[str, str]]:
    return [
        ("Hvem den rammer", ", ".join(str(name) for hit, name in HITS.items() if hit in thief.hit)),
        ("Årsak", str(CAUSES[thief.cause]) if thief.cause else ""),
        ("Eier", str(OWNERS[thief.owner]) if thief.owner else ""),
        ("Minutter hver gang", _number(thief.minutes, "ikke oppgitt")),
        ("Ganger i året", _number(thief.times, "ikke oppgitt")),
        ("Personer", _number(thief.persons, "ikke oppgitt")),
        ("Timer i året", _number(thief.hours, "ikke beregnet")),
        ("Timer i året etterpå", _number(thief.hours_after, "")),
    ]


def _number(value: Decimal | int | None, unknown: str) -> str:
    return unknown if value is None else format(Decimal(value).normalize(), "f").replace(".", ",")


def _steps(found: _Found) -> list[RegistryEntry]:
    steps = sa.select(CaseStep).where(CaseStep.idea_id == found.idea.id, CaseStep.step != Step.RECEIVED)
    return [_step(each, found.party) for each in db.session.scalars(steps.order_by(CaseStep.id))]


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
