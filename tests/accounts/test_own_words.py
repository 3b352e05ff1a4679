"""Nothing that is kept about a person is shown to them by the name it has in the code."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from portal.accounts import own_data, own_words
from portal.accounts.models import Account, AccountServiceArea, Byline, Grant, Identity, OneTimeToken, ServiceArea
from portal.cocreation.models.finding import Message
from portal.cocreation.models.process import PhaseMove
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.models.together import Attendance, HoursTold, Meeting, Need, NeedKind, SignUp
from portal.cocreation.phases import Phase
from portal.files.models import File
from portal.home.models import AccessibilityReport
from portal.ideas.models.campaigns import Audience, Campaign, CampaignMember
from portal.ideas.models.cases import Assessment, CaseStep, Helped, Step
from portal.ideas.models.cases import Verdict as SaidItHelped
from portal.ideas.models.ideas import Idea, IdeaVersion
from portal.ideas.models.thieves import Confirmation, TimeThief
from portal.ideas.stages import IdeaKind
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.extensions import content, personal_data, reactions
from portal.kernel.i18n import LANGUAGES, in_language
from portal.kernel.identity import Role, StakeholderGroup
from portal.kernel.personal import PersonalData
from portal.moderation.models import (
    Appeal,
    Appellant,
    Case,
    CaseEvent,
    Cause,
    Decision,
    Outcome,
    Report,
    Verdict,
)
from portal.notifications.models import Frequency, Notice, NoticeKind, NoticeSetting
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.catalogue import Level
from portal.observatorium.models.assessing import Evidence as ObservatoryEvidence
from portal.observatorium.models.assessing import EvidenceKind
from portal.observatorium.models.outreach import BatchState, Invitation, PaperBatch, RoundReminder
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, VerifierColour
from portal.observatorium.models.verifying import Verdict as Judged
from portal.observatorium.models.weights import Exclusion, PopulationTable, SignalKind
from portal.participation.models import Contribution, ContributionVersion, Follow, Form, Pseudonym, Support
from portal.partners.models.partners import Partner, PartnerState
from portal.places.models import Location
from portal.portfolio.models import (
    Application,
    ApplicationState,
    Benefit,
    BenefitType,
    Fund,
    FundReport,
    Measurement,
    Payment,
    Purpose,
    ResultLink,
)
from portal.portfolio.models import Outcome as Failed
from portal.portfolio.realisation import Status, Unit
from portal.solutions.adoption import AdopterKind
from portal.solutions.adoption import Step as AdoptionStep
from portal.solutions.facts import Cost, Evidence, Size, Theme
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution, SolutionTranslation
from tests.observatorium.rounds import an_open_round, answers
from tests.support.cast import Cast
from tests.support.page import Visitor, forget_request

Open = Callable[..., Visitor]


def of_accounts(me: int) -> list[Any]:
    area = ServiceArea(name="Oppvekst")
    db.session.add(area)
    db.session.flush()
    return [
        Identity(account_id=me, issuer="idporten", subject_hash="h", created_at=clock.now()),
        Grant(account_id=me, role=Role.EMPLOYEE, granted_at=clock.now()),
        AccountServiceArea(account_id=me, service_area_id=area.id),
        OneTimeToken(
            account_id=me, purpose="reset_password", token_hash="t", created_at=clock.now(), expires_at=clock.now()
        ),
        AccessibilityReport(
            created_at=clock.now(), text="Knappen", email="volunteer@demo.example", language="nb", key="k"
        ),
    ]


def of_taking_part(me: int) -> list[Any]:
    written = Contribution(
        kind="indicator",
        target_id=1,
        author_id=me,
        byline=Byline.PSEUDONYM,
        pseudonym="Blå elg",
        form=Form.ARGUMENT_FOR,
        text="Fordi",
        language="nb",
        state=PublicationState.PENDING,
        key="k",
        created_at=clock.now(),
    )
    db.session.add(written)
    db.session.flush()
    return [
        Support(kind="indicator", target_id=1, account_id=me, created_at=clock.now()),
        Follow(kind="indicator", target_id=1, account_id=me, created_at=clock.now()),
        ContributionVersion(contribution_id=written.id, text="Før", language="nb", until=clock.now()),
        Pseudonym(kind="indicator", target_id=1, account_id=me, name="Blå elg"),
        Notice(
            account_id=me,
            notice_kind=NoticeKind.REPLY,
            sentence="replied",
            kind="contribution",
            target_id=written.id,
            cause="1",
            created_at=clock.now(),
        ),
        NoticeSetting(account_id=me, notice_kind=NoticeKind.REPLY, frequency=Frequency.DAILY),
        File(
            kind="contribution",
            target_id=written.id,
            uploader_id=me,
            name="kart.png",
            media_type="image/png",
            size=10,
            sha256="s",
            address="nowhere/kart.png",
            alt_text="Et kart",
            is_decoration=False,
            language="nb",
            state=PublicationState.PENDING,
            created_at=clock.now(),
            changed_at=clock.now(),
        ),
    ]


def of_portfolio(me: int) -> list[Any]:
    day = clock.today()
    fund = Fund(year=2026, frame_ore=100, granted_ore=100, opens_on=day, closes_on=day)
    written = {"created_at": clock.now(), "changed_at": clock.now()}
    benefit = Benefit(
        kind="indicator",
        target_id=101,
        is_public=True,
        title="Ventetid",
        type=BenefitType.QUALITY,
        link=ResultLink.OUTPUTS,
        for_whom="Alle",
        responsible="Leder",
        indicator="Dager",
        unit=Unit.HOURS,
        unit_word="",
        baseline_source="",
        target_value=Decimal(1),
        expected_on=day,
        expected_year=day.year,
        assumptions="",
        status=Status.PLANNED,
        learning="",
        entered_by_id=me,
        key="k",
        **written,
    )
    db.session.add_all([fund, benefit])
    db.session.flush()
    application = Application(
        fund_id=fund.id,
        kind="indicator",
        target_id=101,
        is_public=True,
        purpose=Purpose.SEED,
        asked_ore=100,
        what_for="Sykkel",
        other_financing="",
        author_id=me,
        byline=Byline.NAME,
        state=ApplicationState.GRANTED,
        granted_ore=100,
        paid_ore=0,
        decided_by_id=me,
        decided_by_title="Rådgiver",
        decided_at=clock.now(),
        sent_at=clock.now(),
        key="k",
        **written,
    )
    db.session.add(application)
    db.session.flush()
    entered = {"entered_by_id": me, "created_at": clock.now()}
    return [
        Measurement(benefit_id=benefit.id, measured_on=day, value=Decimal(1), source="", note="", **entered),
        Payment(application_id=application.id, ore=1, paid_on=day, reference="", key="k", **entered),
        FundReport(
            application_id=application.id,
            outcome=Failed.FAILED,
            done="Alt",
            learnt="Mye",
            spent_ore=1,
            created_at=clock.now(),
        ),
    ]


def of_ideas(me: int) -> list[Any]:
    said = {
        "title": "Skjemaer",
        "summary": "",
        "challenge": "Alt fylles ut to ganger",
        "solution": "",
        "usefulness": "",
    }
    now = clock.now()
    idea = Idea(
        kind=IdeaKind.TIME_THIEF,
        language="nb",
        state=PublicationState.PUBLISHED,
        author_id=me,
        byline=Byline.NAME,
        key="k",
        **said,
        **dict.fromkeys(("stage_since", "answer_due_at", "created_at", "saved_at", "sent_at", "shown_at"), now),
    )
    campaign = Campaign(
        slug="dugnad",
        title={"nb": "Dugnad"},
        lead={"nb": "Bli med"},
        opens_on=clock.today(),
        closes_on=clock.today(),
        audience=Audience.INVITED,
        key="k",
        created_at=now,
        changed_at=now,
    )
    db.session.add_all([idea, campaign])
    db.session.flush()
    scores = {"feasibility": 3, "user_involvement": 2, "spread": 4, "innovation": 1}
    return [
        IdeaVersion(idea_id=idea.id, language="nb", until=now, **said),
        TimeThief(idea_id=idea.id, minutes=Decimal(5), times=10, persons=2, hours=Decimal(2), consented_at=now),
        SaidItHelped(idea_id=idea.id, account_id=me, helped=Helped.PARTLY, at=now),
        Confirmation(idea_id=idea.id, account_id=me, agrees=True, at=now),
        CampaignMember(campaign_id=campaign.id, account_id=me),
        Assessment(idea_id=idea.id, assessor_id=me, scores=scores, likelihood=1, consequence=2, comment="Ja", at=now),
        CaseStep(idea_id=idea.id, at=now, step=Step.UNDER_WAY, actor_id=me, text="I gang"),
        Location(
            kind="idea",
            target_id=idea.id,
            latitude=59.83,
            longitude=10.43,
            address="Torget 1",
            x=1,
            y=1,
            is_public=True,
            placed_by_id=me,
            placed_at=now,
        ),
    ]


def of_cocreation(me: int) -> list[Any]:
    now, day = clock.now(), clock.today()
    written = {"author_id": me, "language": "nb", "state": PublicationState.PUBLISHED, "key": "k"}
    project = Project(
        title="Middag sammen",
        challenge="Mange spiser alene",
        byline=Byline.NAME,
        phase_since=now,
        alive_at=now,
        created_at=now,
        shown_at=now,
        **written,
    )
    db.session.add(project)
    db.session.flush()
    post = written | {"project_id": project.id, "byline": "Leder", "written_at": now}
    need = Need(kind=NeedKind.HOURS, title="Kokker", capacity=2, taken=1, **post)
    meeting = Meeting(title="Oppstart", starts_at=now, ends_at=now + timedelta(hours=1), taken=1, **post)
    db.session.add_all([need, meeting])
    db.session.flush()
    return [
        Member(project_id=project.id, account_id=me, role=MemberRole.OWNER, asked_at=now, joined_at=now),
        SignUp(need_id=need.id, account_id=me, amount=1, note="Kan ta suppe", at=now),
        HoursTold(
            project_id=project.id, account_id=me, hours=Decimal(2), what="Kokte", done_on=day, key="k", told_at=now
        ),
        Attendance(meeting_id=meeting.id, account_id=me, at=now),
        PhaseMove(
            project_id=project.id,
            number=1,
            came_from=Phase.NEED,
            came_to=Phase.CONCEPT,
            reason="Alle er enige",
            decided_on=day,
            by_id=me,
            by_title="Leder",
            at=now,
        ),
        Message(kind="project", target_id=project.id, sender_id=me, text="Hei", key="k", sent_at=now),
    ]


def of_solutions(me: int) -> list[Any]:
    now = clock.now()
    said = {"title": "Middag sammen", "problem": "Mange spiser alene", "core": "Lage mat sammen", "author_id": me}
    solution = Solution(
        municipality_number="3203",
        theme=Theme.HEALTH,
        cost_class=Cost.LOW,
        evidence=Evidence.TOLD,
        size=Size.LARGE,
        language="nb",
        byline=Byline.NAME,
        state=PublicationState.PUBLISHED,
        key="k",
        created_at=now,
        shown_at=now,
        **said,
    )
    db.session.add(solution)
    db.session.flush()
    of = {"solution_id": solution.id, "of_edition": 1, "state": PublicationState.PENDING, "written_at": now}
    return [
        SolutionTranslation(language="nn", **said, **of),
        Adoption(
            adopter="municipality:3203",
            kind=AdopterKind.MUNICIPALITY,
            municipality_number="3203",
            step=AdoptionStep.PILOTING,
            result="Det går bra",
            language="nb",
            author_id=me,
            byline="Asker",
            key="k",
            **of,
        ),
    ]


def of_partners(me: int) -> list[Any]:
    partner = Partner(
        name="Bærum kommune",
        municipality_number="3201",
        base_url="https://baerum.example",
        state=PartnerState.ACTIVE,
        keeper_id=me,
        added_at=clock.now(),
    )
    return [partner]


def of_moderation(me: int) -> list[Any]:
    case = Case(
        kind="contribution",
        target_id=1,
        cause=Cause.REPORTED,
        author_id=me,
        signals=[{"signal": "phone", "field": "text", "start": 0, "end": 8}],
        opened_at=clock.now(),
        due_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    decision = Decision(
        case_id=case.id,
        verdict=Verdict.MASK,
        decided_at=clock.now(),
        on_report=True,
        rule="personal_data",
        language="nb",
        masks=[],
        before={"state": "published", "language": "nb", "fields": {"text": "Ring 22 33 44 55"}},
    )
    db.session.add(decision)
    db.session.flush()
    return [
        Report(
            case_id=case.id,
            reporter_id=me,
            rule="spam",
            text="Se",
            language="nb",
            token_hash="r",
            created_at=clock.now(),
        ),
        CaseEvent(case_id=case.id, at=clock.now(), actor_id=me, what="opened", data={}),
        Appeal(
            decision_id=decision.id,
            appellant=Appellant.AUTHOR,
            text="Uenig",
            language="nb",
            created_at=clock.now(),
            due_at=clock.now(),
            decided_at=clock.now(),
            outcome=Outcome.UPHELD,
        ),
    ]


def of_outreach(me: int) -> list[Any]:
    round_id = db.session.scalar(sa.select(Round.id))
    now = clock.now()
    resident = {"group": StakeholderGroup.RESIDENT, "state": BatchState.WAITING, "entered_at": now}
    return [
        RoundReminder(round_id=round_id, account_id=me),
        Invitation(round_id=round_id, name="Biblioteket", token="t", made_by_id=me, made_at=now),
        PaperBatch(round_id=round_id, label="B1", entered_by_id=me, **resident),
        PaperBatch(round_id=round_id, label="B2", decided_by_id=me, **resident),
    ]


def of_weights(me: int) -> list[Any]:
    round_id, now = db.session.scalar(sa.select(Round.id)), clock.now()
    table = {"cells": [], "total": 1, "source": "SSB 07459", "source_date": now.date(), "uploaded_at": now}
    taken_out = {"kind": SignalKind.IDENTICAL, "count": 9, "reason": "Like.", "from_revision": 1, "excluded_at": now}
    return [
        PopulationTable(round_id=round_id, uploaded_by_id=me, **table),
        Exclusion(round_id=round_id, excluded_by_id=me, **taken_out),
    ]


def of_verifying(me: int) -> list[Any]:
    round_id, now = db.session.scalar(sa.select(Round.id)), clock.now()
    asked = {"round_id": round_id, "appointed_at": now, "appointed_by_id": me}
    mine = Appointment(indicator="1.1", account_id=me, has_conflict=False, stated_at=now, **asked)
    link = ObservatoryEvidence(
        round_id=round_id,
        indicator="1.1",
        key="1.1.1",
        kind=EvidenceKind.LINK,
        title="Plan",
        url="https://example.org/plan",
        dated_on=clock.today(),
        created_at=now,
        created_by_id=me,
    )
    db.session.add_all([mine, link])
    db.session.flush()
    said = {"verdict": Judged.CONTESTED, "reason": "Utkast", "seen_version": 1, "given_at": now}
    return [
        EvidenceVerdict(appointment_id=mine.id, evidence_id=link.id, **said),
        VerifierColour(appointment_id=mine.id, level=Level.RED, reason="Ikke vedtatt", given_at=now),
    ]


@pytest.fixture
def me(cast: Cast, visitor: Open) -> Account:
    """Somebody of whom every package keeps something of each sort."""
    actor = cast.actor("volunteer")
    visitor("volunteer").post("profile.edit", {"name": "Vigdis Frivillig", "language": "nb"})
    an_open_round(cast)
    answers(actor)
    comment(actor, CommentDraft(round="2026", indicator="1.1", text="En kommentar"))
    write(int(actor.id or 0))
    return db.session.get_one(Account, actor.id)


@atomic
def write(me: int) -> None:
    for make in (
        of_accounts,
        of_taking_part,
        of_outreach,
        of_verifying,
        of_weights,
        of_portfolio,
        of_ideas,
        of_cocreation,
        of_solutions,
        of_partners,
        of_moderation,
    ):
        db.session.add_all(make(me))
        db.session.flush()


def rows(package: PersonalData, me: Account) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section, found in package.export(me.id).items():
        for row in found:
            yield section, row


def fields(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return the fields of a row, and those inside them."""
    for name, value in row.items():
        yield name, value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                yield from fields(inner)


