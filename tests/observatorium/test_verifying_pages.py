"""The pages of verification, as verifiers and the coordinator see them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.observatorium.actions import appointing, verifying
from portal.observatorium.actions.appointing import ReplyDraft
from portal.observatorium.actions.verifying import ConflictDraft
from portal.observatorium.catalogue import Level, catalogue
from portal.observatorium.models.verifying import Appointment, Reply, Verdict, VerificationDates, VerifierColour
from tests.observatorium.rounds import an_open_round
from tests.observatorium.verifying import (
    NUMBER,
    answers,
    appoint,
    change_evidence,
    evidence,
    ready,
    stands,
    states_no_conflict,
)
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Count = Callable[..., AbstractContextManager[Any]]
AT = {"slug": "2026", "number": NUMBER}
CONTROL = ("show", "dates", "reply")


def at(endpoint: str) -> dict[str, str]:
    return AT if endpoint == "reply" else {"slug": "2026"}


def test_a_verifier_goes_all_the_way_through_the_pages(cast: Cast, visitor: Open) -> None:
    round_ = an_open_round(cast)
    made = evidence(round_, "Møteplan for 2026")
    verifier, coordinator = visitor("verifier"), visitor("coordinator")
    assert "Du er ikke oppnevnt til noe ennå" in verifier.get("observatorium_verifying.index").words
    chosen = {"verifiers": [str(cast.verifier.id), str(cast.verifier2.id)], "indicators": [NUMBER, "2.6"]}
    page = coordinator.follow(coordinator.post("observatorium_verification.show", chosen, slug="2026"))
    assert "4 nye oppnevninger" in page.words
    assert "Har ikke svart på habilitet" in page.words
    page = verifier.get("observatorium_verifying.index")
    assert "0 av 2 ferdig" in page.words
    first = verifier.get("observatorium_verifying.task", 303, **AT)
    page = verifier.follow(first)
    assert page.heading.startswith("Er du inhabil?")
    assert "Møteplan for 2026" not in page.words
    page = verifier.follow(verifier.post("observatorium_verifying.statement", {"has_conflict": "nei"}, **AT))
    assert "Møteplan for 2026" in page.words
    noted = {"criteria": "Vedtatte planer."}
    page = verifier.follow(verifier.post("observatorium_verifying.criteria", noted, **AT))
    assert "Vedtatte planer." in page.words
    filled = page.form() | {f"verdict-{made}": "contested", f"reason-{made}": "Den er ikke vedtatt."}
    page = verifier.follow(verifier.post("observatorium_verifying.task", filled, **AT))
    assert "Du er ferdig når alle beleggene er vurdert" in page.words
    assert page.one(f"input[name=verdict-{made}][value=contested]").has_attr("checked"), "it is kept for later"
    filled = page.form() | {"level": "red", "reason": "Ingen plan er vedtatt."}
    onward = verifier.post("observatorium_verifying.task", filled, **AT)
    assert onward.response.headers["Location"].endswith("/2.6/"), "on to the next that waits"
    assert "1 av 2 ferdig" in verifier.get("observatorium_verifying.index").words
    assert stands(round_).answered[0].account_id == cast.verifier.id


def test_what_one_verifier_says_is_on_no_page_before_both_have_answered(cast: Cast, visitor: Open) -> None:
    ready(cast)
    secret = "Hemmelig begrunnelse"
    answers(cast.actor("verifier"), Level.RED, Verdict.CONTESTED, reason=secret)
    places = (
        ("verifier2", "observatorium_verifying.index", {}),
        ("verifier2", "observatorium_verifying.task", AT),
        ("verifier2", "observatorium_verifying.criteria", AT),
        ("coordinator", "observatorium_verification.show", {"slug": "2026"}),
        ("coordinator", "observatorium_verification.reply", AT),
        (None, "observatorium.indicator", {"number": NUMBER}),
    )
    for who, endpoint, values in places:
        words = visitor(who).get(endpoint, **values).words
        assert secret not in words, endpoint
        assert "Planen er fra i fjor" not in words, endpoint
        assert cast.verifier.name not in words or who == "coordinator", endpoint
    assert "Til da kan du endre ditt" in visitor("verifier").get("observatorium_verifying.task", **AT).words
    answers(cast.actor("verifier2"), Level.GREEN)
    for who, endpoint, values in (places[1], places[4]):
        words = visitor(who).get(endpoint, **values).words
        assert secret in words
        assert "Planen er fra i fjor" in words
    assert cast.verifier.name not in visitor("verifier2").get("observatorium_verifying.task", **AT).words
    page = visitor("verifier2").get("observatorium_verifying.task", **AT)
    assert not page.all("main form"), "nothing more to send"


def test_mistakes_are_told_at_their_field_and_what_was_written_is_kept(cast: Cast, visitor: Open) -> None:
    _round, made = ready(cast)
    verifier = visitor("verifier")
    form = verifier.get("observatorium_verifying.task", **AT).form()
    page = verifier.post("observatorium_verifying.task", {**form, f"verdict-{made}": "contested"}, 422, **AT)
    assert page.one(f"textarea[name=reason-{made}]")["aria-invalid"] == "true"
    wrong = {**form, "level": "green", "reason": "Alt er på plass."}
    page = verifier.post("observatorium_verifying.task", wrong, 422, **AT)
    assert "Godta eller bestrid alle beleggene" in page.words
    assert page.one("textarea[name=reason]").get_text().strip() == "Alt er på plass."
    verifier.post("observatorium_verifying.task", {**form, "level": "blue"}, 422, **AT)
    page = verifier.post("observatorium_verifying.statement", {"has_conflict": "ja"}, 422, **AT)
    assert page.one("textarea[name=statement]")["aria-invalid"] == "true"
    verifier.post("observatorium_verifying.statement", {}, 422, **AT)
    page = verifier.post("observatorium_verifying.criteria", {"criteria": "x" * 1001}, 422, **AT)
    assert "Skriv høyst" in page.words


def test_evidence_that_changes_while_it_is_judged_is_shown_and_judged_again(cast: Cast, visitor: Open) -> None:
    round_, made = ready(cast)
    verifier = visitor("verifier")
    form = verifier.get("observatorium_verifying.task", **AT).form()
    change_evidence(made, "Rettet møteplan")
    filled = {**form, f"verdict-{made}": "accepted", "level": "yellow", "reason": "Nesten."}
    page = verifier.post("observatorium_verifying.task", filled, 422, **AT)
    assert "Belegget er endret mens du vurderte det" in page.words
    assert "Rettet møteplan" in page.words
    verifier.post("observatorium_verifying.task", page.form(), **AT)
    assert stands(round_).answered
    change_evidence(made, "Enda en plan")
    page = verifier.get("observatorium_verifying.task", **AT)
    assert "Vurder det på nytt" in page.words
    assert not page.all(f"input[name=verdict-{made}][checked]")
    evidence(round_, "Helt ny", key="1.8.2")
    page = verifier.post("observatorium_verifying.task", {**page.form(), f"verdict-{made}": "accepted"}, 422, **AT)
    assert "Godta eller bestrid alle beleggene" in page.words


def test_who_has_a_conflict_of_interest_sees_nothing_and_the_coordinator_sees_why(cast: Cast, visitor: Open) -> None:
    ready(cast)
    draft = ConflictDraft(has_conflict=True, statement="Jeg leverer møtelokalene.")
    verifying.state_conflict(cast.actor("verifier"), "2026", NUMBER, draft)
    verifier = visitor("verifier")
    page = verifier.get("observatorium_verifying.task", **AT)
    assert "Du har meldt deg inhabil" in page.words
    assert "Møteplan" not in page.words
    assert not verifier.get("observatorium_verifying.statement", **AT).all("main form")
    page = visitor("coordinator").get("observatorium_verification.show", slug="2026")
    assert "Jeg leverer møtelokalene." in page.words
    assert "Mangler to verifikatører" in page.words


def test_the_coordinator_sets_dates_replies_and_takes_back(cast: Cast, visitor: Open) -> None:
    ready(cast)
    coordinator, today = visitor("coordinator"), clock.today()
    dates = {"verify_by": today.strftime("%d.%m.%Y"), "reply_by": today.isoformat()}
    page = coordinator.follow(coordinator.post("observatorium_verification.dates", dates, slug="2026"))
    assert "Fristene er lagret" in page.words
    wrong = {"verify_by": "31.12.2099", "reply_by": "30.12.2099"}
    page = coordinator.post("observatorium_verification.dates", wrong, 422, slug="2026")
    assert page.one("input[name=reply_by]")["aria-invalid"] == "true"
    page = coordinator.get("observatorium_verification.reply", **AT)
    assert "Tilsvaret skrives når verifikatørene er ferdige" in page.words
    answers(cast.actor("verifier"), Level.RED, Verdict.CONTESTED)
    answers(cast.actor("verifier2"), Level.RED)
    assert "Bestridt uten tilsvar" in coordinator.get("observatorium_verification.show", slug="2026").words
    form = coordinator.get("observatorium_verification.reply", **AT).form()
    said = {"text": "Planen vedtas i mai.", "by_title": "Kommunedirektøren"}
    page = coordinator.follow(coordinator.post("observatorium_verification.reply", {**form, **said}, **AT))
    assert "Tilsvaret er lagret" in page.words
    late = coordinator.post("observatorium_verification.reply", {**form, **said, "text": "Min"}, 422, **AT)
    assert "Noen andre har endret tilsvaret" in late.words
    assert "Planen vedtas i mai." in late.words
    assert late.one("textarea[name=text]").get_text().strip() == "Min"
    saved = late.form('form:has(textarea[name="text"])')
    coordinator.post("observatorium_verification.reply", saved, **AT)
    assert db.session.scalars(sa.select(Reply.text)).one() == "Min"
    coordinator.post("observatorium_verification.withdraw", **AT)
    assert db.session.scalars(sa.select(Reply)).first() is None
    assert db.session.get_one(VerificationDates, db.session.scalars(sa.select(Appointment.round_id)).first())


def test_a_late_reply_says_what_to_do(cast: Cast, visitor: Open) -> None:
    ready(cast)
    answers(cast.actor("verifier"))
    answers(cast.actor("verifier2"))
    today = clock.today()
    appointing.set_verifying_dates(cast.actor("coordinator"), "2026", appointing.DatesDraft(reply_by=today))
    with clock.moved(timedelta(days=2)):
        page = visitor("coordinator").get("observatorium_verification.reply", **AT)
    assert "Fristen for tilsvar er ute" in page.words
    assert not page.all("main form")


def test_the_coordinator_takes_off_somebody_who_does_not_answer(cast: Cast, visitor: Open) -> None:
    round_, _made = ready(cast)
    waiting = stands(round_).appointments[1]
    coordinator = visitor("coordinator")
    page = coordinator.follow(
        coordinator.post("observatorium_verification.release", slug="2026", appointment_id=waiting.id)
    )
    assert "Verifikatøren er fritatt" in page.words
    assert len(stands(round_).appointments) == 1
    nobody = coordinator.post("observatorium_verification.show", {"indicators": NUMBER}, 422, slug="2026")
    assert "Velg minst én verifikatør" in nobody.words


@pytest.mark.parametrize("who", ["resident", "employee", "adviser", "moderator", "verifier", "partner", "admin"])
def test_only_a_coordinator_opens_the_coordinators_pages(cast: Cast, visitor: Open, who: str) -> None:
    an_open_round(cast)
    stranger = visitor(who)
    for endpoint in CONTROL:
        stranger.get(f"observatorium_verification.{endpoint}", 403, **at(endpoint))
    stranger.post("observatorium_verification.withdraw", None, 403, **AT)
    stranger.post("observatorium_verification.release", None, 403, slug="2026", appointment_id=1)


@pytest.mark.parametrize("who", ["resident", "employee", "moderator", "coordinator", "partner", "admin"])
def test_only_a_verifier_opens_the_verifiers_pages(cast: Cast, visitor: Open, who: str) -> None:
    ready(cast)
    stranger = visitor(who)
    stranger.get("observatorium_verifying.index", 403)
    for endpoint in ("task", "statement", "criteria"):
        stranger.get(f"observatorium_verifying.{endpoint}", 403, **AT)


def test_what_is_not_there_is_not_found(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    verifier, coordinator = visitor("verifier"), visitor("coordinator")
    verifier.get("observatorium_verifying.task", 404, **AT)
    verifier.get("observatorium_verifying.statement", 404, slug="1999", number=NUMBER)
    coordinator.get("observatorium_verification.reply", 404, slug="2026", number="9.9")
    coordinator.get("observatorium_verification.show", 404, slug="1999")


def test_the_pages_are_read_in_few_statements_when_all_39_are_verified(
    cast: Cast, visitor: Open, count_queries: Count
) -> None:
    round_ = an_open_round(cast)
    numbers = [each.number for each in catalogue().indicators]
    appoint(cast, indicators=numbers)
    for number in numbers:
        for part in "12345":
            evidence(round_, f"Belegg {part}", number, f"{number}.1")

    @atomic
    def everybody_answers() -> None:
        for each in db.session.scalars(sa.select(Appointment)):
            each.has_conflict, each.stated_at = False, clock.now()
            colour = {"level": Level.RED, "reason": "Fordi.", "given_at": clock.now()}
            db.session.add(VerifierColour(appointment_id=each.id, **colour))

    everybody_answers()
    db.session.expunge_all()
    reply = ReplyDraft(text="Svar", by_title="Rådmann")
    assert reply.text
    verifier, coordinator = visitor("verifier"), visitor("coordinator")
    for someone, endpoint, values in (
        (verifier, "observatorium_verifying.index", {}),
        (verifier, "observatorium_verifying.task", AT),
        (coordinator, "observatorium_verification.show", {"slug": "2026"}),
        (coordinator, "observatorium_verification.reply", AT),
    ):
        with count_queries(at_most=8):
            someone.get(endpoint, **values)


def test_the_menu_leads_verifiers_to_their_page(cast: Cast, visitor: Open) -> None:
    ready(cast)
    page = visitor("verifier").get("observatorium_verifying.index")
    assert page.all('nav a[href="/observatorium/verifisering/"]')
    states_no_conflict(cast.actor("verifier2"))
