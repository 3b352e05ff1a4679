"""Answering for a party, the type that follows, where the parties differ, and the four types explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions.classifying import answer_questions, choose_type
from portal.cocreation.actions.parties import take_out_party
from portal.cocreation.models.classifying import Classification, TypeChoice
from portal.cocreation.models.projects import Member, Party, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.classifying import Why, summary
from portal.cocreation.typology import VERSION, Answers, ProjectType
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, started
from tests.support.page import Visitor

Open = Callable[..., Visitor]
EQUAL = Answers(problem=2, goals=2, design=2, carry_out=2)
STEERED = Answers(problem=0, goals=0, design=1, carry_out=1)
BETWEEN = Answers(problem=0, goals=2, design=1, carry_out=2)
SENT = {
    **dict.fromkeys(("problem", "goals", "design", "carry_out"), "2"),
    **dict.fromkeys(("goal_locked", "frame_locked", "could_end_elsewhere"), "nei"),
}


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of a group of residents and an organisation."""
    made = started(cast.actor("resident"))
    joined(cast.actor("resident"), made, cast.actor("volunteer"))
    return made


@atomic
def in_phase(project: Project, phase: Phase) -> None:
    project.phase = phase


@atomic
def ended(project: Project) -> None:
    project.ended_at, project.ending = project.created_at, "succeeded"


def trail(project: Project) -> list[Classification]:
    rows = sa.select(Classification).where(Classification.project_id == project.id).order_by(Classification.id)
    return list(db.session.scalars(rows))


def test_a_project_of_one_party_is_what_that_party_answers(cast: Cast) -> None:
    made = started(cast.actor("resident"))
    answer_questions(cast.actor("resident"), made.id, EQUAL)
    assert (made.type, made.central_actor, made.predictability) == (ProjectType.EQUAL, -0.75, -0.5)


def test_one_of_many_parties_cannot_say_it_for_all(cast: Cast, project: Project) -> None:
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    assert project.type is None
    assert summary(project).why is Why.ONE_OF_MANY
    assert (project.central_actor, project.predictability) == (-0.75, -0.5)


def test_parties_that_agree_give_the_project_its_type(cast: Cast, project: Project) -> None:
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    assert project.type is ProjectType.EQUAL
    told = summary(project)
    assert (told.why, told.waiting) == (Why.AGREED, [])


def test_parties_that_differ_leave_it_open_and_the_position_in_the_middle(cast: Cast, project: Project) -> None:
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    answer_questions(cast.actor("volunteer"), project.id, STEERED)
    assert project.type is None
    assert summary(project).why is Why.DIFFER
    assert (project.central_actor, project.predictability) == (-0.625, 0.5)


def test_answers_between_two_types_leave_it_open(cast: Cast, project: Project) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, BETWEEN)
    assert project.type is None
    assert summary(project).why is Why.IN_DOUBT


def test_what_one_side_does_alone_has_no_type(cast: Cast, project: Project) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, Answers(problem=0, goals=0, design=0, carry_out=0))
    assert project.type is None
    assert summary(project).why is Why.ALONE


def test_an_answer_keeps_the_version_of_the_rule_and_stands_in_the_trail(cast: Cast, project: Project) -> None:
    row = answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    assert (row.rule_version, row.phase, row.answered_by_id) == (VERSION, Phase.NEED, cast.volunteer.id)
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "project.classified")).one()


def test_a_changed_answer_keeps_the_trail_and_the_same_answer_again_is_not_a_new_one(
    cast: Cast, project: Project
) -> None:
    for answers in (EQUAL, EQUAL, STEERED):
        answer_questions(cast.actor("volunteer"), project.id, answers)
    assert [each.problem for each in trail(project)] == [2, 0]
    assert [each.answers for each in summary(project).answered] == [STEERED]


def test_a_new_phase_asks_again_and_the_old_answers_count_until_then(cast: Cast, project: Project) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, EQUAL)
    in_phase(project, Phase.CONCEPT)
    assert [each.name for each in summary(project).waiting] == ["Naboene", "Frivilligsentralen"]
    answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    assert project.type is ProjectType.EQUAL
    assert [each.name for each in summary(project).waiting] == ["Naboene"]
    assert [each.phase for each in trail(project)] == [Phase.NEED, Phase.NEED, Phase.CONCEPT]


def test_a_contributor_and_an_outsider_cannot_answer(cast: Cast, project: Project, visitor: Open) -> None:
    contributing(cast.actor("resident"), project, cast.actor("resident2"))
    for name in ("resident2", "employee", "adviser"):
        with pytest.raises(Forbidden):
            answer_questions(cast.actor(name), project.id, EQUAL)
        visitor(name).get("cocreation_types.answer", project_id=project.id, _status=403)
        visitor(name).post("cocreation_types.answer", SENT, project_id=project.id, _status=403)
    assert trail(project) == []