def test_every_section_has_something_in_it_here_so_that_nothing_is_left_out_below(me: Account) -> None:
    empty = {
        f"{package.name}.{section}"
        for package in personal_data()
        for section, found in package.export(me.id).items()
        if not found
    }
    assert not empty


def test_every_part_section_and_field_has_words(me: Account) -> None:
    for package in personal_data():
        for section, row in rows(package, me):
            assert package.name in own_words.PACKAGES, package.name
            assert own_data.title(section) != section
            without = {name for name, _value in fields(row) if name not in own_words.LABELS}
            assert not without, f"{package.name}.{section}"


def test_every_value_that_the_code_names_has_words(me: Account) -> None:
    seen = set()
    for package in personal_data():
        for _section, row in rows(package, me):
            for name, value in fields(row):
                if isinstance(value, StrEnum) and name != "event":
                    seen.add(name)
                    without = [each for each in type(value) if own_data.word(name, each) == each.value]
                    assert not without, f"{package.name}: {name}"
    assert seen >= {
        "state",
        "verdict",
        "cause",
        "form",
        "frequency",
        "notice_kind",
        "role",
        "outcome",
        "tie",
        "answer",
        "stage",
        "step",
        "helped",
    }


def test_every_event_and_every_field_of_one_has_words(app: Flask) -> None:
    for event in reactions():
        assert own_data.word("event", event.name) != event.name, event.name
        named = {each.name for each in dataclasses.fields(event)} - {"actor"}
        assert not named - set(own_words.LABELS), event.name


