"""What the portal of the browser tests holds: a small demo, and one of each thing that a page can be about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts import tokens
from portal.accounts.actions import administration, organisations, settings
from portal.accounts.actions.creation import AccountDraft, create_account
from portal.accounts.models import Account, Byline, Organisation, ServiceArea, Spokesperson
from portal.accounts.queries.account import find_by_email
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.app import create_app
from portal.cocreation.actions.agreement import AgreementDraft, write_agreement
from portal.cocreation.actions.hours import HoursDraft, tell_hours
from portal.cocreation.actions.joining import join_project
from portal.cocreation.actions.messages import answer_message, send_message
from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.actions.tasks import TaskDraft, make_task
from portal.cocreation.models.finding import Message, MethodCard, Offer
from portal.cocreation.models.process import Agreement, Risk
from portal.cocreation.models.projects import Party, PartyKind, Project
from portal.cocreation.models.together import Input, Meeting, Need, ProjectDecision, Task, Update
from portal.cocreation.queries.agreement import write_page
from portal.demo import load, people
from portal.files.actions import upload
from portal.files.intake import FileDraft, receive
from portal.ideas.actions import cases
from portal.ideas.actions.campaigns import Part, invite, put_row
from portal.ideas.actions.cases import Said
from portal.ideas.actions.measures import TogetherDraft, measure_together
from portal.ideas.actions.merging import merge_ideas
from portal.ideas.actions.proposing import begin_idea, edit_idea
from portal.ideas.actions.thieves import TransferDraft, confirm_thief, transfer_thief
from portal.ideas.actions.verdicts import ASKED_AFTER, ask_who_waited
from portal.ideas.events.ideas import IDEA
from portal.ideas.hours import Owner
from portal.ideas.kinds.ideas import restrict
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure as TimeThiefMeasure
from portal.ideas.stages import Decision as CaseDecision
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import audit, clock, jobs, outbox
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Actor, Role, SignInMethod, StakeholderGroup
from portal.kernel.slugs import slug
from portal.moderation import links
from portal.moderation.events import TextPassed
from portal.moderation.models import Appeal, Case, Cause, Decision, Report, Verdict
from portal.notifications import links as links_in_notices
from portal.notifications.models import NoticeKind
from portal.observatorium.actions import paper, rating, rounds
from portal.observatorium.catalogue import Answer
from portal.observatorium.events.rounds import ROUND
from portal.observatorium.models.assessing import Evidence
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.models.outreach import BatchState, Invitation, PaperBatch
from portal.observatorium.models.rounds import Comment, Round, RoundState, Tie
from portal.observatorium.models.series import FigureSeries
from portal.participation.actions.joining import follow, support
from portal.participation.actions.writing import EditDraft, edit_contribution, withdraw_contribution
from portal.participation.models import Contribution, Form
from portal.partners.actions.logging import log
from portal.partners.actions.partners import suspend_partner
from portal.partners.actions.receiving import refuse_message
from portal.partners.actions.trust import learn_keys
from portal.partners.incoming import Reason
from portal.partners.models.partners import LogKind, Partner, PartnerKey, Trust
from portal.portfolio.actions.applications import ReportDraft, draft_application, report_grant
from portal.portfolio.actions.benefits import SettlementDraft, plan_benefit, settle_benefit
from portal.portfolio.actions.funds import PaymentDraft, pay
from portal.portfolio.models import Application, ApplicationState, Benefit, Fund, Outcome, Purpose
from portal.portfolio.realisation import Status
from portal.search.reactions import index
from tests.cocreation import telling
from tests.cocreation.offering import an_offer
from tests.cocreation.telling import a_method, told_in
from tests.files.made import picture
from tests.participation.talk import ask, asked, let_through, of
from tests.portfolio import things
from tests.solutions import telling as solutions
from tests.support import databases, thieves
from tests.support.campaigns import QUESTION, open_campaign
from tests.support.ideas import draft as a_draft
from tests.support.ideas import proposed, published
from tests.support.mailbox import Mailbox
from tests.support.portals import OtherPortal, let_in

SEED = 18091
CHANGED = "Trær ved lekeplassen"
CAMPAIGN = "Trygg skolevei"
HELPED = "Sykkelstativ ved Hvalstad stasjon"
CAUGHT = "Skjemaet som må skrives ut og skannes"
BATCHES = {"draft": BatchState.DRAFT, "waiting": BatchState.WAITING, "counted": BatchState.APPROVED}
CROWD: load.Sizes = {
    StakeholderGroup.RESIDENT: (44, None),
    StakeholderGroup.VOLUNTARY_SECTOR: (40, 40),
    StakeholderGroup.BUSINESS: (40, 40),
    StakeholderGroup.KNOWLEDGE: (7, 4),
}
"""Enough for levels in three groups, and one group that is hidden."""


@cache
def _loaded() -> Path:
    """Load the content once; return the folder with the database and the keys."""
    keep = databases.own_database()
    own = keep.__enter__()  # the folder is the process's own and goes with it
    _fill(own)
    return own.folder


@contextmanager
def loaded_database() -> Iterator[databases.Own]:
    """Give a database of one's own that holds the content."""
    with databases.own_database() as own:
        if databases.KIND == "sqlite":
            shutil.copytree(_loaded(), own.folder, dirs_exist_ok=True)
        else:
            _fill(own)
        yield own


