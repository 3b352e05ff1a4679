"""docs/roles.md says who may do what; here it is compared with the policies."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from portal.accounts import policy as accounts
from portal.cocreation import policy as cocreation
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.models.together import Need
from portal.cocreation.phases import Phase
from portal.files import policy as files
from portal.goals import policy as goals
from portal.home import policy as home
from portal.ideas import policy as ideas
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure
from portal.ideas.stages import Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.identity import ANONYMOUS, STAFF, SYSTEM, Actor, Role, SignInMethod
from portal.moderation import policy as moderation
from portal.observatorium import policy as observatorium
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.models.outreach import BatchState, PaperBatch
from portal.observatorium.models.rounds import RoundState
from portal.operations import policy as operations
from portal.participation import policy as participation
from portal.participation.models import Contribution, Form
from portal.partners import policy as partners
from portal.places import policy as places
from portal.portfolio import policy as portfolio
from portal.portfolio.models import ApplicationState
from portal.solutions import policy as solutions
from portal.solutions.adoption import AdopterKind
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution, SolutionTranslation
from tests.architecture.test_house import DOCS

COLUMNS = ["signed out", *map(str, Role), "system"]
WITHOUT_ACTOR = {"observatorium.may_rate_as", "files.may_attach"}
MINE, ANOTHERS = 7, 8


def a_round(state: RoundState, *, over: bool = False) -> Any:
    """A round with what the policies ask about."""
    now = clock.now()
    return SimpleNamespace(
        state=state,
        opens_at=now - timedelta(days=2),
        closes_at=now + timedelta(days=-1 if over else 9),
        sign_in_methods=[method.value for method in SignInMethod],
        publishing_since=None,
        opened_at=now - timedelta(days=2),
        published_at=None,
    )


def an_appeal() -> Any:
    return SimpleNamespace(first_decided_by_id=ANOTHERS)


def a_hidden_comment() -> Any:
    return SimpleNamespace(author_id=ANOTHERS, state=PublicationState.HIDDEN)


def a_question(state: PublicationState = PublicationState.PUBLISHED, *, author: int = ANOTHERS) -> Contribution:
    """A question on an indicator."""
    return Contribution(kind="indicator", target_id=101, form=Form.QUESTION, author_id=author, state=state)


def own(number: int = MINE) -> Any:
    return SimpleNamespace(id=number, account_id=number, author_id=number)


def a_file(uploader: int) -> Any:
    return SimpleNamespace(uploader_id=uploader, state=PublicationState.PENDING, target=Ref("thing", 1))


def a_benefit() -> Any:
    return SimpleNamespace(ref=Ref("indicator", 101))


def asking(state: str, *, author: int = ANOTHERS) -> Any:
    """An application for innovation funds."""
    return SimpleNamespace(author_id=author, state=ApplicationState(state))


AREA = 3
"""The service area that everybody with an area works in."""


def an_idea(state: PublicationState = PublicationState.PUBLISHED, *, author: int = ANOTHERS, area: int = AREA) -> Idea:
    """An idea in the service area of those who have one."""
    return Idea(author_id=author, state=state, stage=Stage.REALISED, service_area_id=area, responsible_id=None)


def a_project(
    state: PublicationState = PublicationState.PUBLISHED, *, author: int = ANOTHERS, phase: Phase = Phase.NEED
) -> Project:
    """A samskaping project in the service area of those who have one."""
    return Project(author_id=author, state=state, phase=phase, service_area_id=AREA)


def in_it(actor: Actor, role: MemberRole = MemberRole.OWNER) -> Member | None:
    """What somebody is in a project: a member for a party, when they have an account."""
    return Member(role=role, party_id=1, joined_at=clock.now()) if actor.id else None


def a_need(author: int, state: PublicationState = PublicationState.PUBLISHED) -> Need:
    return Need(author_id=author, state=state)


NEIGHBOUR = "3201"


def working(actor: Actor) -> Actor:
    """The same person, with a partner's staff bound to a municipality."""
    return replace(actor, municipality_number=NEIGHBOUR) if actor.has(Role.PARTNER) else actor