def test_what_is_over_is_not_answered_for(cast: Cast, project: Project, visitor: Open) -> None:
    ended(project)
    with pytest.raises(Conflict):
        answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    visitor("volunteer").get("cocreation_types.answer", project_id=project.id, _status=403)


def test_a_choice_against_the_answers_needs_a_reason(cast: Cast, project: Project) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, EQUAL)
    owner = cast.actor("resident")
    with pytest.raises(Invalid) as refusal:
        choose_type(owner, project.id, ProjectType.FACILITATING, "  ")
    assert refusal.value.field == "reason"
    assert project.type is ProjectType.EQUAL
    choice = choose_type(owner, project.id, ProjectType.FACILITATING, "Naboene leder det i praksis.")
    assert (project.type, choice.by_title) == (ProjectType.FACILITATING, "Kontakt, Naboene")
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "project.type_chosen")).one()


def test_a_choice_that_follows_the_answers_needs_none(cast: Cast, project: Project) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, EQUAL)
    assert choose_type(cast.actor("resident"), project.id, ProjectType.EQUAL, "").type is ProjectType.EQUAL


def test_only_owners_choose(cast: Cast, project: Project, visitor: Open) -> None:
    with pytest.raises(Forbidden):
        choose_type(cast.actor("volunteer"), project.id, ProjectType.EQUAL, "Fordi.")
    visitor("volunteer").get("cocreation_types.choose", project_id=project.id, _status=403)


def test_a_choice_holds_until_a_party_answers_in_a_new_phase(cast: Cast, project: Project) -> None:
    choose_type(cast.actor("resident"), project.id, ProjectType.FACILITATING, "Naboene leder det.")
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    assert project.type is ProjectType.FACILITATING
    in_phase(project, Phase.CONCEPT)
    assert summary(project).type is ProjectType.FACILITATING
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, EQUAL)
    assert project.type is ProjectType.EQUAL
    assert db.session.scalars(sa.select(TypeChoice)).one().phase is Phase.NEED


def test_nobody_answers_for_a_party_that_has_left(cast: Cast, project: Project) -> None:
    for name, answers in (("resident", EQUAL), ("volunteer", STEERED)):
        answer_questions(cast.actor(name), project.id, answers)
    party = db.session.scalars(sa.select(Party).where(Party.name == "Frivilligsentralen")).one()
    take_out_party(cast.actor("resident"), project.id, party.id)
    with pytest.raises(Forbidden):
        answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    assert (project.type, project.central_actor) == (ProjectType.EQUAL, -0.75)


def test_the_page_shows_where_parties_differ_and_helps_them_talk(cast: Cast, project: Project, visitor: Open) -> None:
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    answer_questions(cast.actor("volunteer"), project.id, STEERED)
    page = visitor().get("cocreation_types.project", project_id=project.id)
    assert page.heading == "Hvem bestemmer hva?"
    assert "Partene ser ulikt på hva slags samskaping dette er. 2 av 2 parter har svart." in page.words
    assert len(page.all(".type-differences > li")) == 4
    assert page.words.count("Snakk om dette:") == 4
    assert page.words.count("Langt fra hverandre") == 2
    marks = [each.get_text() for each in page.all(".type-square svg g title")]
    assert marks == ["1 Naboene: Likeverdig", "2 Frivilligsentralen: Styrt"]
    assert not page.response.headers.getlist("Set-Cookie")


def test_the_page_draws_the_trail_over_the_phases(cast: Cast, project: Project, visitor: Open) -> None:
    answer_questions(cast.actor("volunteer"), project.id, STEERED)
    assert not visitor().get("cocreation_types.project", project_id=project.id).all(".type-square__trail")
    in_phase(project, Phase.CONCEPT)
    answer_questions(cast.actor("volunteer"), project.id, EQUAL)
    page = visitor().get("cocreation_types.project", project_id=project.id)
    assert len(page.one(".type-square__trail")["points"].split()) == 2  # type: ignore[union-attr]
    rows = [row.get_text(" ", strip=True) for row in page.all(".disclosure table tbody tr")]
    assert len(rows) == 2
    assert all("Frivilligsentralen" in row and VERSION in row for row in rows)


def test_parties_in_the_same_place_share_a_mark(cast: Cast, project: Project, visitor: Open) -> None:
    for name in ("resident", "volunteer"):
        answer_questions(cast.actor(name), project.id, EQUAL)
    page = visitor().get("cocreation_types.project", project_id=project.id)
    assert page.one(".type-square__label").get_text() == "1 2"
    assert "Dere svarer likt" in page.words