def _fill(own: databases.Own) -> None:
    app = create_app(databases.settings(own.url, own.folder, demo=True), testing=True)
    with app.app_context():
        load.load(seed=SEED, tell=lambda _what: None, sizes=CROWD)
        _arrange()
        _talk()
        _money()
        _thieves()
        _proposing()
        _handling()
        _changing()
        _doing()
        _finding()
        _partners()
        _starting()
        solutions.tell(_actor("employee", Role.EMPLOYEE), _actor("adviser", Role.IDEA_MANAGER))
        _settle(app)
    databases.dispose(app)


def _settle(app: Flask) -> None:
    """Do what the worker would have done by now, so that what people do in a test waits behind nothing."""
    with Mailbox.started(app):
        while outbox.deliver_due() or jobs.run_due() or audit.seal():
            pass


@atomic
def _arrange() -> None:
    """Make what the demo has none of: what waits, what is closed and what is not begun."""
    admin, asking = _actor("admin", Role.ADMIN), _actor("resident2")
    number = people.organisation_number(Random(SEED))  # noqa: S311 - made-up content, not a secret
    asked = organisations.OrganisationDraft(
        number=number, name="Røyken historielag (demo)", group=StakeholderGroup.VOLUNTARY_SECTOR
    )
    organisations.ask_to_speak_for(asking, organisations.SpeakForDraft(organisation=asked, title="leder"))
    closed = organisations.OrganisationDraft(
        number=people.organisation_number(Random(1)),  # noqa: S311 - made-up content, not a secret
        name="Nedlagt bakeri (demo)",
        group=StakeholderGroup.BUSINESS,
    )
    organisations.close_organisation(admin, organisations.add_organisation(admin, closed).id)
    area = settings.add_service_area(admin, settings.ServiceAreaDraft(name="Nedlagt område"))
    settings.deactivate_service_area(admin, area.id)
    administration.deactivate_account(admin, _account("resident-40@crowd.demo.example").id)
    careful = _account("verifier")
    careful.totp_secret, careful.totp_confirmed_at = "JBSWY3DPEHPK3PXP" * 2, clock.now()
    answered = {"1.1": Answer.RED, "1.2": Answer.YELLOW, "1.3": Answer.GREEN, "2.1": Answer.UNKNOWN}
    slug = db.session.scalars(sa.select(Round.slug).where(Round.state == RoundState.OPEN)).one()
    standing = rating.Standing(group=StakeholderGroup.RESIDENT, tie=Tie.LIVES)
    rater = _actor("resident-1@crowd.demo.example")
    rating.rate_several(rater, rating.AnswersDraft(round=slug, answers=answered, standing=standing))
    then = clock.start_of_day(_last_month())
    past = {"cause": Cause.NEW, "signals": [], "opened_at": then, "due_at": then, "closed_at": then}
    db.session.add(Case(kind="observatory_comment", target_id=0, author_id=asking.id, **past))
    today = clock.today()
    draft = rounds.RoundDraft(
        slug="utkast",
        title="Runden til neste år",
        opens_at=clock.start_of_day(today + timedelta(days=200)),
        closes_at=clock.end_of_day(today + timedelta(days=260)),
        sign_in_methods=(SignInMethod.OIDC, SignInMethod.PASSWORD),
    )
    rounds.make_round(_actor("coordinator", Role.COORDINATOR), draft)
    pile = paper.BatchDraft(label="Hurum bibliotek, bunt 3", group=StakeholderGroup.RESIDENT)
    employee = _actor("employee", Role.EMPLOYEE)
    begun = paper.begin_batch(employee, slug, pile)
    paper.enter_form(employee, slug, begun.id, paper.FormDraft(number=1, tie=Tie.LIVES, answers=answered))


