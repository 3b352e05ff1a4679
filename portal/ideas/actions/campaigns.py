"""Making campaigns: what they say, ask and weigh, who they are for, and what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.ideas import policy
from portal.ideas.events.campaigns import (
    CampaignAnnounced,
    CampaignChanged,
    CampaignInvited,
    CampaignMade,
    CampaignResultTold,
    CampaignUnannounced,
    CampaignUninvited,
)
from portal.ideas.models.campaigns import Audience, Campaign, CampaignMember
from portal.ideas.models.cases import Assessment
from portal.ideas.models.ideas import Idea
from portal.ideas.questions import QuestionKind
from portal.ideas.stages import IdeaKind
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug

RESERVED = frozenset({"styring", "ny"})
"""Words that other addresses begin with."""
MOST_ROWS = 20
"""Questions, criteria or benefit types of one campaign."""
KEY_LONGEST = 40
STALE = _l("Kampanjen er endret siden du åpnet den. Se over, og lagre på nytt.")
IN_USE = _l("Noen har alt svart på dette, så det kan ikke fjernes. Du kan endre ordene.")

Texts = Mapping[str, str]


class Part(StrEnum):
    """What a campaign may have of its own, in a list."""

    QUESTIONS = "questions"
    CRITERIA = "criteria"
    BENEFIT_TYPES = "benefit_types"


@dataclass(frozen=True, kw_only=True)
class CampaignDraft:
    """What a campaign says, when it is, and who it is for. Texts are in three languages."""

    title: Texts
    lead: Texts
    introduction: Texts = field(default_factory=dict)
    goal: Texts = field(default_factory=dict)
    kind: IdeaKind | None = None
    opens_on: date
    closes_on: date
    audience: Audience = Audience.EVERYBODY


@atomic
def make_campaign(
    actor: Actor, draft: CampaignDraft, key: str = "", questions: Sequence[Mapping[str, Any]] = ()
) -> Campaign:
    """Begin on a campaign that only innovation advisers see. The same form twice is one campaign.

    `questions`: those of a ready-made one that it begins from, as the model keeps them.
    """
    _must_manage(actor)
    _check(draft)
    now = clock.now()
    row = {
        **_columns(draft),
        "slug": _free_slug(draft.title["nb"]),
        "result": {},
        "benefit_types": [],
        "criteria": [],
        "questions": [dict(each) for each in questions],
        "is_announced": False,
        "key": key or uuid.uuid4().hex,
        "created_at": now,
        "changed_at": now,
        "created_by_id": actor.id,
        "version": 1,
    }
    is_new = insert_once(Campaign, row)
    made = db.session.scalars(sa.select(Campaign).where(Campaign.key == row["key"])).one()
    if is_new:
        publish(CampaignMade(actor=actor, campaign_id=made.id))
    return made


@atomic
def change_campaign(actor: Actor, campaign_id: int, draft: CampaignDraft, version: int) -> Campaign:
    """Change what a campaign says. Raises Conflict when it was changed meanwhile, Invalid at the field."""
    campaign = _campaign(actor, campaign_id, version)
    _check(draft)
    if draft.audience is not campaign.audience and _has_ideas(campaign):
        raise Invalid("audience", _l("Det er alt sendt inn ideer. Da kan ikke gruppen endres."))
    for name, value in _columns(draft).items():
        setattr(campaign, name, value)
    return _changed(actor, campaign, "texts")


@atomic
def put_row(actor: Actor, campaign_id: int, part: Part, row: Mapping[str, Any], key: str | None = None) -> Campaign:
    """Add a question, criterion or benefit type at the end, or change the one with the key.

    `row` is as the model keeps it, without its key. Raises Invalid, Conflict, NotFound.
    """
    campaign = _campaign(actor, campaign_id)
    rows = list(getattr(campaign, part.value))
    place = _place(rows, key) if key is not None else len(rows)
    if key is None and len(rows) >= MOST_ROWS:
        raise Conflict(_l("Her er det plass til %(max)d, og det er fullt.", max=MOST_ROWS))
    before = rows[place] if key is not None else None
    made = {**row, "key": key or _free_key(_name(part, row)["nb"], rows)}
    if part is Part.QUESTIONS:
        made["options"] = _options(row, before)
        if before is not None and _loses_answers(made, before) and _in_use(campaign, part, made["key"]):
            raise Conflict(_l("Noen har alt svart. Da kan ikke slaget spørsmål endres, og ingen svar fjernes."))
    rows[place : place + 1] = [made]
    setattr(campaign, part.value, rows)
    return _changed(actor, campaign, part.value)


@atomic
def move_row(actor: Actor, campaign_id: int, part: Part, key: str, steps: int) -> Campaign:
    """Move a row up (−1) or down (1) in its list; beyond the ends it stays."""
    campaign = _campaign(actor, campaign_id)
    rows = list(getattr(campaign, part.value))
    place = _place(rows, key)
    other = min(max(place + steps, 0), len(rows) - 1)
    rows[place], rows[other] = rows[other], rows[place]
    setattr(campaign, part.value, rows)
    return _changed(actor, campaign, part.value)


@atomic
def remove_row(actor: Actor, campaign_id: int, part: Part, key: str) -> Campaign:
    """Take a row out of its list. Raises Conflict when somebody has answered by it."""
    campaign = _campaign(actor, campaign_id)
    rows = list(getattr(campaign, part.value))
    place = _place(rows, key)
    if _in_use(campaign, part, key):
        raise Conflict(IN_USE)
    del rows[place]
    setattr(campaign, part.value, rows)
    return _changed(actor, campaign, part.value)


@atomic
def announce(actor: Actor, campaign_id: int) -> Campaign:
    """Let those it is for see it; from its first day on they can send in ideas."""
    campaign = _campaign(actor, campaign_id)
    if not campaign.is_announced:
        campaign.is_announced = True
        campaign.changed_at = clock.now()
        db.session.flush()
        publish(CampaignAnnounced(actor=actor, campaign_id=campaign.id))
    return campaign


@atomic
def unannounce(actor: Actor, campaign_id: int) -> Campaign:
    """Take an announced campaign back to be worked on. Raises Conflict when ideas have come in."""
    campaign = _campaign(actor, campaign_id)
    if campaign.is_announced:
        if _has_ideas(campaign):
            raise Conflict(_l("Det er alt sendt inn ideer. Da kan ikke kampanjen tas tilbake."))
        campaign.is_announced = False
        campaign.changed_at = clock.now()
        db.session.flush()
        publish(CampaignUnannounced(actor=actor, campaign_id=campaign.id))
    return campaign


@atomic
def tell_result(actor: Actor, campaign_id: int, result: Texts, version: int) -> Campaign:
    """Tell what came of a campaign. Raises Conflict when it was changed meanwhile."""
    campaign = _campaign(actor, campaign_id, version)
    campaign.result, campaign.changed_at = dict(result), clock.now()
    db.session.flush()
    publish(CampaignResultTold(actor=actor, campaign_id=campaign.id))
    return campaign


@atomic
def invite(actor: Actor, campaign_id: int, email: str) -> None:
    """Invite somebody with an account to a closed campaign. Invited already, nothing happens."""
    campaign = _campaign(actor, campaign_id)
    if campaign.audience is not Audience.INVITED:
        raise Conflict(_l("Denne kampanjen er ikke bare for inviterte."))
    account_id = db.session.scalar(sa.select(Account.id).where(sa.func.lower(Account.email) == email.strip().lower()))
    if account_id is None:
        raise Invalid("email", _l("Ingen har en bruker med denne adressen. Be dem lage en først."))
    if insert_once(CampaignMember, {"campaign_id": campaign.id, "account_id": account_id}):
        publish(CampaignInvited(actor=actor, campaign_id=campaign.id, account_id=account_id))


@atomic
def uninvite(actor: Actor, campaign_id: int, account_id: int) -> None:
    """Take somebody off the list of a closed campaign; what they sent in stays."""
    campaign = _campaign(actor, campaign_id)
    gone = sa.delete(CampaignMember).where(
        CampaignMember.campaign_id == campaign.id, CampaignMember.account_id == account_id
    )
    if delete_rows(gone):
        publish(CampaignUninvited(actor=actor, campaign_id=campaign.id, account_id=account_id))


def _must_manage(actor: Actor) -> None:
    if not policy.may_manage(actor) or actor.is_limited:
        raise Forbidden(_l("Bare innovasjonsrådgivere lager kampanjer."))


def _campaign(actor: Actor, campaign_id: int, version: int | None = None) -> Campaign:
    _must_manage(actor)
    found = db.session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne kampanjen."))
    if version is not None and found.version != version:
        raise Conflict(STALE)
    return found


def _check(draft: CampaignDraft) -> None:
    for name in ("title", "lead"):
        if not getattr(draft, name).get("nb", "").strip():
            raise Invalid(f"{name}_nb", _l("Skriv dette på bokmål. Det brukes når et annet språk mangler."))
    if draft.closes_on < draft.opens_on:
        raise Invalid("closes_on", _l("Siste dag kan ikke være før første dag."))


def _columns(draft: CampaignDraft) -> dict[str, Any]:
    texts = {name: dict(getattr(draft, name)) for name in ("title", "lead", "introduction", "goal")}
    plain = {name: getattr(draft, name) for name in ("kind", "opens_on", "closes_on", "audience")}
    return {**texts, **plain}


def _changed(actor: Actor, campaign: Campaign, part: str) -> Campaign:
    campaign.changed_at = clock.now()
    db.session.flush()
    publish(CampaignChanged(actor=actor, campaign_id=campaign.id, part=part))
    return campaign


def _free_slug(title: str) -> str:
    wanted = slug(title)
    taken = set(db.session.scalars(sa.select(Campaign.slug).where(Campaign.slug.startswith(wanted, autoescape=True))))
    return _free(wanted, taken | RESERVED)


def _free_key(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return _free(slug(name)[: KEY_LONGEST - 4].strip("-"), {row["key"] for row in rows})


def _free(wanted: str, taken: set[str] | frozenset[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(name for number in range(2, len(taken) + 3) if (name := f"{wanted}-{number}") not in taken)


def _place(rows: Sequence[Mapping[str, Any]], key: str) -> int:
    found = next((place for place, row in enumerate(rows) if row["key"] == key), None)
    if found is None:
        raise NotFound(_l("Dette er fjernet av noen andre."))
    return found


def _name(part: Part, row: Mapping[str, Any]) -> Texts:
    names: Texts = {Part.QUESTIONS: row.get("label"), Part.CRITERIA: row.get("name")}.get(part, row)
    if not names.get("nb", "").strip():
        raise Invalid("name_nb", _l("Skriv dette på bokmål. Det brukes når et annet språk mangler."))
    return names


def _options(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Give each option a key, the one it had when it is the same option: by its words, or by its place."""
    if row["kind"] != QuestionKind.CHOICE:
        return []
    options = list(row.get("options") or ())
    if len(options) < 2:
        raise Invalid("options_nb", _l("Skriv minst to svar å velge mellom, ett på hver linje."))
    old = list((before or {}).get("options") or ())
    by_words = {each["nb"]: each["key"] for each in old}
    made: list[dict[str, str]] = []
    for place, option in enumerate(options):
        same_place = old[place]["key"] if len(old) == len(options) else None
        key = by_words.get(option["nb"]) or same_place
        if key is None or any(each["key"] == key for each in made):
            key = _free_key(option["nb"], [*made, *old])
        made.append({**option, "key": key})
    return made


def _loses_answers(made: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    gone = {each["key"] for each in before.get("options") or ()} - {each["key"] for each in made["options"]}
    return made["kind"] != before["kind"] or bool(gone)


def _in_use(campaign: Campaign, part: Part, key: str) -> bool:
    """Say whether somebody has answered, scored or chosen by a row."""
    mine = Idea.campaign_id == campaign.id
    if part is Part.BENEFIT_TYPES:
        return db.session.scalar(sa.select(Idea.id).where(mine, Idea.benefit_type == key).limit(1)) is not None
    given: sa.Select[Any] = sa.select(Idea.answers).where(mine, Idea.state != PublicationState.WITHDRAWN)
    if part is Part.CRITERIA:
        given = sa.select(Assessment.scores).join(Idea, Idea.id == Assessment.idea_id).where(mine)
    return any(key in each for each in db.session.scalars(given))


def _has_ideas(campaign: Campaign) -> bool:
    sent = sa.select(Idea.id).where(Idea.campaign_id == campaign.id, Idea.sent_at.is_not(None)).limit(1)
    return db.session.scalar(sent) is not None
