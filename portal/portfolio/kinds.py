"""What the portfolio tells the kernel: what it keeps about people, who apply for funds and who enter figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.kernel import clock
from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.db import by_ids, db, delete_rows
from portal.kernel.i18n import _, _l, ngettext
from portal.kernel.identity import Actor
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.portfolio import policy, words
from portal.portfolio.events import APPLICATION, DESK
from portal.portfolio.models import Application, ApplicationState, Benefit, FundReport, Measurement, Payment

DRAFTS_KEPT = timedelta(days=365)
DECIDED = (ApplicationState.GRANTED, ApplicationState.DECLINED)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return a person's applications with their reports, and the figures they have entered as staff."""
    return {
        "fund_applications": _rows(
            sa.select(
                Application.id.label("number"),
                Application.kind,
                Application.target_id,
                Application.purpose.label("fund_purpose"),
                Application.asked_ore,
                Application.what_for,
                Application.other_financing,
                Application.state.label("application_state"),
                Application.granted_ore,
                Application.reason,
                Application.conditions,
                Application.created_at,
                Application.sent_at,
                FundReport.outcome.label("grant_outcome"),
                FundReport.done,
                FundReport.learnt,
                FundReport.spent_ore,
            )
            .outerjoin(FundReport, FundReport.application_id == Application.id)
            .where(Application.author_id == account_id)
            .order_by(Application.id)
        ),
        "decided_applications": _rows(
            sa.select(Application.id.label("number"), Application.decided_by_title, Application.decided_at)
            .where(Application.decided_by_id == account_id)
            .order_by(Application.id)
        ),
        "entered_benefits": _rows(
            sa.select(Benefit.title.label("benefit"), Benefit.created_at)
            .where(Benefit.entered_by_id == account_id)
            .order_by(Benefit.id)
        ),
        "entered_measurements": _rows(
            sa.select(Measurement.benefit_id.label("number"), Measurement.measured_on, Measurement.created_at)
            .where(Measurement.entered_by_id == account_id)
            .order_by(Measurement.id)
        ),
        "entered_payments": _rows(
            sa.select(Payment.application_id.label("number"), Payment.paid_on, Payment.created_at)
            .where(Payment.entered_by_id == account_id)
            .order_by(Payment.id)
        ),
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take a person out: what isn't decided goes, what is decided stays as sums without their words.

    What is on hold stays as it is.
    """
    for each in db.session.scalars(
        sa.select(Application).where(Application.author_id == account_id).order_by(Application.id).with_for_update()
    ):
        if each.ref in terms.held:
            continue
        if each.state in DECIDED:
            _empty(each)
        else:
            db.session.delete(each)
    db.session.flush()


def retain() -> Mapping[str, int]:
    """Delete drafts that nobody has touched for a year."""
    old = sa.delete(Application).where(
        Application.state == ApplicationState.DRAFT, Application.changed_at < clock.now() - DRAFTS_KEPT
    )
    return {"fund_application_drafts": delete_rows(old)}


def stays(account_id: int) -> Sequence[str]:
    """Say what stays of decided applications."""
    decided = sa.select(sa.func.count()).where(Application.author_id == account_id, Application.state.in_(DECIDED))
    number = db.session.scalar(decided) or 0
    if not number:
        return []
    return [
        str(
            ngettext(
                "%(num)d avgjort søknad om innovasjonsmidler: summen og vedtaket, uten navn og uten det du skrev.",
                "%(num)d avgjorte søknader om innovasjonsmidler: summene og vedtakene, uten navn og uten det du skrev.",
                number,
            )
        )
    ]


def _empty(application: Application) -> None:
    application.what_for = application.other_financing = ""
    application.byline, application.organisation_id, application.pseudonym = Byline.NAME, None, None
    report = db.session.get(FundReport, application.id)
    if report is not None:
        report.done = report.learnt = ""


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


def application_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return links to applications: for notices to whoever wrote them."""
    return {
        each.id: Card(
            ref=Ref(APPLICATION, each.id),
            title=_("Søknad %(number)s om innovasjonsmidler", number=each.id),
            endpoint="applications.show",
            values={"application_id": each.id},
        )
        for each in by_ids(Application, ids).values()
    }


def may_with_application(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say who may open an application."""
    found = db.session.get(Application, ref.id)
    return verb == "read" and found is not None and policy.may_read_application(actor, found)


def desk_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the link to the list of benefits that should have been measured; there is one."""
    title = _("Gevinster som skulle vært målt")
    return {each: Card(ref=Ref(DESK, each), title=title, endpoint="portfolio_control.overdue") for each in ids}


APPLICATIONS = ContentKind(
    name=APPLICATION, label=_l("søknad om innovasjonsmidler"), cards=application_cards, may=may_with_application
)
BENEFIT_DESK = ContentKind(
    name=DESK,
    label=_l("gevinster som skulle vært målt"),
    cards=desk_cards,
    may=lambda actor, _ref, verb: verb == "read" and policy.may_run_funds(actor),
)
KINDS = (APPLICATIONS, BENEFIT_DESK)

PERSONAL = PersonalData(
    name="portfolio",
    tables=frozenset({"benefits", "benefit_measurements", "fund_applications", "fund_payments"}),
    export=export,
    erase=erase,
    retain=retain,
    kept=((_l("Utkast til søknader om innovasjonsmidler"), DRAFTS_KEPT),),
    stays=stays,
    words={
        "fund_purpose": words.PURPOSES,
        "application_state": words.STATES,
        "grant_outcome": words.OUTCOMES,
        "benefit_status": words.STATUSES,
    },
)