def _talk() -> None:
    """Let people ask about indicator 1.8 and answer, so that every state of a contribution is on a page."""
    indicator, question = Ref("indicator", 108), {"form": Form.QUESTION}
    resident, other, employee = _actor("resident"), _actor("resident2"), _actor("employee", Role.EMPLOYEE)
    first = asked(resident, "Når blir referatene lagt ut? I fjor tok det **tre uker**.", ref=indicator, **question)
    draft = EditDraft(text="Når blir referatene lagt ut på nettet?", language="nb", version=first.version)
    let_through(edit_contribution(resident, first.id, draft))
    asked(employee, "Senest tre virkedager etter møtet.", ref=of(first), is_official=True)
    asked(other, "Det lurer jeg på også.", ref=of(first), byline=Byline.PSEUDONYM)
    gone = asked(other, "Noe jeg angrer på", ref=indicator, **question)
    asked(resident, "Et svar som står igjen.", ref=of(gone))
    withdraw_contribution(other, gone.id)
    ask(resident, "Dette venter.", ref=indicator, **question)
    support(other, of(first))
    follow(other, indicator)


def _money() -> None:
    """Let ideas have benefits and innovation funds, one of each state."""
    adviser, applicant, other = _actor("adviser", Role.IDEA_MANAGER), _actor("resident2"), _actor("volunteer")
    idea, second = (
        Ref(IDEA, published(each, title).id) for each, title in ((applicant, "Lånesykler"), (other, "Foreldrekafé"))
    )
    today = clock.today()
    fund = things.a_fund(adviser, year=today.year, frame=150_000_000, plan={Purpose.SEED: 50_000_000})
    benefit = things.planned(adviser, idea)
    for days, value in ((90, "36"), (30, "31.5")):
        things.measure(adviser, benefit, value, today - timedelta(days=days))
    lost = plan_benefit(adviser, second, things.hours(expected_on=today - timedelta(days=10)))
    things.measure(adviser, lost, "4", today - timedelta(days=5))
    told = SettlementDraft(status=Status.NOT_REALISED, learning="Ingen kom **før klokka ti**. Nå åpner vi seinere.")
    settle_benefit(adviser, lost.id, told)
    things.planned(adviser, second, title="Flere som treffes", expected_on=today - timedelta(days=40))
    grant = things.granted(adviser, applicant, fund, 12_000_000, ref=idea)
    pay(adviser, grant.id, PaymentDraft(ore=6_000_000, paid_on=today, reference="Bilag 7", key="1"))
    draft_application(applicant, idea, things.asking(fund, purpose=Purpose.COMPETENCE))
    things.sent(other, fund, ref=second)
    reported = things.granted(adviser, other, fund, 5_000_000, ref=second)
    report_grant(
        other, reported.id, ReportDraft(outcome=Outcome.FAILED, done="Kafé.", learnt="Åpne senere.", spent_ore=5)
    )


def _thieves() -> None:
    """Let one tidstyv be caught with a measure and placed, one be internal, and one still be a draft."""
    adviser, author = _actor("adviser", Role.IDEA_MANAGER), _actor("resident")
    employee = _actor("employee", Role.EMPLOYEE)
    caught = thieves.thief(author, CAUGHT)
    thieves.thief(employee, "Tallet vi taster **to ganger**", internally=True, minutes=None)
    for name in ("resident2", "volunteer", "business"):
        support(_actor(name), Ref(IDEA, caught.id))
    measure = thieves.on_measure(adviser, caught, thieves.thief(author, "Møtet som kunne vært en e-post"))
    placed = TransferDraft(owner=Owner.OTHER_UNIT, owner_name="Servicetorget", reason="De har skjemaet.")
    transfer_thief(adviser, caught.id, placed, version=thieves.row(caught).version, key="nettleser")
    told = {"freed_for": "Lærerne", "used_for": "Mer tid med elevene"}
    together = TogetherDraft(hours_freed=Decimal(400), measured_on=clock.today(), **told)
    measure_together(adviser, measure.id, together, version=measure.version)
    thieves.at_stage(caught, Stage.REALISED)
    for name in ("resident2", "volunteer", "business"):
        confirm_thief(_actor(name), caught.id, agrees=name != "business")
    begin_idea(author, a_draft("Skjemaet i tre eksemplarer", kind=IdeaKind.TIME_THIEF))


