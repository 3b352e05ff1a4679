"""A round's life: draft, open, closed, published, withdrawn, and what each state refuses."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, SYSTEM, Actor, SignInMethod
from portal.observatorium import policy, secrecy
from portal.observatorium.actions import rounds as actions
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level, set_own_levels
from portal.observatorium.catalogue import Catalogue, Level, catalogue
from portal.observatorium.models.rounds import OwnAssessment, Round, RoundState
from portal.observatorium.queries.rounds import catalogue_of, find_current, get_round, missing_keys
from tests.observatorium.rounds import an_open_round, draft
from tests.support.cast import Cast

EVERYBODY_ELSE = ("resident", "employee", "adviser", "moderator", "verifier", "partner", "admin")


def told() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.name).order_by(AuditEntry.id)))


def test_a_round_goes_from_draft_to_open_to_closed(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    made = actions.make_round(coordinator, draft())
    assert made.state is RoundState.DRAFT
    opened = actions.open_round(coordinator, "2026")
    assert (opened.state, opened.opened_at is not None) == (RoundState.OPEN, True)
    closed = actions.close_round(coordinator, "2026")
    assert (closed.state, closed.closed_at is not None) == (RoundState.CLOSED, True)
    assert told()[-3:] == ["observatory.round_created", "observatory.round_opened", "observatory.round_closed"]


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_only_a_coordinator_runs_rounds(cast: Cast, who: str) -> None:
    an_open_round(cast)
    stranger = cast.actor(who)
    with pytest.raises(Forbidden):
        actions.make_round(stranger, draft("other"))
    with pytest.raises(Forbidden):
        actions.extend_round(stranger, "2026", clock.now() + timedelta(days=90))
    with pytest.raises(Forbidden):
        actions.close_round(stranger, "2026")
    with pytest.raises(Forbidden):
        actions.withdraw_round(stranger, "2026", "Fordi")
    with pytest.raises(Forbidden):
        set_own_level(stranger, "2026", OwnLevelDraft(indicator="1.1", level=Level.RED))
    assert get_round(SYSTEM, "2026").state is RoundState.OPEN


def test_a_draft_is_seen_by_coordinators_only(cast: Cast) -> None:
    actions.make_round(cast.actor("coordinator"), draft())
    assert get_round(cast.actor("coordinator"), "2026").title == "Runde 2026"
    for who in (cast.actor("resident"), cast.actor("admin"), ANONYMOUS):
        with pytest.raises(NotFound):
            get_round(who, "2026")
    assert find_current() is None


def test_a_draft_can_be_changed_and_an_open_round_cannot(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    made = actions.make_round(coordinator, draft())
    changed = actions.change_round(
        coordinator, "2026", replace(draft(), title="Vårrunden", sign_in_methods=(SignInMethod.OIDC,)), version=1
    )
    assert (changed.title, changed.sign_in_methods) == ("Vårrunden", ["oidc"])
    with pytest.raises(Invalid, match="Noen andre"):
        actions.change_round(coordinator, "2026", draft(), version=1)  # a stale copy
    actions.open_round(coordinator, "2026")
    with pytest.raises(Conflict):
        actions.change_round(coordinator, "2026", draft(), version=made.version)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": "Høst 2026"}, "slug"),
        ({"slug": "-"}, "slug"),
        ({"closes_at": clock.now() - timedelta(days=90)}, "closes_on"),
        ({"sign_in_methods": ()}, "sign_in_methods"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_at_its_field(cast: Cast, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.make_round(cast.actor("coordinator"), replace(draft(), **wrong))
    assert refused.value.field == field


def test_two_rounds_cannot_share_an_address(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    actions.make_round(coordinator, draft())
    with pytest.raises(Invalid) as refused:
        actions.make_round(coordinator, draft())
    assert refused.value.field == "slug"


def test_only_one_round_is_open_at_a_time(cast: Cast) -> None:
    an_open_round(cast)
    actions.make_round(cast.actor("coordinator"), draft("2027"))
    with pytest.raises(Conflict, match="Runde 2026"):
        actions.open_round(cast.actor("coordinator"), "2027")
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():  # and the database says so too
        db.session.execute(sa.update(Round).where(Round.slug == "2027").values(state=RoundState.OPEN))


def test_opening_freezes_the_catalogue(cast: Cast) -> None:
    opened = an_open_round(cast)
    assert opened.catalogue_version == catalogue().version
    frozen = db.session.scalar(sa.select(Round.catalogue).where(Round.id == opened.id))
    assert frozen is not None
    assert Catalogue.from_data(frozen) == catalogue()


def test_a_round_keeps_its_own_catalogue_when_the_portal_gets_a_newer_one(cast: Cast) -> None:
    opened = an_open_round(cast)
    data = catalogue().as_data()
    data["indicators"][0]["question"]["nb"] = "Slik spurte vi den gangen?"
    del data["version"]
    older = Catalogue.from_data(data)
    db.session.execute(
        sa.update(Round).where(Round.id == opened.id).values(catalogue_version=older.version, catalogue=older.as_data())
    )
    db.session.expire_all()
    found = catalogue_of(get_round(SYSTEM, "2026")).indicator("1.1")
    assert found is not None
    assert found.question.nb == "Slik spurte vi den gangen?"


def test_opening_makes_a_key_that_only_the_portal_can_read(cast: Cast, app: Flask) -> None:
    opened = an_open_round(cast)
    path = config.current().keys_dir / "rounds" / f"{opened.id}.key"
    assert len(path.read_bytes()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_left_by_an_opening_that_was_rolled_back_is_replaced(cast: Cast) -> None:
    made = actions.make_round(cast.actor("coordinator"), draft())
    secrecy.make_key(made.id)
    left = secrecy.read_key(made.id)
    actions.open_round(cast.actor("coordinator"), "2026")
    assert secrecy.read_key(made.id) != left


def test_a_draft_that_is_over_cannot_be_opened(cast: Cast) -> None:
    actions.make_round(cast.actor("coordinator"), draft(days=1))
    with clock.moved(timedelta(days=2)), pytest.raises(Conflict):
        actions.open_round(cast.actor("coordinator"), "2026")


def test_an_open_round_can_only_be_made_longer(cast: Cast) -> None:
    opened = an_open_round(cast)
    before = opened.closes_at
    with pytest.raises(Invalid) as refused:
        actions.extend_round(cast.actor("coordinator"), "2026", before - timedelta(days=1))
    assert refused.value.field == "closes_on"
    extended = actions.extend_round(cast.actor("coordinator"), "2026", before + timedelta(days=7))
    assert extended.closes_at == before + timedelta(days=7)
    with clock.moved(timedelta(days=60)), pytest.raises(Conflict):  # over by the clock, not yet closed by the worker
        actions.extend_round(cast.actor("coordinator"), "2026", clock.now() + timedelta(days=90))


def test_the_worker_closes_a_round_whose_time_has_passed(cast: Cast) -> None:
    an_open_round(cast, days=3)
    assert actions.close_due() == 0
    with clock.moved(timedelta(days=4)):
        assert actions.close_due() == 1
        assert get_round(SYSTEM, "2026").state is RoundState.CLOSED
        assert actions.close_due() == 0


def test_a_clock_that_is_moved_back_does_not_open_a_closed_round_again(cast: Cast) -> None:
    an_open_round(cast, days=3)
    with clock.moved(timedelta(days=4)):
        actions.close_due()
    with clock.moved(timedelta(days=-3)):
        closed = get_round(SYSTEM, "2026")
        assert not policy.takes_ratings(closed)
        with pytest.raises(Conflict):
            actions.extend_round(cast.actor("coordinator"), "2026", clock.now() + timedelta(days=90))
        with pytest.raises(Conflict):
            actions.open_round(cast.actor("coordinator"), "2026")


def test_a_round_is_withdrawn_with_a_reason_that_everybody_can_read(cast: Cast) -> None:
    an_open_round(cast)
    with pytest.raises(Invalid):
        actions.withdraw_round(cast.actor("coordinator"), "2026", "")
    gone = actions.withdraw_round(cast.actor("coordinator"), "2026", "Feil skjema ble brukt.")
    assert (gone.state, gone.withdrawn_reason) == (RoundState.WITHDRAWN, "Feil skjema ble brukt.")
    assert get_round(ANONYMOUS, "2026").withdrawn_reason == "Feil skjema ble brukt."
    with pytest.raises(Conflict):
        actions.withdraw_round(cast.actor("coordinator"), "2026", "Igjen")
    assert find_current() is None


def test_the_key_is_destroyed_thirty_days_after_the_round_ended(cast: Cast) -> None:
    opened = an_open_round(cast)
    actions.withdraw_round(cast.actor("coordinator"), "2026", "Feil skjema ble brukt.")
    with clock.moved(timedelta(days=29)):
        assert actions.destroy_due_keys() == 0
    assert secrecy.find_key(opened.id) is not None
    with clock.moved(timedelta(days=31)):
        assert actions.destroy_due_keys() == 1
        assert actions.destroy_due_keys() == 0
    assert secrecy.find_key(opened.id) is None
    assert get_round(SYSTEM, "2026").key_destroyed_at is not None
    assert told()[-1] == "observatory.round_key_destroyed"


def test_a_missing_key_of_an_open_round_is_seen(cast: Cast) -> None:
    opened = an_open_round(cast)
    assert missing_keys() == []
    secrecy.destroy(opened.id)
    assert missing_keys() == ["2026"]


def test_the_own_level_is_set_changed_and_taken_away(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    an_open_round(cast)
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.10", level=Level.GREEN, justification="Vi måler."))
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.10", level=Level.YELLOW, version=1))
    stands = db.session.scalars(sa.select(OwnAssessment)).one()
    assert (stands.indicator, stands.level, stands.justification) == ("1.10", Level.YELLOW, "")
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.10", level=None, version=2))
    assert stands.level is None
    assert told()[-3:] == ["observatory.own_level_set"] * 3


def test_only_what_changed_is_written_and_told(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    an_open_round(cast)
    rows = [OwnLevelDraft(indicator=f"1.{n}", level=Level.RED if n < 3 else None) for n in range(1, 11)]
    assert set_own_levels(coordinator, "2026", rows) == 2
    assert set_own_levels(coordinator, "2026", rows) == 0


def test_two_coordinators_do_not_write_over_each_other(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    an_open_round(cast)
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.1", level=Level.RED))
    with pytest.raises(Invalid) as refused:
        set_own_levels(
            coordinator,
            "2026",
            [OwnLevelDraft(indicator="1.2", level=Level.RED), OwnLevelDraft(indicator="1.1", level=Level.GREEN)],
        )
    assert refused.value.field == "1.1"
    assert [each.level for each in db.session.scalars(sa.select(OwnAssessment))] == [Level.RED]


def test_an_unknown_indicator_has_no_own_level(cast: Cast) -> None:
    an_open_round(cast)
    with pytest.raises(NotFound):
        set_own_level(cast.actor("coordinator"), "2026", OwnLevelDraft(indicator="9.9", level=Level.RED))


def test_a_limited_coordinator_runs_nothing(cast: Cast) -> None:
    limited: Actor = replace(cast.actor("coordinator"), limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        actions.make_round(limited, draft())
