"""Taking in a partner's feed: its words win, our note stays, moderation decides, and one bad item stops no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.goals.models import Link
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content as kinds
from portal.kernel.identity import SYSTEM
from portal.moderation.models import Case, Verdict
from portal.partners.actions import importing
from portal.partners.actions.importing import begin_anew, end_sync, take_in
from portal.partners.actions.partners import suspend_partner
from portal.partners.incoming import RawPage, Reason
from portal.partners.models.imports import Imported, SetAside
from portal.partners.models.partners import LogKind, Partner, SyncEntry
from portal.solutions.actions.sharing import note_solution
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import Solution, SolutionTranslation, SolutionVersion
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.portals import OtherPortal, content, words
from tests.support.solutions import show

PENDING, PUBLISHED, HIDDEN, WITHDRAWN = (
    PublicationState.PENDING,
    PublicationState.PUBLISHED,
    PublicationState.HIDDEN,
    PublicationState.WITHDRAWN,
)
Take = Callable[[], Mapping[str, int] | None]


@pytest.fixture
def source() -> OtherPortal:
    """Return a partner's portal that nobody asks: what it tells is handed over."""
    portal = OtherPortal("3201", "Bærum")
    portal.url = "https://portal.baerum.example"
    return portal


@pytest.fixture
def take(source: OtherPortal, partner: Partner) -> Take:
    """Return what takes in all that the partner has told since the last time."""
    state = {"read": 0}

    def run() -> Mapping[str, int] | None:
        new = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in source.items[state["read"] :]]
        begun_at = db.session.get_one(Partner, partner.id).cursor
        state["read"] += len(new)
        return take_in(SYSTEM, partner.id, RawPage(new, None, f"a.{state['read']}"), begun_at=begun_at)

    return run


def found(number: int = 1) -> Solution:
    """Return the solution here that stands for the partner's of that number."""
    uri = f"https://portal.baerum.example/losninger/{number}"
    return db.session.scalars(
        sa.select(Solution).where(Solution.source_uri == uri).execution_options(populate_existing=True)
    ).one()


def translation(language: str = "nn") -> SolutionTranslation:
    rows = sa.select(SolutionTranslation).where(SolutionTranslation.language == language)
    return db.session.scalars(rows.execution_options(populate_existing=True)).one()


def happened() -> list[str]:
    """Return the names of what is in the audit trail."""
    return list(db.session.scalars(sa.select(AuditEntry.name).order_by(AuditEntry.id)))


def aside() -> SetAside:
    return db.session.scalars(sa.select(SetAside)).one()


def published(take: Take, source: OtherPortal, said: dict[str, Any] | None = None) -> Solution:
    """Let the partner tell of a solution, and a moderator let it through."""
    source.tell(1, said)
    take()
    show(Ref(SOLUTION, found().id))
    return found()


def test_a_solution_comes_with_its_source_and_licence_and_waits_for_a_moderator(
    cast: Cast, take: Take, source: OtherPortal
) -> None:
    source.tell(1, content("Middag sammen", indicators=["1.8", "9.9"]), version=4, licence="CC-BY-SA-4.0")
    assert take() == {"made": 1}
    solution = found()
    assert (solution.municipality_number, solution.licence.value, solution.edition) == ("3201", "CC-BY-SA-4.0", 4)
    assert (solution.state, solution.author_id) == (PENDING, cast.admin.id)
    assert db.session.get_one(Imported, solution.id).attribution == "Bærum kommune"
    assert db.session.scalars(sa.select(Case.target_id).where(Case.kind == SOLUTION)).all() == [solution.id]
    served = sa.select(Link.to_kind, Link.to_id).where(Link.kind == SOLUTION, Link.target_id == solution.id)
    assert {tuple(row) for row in db.session.execute(served)} == {("goal", 3), ("indicator", 108)}


def test_what_moderation_has_not_let_through_is_shown_to_nobody(
    take: Take, source: OtherPortal, visitor: Callable[..., Any]
) -> None:
    source.tell(1)
    take()
    values = {"solution_id": found().id, "slug": "middag-sammen"}
    assert visitor().get("solutions.show", _status=404, **values)
    show(Ref(SOLUTION, found().id))
    page = visitor().get("solutions.show", **values)
    assert "Bærum" in page.text


def test_the_same_page_twice_changes_nothing(take: Take, source: OtherPortal) -> None:
    published(take, source)
    source.items.append(source.items[0])
    before = happened()
    assert take() == {"same": 1}
    assert (found().state, happened()) == (PUBLISHED, before)