def _handling() -> None:
    """Let a case have gone all its way, and those behind it be asked whether it helped."""
    adviser, idea = _actor("adviser", Role.IDEA_MANAGER), published(_actor("resident"), HELPED)

    def said(text: str) -> Said:
        return Said(text=text, version=db.session.get_one(Idea, idea.id, populate_existing=True).version)

    with clock.moved(-ASKED_AFTER * 2):
        cases.answer_idea(adviser, idea.id, said("Takk! Vi er enige, og ser på hva det koster."))
        cases.decide_idea(adviser, idea.id, CaseDecision.IN_THE_LINE, said("Det er billig, og mange vil bruke det."))
        cases.realise_idea(adviser, idea.id, said("Tjue sykler står der hver dag."))
    cases.note_on_idea(adviser, idea.id, said("Drift har fått ansvaret."))
    ask_who_waited()


def _proposing() -> None:
    """Let there be a draft that resembles an idea, something internal, and a campaign with all that one can have."""
    adviser, resident, writer = _actor("adviser", Role.IDEA_MANAGER), _actor("resident"), _actor("resident2")
    campaign = open_campaign(adviser, CAMPAIGN, asks=True, audience=Audience.INVITED)
    choice = {
        **QUESTION,
        "kind": "choice",
        "required": False,
        "label": {"nb": "Når på dagen?"},
        "options": [{"nb": "Før"}, {"nb": "Etter"}],
    }
    put_row(adviser, campaign.id, Part.QUESTIONS, choice)
    names = {name: {"nb": name} for name in ("name", "low", "high")}
    put_row(adviser, campaign.id, Part.CRITERIA, {"axis": "value", **names})
    put_row(adviser, campaign.id, Part.BENEFIT_TYPES, {"nb": "Tryggere"})
    for name in ("resident2", "volunteer"):
        invite(adviser, campaign.id, str(_account(name).email))
    answers = {"hvilken-skole-gjelder-det": "Hovedgården"}
    proposed(writer, "Gangfelt ved Hovedgården", campaign_id=campaign.id, answers=answers)
    open_campaign(adviser, "Grønnere skolegårder", introduction={"nb": "Hva **mangler** der?"}, goal={"nb": "Ti trær."})
    alike = published(resident, "Vannpost ved badeplassen på Hvalstrand")
    search_again(alike.id)
    begin_idea(writer, a_draft("Vannpost på Hvalstrand, ved badeplassen", campaign_id=campaign.id))


def _changing() -> None:
    """Let an idea be changed by its author, and two be merged."""
    adviser, author = _actor("adviser", Role.IDEA_MANAGER), _actor("resident2")
    changed = published(author, CHANGED)
    edit_idea(author, changed.id, a_draft(CHANGED, challenge="Trær gir **skygge**."), changed.version)
    restrict(Ref(IDEA, changed.id), Restriction(state=PublicationState.PUBLISHED))
    db.session.commit()
    merge_ideas(adviser, changed.id, published(author, "Skygge over lekeplassen").id, "De ber om det samme.")


def _doing() -> None:
    """Put tasks on a project's board, and tell of hours that wait."""
    owner = _actor("volunteer")
    project = db.session.scalars(sa.select(Project.id).where(Project.title == "Middag sammen i Heggedal")).one()
    for title, days in (("Spørre skolen om langbord", -3), ("Lage plakat", 5)):
        due = clock.today() + timedelta(days=days)
        make_task(owner, project, TaskDraft(title=title, responsible_id=owner.id, due_on=due), key=title)
    told = HoursDraft(hours=Decimal("1.5"), what="Laget mat", done_on=clock.today())
    tell_hours(owner, project, told, key="content")
    number = write_page(owner, project).newest_number
    newer = AgreementDraft(
        text="Vi lager middag sammen hver torsdag.", change="Torsdag, ikke fredag.", based_on=number, key="content"
    )
    write_agreement(owner, project, newer)
    told_in(owner, db.session.get_one(Project, project))
    a_method(_actor("adviser", Role.IDEA_MANAGER))