def test_the_choice_and_its_reason_stand_in_public(cast: Cast, project: Project, visitor: Open) -> None:
    owner = visitor("resident")
    sent = {"type": "facilitating", "reason": ""}
    page = owner.post("cocreation_types.choose", sent, project_id=project.id, _status=422)
    assert page.one("input[name=type][value=facilitating]").has_attr("checked")
    assert "peker ikke entydig" in page.words
    owner.post("cocreation_types.choose", sent | {"reason": "Naboene leder <b>alt</b>."}, project_id=project.id)
    public = visitor().get("cocreation_types.project", project_id=project.id)
    assert public.one(".type-choice__reason").get_text() == "Naboene leder <b>alt</b>."
    assert "Kontakt, Naboene" in public.one(".type-choice footer").get_text()
    assert public.one(".type-now .type-badge").get_text(strip=True) == "Fasiliterende"


def test_the_questionnaire_without_script_shows_what_it_becomes_and_keeps_the_choices(
    cast: Cast, project: Project, visitor: Open
) -> None:
    someone = visitor("volunteer")
    empty = someone.get("cocreation_types.answer", project_id=project.id)
    assert "Svar på alle fire stegene" in empty.one("#blir").get_text()
    some = {"problem": "2", "goals": "0", "goal_locked": "ja"}
    half = someone.follow(someone.post("cocreation_types.answer", some | {"se": "1"}, project_id=project.id))
    assert {name: half.form("form[data-types]").get(name) for name in some} == some
    asked = SENT | {"goal_locked": "ja", "se": "1"}
    seen = someone.follow(someone.post("cocreation_types.answer", asked, project_id=project.id))
    assert "Mellom likeverdig og styrt" in seen.one(".type-reading__headline").get_text()
    assert trail(project) == []
    kept = seen.form("form[data-types]")
    someone.post("cocreation_types.answer", kept, project_id=project.id)
    assert [(each.design, each.goal_locked) for each in trail(project)] == [(2, True)]
    again = someone.get("cocreation_types.answer", project_id=project.id).form("form[data-types]")
    assert {name: again[name] for name in SENT} == SENT | {"goal_locked": "ja"}


def test_what_is_left_out_is_told_at_the_question_and_the_rest_is_kept(project: Project, visitor: Open) -> None:
    sent = {name: value for name, value in SENT.items() if name not in {"design", "frame_locked"}}
    page = visitor("volunteer").post("cocreation_types.answer", sent, project_id=project.id, _status=422)
    assert [each["id"] for each in page.all("[id$=-error]")] == ["design-error", "frame_locked-error"]
    form = page.form("form[data-types]")
    assert {name: form[name] for name in sent} == sent


@pytest.mark.parametrize("value", ["5", "-1", "x", "2.0", ""])
def test_answers_outside_the_scale_are_refused(project: Project, visitor: Open, value: str) -> None:
    visitor("volunteer").post("cocreation_types.answer", SENT | {"problem": value}, project_id=project.id, _status=422)
    assert trail(project) == []


def test_the_script_is_told_what_the_answers_come_to(visitor: Open) -> None:
    told = visitor().get("cocreation_types.read", **SENT).response.json
    assert told is not None
    assert told["headline"] == "Likeverdig"
    assert "Det som ofte går galt" in told["html"]
    half: Any = visitor().get("cocreation_types.read", problem="1", goals="x").response.json
    assert half["headline"] == ""
    assert "Svar på alle fire stegene" in half["html"]


@pytest.mark.parametrize(
    ("steps", "headline"),
    [
        ((0, 0, 1, 1), "Styrt"),
        ((0, 0, 2, 3), "Ansvarliggjørende"),
        ((4, 4, 4, 3), "Fasiliterende"),
        ((3, 1, 3, 1), "Blandet, nærmest likeverdig"),
        ((0, 2, 1, 2), "Mellom likeverdig og styrt"),
        ((0, 0, 0, 0), "Kommunens eget prosjekt, ikke samskaping"),
        ((4, 4, 4, 4), "Sivilsamfunnets eget, ikke samskaping"),
    ],
)
def test_each_outcome_is_told_in_words(visitor: Open, steps: tuple[int, ...], headline: str) -> None:
    values = dict(zip(("problem", "goals", "design", "carry_out"), steps, strict=True))
    told: Any = visitor().get("cocreation_types.read", **values).response.json
    assert told["headline"] == headline
    assert headline in told["html"]


def test_the_model_page_explains_the_rule_by_the_rule_itself(visitor: Open) -> None:
    page = visitor().get("cocreation_types.model")
    assert page.heading == "Fire måter å samskape på"
    assert "Svaret er ansvarliggjørende." in page.words
    assert "og svaret blir likeverdig" in page.words
    assert "74 av de 2 000" in page.words
    assert "131 av de 625" in page.words
    assert VERSION in page.words
    assert "Ingen prosjekter er svart for ennå" in page.words


