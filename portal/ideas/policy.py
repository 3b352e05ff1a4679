"""Who may see an idea, take part in it, and handle its case: by its two status axes, and the service area it is in."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.ideas.models.campaigns import Audience, Campaign, CampaignMember
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure
from portal.ideas.stages import Stage
from portal.kernel.content import PublicationState
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role

LIMITED = _l("Kontoen din er begrenset for en tid. Du kan lese, men ikke foreslå noe.")
NOT_FOUND = _l("Vi finner ikke denne ideen. Den kan være trukket av den som skrev den.")
NOT_YOURS = _l("Bare den som skrev dette, kan gjøre det.")
NOT_YOUR_CASE = _l("Saken hører til et annet tjenesteområde. En innovasjonsrådgiver kan flytte den.")

SHOWN = frozenset({PublicationState.PUBLISHED, PublicationState.INTERNAL})
"""Where people who can read it can also take part."""
WAITING = frozenset({PublicationState.PENDING, PublicationState.CHANGES_REQUESTED, PublicationState.HIDDEN})
EDITABLE = frozenset(
    {
        PublicationState.DRAFT,
        PublicationState.INTERNAL,
        PublicationState.PENDING,
        PublicationState.CHANGES_REQUESTED,
        PublicationState.PUBLISHED,
    }
)
SENT_IN = frozenset(PublicationState) - {PublicationState.DRAFT, PublicationState.WITHDRAWN}


@dataclass(frozen=True)
class Abilities:
    """What somebody may do with an idea."""

    edit: bool
    withdraw: bool
    consent: bool
    """Agree that what is internal is published."""
    handle: bool
    """Answer, decide and move the case."""
    manage: bool
    """Assign, merge, run everything."""
    assess: bool
    also_want: bool
    """Make an idea of one's own from it."""


def abilities(actor: Actor, idea: Idea) -> Abilities:
    """Return what somebody who can read the idea may do with it."""
    return Abilities(
        edit=may_edit(actor, idea),
        withdraw=may_withdraw(actor, idea),
        consent=may_consent(actor, idea),
        handle=may_handle(actor, idea),
        manage=may_manage(actor),
        assess=may_assess(actor, idea),
        also_want=idea.state in SHOWN,
    )


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the ideas that somebody can see in lists: published, and internal to them.

    What is merged, withdrawn or hidden is in no list; one's own are on a page of their own.
    """
    published = Idea.state == PublicationState.PUBLISHED
    if not actor.is_signed_in:
        return published
    return sa.or_(published, sa.and_(Idea.state == PublicationState.INTERNAL, _sees_internal(actor)))


def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the ideas whose page somebody can open; what is merged points on for everybody."""
    always = Idea.state.in_([PublicationState.PUBLISHED, PublicationState.MERGED])
    if not actor.is_signed_in:
        return always
    mine = sa.and_(Idea.author_id == actor.id, Idea.state != PublicationState.WITHDRAWN)
    internal = sa.and_(Idea.state == PublicationState.INTERNAL, _sees_internal(actor))
    waiting = Idea.state.in_(WAITING) if actor.has(Role.IDEA_MANAGER, Role.MODERATOR) else sa.false()
    return sa.or_(always, mine, internal, waiting)


def may_read(actor: Actor, idea: Idea, *, invited: bool = False) -> bool:
    """Say the same of one idea; `invited`: to the closed campaign it belongs to."""
    if idea.state in {PublicationState.PUBLISHED, PublicationState.MERGED}:
        return True
    if is_author(actor, idea):
        return idea.state is not PublicationState.WITHDRAWN
    if idea.state is PublicationState.INTERNAL:
        return actor.is_staff or invited
    return idea.state in WAITING and actor.has(Role.IDEA_MANAGER, Role.MODERATOR)


def may_propose(actor: Actor) -> bool:
    return actor.is_signed_in and not actor.is_limited


def must_propose(actor: Actor) -> None:
    """Let nobody but those who may propose something go on; raises Forbidden."""
    if not may_propose(actor):
        raise Forbidden(LIMITED if actor.is_limited else _l("Logg inn for å foreslå noe."))


def may_take_part(actor: Actor, idea: Idea) -> bool:
    """Support, argue, ask, comment, follow."""
    return may_propose(actor) and idea.state in SHOWN


def may_edit(actor: Actor, idea: Idea) -> bool:
    return may_propose(actor) and is_author(actor, idea) and idea.state in EDITABLE


def may_withdraw(actor: Actor, idea: Idea) -> bool:
    """Take back what one proposed, at any time, also when the account is limited."""
    return is_author(actor, idea) and idea.state in SENT_IN