def _finding() -> None:
    """Let actors offer and look for something, and somebody write to one of them."""
    volunteer = _actor("volunteer")
    organisation = db.session.get_one(Organisation, spokesperson_organisations(volunteer.id or 0)[0].id)
    an_offer(volunteer, organisation, title="Storkjøkken på torsdager", goals=(3,), skills=("matlaging",))
    about = Ref("organisation", organisation.id)
    sent = send_message(_actor("resident"), about, "Kan vi låne kjøkkenet?", key="content")
    answer_message(volunteer, sent.id, "Ja, kom og se på det.", key="content")


def _partners() -> None:
    """Let two portals in: one with a key that waits, a log and something set aside, and one that is suspended."""
    admin = _actor("admin", Role.ADMIN)
    baerum, oslo = OtherPortal("3201", "Bærum"), OtherPortal("0301", "Oslo")
    baerum.url, oslo.url = "https://baerum.example", "https://oslo.example"
    partner, stopped = let_in(admin, baerum), let_in(admin, oslo)
    baerum.rotate(endorsed_by_old=False)
    learn_keys(SYSTEM, partner.id, baerum.described(), proven=False)
    log(SYSTEM, partner.id, LogKind.SYNCED, counts={"made": 12, "changed": 1, "gone": 0, "set_aside": 1})
    refuse_message(SYSTEM, partner.id, f"{baerum.url}/losninger/17", Reason.MARKUP, "core")
    suspend_partner(admin, stopped.id, "Sender den samme løsningen om og om igjen.")


def _starting() -> None:
    """Start a project that nobody else is in, and let somebody ask to join one."""
    words = ProjectDraft(title="Leksehjelp i kjelleren", challenge="Mange har ingen å spørre om lekser.")
    start_project(_actor("resident2"), words, PartyDraft(kind=PartyKind.RESIDENTS, name="Foreldre"), key="content")
    project = db.session.scalars(sa.select(Project.id).where(Project.title == "Middag sammen i Heggedal")).one()
    join_project(_actor("knowledge"), project)


@atomic
def search_again(idea_id: int) -> None:
    """Let search know of an idea that was shown without moderation."""
    index(TextPassed(actor=SYSTEM, case_id=0, kind=IDEA, target_id=idea_id))


def named(app: Flask) -> dict[str, Any]:
    """Return names and numbers of what there is, for the addresses of pages."""
    with app.app_context():
        named = _named() | _tokens()
        return named | {"file": _file(named["published_round"])}


def _idea(title: str) -> int:
    """Return the first of a title: the tests that write ideas may have begun on others."""
    return db.session.scalars(sa.select(Idea.id).where(Idea.title == title).order_by(Idea.id)).all()[0]