def test_every_kind_of_content_and_house_rule_has_words(app: Flask) -> None:
    for kind in content():
        assert own_data.word("kind", kind.name) == kind.label
    assert str(own_data.word("rule", "spam")) == "Reklame, svindel og søppel"


def test_a_value_is_written_as_people_write() -> None:
    assert own_data.shown("strong", True) == "ja"
    assert own_data.shown("strong", False) == "nei"
    assert own_data.shown("text", "") == "–"
    assert own_data.shown("left", 0) == "0"
    assert own_data.shown("roles", ["admin", "employee"]) == "Administrator, Ansatt"
    assert own_data.shown("closes_at", "2026-11-22T11:00:00+00:00") == "22. november 2026 kl. 12:00"
    nested = own_data.shown("body", {"verdict": "mask", "case_id": 7})
    assert nested == "Avgjørelse: noe er sladdet · Sak nummer: 7"


def test_the_page_shows_no_name_of_the_code(me: Account, visitor: Open) -> None:
    words = visitor("volunteer").get("profile.my_data").words
    for name in (
        "changes_requested",
        "own_initiative",
        "notice_kind",
        "target_id",
        "reset_password",
        "personal_data",
        "time_thief",
        "under_way",
    ):
        assert name not in words
    assert "Ring 22 33 44 55" in words, "one's own text as it was before it was masked"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_has_a_page_that_opens_by_itself_and_leads_to_all_of_it(
    me: Account, visitor: Open, language: str
) -> None:
    browser = visitor("volunteer")
    forget_request()
    answer = browser.client.get("/konto/mine-data/last-ned?sprak=" + language)
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    page = BeautifulSoup(archive.read(own_data.INDEX), "html5lib")
    html = page.select_one("html")
    assert html is not None
    assert html["lang"] == language
    for link in page.select("a[href], link[href]"):
        target = str(link["href"])
        assert not target.startswith(("http", "/")), target
        assert page.select_one(target) if target.startswith("#") else target in archive.namelist()
    assert not page.select("script, img")
    packages = [package for package in personal_data() if package.export(me.id)]
    assert len([name for name in archive.namelist() if name.endswith(".json")]) == len(packages)
    with in_language(language):
        for package in packages:
            kept = json.loads(archive.read(f"{package.name}.json"))
            for section, found in kept.items():
                heading = page.select_one(f"h2#{package.name}-{section}")
                assert heading is not None
                assert heading.get_text() == str(own_data.title(section))
                lists = [each.name for each in heading.find_next_siblings(["h2", "dl"])]
                assert [*lists, "h2"].index("h2") == len(found)


def test_the_files_one_has_sent_lie_in_the_archive(app: Flask) -> None:
    target = io.BytesIO()
    own_data.write_zip(target, {}, [("filer/7/kart å.png", iter([b"en", b" to"]))], "<p>index")
    with zipfile.ZipFile(target) as archive:
        assert archive.read("filer/7/kart å.png") == b"en to"
        assert archive.read("own_data.css")


def test_an_account_of_whom_little_is_kept_gets_a_file_too(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident2")
    forget_request()
    archive = zipfile.ZipFile(io.BytesIO(browser.client.get("/konto/mine-data/last-ned").data))
    assert json.loads(archive.read("accounts.json"))["account"][0]["email"] == "resident2@demo.example"
    assert db.session.scalar(sa.select(Account.id).where(Account.id == cast.resident2.id))