def where(actor: Actor) -> str:
    """The municipality somebody works in; for those who work in none, the portal's own."""
    return solutions.municipality_of(working(actor)) or solutions.home()


def a_solution(
    actor: Actor, state: PublicationState = PublicationState.PUBLISHED, source_uri: str | None = None
) -> Solution:
    """A solution that a colleague shared."""
    return Solution(author_id=ANOTHERS, state=state, municipality_number=where(actor), source_uri=source_uri)


def an_adoption(actor: Actor, state: PublicationState = PublicationState.PUBLISHED) -> Adoption:
    """That the municipality somebody works in takes a solution in use."""
    return Adoption(kind=AdopterKind.MUNICIPALITY, municipality_number=where(actor), state=state)


def in_area(actor: Actor) -> Actor:
    """The same person, working in the service area."""
    return replace(actor, service_areas=frozenset({AREA}))


OPEN, CLOSED, DRAFT, PUBLISHED = RoundState.OPEN, RoundState.CLOSED, RoundState.DRAFT, RoundState.PUBLISHED
ASKED: dict[str, Callable[[Actor], bool]] = {
    "accounts.may_administer": accounts.may_administer,
    "accounts.may_revoke": lambda actor: accounts.may_revoke(actor, ANOTHERS, Role.ADMIN),
    "accounts.may_deactivate": lambda actor: accounts.may_deactivate(actor, own(ANOTHERS)),
    "accounts.may_limit": lambda actor: accounts.may_limit(actor, ANOTHERS),
    "accounts.may_ask_to_speak": accounts.may_ask_to_speak,
    "accounts.may_remove_spokesperson": lambda actor: accounts.may_remove_spokesperson(actor, own(ANOTHERS)),
    "accounts.may_end_sessions": lambda actor: accounts.may_end_sessions(actor, ANOTHERS),
    "accounts.may_erase": lambda actor: accounts.may_erase(actor, MINE),
    "operations.may_operate": operations.may_operate,
    "home.may_read_reports": home.may_read_reports,
    "goals.may_import_subgoals": goals.may_import_subgoals,
    "places.may_run_neighbourhoods": places.may_run_neighbourhoods,
    "files.may_upload": files.may_upload,
    "files.may_read": lambda actor: files.may_read(actor, a_file(ANOTHERS)),
    "files.may_change": lambda actor: files.may_change(actor, a_file(MINE)),
    "files.may_remove": lambda actor: files.may_remove(actor, a_file(MINE)),
    "cocreation.may_read": lambda actor: cocreation.may_read(actor, a_project(PublicationState.PENDING), None),
    "cocreation.may_start": cocreation.may_start,
    "cocreation.may_take_part": lambda actor: cocreation.may_take_part(actor, a_project()),
    "cocreation.may_run": lambda actor: cocreation.may_run(actor, a_project(), in_it(actor)),
    "cocreation.may_withdraw": lambda actor: cocreation.may_withdraw(actor, a_project(author=MINE), in_it(actor)),
    "cocreation.may_represent": lambda actor: cocreation.may_represent(
        actor, a_project(), in_it(actor, MemberRole.REPRESENTATIVE)
    ),
    "cocreation.may_agree": lambda actor: cocreation.may_agree(
        actor, a_project(), in_it(actor, MemberRole.REPRESENTATIVE)
    ),
    "cocreation.may_contribute": lambda actor: cocreation.may_contribute(
        actor, a_project(), in_it(actor, MemberRole.CONTRIBUTOR)
    ),
    "cocreation.may_tell_hours": lambda actor: cocreation.may_tell_hours(actor, a_project(), None, has_signed_up=True),
    "cocreation.may_follow_up": lambda actor: cocreation.may_follow_up(in_area(actor), a_project()),
    "cocreation.may_evaluate": lambda actor: cocreation.may_evaluate(
        actor, a_project(phase=Phase.CLOSE), in_it(actor, MemberRole.REPRESENTATIVE)
    ),
    "cocreation.may_see_risks": lambda actor: cocreation.may_see_risks(in_area(actor), a_project(), None),
    "cocreation.may_overview": cocreation.may_overview,
    "cocreation.may_manage_methods": cocreation.may_manage_methods,
    "cocreation.may_read_post": lambda actor: cocreation.may_read_post(
        actor, a_need(ANOTHERS, PublicationState.PENDING), a_project(), None
    ),
    "cocreation.may_look_after": lambda actor: cocreation.may_look_after(
        actor, a_need(MINE), a_project(), in_it(actor, MemberRole.REPRESENTATIVE)
    ),
    "cocreation.may_edit_post": lambda actor: cocreation.may_edit_post(actor, a_need(MINE), a_project(), None),
    "cocreation.may_withdraw_post": lambda actor: cocreation.may_withdraw_post(actor, a_need(MINE), a_project(), None),
    "cocreation.may_offer": lambda actor: cocreation.may_offer(actor, 1, frozenset({1})),
    "ideas.may_read": lambda actor: ideas.may_read(actor, an_idea(PublicationState.PENDING)),
    "ideas.may_propose": ideas.may_propose,
    "ideas.may_take_part": lambda actor: ideas.may_take_part(actor, an_idea()),
    "ideas.may_edit": lambda actor: ideas.may_edit(actor, an_idea(author=MINE)),
    "ideas.may_withdraw": lambda actor: ideas.may_withdraw(actor, an_idea(author=MINE)),
    "ideas.may_consent": lambda actor: ideas.may_consent(actor, an_idea(PublicationState.INTERNAL, author=MINE)),
    "ideas.may_manage": ideas.may_manage,
    "ideas.may_import": ideas.may_import,
    "ideas.may_see_cases": ideas.may_see_cases,
    "ideas.may_handle": lambda actor: ideas.may_handle(in_area(actor), an_idea()),
    "ideas.may_assess": lambda actor: ideas.may_assess(actor, an_idea()),
    "ideas.may_archive": lambda actor: ideas.may_archive(in_area(actor), an_idea()),
    "ideas.may_archive_campaign": ideas.may_archive_campaign,
    "ideas.may_confirm": lambda actor: ideas.may_confirm(actor, an_idea(), had_it=True),
    "ideas.may_make_measures": ideas.may_make_measures,
    "ideas.may_run_measure": lambda actor: ideas.may_run_measure(in_area(actor), Measure(service_area_id=AREA)),
    "solutions.may_share": lambda actor: solutions.may_share(working(actor)),
    "solutions.may_manage": lambda actor: solutions.may_manage(working(actor), a_solution(actor)),
    "solutions.may_withdraw": lambda actor: solutions.may_withdraw(working(actor), a_solution(actor)),
    "solutions.may_note": lambda actor: solutions.may_note(actor, a_solution(actor, source_uri="https://a.example")),
    "solutions.may_read": lambda actor: solutions.may_read(working(actor), a_solution(actor, PublicationState.PENDING)),
    "solutions.may_take_part": lambda actor: solutions.may_take_part(actor, a_solution(actor)),
    "solutions.may_ask": lambda actor: solutions.may_ask(actor, a_solution(actor)),
    "solutions.may_read_translation": lambda actor: solutions.may_read_translation(
        working(actor), SolutionTranslation(state=PublicationState.PENDING), a_solution(actor)
    ),
    "solutions.may_act_for": lambda actor: solutions.may_act_for(
        working(actor), AdopterKind.MUNICIPALITY, municipality=where(actor)
    ),
    "solutions.may_change": lambda actor: solutions.may_change(working(actor), an_adoption(actor), frozenset()),
    "solutions.may_read_texts": lambda actor: solutions.may_read_texts(
        working(actor), an_adoption(actor, PublicationState.PENDING), frozenset()
    ),
    "partners.may_administer": partners.may_administer,
    "moderation.may_moderate": moderation.may_moderate,
    "moderation.may_decide": lambda actor: moderation.may_decide(actor, own(ANOTHERS)),
    "moderation.may_see_appeals": moderation.may_see_appeals,
    "moderation.may_decide_appeal": lambda actor: moderation.may_decide_appeal(actor, an_appeal(), own(ANOTHERS)),
    "moderation.may_report": moderation.may_report,
    "observatorium.may_rate": lambda actor: observatorium.may_rate(actor, a_round(OPEN)),
    "observatorium.may_take_part": observatorium.may_take_part,
    "observatorium.may_comment": lambda actor: observatorium.may_comment(actor, a_round(OPEN)),
    "observatorium.may_withdraw_comment": lambda actor: observatorium.may_withdraw_comment(actor, own()),
    "observatorium.may_read_comment": lambda actor: observatorium.may_read_comment(actor, a_hidden_comment()),
    "observatorium.may_run_rounds": observatorium.may_run_rounds,
    "observatorium.may_change": lambda actor: observatorium.may_change(actor, a_round(DRAFT)),
    "observatorium.may_open": lambda actor: observatorium.may_open(actor, a_round(DRAFT)),
    "observatorium.may_extend": lambda actor: observatorium.may_extend(actor, a_round(OPEN)),
    "observatorium.may_close": lambda actor: observatorium.may_close(actor, a_round(OPEN, over=True)),
    "observatorium.may_publish": lambda actor: observatorium.may_publish(actor, a_round(CLOSED)),
    "observatorium.may_correct": lambda actor: observatorium.may_correct(actor, a_round(PUBLISHED)),
    "observatorium.may_plan_measures": observatorium.may_plan_measures,
    "observatorium.may_log_measure": lambda actor: observatorium.may_log_measure(
        replace(actor, service_areas=frozenset({1})), IndicatorMeasure(service_area_id=1)
    ),
    "observatorium.may_invite": lambda actor: observatorium.may_invite(actor, a_round(OPEN)),
    "observatorium.may_ask_for_reminder": lambda actor: observatorium.may_ask_for_reminder(actor, a_round(OPEN)),
    "observatorium.may_read_paper": observatorium.may_read_paper,
    "observatorium.may_enter_paper": lambda actor: observatorium.may_enter_paper(actor, a_round(OPEN)),
    "observatorium.may_change_batch": lambda actor: observatorium.may_change_batch(
        actor, a_round(OPEN), PaperBatch(state=BatchState.DRAFT, entered_by_id=actor.id)
    ),
    "observatorium.may_decide_batch": lambda actor: observatorium.may_decide_batch(
        actor, a_round(OPEN), PaperBatch(state=BatchState.WAITING, entered_by_id=ANOTHERS)
    ),
    "observatorium.may_withdraw": lambda actor: observatorium.may_withdraw(actor, a_round(OPEN)),
    "observatorium.may_assess": lambda actor: observatorium.may_assess(
        replace(actor, service_areas=frozenset({1})), a_round(CLOSED), [1]
    ),
    "observatorium.may_read_evidence": lambda actor: observatorium.may_read_evidence(
        replace(actor, service_areas=frozenset({1})), a_round(CLOSED), [1]
    ),
    "observatorium.may_upload_population": lambda actor: observatorium.may_upload_population(actor, a_round(OPEN)),
    "observatorium.may_see_weighting": lambda actor: observatorium.may_see_weighting(actor, a_round(CLOSED)),
    "observatorium.may_exclude": lambda actor: observatorium.may_exclude(actor, a_round(CLOSED)),
    "observatorium.may_appoint_verifiers": lambda actor: observatorium.may_appoint_verifiers(actor, a_round(OPEN)),
    "observatorium.may_reply_to_verifiers": lambda actor: observatorium.may_reply_to_verifiers(actor, a_round(CLOSED)),
    "observatorium.may_see_verifying": observatorium.may_see_verifying,
    "observatorium.may_verify": lambda actor: observatorium.may_verify(actor, a_round(OPEN), own()),
    "observatorium.may_set_own_levels": lambda actor: observatorium.may_set_own_levels(actor, a_round(CLOSED)),
    "portfolio.may_plan": lambda actor: portfolio.may_plan(actor, Ref("indicator", 101)),
    "portfolio.may_read_benefit": lambda actor: portfolio.may_read_benefit(actor, a_benefit()),
    "portfolio.may_apply": lambda actor: portfolio.may_apply(actor, Ref("indicator", 101)),
    "portfolio.may_run_funds": portfolio.may_run_funds,
    "portfolio.may_read_application": lambda actor: portfolio.may_read_application(actor, asking("sent")),
    "portfolio.may_change": lambda actor: portfolio.may_change(actor, asking("draft", author=MINE)),
    "portfolio.may_withdraw": lambda actor: portfolio.may_withdraw(actor, asking("sent", author=MINE)),
    "portfolio.may_decide": lambda actor: portfolio.may_decide(actor, asking("sent")),
    "portfolio.may_pay": lambda actor: portfolio.may_pay(actor, asking("granted")),
    "portfolio.may_report": lambda actor: portfolio.may_report(actor, asking("granted", author=MINE)),
    "participation.may_take_part": participation.may_take_part,
    "participation.may_read": lambda actor: participation.may_read(actor, a_question(PublicationState.PENDING)),
    "participation.may_support": lambda actor: participation.may_support(actor, a_question()),
    "participation.may_reply": lambda actor: participation.may_reply(actor, a_question()),
    "participation.may_answer": lambda actor: participation.may_answer(actor, a_question()),
    "participation.may_edit": lambda actor: participation.may_edit(actor, a_question(author=MINE)),
    "participation.may_withdraw": lambda actor: participation.may_withdraw(actor, a_question(author=MINE)),
}


