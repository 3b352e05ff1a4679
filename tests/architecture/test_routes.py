"""Every page for every role: routes.txt says who gets what, and a new page without a row fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config
from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.accounts.models import Spokesperson
from portal.cocreation.actions.agreement import AgreementDraft, write_agreement
from portal.cocreation.actions.messages import send_message
from portal.cocreation.actions.process import RiskDraft, enter_risk
from portal.cocreation.models.projects import Party
from portal.goals.actions import import_subgoals
from portal.goals.subgoal_file import FileRow
from portal.home.open_data import shelf
from portal.home.open_data.export import write_all
from portal.ideas.actions.merging import merge_ideas
from portal.ideas.actions.proposing import begin_idea
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Role
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.actions.assessing import add_evidence
from portal.observatorium.actions.measures import MeasureDraft, make_measure
from portal.observatorium.actions.outreach import InvitationDraft, make_invitation
from portal.observatorium.actions.paper import begin_batch
from portal.partners.models.partners import PartnerKey
from portal.portfolio.actions.benefits import plan_benefit
from portal.solutions.actions.sharing import WordsDraft, translate_solution
from tests.cocreation.offering import an_offer
from tests.cocreation.telling import a_method, told_in
from tests.cocreation.together import together_in
from tests.observatorium.assessing import link as a_document
from tests.observatorium.figures import a_series
from tests.observatorium.rounds import an_open_round, answers, draft, work
from tests.observatorium.test_paper import RESIDENTS
from tests.participation.talk import asked
from tests.portfolio.things import a_fund, plan, sent
from tests.solutions.adopting import adopted
from tests.support.campaigns import open_campaign
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.ideas import draft as written
from tests.support.ideas import proposed, published
from tests.support.moderating import a_complaint
from tests.support.page import Visitor, forget_request
from tests.support.portals import OtherPortal, let_in
from tests.support.solutions import imported, shared
from tests.support.thieves import at_stage, on_measure, thief

TABLE = Path(__file__).with_name("routes.txt")
OF_ASSESSING = ("indicator", "part", "remove_evidence", "assign", "copy")
PEOPLE = {
    "anonymous": None,
    "member": "resident",
    "employee": "employee",
    "idea_manager": "adviser",
    "moderator": "moderator",
    "coordinator": "coordinator",
    "verifier": "verifier",
    "partner": "partner",
    "admin": "admin",
}
"""Role → who of the cast plays it."""
ASKED = {
    "observatorium_api.results": {"round": "2025"},
    "observatorium_api.changes": {"round": "2025"},
    "participation.write": {"form": "question"},
}
"""What stands after the question mark."""
NOT_PAGES = {"ui.static", "ui.gallery"}


def table() -> dict[str, tuple[str, ...]]:
    """Read endpoint → what each role gets, in the order of PEOPLE."""
    rows = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {endpoint: tuple(codes) for endpoint, *codes in rows}


@pytest.fixture
def values(app: Flask, cast: Cast) -> dict[str, dict[str, Any]]:
    """What stands in the addresses: a published round, an open one, a draft, and somebody to look at."""
    coordinator = cast.actor("coordinator")
    an_open_round(cast, "2025")
    answers(cast.actor("resident"), slug="2025")
    rounds.close_round(coordinator, "2025")
    publishing.publish_round(coordinator, "2025")
    work()
    what = MeasureDraft(title="Svare", description="Alle får svar.", responsible="leder", deadline=clock.today())
    followed = make_measure(coordinator, "2025", "1.1", what, key="tiltak")
    rounds.make_round(coordinator, draft("2027"))
    an_open_round(cast, "2026")
    link = make_invitation(coordinator, "2026", InvitationDraft(name="Biblioteket"))
    question = asked(cast.actor("resident"))
    import_subgoals(cast.actor("adviser"), [FileRow(line=2, code="3.1", goal=3, nb="Delmål", nn="", en="")])
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name="Kultur"))
    organisation = cast.volunteer_organisation.id
    spokesperson = db.session.scalars(sa.select(Spokesperson.id)).first()
    case_id, appeal_id = a_complaint(cast)
    idea = published(cast.actor("resident"), "Nattbuss")
    adviser = cast.actor("adviser")
    other, same = (published(cast.actor("resident2"), title) for title in ("Buss", "Kveldsbuss"))
    merge = merge_ideas(adviser, other.id, same.id, "Samme idé.")
    benefit = plan_benefit(adviser, Ref("idea", idea.id), plan())
    application = sent(cast.actor("resident"), a_fund(adviser), ref=Ref("idea", idea.id))
    caught = thief(cast.actor("resident"))
    measure = on_measure(adviser, caught)
    at_stage(caught, Stage.REALISED)
    begun = begin_idea(cast.actor("resident"), written("Buss hver time"))
    project = started(cast.actor("resident"), "Middag sammen")
    agreed = AgreementDraft(text="Vi lager middag sammen.", key="avtale")
    agreement = write_agreement(cast.actor("resident"), project.id, agreed)
    may_fail = RiskDraft(what="For få frivillige", likelihood=3, consequence=3)
    risk = enter_risk(cast.actor("resident"), project.id, may_fail)
    solution = shared(cast.actor("employee"), "Middag sammen")
    said = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")
    translate_solution(cast.actor("employee"), solution.id, said)
    internal = proposed(cast.actor("employee"), "Tre skjemaer", internally=True, kind=IdeaKind.TIME_THIEF)
    campaign = open_campaign(adviser, asks=True)
    other_portal = OtherPortal("3201", "Bærum")
    other_portal.url = "https://baerum.example"
    partner = let_in(cast.actor("admin"), other_portal)
    write_all(shelf.of(config.current()))
    of_draft = dict.fromkeys(("draft", "compare", "alike", "answer", "review", "discard"), begun.id)
    of_idea = {f"ideas_propose.{name}": number for name, number in (of_draft | {"consent": internal.id}).items()}
    of_rows = ("change_row", "move_row", "remove_row")
    of_thief = ("after", "attach", "confirm", "draft", "edit", "handle", "transfer")
    of_paper = ("index", "begin", "show", "enter", "remove", "send", "discard", "decide")
    of_invitation = ("invitations", "poster", "poster_pdf", "close_invitation")
    of_round = dict.fromkeys(("show", "own_levels", "extend", "close", "withdraw"), "2026")
    of_round |= {"open_round": "2027", "change": "2027", "publish": "2025", "correct": "2025"}
    return {
        "account_id": {"cocreation_projects.member": cast.resident.id, "": cast.employee.id},
        "role": {"": "employee"},
        "organisation_id": {"": organisation},
        "spokesperson_id": {"": spokesperson},
        "service_area_id": {"": area.id},
        "key": {f"ideas_campaigns.{name}": campaign.questions[0]["key"] for name in of_rows}
        | {f"observatorium_assessing.{name}": "1.8.1" for name in ("part", "change_part")}
        | {"cocreation_methods.show": "neighbourhood_walk", "": "minimum_age"},
        "campaign_id": {"": campaign.id},
        "partner_id": {"": partner.id},
        "key_id": {"": db.session.scalar(sa.select(PartnerKey.id).where(PartnerKey.partner_id == partner.id))},
        "part": {"": "sporsmal"},
        "slug": {f"observatorium_control.{name}": slug for name, slug in of_round.items()}
        | {
            **dict.fromkeys((f"observatorium_paper.{name}" for name in of_paper), "2026"),
            **dict.fromkeys((f"observatorium_assessing.{name}" for name in OF_ASSESSING), "2026"),
            **dict.fromkeys((f"observatorium_outreach.{name}" for name in of_invitation), "2026"),
            "ideas.show": "nattbuss",
            "cocreation.show": "middag-sammen",
            "solutions.show": "middag-sammen",
            "ideas_campaigns.show": campaign.slug,
            "": "2025",
        },
        "number": {
            "cocreation_process.agreement_confirm": agreement.number,
            "cocreation_process.agreement_withdraw": agreement.number,
            "observatorium_control.own_levels": 1,
            "rating.dimension": 1,
            "home.accessibility_reported": 1,
            "goals.goal": 3,
            "sharing.picture": 101,
            "sharing.site_map_part": 0,
            "": "1.1",
        },
        "code": {"": "3.1"},
        "token": dict.fromkeys(("observatorium_outreach.welcome", "observatorium_outreach.accept"), link.token)
        | {"": "x"},
        "invitation_id": {"": link.id},
        "batch_id": {"": begin_batch(cast.actor("employee"), "2026", RESIDENTS).id},
        "month": {"": "2020-01"},
        "issuer": {"": "idporten"},
        "session_id": {"": 1},
        "comment_id": {"": 1},
        "case_id": {"": case_id},
        "decision_id": {"": 1},
        "row_id": {"": 1},
        "appeal_id": {"": appeal_id},
        "kind": {"cocreation_messages.new": "organisation", "": "indicator"},
        "target_id": {"cocreation_messages.new": organisation, "": 101},
        "offer_id": {"": an_offer(cast.actor("volunteer"), cast.volunteer_organisation).id},
        "thread_id": {"": send_message(cast.actor("resident"), Ref("organisation", organisation), "Hei", key="a").id},
        "contribution_id": {"": question.id},
        "project_id": {"": project.id},
        "adoption_id": {"": adopted(cast.actor("partner"), solution).id},
        "solution_id": {"solutions_sharing.note": imported(adviser, "Fra en annen").id, "": solution.id},
        "language": {"": "nn"},
        "post_id": told_in(cast.actor("resident"), project) | {"": 1},
        "method_id": {"": a_method(adviser).id},
        "risk_id": {"": risk.id},
        "appointment_id": {"": 1},
        "indicator": {"": "1.8"},
        "evidence_id": {"": add_evidence(coordinator, "2026", "1.8.1", a_document()).id},
        "assignment_id": {"": 1},
        "exclusion_id": {"": 1},
        "series_id": {"": a_series(cast).id},
        "table": {"": "samlet"},
        "party_id": {"": db.session.scalar(sa.select(Party.id).where(Party.project_id == project.id))},
        "idea_id": {f"thieves.{name}": caught.id for name in of_thief} | of_idea | {"": idea.id},
        "measure_id": {"measures.show": followed.id, "": measure.id}
        | {f"measures_control.{name}": followed.id for name in ("change", "log", "link", "unlink")},
        "other_id": {"": other.id},
        "merge_id": {"": merge.id},
        "doing": {"": "notat"},
        "benefit_id": {"": benefit.id},
        "application_id": {"": application.id},
        "year": {"": 2026},
        "file_id": {"": 1},
        "neighbourhood_id": {"": 1},
        "zoom": {"": 11},
        **together_in(cast.actor("resident"), project),
        "row": {"": 599},
        "column": {"": 1083},
        "name": {f"open_data.{name}": "ideer" for name in ("show", "fields", "table", "document")} | {"": "bilde.png"},
        "size": {"": "liten"},
    }


@pytest.fixture
def address(app: Flask, values: dict[str, dict[str, Any]]) -> Callable[[str], str]:
    def of(endpoint: str) -> str:
        arguments = next(iter(app.url_map.iter_rules(endpoint))).arguments
        in_path = {name: values[name].get(endpoint, values[name][""]) for name in arguments}
        with app.test_request_context():
            return app.url_for(endpoint, **in_path, **ASKED.get(endpoint, {}))

    return of


@pytest.fixture
def browsers(visitor: Callable[..., Visitor]) -> dict[str, Visitor]:
    return {role: visitor(name) if name else visitor() for role, name in PEOPLE.items()}


def routes(app: Flask, method: str) -> Iterator[str]:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
    return (endpoint for endpoint in sorted(found) if endpoint not in NOT_PAGES)


def test_every_page_has_a_row_and_every_row_a_page(app: Flask) -> None:
    assert set(table()) == set(routes(app, "GET"))


def test_every_role_is_played_by_somebody() -> None:
    assert {*map(str, Role)} == set(PEOPLE) - {"anonymous"}


def test_everybody_gets_exactly_what_the_table_says(
    app: Flask, browsers: dict[str, Visitor], address: Callable[[str], str]
) -> None:
    expected, differing = table(), []
    for endpoint in routes(app, "GET"):
        path, found = address(endpoint), []
        for browser in browsers.values():
            forget_request()
            with browser.client.get(path) as answer:
                found.append(str(answer.status_code))
        if tuple(found) != expected.get(endpoint):
            differing.append(f"{endpoint} {' '.join(found)}")
    assert not differing, "These rows differ from routes.txt:\n" + "\n".join(differing)


def test_nothing_is_changed_without_the_forms_token(
    app: Flask, browsers: dict[str, Visitor], address: Callable[[str], str]
) -> None:
    # An OpenID provider has no form: what it sends is signed, and here there is no such provider. A mail program that
    # stops mail has none either: the link is its proof, and x is no such link. A partner's portal signs what it tells.
    without_form = {"accounts.oidc_logout", "notifications.unsubscribe", "exchange_api.adoptions"}
    app.config["WTF_CSRF_ENABLED"] = True
    for endpoint in set(routes(app, "POST")) - without_form:
        for role in ("anonymous", "member", "admin"):
            forget_request()
            answer = browsers[role].client.post(address(endpoint), data={"name": "x"})
            assert answer.status_code == 400, f"POST {endpoint} as {role}: {answer.status_code}"


def test_what_changes_something_is_refused_to_whoever_may_not_open_its_door(
    app: Flask, browsers: dict[str, Visitor], address: Callable[[str], str]
) -> None:
    doors = {endpoint: app.view_functions[endpoint].__door__ for endpoint in routes(app, "POST")}  # type: ignore[attr-defined]
    guarded = {endpoint: door for endpoint, door in doors.items() if door != "public"}
    assert len(guarded) > 30
    for endpoint, allowed in guarded.items():
        path = address(endpoint)
        signed_out = browsers["anonymous"].post_url(path, {}, 303).response
        assert "/konto/logg-inn" in signed_out.headers["Location"], endpoint
        for role, browser in browsers.items():
            if role != "anonymous" and allowed and Role(role) not in allowed:
                browser.post_url(path, {}, 403)