def _named() -> dict[str, Any]:
    asked = db.session.scalars(sa.select(Spokesperson).where(Spokesperson.verified_at.is_(None))).one()
    speaking = db.session.scalars(sa.select(Spokesperson).where(Spokesperson.verified_at.is_not(None))).first()
    closed = db.session.scalars(sa.select(Organisation).where(Organisation.closed_at.is_not(None))).one()
    areas = db.session.scalars(sa.select(ServiceArea.id).order_by(ServiceArea.id)).all()
    slugs = {each.state: each.slug for each in db.session.scalars(sa.select(Round).order_by(Round.opens_at))}
    assert speaking is not None
    invitation = db.session.scalars(sa.select(Invitation).order_by(Invitation.id)).all()[0]
    batches = dict(db.session.execute(sa.select(PaperBatch.state, PaperBatch.id)).all())
    return {
        "person": _account("resident2").id,
        "evidence": db.session.scalars(
            sa.select(Evidence.id)
            .join(Round, Round.id == Evidence.round_id)
            .where(Round.state == RoundState.OPEN, Evidence.removed_at.is_(None))
            .order_by(Evidence.id)
        ).first(),
        "idea_draft": _idea("Vannpost på Hvalstrand, ved badeplassen"),
        "asked_idea": _idea(HELPED),
        "own_idea": _idea("Vannpost ved badeplassen på Hvalstrand"),
        "internal_idea": _idea("Gangfelt ved Hovedgården"),
        "closed_campaign": db.session.scalars(sa.select(Campaign.id).where(Campaign.slug == "trygg-skolevei")).one(),
        "changed_idea": _idea(CHANGED),
        "changed_slug": slug(CHANGED),
        "told_idea": _idea("Lånesentral for turutstyr på biblioteket"),
        "told_slug": slug("Lånesentral for turutstyr på biblioteket"),
        "begun_idea": _idea("Nattbuss hjem fra trening"),
        "begun_slug": slug("Nattbuss hjem fra trening"),
        "assessed_idea": _idea("Varmestue for eldre på Borgen"),
        "new_idea": _idea("Stille rom på biblioteket"),
        "sent_idea": _idea("Fortau langs Gamle Drammensvei"),
        "thief_slug": slug(CAUGHT),
        "employee": _account("employee").id,
        "partner": _account("partner").id,
        "closed_person": _account("resident-40@crowd.demo.example").id,
        "portal": db.session.scalars(sa.select(Partner.id).where(Partner.municipality_number == "3201")).one(),
        "stopped_portal": db.session.scalars(sa.select(Partner.id).where(Partner.suspended_at.is_not(None))).one(),
        "waiting_key": db.session.scalars(sa.select(PartnerKey.id).where(PartnerKey.trust == Trust.WAITING)).one(),
        "asked_organisation": asked.organisation_id,
        "asked": asked.id,
        "organisation": speaking.organisation_id,
        "spokesperson": speaking.id,
        "closed_organisation": closed.id,
        "area": areas[0],
        "closed_area": areas[-1],
        "invitation": invitation.id,
        "invitation_token": invitation.token,
        **{f"{name}_batch": batches[state] for name, state in BATCHES.items()},
        "open": slugs[RoundState.OPEN],
        "published": slugs[RoundState.PUBLISHED],
        "draft": slugs[RoundState.DRAFT],
        "comment": db.session.scalars(sa.select(Comment.id)).first(),
        "series": db.session.scalars(sa.select(FigureSeries.id).where(FigureSeries.indicator == "4.9")).one(),
        "case": db.session.scalars(sa.select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.due_at)).first(),
        "decided_case": db.session.scalars(sa.select(Decision.case_id).where(Decision.verdict == Verdict.MASK)).first(),
        "appeal": db.session.scalars(sa.select(Appeal.id)).first(),
        "decision_link": links.token(links.DECISION, _first(Decision, Decision.verdict == Verdict.MASK)),
        "complain_link": links.token(links.DECISION, _first(Decision, Decision.verdict == Verdict.REJECT)),
        "report_link": links.token(links.REPORT, _first(Report, Report.reporter_id.is_(None))),
        "month": f"{_last_month():%Y-%m}",
        "question": db.session.scalars(
            sa.select(Contribution.id)
            .where(Contribution.author_id == _account("resident").id)
            .order_by(Contribution.id)
        ).first(),
        "granted_application": _application("resident2", ApplicationState.GRANTED).id,
        "draft_application": _application("resident2", ApplicationState.DRAFT).id,
        "sent_application": _application("volunteer", ApplicationState.SENT).id,
        "reported_application": _application("volunteer", ApplicationState.GRANTED).id,
        "applied_to": _application("resident2", ApplicationState.GRANTED).target_id,
        "benefit": db.session.scalars(sa.select(Benefit.id).order_by(Benefit.id)).first(),
        "planned_benefit": db.session.scalars(sa.select(Benefit.id).where(Benefit.measured_on.is_(None))).first(),
        "thief": db.session.scalars(sa.select(Idea.id).where(Idea.title == CAUGHT)).one(),
        "thief_draft": db.session.scalars(sa.select(Idea.id).where(Idea.title == "Skjemaet i tre eksemplarer")).one(),
        "thief_measure": db.session.scalars(
            sa.select(TimeThiefMeasure.id).order_by(TimeThiefMeasure.id.desc())
        ).first(),
        "need": db.session.scalars(sa.select(Need.id).where(Need.title == "Lage mat torsdager")).one(),
        "held_meeting": db.session.scalars(sa.select(Meeting.id).where(Meeting.title == "Oppstart")).first(),
        "meeting": db.session.scalars(sa.select(Meeting.id).where(Meeting.title == "Månedsmøte")).first(),
        "told_news": db.session.scalars(sa.select(Update.id).where(Update.key == telling.KEY)).one(),
        "told_decision": db.session.scalars(
            sa.select(ProjectDecision.id).where(ProjectDecision.key == telling.KEY)
        ).one(),
        "told_input": db.session.scalars(sa.select(Input.id).where(Input.key == telling.KEY)).one(),
        "actor": db.session.scalars(
            sa.select(Offer.organisation_id).where(Offer.title == "Storkjøkken på torsdager")
        ).one(),
        "offer": _offer().id,
        "thread": db.session.scalars(
            sa.select(Message.answers_id).where(Message.key == "content", Message.answers_id.is_not(None))
        ).one(),
        "own_method": db.session.scalars(sa.select(MethodCard.id)).one(),
        "task": db.session.scalars(sa.select(Task.id).order_by(Task.id)).first(),
        "project": db.session.scalars(sa.select(Project.id).where(Project.title == "Middag sammen i Heggedal")).one(),
        "own_project": db.session.scalars(sa.select(Project.id).where(Project.key == "content")).one(),
        "party": db.session.scalars(sa.select(Party.id).where(Party.name == "Naboer i Heggedal")).one(),
        "member": _account("resident").id,
        "agreement": db.session.scalars(sa.select(Agreement.number).where(Agreement.key == "content")).one(),
        "risk": db.session.scalars(
            sa.select(Risk.id)
            .join(Project, Project.id == Risk.project_id)
            .where(Project.title == "Middag sammen i Heggedal")
            .order_by(Risk.id)
        ).first(),
        "ended_project": db.session.scalars(
            sa.select(Project.id).where(Project.title == "Vi steller parken selv")
        ).one(),
        "solution": solutions.number(solutions.TOLD),
        "solution_slug": slug(solutions.TOLD),
        "adoption": solutions.adoption(),
        "waiting_solution": solutions.number(solutions.WAITING),
        "imported_solution": solutions.number(solutions.IMPORTED),
        "imported_solution_slug": slug(solutions.IMPORTED),
        "fund_year": db.session.scalars(sa.select(Fund.year)).first(),
        "followed": db.session.scalars(
            sa.select(IndicatorMeasure.id).where(IndicatorMeasure.title == "Vise hva som ble av hvert innspill")
        ).one(),
        "published_round": db.session.scalars(
            sa.select(Round.id).where(Round.state == RoundState.PUBLISHED).order_by(Round.opens_at.desc())
        ).first(),
    }