def test_new_words_from_the_source_win_and_wait_and_the_old_are_kept_as_a_version(
    cast: Cast, take: Take, source: OtherPortal
) -> None:
    solution = published(take, source)
    note_solution(cast.actor("adviser"), solution.id, "Passer hos oss.")
    source.tell(1, content("Middag for alle"), version=2)
    assert take() == {"changed": 1}
    solution = found()
    assert (solution.title, solution.state, solution.edition) == ("Middag for alle", PENDING, 2)
    assert solution.local_note == "Passer hos oss."
    version = db.session.scalars(sa.select(SolutionVersion)).one()
    assert (version.title, version.edition) == ("Middag sammen", 1)


def test_facts_change_without_a_moderator_and_without_a_new_version(take: Take, source: OtherPortal) -> None:
    published(take, source)
    source.tell(1, content(size="small"), licence="CC0-1.0")
    assert take() == {"changed": 1}
    solution = found()
    assert (solution.size.value, solution.licence.value, solution.state) == ("small", "CC0-1.0", PUBLISHED)
    assert db.session.scalars(sa.select(SolutionVersion)).all() == []


def test_another_licence_alone_is_a_change(take: Take, source: OtherPortal) -> None:
    published(take, source)
    source.tell(1, licence="NLOD-2.0")
    assert take() == {"changed": 1}
    assert found().licence.value == "NLOD-2.0"


def test_what_a_moderator_here_has_hidden_stays_hidden_whatever_the_source_makes_of_it(
    cast: Cast, take: Take, source: OtherPortal
) -> None:
    solution = published(take, source)
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id), Verdict.HIDE)
    hidden = found().state
    source.tell(1, content("Kjøp noe"), version=2)
    take()
    assert found().title == "Kjøp noe"
    assert found().state is hidden is HIDDEN


def test_what_the_source_takes_away_is_gone_at_once_with_its_translations(take: Take, source: OtherPortal) -> None:
    solution = published(take, source, content(translations=[words("Middag i lag", "nn")]))
    show(Ref(TRANSLATION, translation().id))
    source.withdraw(1, version=2)
    assert take() == {"gone": 1}
    solution = found()
    assert (solution.state, solution.title, solution.core) == (WITHDRAWN, "", "")
    assert (translation().state, translation().title) == (WITHDRAWN, "")
    entries = kinds().kind(SOLUTION).entries
    assert entries is not None
    assert entries([solution.id]) == {}
    assert db.session.get_one(Imported, solution.id).gone_at is not None
    assert "solution.withdrawn" in happened()
    source.withdraw(1, version=2)
    assert take() == {"same": 1}


def test_a_tombstone_of_what_never_came_is_nothing(take: Take, source: OtherPortal) -> None:
    source.withdraw(7)
    assert take() == {"same": 1}
    assert db.session.scalars(sa.select(Imported)).all() == []


def test_what_comes_again_after_it_was_taken_away_waits_for_a_moderator_again(take: Take, source: OtherPortal) -> None:
    published(take, source)
    source.withdraw(1, version=2)
    source.tell(1, version=3)
    assert take() == {"gone": 1, "changed": 1}
    solution = found()
    assert (solution.state, solution.title) == (PENDING, "Middag sammen")
    assert db.session.get_one(Imported, solution.id).gone_at is None


def test_translations_follow_their_source(take: Take, source: OtherPortal) -> None:
    published(take, source, content(translations=[words("Middag i lag", "nn")]))
    assert translation().state is PENDING
    show(Ref(TRANSLATION, translation().id))
    both = [words("Middag i lag", "nn"), words("Dinner together", "en")]
    source.tell(1, content(translations=both), version=1)
    take()
    assert (translation("nn").state, translation("en").state) == (PUBLISHED, PENDING)
    source.tell(1, content(translations=[words("Middag saman", "nn")]), version=2)
    take()
    assert (translation("nn").state, translation("nn").title) == (PENDING, "Middag saman")
    assert (translation("en").state, translation("en").title) == (WITHDRAWN, "")
    source.tell(1, content(translations=both), version=3)
    take()
    assert (translation("en").state, translation("en").title) == (PENDING, "Dinner together")


def test_one_bad_item_is_set_aside_with_its_reason_and_the_rest_goes_on(
    take: Take, source: OtherPortal, partner: Partner
) -> None:
    source.tell(1)
    source.tell(2, content("<script>x</script>"))
    source.items.append(b"nonsense")
    source.tell(3, content("Leksehjelp"))
    assert take() == {"made": 2, "set_aside": 2}
    reasons = {each.uri: each.reason for each in db.session.scalars(sa.select(SetAside))}
    assert reasons == {f"{source.url}/losninger/2": Reason.MARKUP.value, "": Reason.NOT_JSON.value}
    refused = sa.select(SyncEntry.reason).where(SyncEntry.partner_id == partner.id, SyncEntry.what == LogKind.REFUSED)
    assert set(db.session.scalars(refused)) == {Reason.MARKUP.value, Reason.NOT_JSON.value}