def many(cast: Cast, number: int) -> None:
    """Put that many public projects among the types, without their parties."""
    first = started(cast.actor("resident"), "Prosjekt 0")
    columns = {column.key for column in sa.inspect(Project).columns} - {"id", "key", "title"}
    values = {key: getattr(first, key) for key in columns}
    db.session.execute(
        sa.insert(Project),
        [
            values
            | {
                "key": f"mange-{at}",
                "title": f"Prosjekt {at}",
                "central_actor": (at % 9) / 2 - 2,
                "predictability": (at % 4) - 2 + 0.5,
            }
            for at in range(1, number)
        ],
    )
    db.session.commit()


def test_many_projects_are_gathered_and_listed_within_eight_statements(
    cast: Cast, visitor: Open, count_queries: Callable[..., Any]
) -> None:
    many(cast, 201)
    with count_queries(at_most=8):
        page = visitor().get("cocreation_types.model")
    labels = [int(each.get_text()) for each in page.all(".type-square__label")]
    assert sum(labels) == 200
    assert len(page.all(".type-square a")) == 36
    assert len(page.all("#prosjekter ~ table tbody tr")) == 25
    further = visitor().get_url(str(page.one("a[rel=next]")["href"]).partition("#")[0])
    names = {row.get_text() for shown in (page, further) for row in shown.all("#prosjekter ~ table tbody th")}
    assert len(names) == 50


def test_a_cell_leads_to_the_projects_in_it_and_one_alone_to_its_page(cast: Cast, visitor: Open) -> None:
    many(cast, 4)
    alone = visitor().get("cocreation_types.model")
    assert {each["aria-label"] for each in alone.all(".type-square a")} == {f"Prosjekt {at}" for at in (1, 2, 3)}
    assert all("/samskaping/" in str(each["href"]) for each in alone.all(".type-square a"))
    many_here = started(cast.actor("resident2"), "Der Prosjekt 1 ligger")
    one = db.session.scalars(sa.select(Project).where(Project.title == "Prosjekt 1")).one()
    many_here.central_actor, many_here.predictability = one.central_actor, one.predictability
    db.session.commit()
    gathered = visitor().get("cocreation_types.model")
    cell = next(each for each in gathered.all(".type-square a") if each["aria-label"] == "2 prosjekter her")
    narrowed = visitor().get_url(str(cell["href"]).partition("#")[0])
    assert {row.get_text(strip=True) for row in narrowed.all("#prosjekter ~ table tbody th")} == {
        "Prosjekt 1",
        "Der Prosjekt 1 ligger",
    }


def test_what_waits_for_moderation_is_not_among_the_types(cast: Cast, visitor: Open, project: Project) -> None:
    answer_questions(cast.actor("resident"), project.id, EQUAL)
    assert project.title in visitor().get("cocreation_types.model").words
    project.state = "hidden"
    db.session.commit()
    assert project.title not in visitor().get("cocreation_types.model").words
    visitor().get("cocreation_types.project", project_id=project.id, _status=404)


@pytest.mark.parametrize("cell", ["x", "1", "1,2,3", "99999,1", "--1,2", "1,", "\N{SUPERSCRIPT TWO},1"])
def test_a_cell_that_is_none_shows_all(visitor: Open, cell: str) -> None:
    visitor().get("cocreation_types.model", rute=cell)


def test_the_page_of_a_project_with_many_answers_takes_at_most_eight_statements(
    cast: Cast, project: Project, visitor: Open, count_queries: Callable[..., Any]
) -> None:
    for at in range(30):
        answers = Answers(problem=at % 3, goals=at % 5, design=at % 4, carry_out=2)
        answer_questions(cast.actor(("resident", "volunteer")[at % 2]), project.id, answers)
    someone = visitor("volunteer")
    with count_queries(at_most=8):
        page = someone.get("cocreation_types.project", project_id=project.id)
    assert len(page.all(".disclosure table tbody tr")) == 20
    assert "Endre svaret for Frivilligsentralen" in page.words


def test_an_owner_without_a_party_is_not_asked(cast: Cast, project: Project, visitor: Open) -> None:
    member = db.session.get_one(Member, (project.id, cast.resident.id))
    member.party_id = None
    db.session.commit()
    page = visitor("resident").get("cocreation_types.project", project_id=project.id)
    assert "Svar for" not in page.words
    choose_type(cast.actor("resident"), project.id, ProjectType.EQUAL, "Vi gjør alt sammen.")
    assert summary(project).choice.by_title == ""  # type: ignore[union-attr]