def may_consent(actor: Actor, idea: Idea) -> bool:
    """Nobody but the author agrees to publish what was sent in internally."""
    return may_propose(actor) and is_author(actor, idea) and idea.state is PublicationState.INTERNAL


def may_manage(actor: Actor) -> bool:
    """Run cases, campaigns and duplicates in all service areas."""
    return actor.has(Role.IDEA_MANAGER)


def may_import(actor: Actor) -> bool:
    """Take in ideas that were public elsewhere: the command line, and innovation advisers."""
    return actor.is_system or may_manage(actor)


def may_archive(actor: Actor, idea: Idea) -> bool:
    """Pack a case for the archive: those who handle it, whatever has become of it, and the worker. Never a draft."""
    if idea.state is PublicationState.DRAFT:
        return False
    return actor.is_system or may_manage(actor) or may_handle(actor, idea)


def must_archive(actor: Actor, idea: Idea | None) -> Idea:
    """Return the idea to those who may pack its case; raises NotFound or Forbidden."""
    if idea is not None and may_archive(actor, idea):
        return idea
    must_read(actor, idea)
    raise Forbidden(NOT_YOUR_CASE)


def may_archive_campaign(actor: Actor) -> bool:
    """Pack the case of a campaign: innovation advisers, and the worker."""
    return actor.is_system or may_manage(actor)


def must_archive_campaign(actor: Actor, campaign: Campaign | None) -> Campaign:
    """Return the campaign to those who may pack its case; raises NotFound or Forbidden."""
    if campaign is None:
        raise NotFound(_l("Vi finner ikke denne kampanjen."))
    if not may_archive_campaign(actor):
        raise Forbidden
    return campaign


def may_see_cases(actor: Actor) -> bool:
    return actor.has(Role.IDEA_MANAGER, Role.EMPLOYEE)


def may_handle(actor: Actor, idea: Idea) -> bool:
    """Innovation advisers handle every case; employees those of their service area, and those they were given."""
    if actor.is_limited or idea.state not in {*SHOWN, PublicationState.PENDING}:
        return False
    if may_manage(actor):
        return True
    in_area = idea.service_area_id is not None and idea.service_area_id in actor.service_areas
    return actor.has(Role.EMPLOYEE) and (in_area or idea.responsible_id == actor.id)


def may_assess(actor: Actor, idea: Idea) -> bool:
    """Employees and advisers, but nobody their own."""
    return may_see_cases(actor) and idea.state in SHOWN and not is_author(actor, idea)


def may_confirm(actor: Actor, idea: Idea, *, had_it: bool) -> bool:
    """Those who had the problem, its author and supporters, say whether the time of a tidstyv came back."""
    return had_it and may_take_part(actor, idea) and idea.stage is Stage.REALISED


def may_make_measures(actor: Actor) -> bool:
    """Those who handle cases make measures against tidstyver."""
    return may_see_cases(actor)


def may_run_measure(actor: Actor, measure: Measure) -> bool:
    """Innovation advisers run every measure; employees those of their service area, and those that have none."""
    if may_manage(actor):
        return True
    area = measure.service_area_id
    return actor.has(Role.EMPLOYEE) and (area is None or area in actor.service_areas)


def must_read(actor: Actor, idea: Idea | None, *, invited: bool = False) -> Idea:
    """Return the idea to those who may read it; to others it isn't there. Raises NotFound."""
    if idea is None or not may_read(actor, idea, invited=invited):
        raise NotFound(NOT_FOUND)
    return idea


def must_handle(actor: Actor, idea: Idea | None) -> Idea:
    """Return the idea to those who handle its case; raises NotFound or Forbidden."""
    found = must_read(actor, idea)
    if not may_handle(actor, found):
        raise Forbidden(NOT_YOUR_CASE)
    return found


def is_author(actor: Actor, idea: Idea) -> bool:
    return actor.is_signed_in and idea.author_id == actor.id


def campaigns_open_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the campaigns that somebody can see: what is being made is for innovation advisers."""
    if may_manage(actor):
        return sa.true()
    announced = Campaign.is_announced.is_(True)
    if actor.is_staff:
        return announced
    everybody = Campaign.audience == Audience.EVERYBODY
    if not actor.is_signed_in:
        return sa.and_(announced, everybody)
    return sa.and_(announced, sa.or_(everybody, Campaign.id.in_(_invited_to(actor))))


def _sees_internal(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.is_staff:
        return sa.true()
    return sa.or_(Idea.author_id == actor.id, Idea.campaign_id.in_(_invited_to(actor)))


def _invited_to(actor: Actor) -> sa.Select[int]:
    return sa.select(CampaignMember.campaign_id).where(CampaignMember.account_id == actor.id)