def test_a_refusal_is_forgotten_when_the_item_is_mended(take: Take, source: OtherPortal) -> None:
    source.tell(1, content("<script>x</script>"))
    take()
    assert aside().times == 1
    source.tell(1, content("<b>x</b>"))
    take()
    assert aside().times == 2
    source.tell(1)
    assert take() == {"made": 1}
    assert db.session.scalars(sa.select(SetAside)).all() == []


def test_a_version_that_goes_backwards_is_refused_and_what_we_have_stands(take: Take, source: OtherPortal) -> None:
    source.tell(1, content("Den nye"), version=3)
    take()
    source.tell(1, content("Den gamle"), version=2)
    assert take() == {"set_aside": 1}
    assert (aside().reason, found().title) == (Reason.BACKWARDS.value, "Den nye")


def test_a_time_that_goes_backwards_is_refused(take: Take, source: OtherPortal) -> None:
    source.tell(1)
    take()
    with clock.moved(-timedelta(hours=1)):
        source.tell(1, content("En gammel side sendt på nytt"))
    assert take() == {"set_aside": 1}
    assert aside().reason == Reason.BACKWARDS.value


def test_what_cannot_be_kept_for_a_reason_nobody_foresaw_is_set_aside_too(
    take: Take, source: OtherPortal, cast: Cast
) -> None:
    taken = Solution.__table__.insert().values(
        title="x", summary="", problem="", core="", adaptable="", context="", cost="", prerequisites="", results="",
        risk="", procedures="", language="nb", municipality_number="3201", theme="health", cost_class="low",
        evidence="told", size="large", licence="CC-BY-4.0", contact_title="", local_note="", state="published",
        in_use=0, edition=1, author_id=cast.admin.id, byline="name", key="x", created_at=clock.now(),
        shown_at=clock.now(), version=1, source_version=1, source_uri=f"{source.url}/losninger/1",
    )  # fmt: skip
    db.session.execute(taken)
    db.session.commit()
    source.tell(1)
    source.tell(2, content("Leksehjelp"))
    assert take() == {"set_aside": 1, "made": 1}
    assert aside().detail == "IntegrityError"


def test_a_partner_can_only_fill_so_much(monkeypatch: pytest.MonkeyPatch, take: Take, source: OtherPortal) -> None:
    monkeypatch.setattr(importing, "MOST", 2)
    for number in range(1, 5):
        source.tell(number)
    assert take() == {"made": 2, "set_aside": 2}
    source.withdraw(1, version=2)
    source.tell(3)
    assert take() == {"gone": 1, "made": 1}


def test_nothing_is_taken_in_from_a_partner_that_is_suspended(
    cast: Cast, take: Take, source: OtherPortal, partner: Partner
) -> None:
    source.tell(1)
    suspend_partner(cast.actor("admin"), partner.id, "Den sender oss tull.")
    assert take() is None
    assert db.session.scalars(sa.select(Imported)).all() == []


def test_a_page_that_somebody_else_has_read_is_not_read_again(
    take: Take, source: OtherPortal, partner: Partner
) -> None:
    source.tell(1)
    page = RawPage([json.dumps(each).encode() for each in source.items], None, "a.1")
    assert take_in(SYSTEM, partner.id, page, begun_at="") == {"made": 1}
    assert take_in(SYSTEM, partner.id, page, begun_at="") is None
    begin_anew(SYSTEM, partner.id)
    assert take_in(SYSTEM, partner.id, page, begun_at="") == {"same": 1}


def test_a_page_that_is_cut_off_in_the_middle_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, take: Take, source: OtherPortal, partner: Partner
) -> None:
    source.tell(1)
    source.tell(2)
    take_one = importing._take
    calls: Iterator[int] = iter(range(9))

    def cut_off(*given: Any) -> str:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return take_one(*given)

    monkeypatch.setattr(importing, "_take", cut_off)
    with pytest.raises(KeyboardInterrupt):
        take()
    assert db.session.scalars(sa.select(Imported)).all() == []
    assert db.session.get_one(Partner, partner.id).cursor == ""


def test_the_log_tells_of_news_and_of_each_new_failure_once(partner: Partner) -> None:
    end_sync(SYSTEM, partner.id, {"made": 2}, etag="x")
    for _ in range(3):
        end_sync(SYSTEM, partner.id, {}, etag="x")
    for _ in range(3):
        end_sync(SYSTEM, partner.id, {}, etag=None, error="It answered 500.")
    assert db.session.get_one(Partner, partner.id).failures == 3
    end_sync(SYSTEM, partner.id, {}, etag="x")
    lines = sa.select(SyncEntry.what).where(SyncEntry.partner_id == partner.id).order_by(SyncEntry.id)
    told = [LogKind.ADDED, LogKind.SYNCED, LogKind.FAILED, LogKind.SYNCED]
    assert db.session.scalars(lines).all() == told
    assert db.session.get_one(Partner, partner.id).failures == 0
    assert happened().count("partner.synced") == 1
