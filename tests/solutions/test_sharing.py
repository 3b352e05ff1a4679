"""Sharing a solution, changing and translating what it says, noting beside it, and withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.goals.queries import links
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor, Role
from portal.solutions.actions.sharing import (
    LONGEST,
    WordsDraft,
    edit_solution,
    note_solution,
    share_solution,
    translate_solution,
    withdraw_solution,
    withdraw_translation,
)
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Licence, Theme
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation, SolutionVersion
from tests.ideas.test_at_once import people, together
from tests.support.cast import Cast
from tests.support.ideas import published
from tests.support.solutions import CORE, PROBLEM, draft, imported, shared, show

NYNORSK = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")
WAITS, SHOWN, GONE = PublicationState.PENDING, PublicationState.PUBLISHED, PublicationState.WITHDRAWN


def versions(solution: Solution) -> list[SolutionVersion]:
    kept = sa.select(SolutionVersion).where(SolutionVersion.solution_id == solution.id)
    return list(db.session.scalars(kept.order_by(SolutionVersion.id)))


def trail(name: str) -> int:
    """Return how many times the audit trail tells of something."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.name == name)) or 0


# -- sharing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "number"), [("employee", "3203"), ("adviser", "3203"), ("admin", "3203"), ("partner", "3201")]
)
def test_a_solution_belongs_to_the_municipality_that_its_author_works_in(cast: Cast, who: str, number: str) -> None:
    solution = share_solution(cast.actor(who), draft(goals=(3,), indicators=(108,)))
    assert (solution.municipality_number, solution.state, solution.edition) == (number, WAITS, 1)
    ref = Ref(SOLUTION, solution.id)
    assert links([ref])[ref] == [Ref("goal", 3), Ref("indicator", 108)]


@pytest.mark.parametrize("who", ["resident", "volunteer", "verifier"])
def test_those_who_work_in_no_municipality_share_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        share_solution(cast.actor(who), draft())
    with pytest.raises(Forbidden):
        share_solution(ANONYMOUS, draft())


