"""What the rest of the house knows of solutions: as links, to moderation, to search, to goals and to benefits."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from portal.goals.models import Link
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.i18n import in_language
from portal.kernel.identity import ANONYMOUS
from portal.moderation.models import Case, Verdict
from portal.search.models import Document, Facet
from portal.search.queries import search
from portal.search.upkeep import rebuild
from portal.solutions.actions.sharing import (
    WordsDraft,
    edit_solution,
    share_solution,
    translate_solution,
    withdraw_solution,
    withdraw_translation,
)
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.kinds.solutions import (
    all_ids,
    cards,
    entries,
    may,
    may_with_translation,
    restrict,
    restrict_translation,
    translation_cards,
    translations_written,
    written,
)
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation, SolutionVersion
from tests.portfolio import things
from tests.support.cast import Cast
from tests.support.counting import count_queries
from tests.support.moderating import decided
from tests.support.solutions import CORE, draft, imported, shared, show

NYNORSK = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")
HIDDEN, PUBLISHED = PublicationState.HIDDEN, PublicationState.PUBLISHED


def found(of: Solution) -> dict[str, str]:
    """Return what the search index holds of a solution: the title in each language."""
    held = sa.select(Document.language, Document.title).where(Document.kind == SOLUTION, Document.target_id == of.id)
    return {language: title for language, title in db.session.execute(held)}  # noqa: C416 - rows are no pairs to mypy


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_card_says_whose_it_is_and_tells_nothing_of_what_is_not_shown(cast: Cast) -> None:
    solution = shared(cast.actor("partner"), "Middag sammen", summary="**Kort** fortalt", language="nn")
    card = cards([solution.id, 999])[solution.id]
    assert (card.title, card.excerpt, card.status, card.language) == ("Middag sammen", "Kort fortalt", "Bærum", "nn")
    assert (card.endpoint, card.values) == ("solutions.show", {"solution_id": solution.id, "slug": "middag-sammen"})
    solution.state = HIDDEN
    db.session.commit()
    card = cards([solution.id])[solution.id]
    assert (card.title, card.excerpt, card.status) == ("Middag sammen", "", "")
    withdraw_solution(cast.actor("partner"), solution.id)
    assert cards([solution.id])[solution.id].title == "Løsning uten tittel"


def test_many_cards_take_one_statement(cast: Cast) -> None:
    ids = [shared(cast.actor("employee"), f"Løsning {number}").id for number in range(20)]
    db.session.expunge_all()
    with count_queries(at_most=1):
        assert len(cards(ids)) == 20


def test_a_translation_leads_to_the_solution_in_its_language(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    translation = translate_solution(cast.actor("employee"), solution.id, NYNORSK)
    card = translation_cards([translation.id])[translation.id]
    assert (card.title, card.language) == ("Middag i lag", "nn")
    assert card.values == {"solution_id": solution.id, "slug": "middag-i-lag", "tekst": "nn"}


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        ("read", {"signed out", "resident", "employee", "adviser", "partner"}),
        ("follow", {"resident", "employee", "adviser", "partner"}),
        ("ask", {"resident", "employee", "adviser", "partner"}),
        ("answer", {"employee", "adviser"}),
        ("attach", {"employee", "adviser"}),
        ("benefit", {"employee", "adviser"}),
        ("support", set()),
        ("comment", set()),
        ("apply", set()),
        ("nonsense", set()),
    ],
)
def test_what_may_be_done_with_one_that_is_shown(cast: Cast, verb: str, allowed: set[str]) -> None:
    ref = Ref(SOLUTION, shared(cast.actor("employee")).id)
    people = {"signed out": ANONYMOUS} | {n: cast.actor(n) for n in ("resident", "employee", "adviser", "partner")}
    assert {name for name, actor in people.items() if may(actor, ref, verb)} == allowed
    waiting = Ref(SOLUTION, share_solution(cast.actor("employee2"), draft()).id)
    assert not any(
        may(people[name], each, verb) for name in ("resident", "partner") for each in (waiting, Ref(SOLUTION, 999))
    )


def test_one_from_another_portal_can_be_followed_but_nobody_would_hear_a_question_here(cast: Cast) -> None:
    ref = Ref(SOLUTION, imported(cast.actor("adviser")).id)
    assert may(cast.actor("resident"), ref, "follow")
    assert not any(may(cast.actor(name), ref, "ask") for name in ("resident", "employee", "adviser", "partner"))


def test_a_translation_is_read_and_nothing_else(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    ref = Ref(TRANSLATION, translate_solution(cast.actor("employee"), solution.id, NYNORSK).id)
    assert may_with_translation(cast.actor("employee"), ref, "read")
    assert may_with_translation(cast.actor("moderator"), ref, "read")
    assert not may_with_translation(ANONYMOUS, ref, "read")
    show(ref)
    assert may_with_translation(ANONYMOUS, ref, "read")
    assert not may_with_translation(cast.actor("employee"), ref, "ask")
    assert not may_with_translation(cast.actor("employee"), Ref(TRANSLATION, 999), "read")


# -- moderation --------------------------------------------------------------------------------------------------------


def test_moderators_read_all_its_words_under_its_authors_name(cast: Cast) -> None:
    solution = share_solution(cast.actor("employee"), draft(risk="Allergi"))
    seen = written([solution.id])[solution.id]
    assert (seen.byline, seen.author_id, seen.state) == (cast.employee.name, cast.employee.id, PublicationState.PENDING)
    assert set(seen.fields) == set(WORDS)
    assert seen.fields["risk"] == "Allergi"
    translation = translate_solution(cast.actor("adviser"), solution.id, NYNORSK)
    of = translations_written([translation.id])[translation.id]
    assert (of.author_id, of.language, of.on) == (cast.adviser.id, "nn", Ref(SOLUTION, solution.id))
    assert set(of.fields) == set(WORDS)


def test_a_moderator_lets_it_through_and_then_it_is_found_counted_and_listed_from_that_moment(cast: Cast) -> None:
    solution = share_solution(cast.actor("employee"), draft("Middag sammen", goals=(3,)))
    assert found(solution) == {}
    assert db.session.scalar(sa.select(Case.kind).where(Case.closed_at.is_(None))) == SOLUTION
    begun = solution.shown_at
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id))
    assert solution.shown_at > begun
    assert found(solution) == {"nb": "Middag sammen"}
    assert db.session.scalars(sa.select(Link.is_public)).all() == [True]
    facets = {name: value for name, value in db.session.execute(sa.select(Facet.name, Facet.value))}  # noqa: C416
    assert facets == {"theme": "health", "municipality": "3203"}
    first = solution.shown_at
    edit_solution(cast.actor("employee"), solution.id, draft("Ny tittel", goals=(3,)), version=solution.version)
    assert (found(solution), db.session.scalars(sa.select(Link.is_public)).all()) == ({}, [False])
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id))
    assert found(solution) == {"nb": "Ny tittel"}
    assert solution.shown_at == first, "it came once"


def test_what_is_masked_is_masked_in_the_solution_in_search_and_in_earlier_versions(cast: Cast) -> None:
    author, ref_words = cast.actor("employee"), {"contact_title": "Rådgiver"}
    solution = shared(author, "Middag", risk="Ring Kari", **ref_words)
    edit_solution(author, solution.id, draft("Middag", risk="Ring Kari nå"), version=solution.version)
    masked = Restriction(state=PUBLISHED, fields={"risk": "Ring ███ nå"}, hide_versions=True)
    restrict(Ref(SOLUTION, solution.id), masked)
    assert (solution.risk, solution.core, solution.state) == ("Ring ███ nå", CORE, PUBLISHED)
    assert db.session.scalars(sa.select(SolutionVersion.hidden)).all() == [True]
    assert "Kari" not in entries([solution.id])[solution.id][0].body


def test_what_was_withdrawn_stays_so_whatever_moderation_says(cast: Cast) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    translation = translate_solution(author, solution.id, NYNORSK)
    withdraw_solution(author, solution.id)
    back = Restriction(state=PUBLISHED, fields={"title": "Tilbake"})
    restrict(Ref(SOLUTION, solution.id), back)
    restrict_translation(Ref(TRANSLATION, translation.id), back)
    assert {solution.state, translation.state} == {PublicationState.WITHDRAWN}
    assert (solution.title, translation.title) == ("", "")
    assert not db.session.scalars(sa.select(Case).where(Case.closed_at.is_(None))).all()


def test_a_hidden_solution_is_found_in_no_language_and_its_benefits_are_nobodys(cast: Cast) -> None:
    author, moderator = cast.actor("employee"), cast.actor("moderator")
    solution = share_solution(author, draft())
    decided(moderator, Ref(SOLUTION, solution.id))
    benefit = things.planned(author, Ref(SOLUTION, solution.id))
    assert benefit.is_public
    decided(moderator, Ref(SOLUTION, solution.id), Verdict.HIDE)
    db.session.refresh(benefit)
    assert (found(solution), benefit.is_public) == ({}, False)


# -- search ------------------------------------------------------------------------------------------------------------


def test_search_finds_it_in_each_language_from_when_the_translation_is_let_through(cast: Cast) -> None:
    author, moderator = cast.actor("employee"), cast.actor("moderator")
    solution = share_solution(author, draft())
    decided(moderator, Ref(SOLUTION, solution.id))
    translation = translate_solution(author, solution.id, NYNORSK)
    ref = Ref(TRANSLATION, translation.id)
    assert found(solution) == {"nb": "Middag sammen"}
    decided(moderator, ref)
    assert found(solution) == {"nb": "Middag sammen", "nn": "Middag i lag"}
    with in_language("nn"):
        assert [hit.title for hit in search("einsemd").hits] == ["Middag i lag"]
    translate_solution(author, solution.id, NYNORSK, version=translation.version)
    assert found(solution) == {"nb": "Middag sammen"}, "new words wait"
    decided(moderator, ref)
    decided(moderator, ref, Verdict.HIDE)
    assert found(solution) == {"nb": "Middag sammen"}
    show(ref)
    rebuild()
    assert found(solution) == {"nb": "Middag sammen", "nn": "Middag i lag"}
    withdraw_translation(author, translation.id)
    assert found(solution) == {"nb": "Middag sammen"}


def test_a_translation_of_what_waits_is_not_found(cast: Cast) -> None:
    solution = share_solution(cast.actor("employee"), draft())
    show(Ref(TRANSLATION, translate_solution(cast.actor("employee"), solution.id, NYNORSK).id))
    assert entries([solution.id]) == {}
    rebuild()
    assert found(solution) == {}


def test_building_the_index_anew_finds_all_of_them(cast: Cast) -> None:
    ids = [shared(cast.actor("employee"), f"Løsning {number}").id for number in range(5)]
    assert all_ids(0, 3) == ids[:3]
    assert all_ids(ids[2], 10) == ids[3:]
    rebuild()
    held = sa.select(Document.target_id).where(Document.kind == SOLUTION).order_by(Document.target_id)
    assert db.session.scalars(held).all() == ids


def test_what_came_from_another_portal_is_found_under_its_municipality(cast: Cast) -> None:
    solution = imported(cast.actor("adviser"))
    assert entries([solution.id])[solution.id][0].facets["municipality"] == ("3201",)


def test_the_registry_knows_both_kinds(app: Any) -> None:
    assert (str(content().kind(SOLUTION).label), str(content().kind(SOLUTION).plural)) == ("løsning", "løsninger")
    assert str(content().kind(TRANSLATION).label) == "oversettelse av en løsning"


def test_many_entries_take_two_statements(cast: Cast) -> None:
    ids = [shared(cast.actor("employee"), f"Løsning {number}").id for number in range(10)]
    for number in ids:
        show(Ref(TRANSLATION, translate_solution(cast.actor("employee"), number, NYNORSK).id))
    db.session.expunge_all()
    with count_queries(at_most=2):
        held = entries(ids)
    assert {len(languages) for languages in held.values()} == {2}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SolutionTranslation)) == 10
