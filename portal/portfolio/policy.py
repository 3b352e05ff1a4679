"""Who may plan and measure benefits, apply for innovation funds, and run the funds."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.portfolio.models import Application, ApplicationState, Benefit

LIMITED = _l("Kontoen din er begrenset for en tid. Du kan lese, men ikke ta del.")
SEEN_BY_STAFF = (ApplicationState.SENT, ApplicationState.GRANTED, ApplicationState.DECLINED, ApplicationState.WITHDRAWN)


def may_plan(actor: Actor, ref: Ref) -> bool:
    """Plan and measure the benefits of a thing: its kind says who."""
    return actor.is_signed_in and not actor.is_limited and content().may(actor, ref, "benefit")


def may_apply(actor: Actor, ref: Ref) -> bool:
    """Apply for innovation funds to a thing: its kind says who."""
    return actor.is_signed_in and not actor.is_limited and content().may(actor, ref, "apply")


def may_read_benefit(actor: Actor, benefit: Benefit) -> bool:
    """Read a benefit: everybody, of a thing that everybody may read."""
    return content().may(actor, benefit.ref, "read")


def may_run_funds(actor: Actor) -> bool:
    """Set frames, read applications, pay and publish."""
    return actor.has(Role.IDEA_MANAGER) and not actor.is_limited


def may_read_application(actor: Actor, application: Application) -> bool:
    """Read all of an application: whoever wrote it, and those who run the funds once it is sent."""
    return is_applicant(actor, application) or (may_run_funds(actor) and application.state in SEEN_BY_STAFF)


def may_change(actor: Actor, application: Application) -> bool:
    """Change or send a draft of one's own."""
    return is_applicant(actor, application) and not actor.is_limited and application.state is ApplicationState.DRAFT


def may_withdraw(actor: Actor, application: Application) -> bool:
    """Take one's own application back before it is decided, also with a limited account."""
    return is_applicant(actor, application) and application.state in {ApplicationState.DRAFT, ApplicationState.SENT}


def may_decide(actor: Actor, application: Application) -> bool:
    """Grant or decline an application that somebody else has sent: nobody decides about their own."""
    return may_run_funds(actor) and not is_applicant(actor, application) and application.state is ApplicationState.SENT


def may_pay(actor: Actor, application: Application) -> bool:
    """Pay out what was granted to somebody else."""
    return (
        may_run_funds(actor) and not is_applicant(actor, application) and application.state is ApplicationState.GRANTED
    )


def may_report(actor: Actor, application: Application) -> bool:
    """Tell what one's own grant was used for."""
    return is_applicant(actor, application) and application.state is ApplicationState.GRANTED


def is_applicant(actor: Actor, application: Application) -> bool:
    return actor.is_signed_in and application.author_id == actor.id


def visible_applications(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the applications that somebody sees on a thing.

    Grants, one's own, and for those who run the funds all that were sent. Those that were withdrawn are left out.
    """
    granted = Application.state == ApplicationState.GRANTED
    if not actor.is_signed_in:
        return granted
    own = sa.and_(Application.author_id == actor.id, Application.state != ApplicationState.WITHDRAWN)
    if not may_run_funds(actor):
        return sa.or_(granted, own)
    return sa.or_(own, Application.state.in_(SEEN_BY_STAFF[:3]))


def must_plan(actor: Actor, ref: Ref) -> None:
    """Let nobody but those who may plan benefits of the thing go on; raises NotFound or Forbidden."""
    _must(
        actor, ref, may_plan(actor, ref), _l("Gevinster for dette planlegges og måles av dem som har ansvar for det.")
    )


def must_apply(actor: Actor, ref: Ref) -> None:
    """Let nobody but those who may apply for funds to the thing go on; raises NotFound or Forbidden."""
    _must(actor, ref, may_apply(actor, ref), _l("Du kan ikke søke om innovasjonsmidler til dette."))


def must_run_funds(actor: Actor) -> None:
    """Let nobody but those who run the funds go on; raises Forbidden."""
    if not may_run_funds(actor):
        raise Forbidden(_l("Innovasjonsmidlene styres av innovasjonsrådgiverne."))


def _must(actor: Actor, ref: Ref, may: bool, otherwise: object) -> None:
    if not content().may(actor, ref, "read"):
        raise NotFound
    if actor.is_limited:
        raise Forbidden(LIMITED)
    if not may:
        raise Forbidden(otherwise)
