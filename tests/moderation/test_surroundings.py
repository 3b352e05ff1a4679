"""What a decision does elsewhere: search, earlier wordings, official answers, own data, and forgetting in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account
from portal.accounts.queries import settings
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.kernel.personal import Terms
from portal.moderation import kinds
from portal.moderation.actions import appeals, reports
from portal.moderation.actions.appeals import AnswerDraft, AppealDraft
from portal.moderation.actions.reports import ReportDraft
from portal.moderation.models import Case, Decision, Outcome, Report, Verdict
from portal.observatorium.events.rounds import COMMENT
from portal.participation.actions.writing import EditDraft, edit_contribution, withdraw_contribution
from portal.participation.models import Contribution, ContributionVersion
from portal.search.queries import search
from tests.moderation.work import PHONE, decided, ref, set_to, shown, write
from tests.participation.talk import INDICATOR, ask, of, tally
from tests.support import moderating
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def found(words: str) -> set[Ref]:
    return {hit.ref for hit in search(words).hits}


def test_what_is_masked_leaves_the_search_and_an_upheld_appeal_brings_it_back(cast: Cast) -> None:
    written = write(cast.actor("resident"), "Spør Kvitebjørn om elva.")
    decision = decided(cast.actor("moderator"), written, Verdict.MASK, pasted="Kvitebjørn")
    assert (found("Kvitebjørn"), found("elva")) == (set(), {ref(written)})
    made = appeals.appeal(cast.actor("resident"), AppealDraft(text="Det er et fjell.", decision_id=decision.id))
    appeals.decide_appeal(
        cast.actor("moderator2"), made.id, AnswerDraft(outcome=Outcome.UPHELD, reason="Det er et fjell.")
    )
    assert found("Kvitebjørn") == {ref(written)}


def test_what_is_taken_down_leaves_search_and_page_in_the_same_moment(cast: Cast, visitor: Open) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    written = write(cast.actor("resident"), "Brunsnegler overalt.")
    reader = visitor()
    assert "Brunsnegler" in reader.get("observatorium.indicator", number="1.1").words
    reports.report(ANONYMOUS, ReportDraft(ref=ref(written), rule="hate"))
    decided(cast.actor("moderator"), written, Verdict.HIDE, rule="hate")
    assert found("Brunsnegler") == set()
    assert "Brunsnegler" not in reader.get("observatorium.indicator", number="1.1").words


def test_an_earlier_wording_that_says_what_was_masked_stays_hidden_when_the_author_edits(cast: Cast) -> None:
    asked = ask(cast.actor("resident"), "Ring 912 34 567 om lyset.")
    moderating.decided(cast.actor("moderator"), of(asked), Verdict.MASK, pasted="912 34 567")
    now = db.session.get_one(Contribution, asked.id)
    draft = EditDraft(text="Når kommer lyset?", language="nb", version=now.version)
    edit_contribution(cast.actor("resident"), asked.id, draft)
    moderating.decided(cast.actor("moderator"), of(asked))
    assert db.session.get_one(Contribution, asked.id).state is PublicationState.PUBLISHED
    assert db.session.scalars(sa.select(ContributionVersion.hidden)).all() == [True]


def test_a_wording_that_had_to_be_changed_is_not_shown_as_history(cast: Cast) -> None:
    asked = ask(cast.actor("resident"), "Du er en idiot.")
    moderating.decided(cast.actor("moderator"), of(asked), Verdict.ASK_CHANGES, rule="harassment")
    now = db.session.get_one(Contribution, asked.id)
    edit_contribution(
        cast.actor("resident"), asked.id, EditDraft(text="Jeg er uenig.", language="nb", version=now.version)
    )
    moderating.decided(cast.actor("moderator"), of(asked))
    assert all(db.session.scalars(sa.select(ContributionVersion.hidden)).all())


def test_an_answer_on_behalf_of_the_municipality_passes_and_a_private_one_does_not(cast: Cast) -> None:
    set_to(cast, "moderation_of_contribution", "pre")
    asked = ask(cast.actor("resident"))
    moderating.decided(cast.actor("moderator"), of(asked))
    official = ask(cast.actor("employee"), "I mai.", ref=of(asked), is_official=True)
    private = ask(cast.actor("employee"), "Håper det.", ref=of(asked))
    states = {each.id: each.state.value for each in db.session.scalars(sa.select(Contribution))}
    assert (states[official.id], states[private.id]) == ("published", "pending")


def test_counters_follow_what_is_decided_and_reversed(cast: Cast) -> None:
    set_to(cast, "moderation_of_contribution", "post")
    asked = ask(cast.actor("resident"))
    assert tally(INDICATOR, "questions") == 1
    decision = moderating.decided(cast.actor("moderator"), of(asked), Verdict.HIDE, rule="off_topic")
    assert tally(INDICATOR, "questions") == 0
    made = appeals.appeal(cast.actor("resident"), AppealDraft(text="Jo", decision_id=decision.id))
    appeals.decide_appeal(cast.actor("admin"), made.id, AnswerDraft(outcome=Outcome.UPHELD, reason="Ja"))
    assert tally(INDICATOR, "questions") == 1


def test_what_is_withdrawn_is_not_brought_back_by_an_appeal(cast: Cast) -> None:
    asked = ask(cast.actor("resident"))
    decision = moderating.decided(cast.actor("moderator"), of(asked), Verdict.REJECT, rule="spam")
    made = appeals.appeal(cast.actor("resident"), AppealDraft(text="Nei", decision_id=decision.id))
    withdraw_contribution(cast.actor("resident"), asked.id)
    appeals.decide_appeal(cast.actor("moderator2"), made.id, AnswerDraft(outcome=Outcome.UPHELD, reason="Ja"))
    assert db.session.get_one(Contribution, asked.id).state is PublicationState.WITHDRAWN


def test_a_person_gets_everything_moderation_keeps_about_them(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    decision = decided(cast.actor("moderator"), written, Verdict.REJECT, facts="Et nummer.")
    appeals.appeal(cast.actor("resident"), AppealDraft(text="Mitt eget", decision_id=decision.id))
    set_to(cast, "moderation_of_observatory_comment", "post")
    other = write(cast.actor("resident2"))
    reports.report(cast.actor("resident"), ReportDraft(ref=ref(other), rule="spam", text="Igjen!"))
    mine = kinds.export(cast.resident.id)
    assert {name: len(rows) for name, rows in mine.items() if name != "done_as_moderator"} == {
        "cases": 1,
        "decisions": 1,
        "reports": 1,
        "appeals": 1,
    }
    assert mine["decisions"][0]["before"]["fields"] == {"text": PHONE}
    assert kinds.export(cast.moderator.id)["done_as_moderator"]


def test_what_is_on_hold_is_left_by_an_erasure(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    decided(cast.actor("moderator"), written, Verdict.REJECT)
    kinds.erase(cast.resident.id, Terms(held=frozenset({Ref(COMMENT, written.id)})))
    assert db.session.scalars(sa.select(Decision)).one().before["fields"] == {"text": PHONE}
    kinds.erase(cast.resident.id, Terms())
    assert db.session.scalars(sa.select(Decision).execution_options(populate_existing=True)).one().before == {}


def test_who_reported_is_forgotten_a_year_after_and_the_decision_stays(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    written = write(cast.actor("resident"))
    reports.report(ANONYMOUS, ReportDraft(ref=ref(written), rule="spam", text="Se!", email="ola@example.org"))
    with clock.moved(timedelta(days=400)):
        assert kinds.retain() == {"reports": 0}, "the case is open still"
    decided(cast.actor("moderator"), written, Verdict.HIDE, rule="spam")
    with clock.moved(timedelta(days=400)):
        assert kinds.retain() == {"reports": 1}
        assert kinds.retain() == {"reports": 0}
    report = db.session.scalars(sa.select(Report).execution_options(populate_existing=True)).one()
    assert (report.email, report.text, report.rule) == (None, "", "spam")
    assert shown(written)[0] == "hidden"


def test_a_limited_account_writes_nothing_and_reads_everything(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"), PHONE)
    decided(
        cast.actor("moderator"), written, Verdict.REJECT, limit_until=clock.now() + timedelta(days=7), rule="threats"
    )
    assert db.session.get_one(Account, cast.resident.id).limited_until is not None
    resident = visitor("resident")
    resident.get("observatorium.indicator", number="1.1")
    resident.get("moderation.dashboard", 403)


@pytest.mark.parametrize("key", ["moderation_of_contribution", "moderation_words"])
def test_an_administrator_changes_how_things_are_moderated(cast: Cast, visitor: Open, key: str) -> None:
    admin = visitor("admin")
    form = admin.get("settings.change", key=key).form()
    form["value"] = "post" if key == "moderation_of_contribution" else "idiot*\r\n\r\n  tulling \r\nidiot*"
    admin.post("settings.change", form, key=key)
    assert settings.value(key) == ("post" if key == "moderation_of_contribution" else ("idiot*", "tulling"))
    words = admin.get("settings.index").words
    assert ("Alt vises med en gang" if key == "moderation_of_contribution" else "idiot*, tulling") in words
    form = admin.get("settings.change", key=key).form()
    form["value"] = "never" if key == "moderation_of_contribution" else "x" * 101
    admin.post("settings.change", form, 422, key=key)


def test_a_machine_never_writes_a_restriction(cast: Cast) -> None:
    """Whatever is written, only a person restricts it: what the machine decides is to show."""
    for number, text in enumerate((PHONE, "kjøp kjøp kjøp kjøp kjøp", "https://a.no https://b.no https://c.no", "Hei")):
        write(cast.actor("resident"), text, indicator=f"1.{number + 1}")
    by_machine = db.session.scalars(sa.select(Decision.verdict).where(Decision.decided_by_id.is_(None))).all()
    assert set(by_machine) <= {Verdict.APPROVE}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.closed_at.is_(None))) == 4