def test_a_partner_that_is_bound_to_no_municipality_shares_nothing(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        share_solution(replace(cast.actor("partner"), municipality_number=None), draft())


def test_a_limited_account_shares_and_changes_nothing_and_can_withdraw(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    limited = replace(cast.actor("employee"), limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden, match="begrenset"):
        share_solution(limited, draft())
    with pytest.raises(Forbidden, match="begrenset"):
        edit_solution(limited, solution.id, draft("Ny"), version=solution.version)
    withdraw_solution(limited, solution.id)
    assert solution.state is GONE


def test_the_same_form_twice_is_one_solution(cast: Cast) -> None:
    first = share_solution(cast.actor("employee"), draft(), key="one")
    assert share_solution(cast.actor("employee"), draft(), key="one").id == first.id
    assert trail("solution.shared") == 1
    assert share_solution(cast.actor("adviser"), draft(), key="one").id != first.id


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"problem": ""}, "problem"),
        ({"core": "\n"}, "core"),
        ({"risk": "x" * (LONGEST + 1)}, "risk"),
        ({"contact_title": ""}, "contact_title"),
        ({"used_since": clock.today() + timedelta(days=1)}, "used_since"),
        ({"goals": (18,)}, "goal"),
        ({"indicators": (999,)}, "indicator"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field(cast: Cast, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        share_solution(cast.actor("employee"), draft(**given))
    assert refused.value.field == field
    assert not db.session.scalars(sa.select(Solution)).all()


def test_a_solution_comes_of_an_idea_or_a_project_that_its_author_can_read(cast: Cast) -> None:
    idea = Ref("idea", published(cast.actor("resident")).id)
    solution = share_solution(cast.actor("employee"), draft(), origin=idea)
    assert (solution.origin_kind, solution.origin_id) == ("idea", idea.id)
    for nothing in (Ref("idea", 999), Ref("indicator", 108), Ref(SOLUTION, 999), Ref("nonsense", 1)):
        with pytest.raises(Forbidden):
            share_solution(cast.actor("employee"), draft(), origin=nothing)


# -- changing ----------------------------------------------------------------------------------------------------------


def test_what_was_shown_is_kept_as_a_version_and_new_words_wait(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    edit_solution(author, solution.id, draft("Middag i lag"), version=solution.version)
    assert (solution.state, solution.edition, solution.title) == (WAITS, 2, "Middag i lag")
    edit_solution(author, solution.id, draft("Middag for alle"), version=solution.version)
    assert [(each.title, each.edition) for each in versions(solution)] == [("Middag sammen", 1)]
    assert solution.edition == 2, "what nobody could read was never an edition"
    show(Ref(SOLUTION, solution.id))
    edit_solution(author, solution.id, draft("Middag"), version=solution.version)
    assert [(each.title, each.edition) for each in versions(solution)] == [("Middag sammen", 1), ("Middag for alle", 2)]


def test_what_it_is_sorted_by_changes_at_once_and_is_told(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    facts = {"theme": Theme.DEMOCRACY, "goals": (3,), "contact_title": "Kokk"}
    edit_solution(author, solution.id, draft(**facts), version=solution.version)
    assert (solution.state, solution.edition, solution.theme, solution.contact_title) == (
        SHOWN,
        1,
        Theme.DEMOCRACY,
        "Kokk",
    )
    assert (versions(solution), solution.edited_at) == ([], None)
    assert trail("solution.edited") == 1, "pages that are kept, and other portals, must know"


def test_who_saves_what_somebody_else_has_changed_is_told_and_changes_nothing(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    seen = solution.version
    edit_solution(cast.actor("adviser"), solution.id, draft("Rådgiverens"), version=seen)
    with pytest.raises(Conflict):
        edit_solution(cast.actor("employee"), solution.id, draft("Forfatterens"), version=seen)
    assert db.session.get_one(Solution, solution.id, populate_existing=True).title == "Rådgiverens"


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("employee2", Forbidden),
        ("moderator", Forbidden),
        ("partner", Forbidden),
        ("resident", Forbidden),
        ("adviser", None),
    ],
)
def test_a_colleague_changes_it_only_as_an_adviser(cast: Cast, who: str, refused: type[Exception] | None) -> None:
    solution = shared(cast.actor("employee"))
    change = partial(edit_solution, cast.actor(who), solution.id, draft("Ny"), version=solution.version)
    if refused is None:
        assert change().title == "Ny"
        return
    with pytest.raises(refused):
        change()
    for take_back in (withdraw_solution, partial(translate_solution, words=NYNORSK)):
        with pytest.raises(refused):
            take_back(cast.actor(who), solution.id)


def test_what_waits_is_not_there_for_those_who_cannot_read_it(cast: Cast) -> None:
    solution = share_solution(cast.actor("employee"), draft())
    for who in ("resident", "partner", "employee2"):
        with pytest.raises(NotFound):
            edit_solution(cast.actor(who), solution.id, draft("Ny"), version=solution.version)


def test_what_came_from_another_portal_is_changed_there(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser)
    colleague = replace(cast.actor("partner"), municipality_number=solution.municipality_number)
    for who in (adviser, colleague):
        with pytest.raises(Forbidden):
            edit_solution(who, solution.id, draft("Ny"), version=solution.version)
        with pytest.raises(Forbidden):
            translate_solution(who, solution.id, NYNORSK)
        with pytest.raises(Forbidden):
            withdraw_solution(who, solution.id)


def test_of_many_who_save_at_once_one_wins(own_app: Flask) -> None:
    with own_app.app_context():
        author, *_others = people(1, Role.EMPLOYEE)
        solution = shared(author)
        number, version = solution.id, solution.version
        db.session.remove()
    works: list[Callable[[], Any]] = [
        partial(edit_solution, author, number, draft(f"Tittel {n}"), version=version) for n in range(4)
    ]
    got = together(own_app, works)
    assert sorted(isinstance(each, Conflict) for each in got) == [False, True, True, True]
    with own_app.app_context():
        solution = db.session.get_one(Solution, number)
        assert (solution.edition, len(versions(solution))) == (2, 1)


def test_of_many_who_send_the_same_form_at_once_there_is_one_solution(own_app: Flask) -> None:
    with own_app.app_context():
        author, *_others = people(1, Role.EMPLOYEE)
        db.session.commit()
        db.session.remove()
    together(own_app, [partial(share_solution, author, draft(), key="same") for _n in range(4)])
    with own_app.app_context():
        assert len(db.session.scalars(sa.select(Solution)).all()) == 1
        assert trail("solution.shared") == 1


# -- translating -------------------------------------------------------------------------------------------------------


def test_a_translation_waits_is_replaced_and_knows_of_which_edition_it_is(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    translation = translate_solution(author, solution.id, NYNORSK)
    assert (translation.state, translation.of_edition, translation.edited_at) == (WAITS, 1, None)
    show(Ref(TRANSLATION, translation.id))
    edit_solution(author, solution.id, draft("Ny tittel"), version=solution.version)
    assert translation.of_edition < solution.edition
    again = translate_solution(author, solution.id, replace(NYNORSK, title="Ny nynorsk"), version=translation.version)
    assert (again.id, again.state, again.of_edition, again.title) == (translation.id, WAITS, 2, "Ny nynorsk")
    assert solution.state is WAITS, "the words it is of are its own affair"


def test_a_translation_says_the_same_things_in_another_language(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    with pytest.raises(Invalid) as refused:
        translate_solution(author, solution.id, replace(NYNORSK, language="nb"))
    assert refused.value.field == "language"
    with pytest.raises(Invalid) as refused:
        translate_solution(author, solution.id, replace(NYNORSK, core=""))
    assert refused.value.field == "core"


def test_a_solution_is_said_once_in_each_language(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    translation = translate_solution(author, solution.id, NYNORSK)
    with pytest.raises(Invalid) as refused:
        edit_solution(author, solution.id, draft(language="nn"), version=solution.version)
    assert refused.value.field == "language"
    withdraw_translation(author, translation.id)
    assert edit_solution(author, solution.id, draft(language="nn"), version=solution.version).language == "nn"


def test_who_saves_a_translation_that_somebody_else_has_changed_is_told(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    first = translate_solution(cast.actor("employee"), solution.id, NYNORSK)
    seen = first.version
    translate_solution(cast.actor("adviser"), solution.id, replace(NYNORSK, title="Min"), version=seen)
    for version in (None, seen, 99):
        with pytest.raises(Conflict):
            translate_solution(cast.actor("employee"), solution.id, NYNORSK, version=version)


def test_a_translation_that_was_taken_back_can_be_made_again(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    translation = translate_solution(author, solution.id, NYNORSK)
    withdraw_translation(author, translation.id)
    assert (translation.state, translation.title, translation.core) == (GONE, "", "")
    with pytest.raises(NotFound):
        withdraw_translation(author, translation.id)
    again = translate_solution(author, solution.id, NYNORSK, version=translation.version)
    assert (again.id, again.state, again.title) == (translation.id, WAITS, "Middag i lag")
    with pytest.raises(Forbidden):
        withdraw_translation(cast.actor("employee2"), again.id)
    with pytest.raises(NotFound):
        withdraw_translation(author, 999)


def test_translating_and_taking_back_at_once_hangs_nobody(own_app: Flask) -> None:
    with own_app.app_context():
        author, *_others = people(1, Role.EMPLOYEE)
        solution = shared(author)
        translation = translate_solution(author, solution.id, NYNORSK)
        numbers = solution.id, translation.id, translation.version
        db.session.remove()
    works: list[Callable[[], Any]] = [
        partial(translate_solution, author, numbers[0], NYNORSK, version=numbers[2]),
        partial(_or_gone, withdraw_translation, author, numbers[1]),
        partial(_or_gone, withdraw_solution, author, numbers[0]),
    ]
    assert len(together(own_app, [*works[:2]])) == 2
    assert len(together(own_app, [*works[1:]])) == 2
    with own_app.app_context():
        assert db.session.get_one(Solution, numbers[0]).state is GONE
        assert db.session.get_one(SolutionTranslation, numbers[1]).title == ""


def _or_gone(action: Callable[[Actor, int], Any], actor: Actor, number: int) -> Any:
    try:
        return action(actor, number)
    except NotFound as gone:
        return gone


# -- withdrawing and noting --------------------------------------------------------------------------------------------


def test_a_solution_that_is_withdrawn_leaves_no_word_behind(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author, summary="Kort", goals=(3,), indicators=(108,))
    translation = translate_solution(author, solution.id, NYNORSK)
    edit_solution(author, solution.id, draft("Ny tittel"), version=solution.version)
    withdraw_solution(author, solution.id)
    assert {getattr(solution, name) for name in (*WORDS, "contact_title", "local_note")} == {""}
    assert (solution.state, translation.state, translation.title) == (GONE, GONE, "")
    assert versions(solution) == []
    ref = Ref(SOLUTION, solution.id)
    assert links([ref])[ref] == []
    for who in ("employee", "adviser", "moderator"):
        with pytest.raises(NotFound):
            withdraw_solution(cast.actor(who), solution.id)
    assert (trail("solution.withdrawn"), trail("solution.translation_withdrawn")) == (1, 1)


def test_what_a_moderator_has_hidden_can_be_withdrawn_and_not_changed(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    solution.state = PublicationState.HIDDEN
    db.session.commit()
    with pytest.raises(Forbidden):
        edit_solution(author, solution.id, draft("Ny"), version=solution.version)
    withdraw_solution(author, solution.id)
    assert solution.state is GONE


def test_an_adviser_notes_beside_what_came_from_another_portal_and_nobody_else(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser)
    note_solution(adviser, solution.id, "Drift vurderer den.")
    assert (solution.local_note, solution.problem, solution.core) == ("Drift vurderer den.", PROBLEM, CORE)
    with pytest.raises(Invalid):
        note_solution(adviser, solution.id, "x" * (LONGEST + 1))
    for who in ("employee", "partner", "resident"):
        with pytest.raises(Forbidden):
            note_solution(cast.actor(who), solution.id, "Mitt")
    with pytest.raises(Forbidden):
        note_solution(adviser, shared(adviser, "Vår egen").id, "Mitt")


def test_what_is_made_of_one_to_be_shared_alike_is_shared_alike_and_stays_so(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    source = shared(cast.actor("partner"), licence=Licence.CC_BY_SA)
    origin = Ref(SOLUTION, source.id)
    with pytest.raises(Invalid) as refused:
        share_solution(adviser, draft("Vår utgave"), origin=origin)
    assert refused.value.field == "licence"
    ours = share_solution(adviser, draft("Vår utgave", licence=Licence.CC_BY_SA), origin=origin)
    with pytest.raises(Invalid):
        edit_solution(adviser, ours.id, draft("Vår utgave", licence=Licence.CC0), version=ours.version)


def test_one_made_under_free_terms_is_not_bound_by_later_ones(cast: Cast) -> None:
    partner, adviser = cast.actor("partner"), cast.actor("adviser")
    source = shared(partner)
    ours = share_solution(adviser, draft("Vår utgave"), origin=Ref(SOLUTION, source.id))
    alike = draft(licence=Licence.CC_BY_SA)
    edit_solution(partner, source.id, alike, version=source.version)
    assert edit_solution(adviser, ours.id, draft("Vår"), version=ours.version).licence is Licence.CC_BY