def someone(column: str) -> Actor:
    if column == "signed out":
        return ANONYMOUS
    if column == "system":
        return SYSTEM
    return Actor(id=MINE, roles=frozenset({Role.MEMBER, Role(column)}), sign_in=SignInMethod.PASSWORD)


def documented() -> dict[str, dict[str, bool]]:
    rows = {}
    for line in (DOCS / "roles.md").read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| `(\w+\.may_\w+)`.*?\|(.*)\|$", line)
        if found:
            cells = [cell.strip() for cell in found[2].split("|")]
            assert set(cells) <= {"yes", "–"}, line
            rows[found[1]] = dict(zip(COLUMNS, (cell == "yes" for cell in cells), strict=True))
    return rows


POLICIES = (
    accounts,
    moderation,
    observatorium,
    operations,
    participation,
    files,
    goals,
    places,
    portfolio,
    home,
    ideas,
    cocreation,
    solutions,
    partners,
)


def policies() -> set[str]:
    return {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in POLICIES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("may_") and function.__module__ == module.__name__
    }


def test_everything_a_policy_decides_is_in_the_table() -> None:
    assert set(documented()) == policies() - WITHOUT_ACTOR == set(ASKED)


@pytest.mark.parametrize("verb", ASKED)
def test_the_table_says_what_the_policy_does(app: Flask, verb: str) -> None:
    decided = {column: bool(ASKED[verb](someone(column))) for column in COLUMNS}
    assert decided == documented()[verb]


@pytest.mark.parametrize("verb", [verb for verb in ASKED if verb.startswith("observatorium")])
def test_an_account_that_is_limited_takes_part_in_nothing(app: Flask, verb: str) -> None:
    """It may read, and take back what it wrote."""
    until = clock.now() + timedelta(days=1)
    limited = {role: replace(someone(role), limited_until=until) for role in map(str, Role)}
    allowed = {role for role, actor in limited.items() if ASKED[verb](actor)}
    assert allowed == (set(limited) if verb == "observatorium.may_withdraw_comment" else set())


def test_the_staff_in_the_table_are_the_staff_in_the_code() -> None:
    text = (DOCS / "roles.md").read_text(encoding="utf-8")
    sentence = text.split("«Staff» are ")[1].split(":")[0]
    assert {word.strip() for word in re.split(r",| and ", sentence)} == {role.value for role in STAFF}