def _offer() -> Offer:
    return db.session.scalars(sa.select(Offer).where(Offer.title == "Storkjøkken på torsdager")).one()


def _application(who: str, state: ApplicationState) -> Application:
    """Return somebody's application for innovation funds."""
    theirs = sa.select(Application).where(Application.author_id == _account(who).id, Application.state == state)
    return db.session.scalars(theirs.order_by(Application.id.desc())).first() or Application()


def _file(round_id: int) -> int:
    """Put a picture on a round; a coordinator looks after it."""
    coordinator = _actor("coordinator", Role.COORDINATOR)
    received = receive(
        coordinator, picture(), "Folkemøte.png", FileDraft(alt_text="Folk rundt et bord.", language="nb")
    )
    return upload(coordinator, received, Ref(ROUND, round_id)).id


def _first(model: type[Decision | Report], which: Any) -> int:
    return db.session.scalars(sa.select(model.id).where(which).order_by(model.id)).first() or 0


def _last_month() -> date:
    """Return a day in the month before this one."""
    return clock.today().replace(day=1) - timedelta(days=1)


@atomic
def _tokens() -> dict[str, str]:
    """Make the links of mails."""
    waiting = create_account(SYSTEM, AccountDraft(name="Ute Ubekreftet", email="ute@demo.example"))
    waiting.email_confirmed_at = None
    return {
        "confirm_token": tokens.issue(waiting.id, tokens.CONFIRM_EMAIL),
        "reset_token": tokens.issue(_account("knowledge").id, tokens.RESET_PASSWORD),
        "stop_token": links_in_notices.token(_account("volunteer").id, [NoticeKind.REPLY]),
        "email_token": tokens.issue(_account("employee2").id, tokens.CHANGE_EMAIL, data={"email": "emil@demo.example"}),
    }


def _account(name: str) -> Account:
    found = find_by_email(name if "@" in name else f"{name}@demo.example")
    assert found is not None
    return found


def _actor(name: str, *roles: Role) -> Actor:
    account = _account(name)
    roles_held = frozenset({Role.MEMBER, *roles})
    return Actor(id=account.id, name=account.name, roles=roles_held, sign_in=SignInMethod.PASSWORD)
