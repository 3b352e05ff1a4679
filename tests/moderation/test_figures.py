"""The figures in public: right, month by month, and never telling of so few that somebody could be known."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import audit, clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.moderation import figures as pure
from portal.moderation.actions import chain
from portal.moderation.house_rules import RULES
from portal.moderation.models import Appeal, Appellant, Case, Cause, Decision, Outcome, Report, Verdict
from portal.moderation.queries import figures
from tests.moderation.work import decided, write
from tests.observatorium.test_api import check, description, told
from tests.support.cast import Cast
from tests.support.counting import count_queries
from tests.support.page import Visitor

Open = Callable[..., Visitor]
SMALL = range(1, pure.TOLD_FROM)


# -- the pure rules ----------------------------------------------------------------------------------------------------


def test_whoever_knows_the_rules_and_the_sum_finds_no_hidden_part() -> None:
    for width, most in ((2, 40), (3, 20), (4, 14), (5, 10)):
        seen: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
        for counts in itertools.product(range(most + 1), repeat=width):
            if sum(counts) <= most:
                shown = tuple(pure.told_parts({str(place): count for place, count in enumerate(counts)}).values())
                seen[pure.told(sum(counts)), shown].append(counts)
        for (total, shown), possible in seen.items():
            for place, count in enumerate(shown):
                if count is None:
                    values = {counts[place] for counts in possible}
                    assert len(values) > 1, (total, shown, values)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=13))
def test_what_is_told_is_true_and_what_is_small_is_not_told(counts: list[int]) -> None:
    parts = {str(place): count for place, count in enumerate(counts)}
    shown = pure.told_parts(parts)
    assert list(shown) == list(parts)
    assert all(value in {None, parts[name]} for name, value in shown.items())
    assert not [value for value in shown.values() if value in SMALL]
    hidden = [name for name, value in shown.items() if value is None]
    assert len(hidden) != 1 or pure.told(sum(counts)) is None
    if not any(count in SMALL for count in counts) and sum(counts) not in SMALL:
        assert not hidden


@given(st.lists(st.integers(0, 500), min_size=pure.TIMES_FROM), st.fractions(Fraction(1, 100), 1))
def test_a_percentile_is_the_nearest_rank_of_the_sorted_times(times: list[int], share: Fraction) -> None:
    histogram = {time: times.count(time) for time in times}
    rank = -(-len(times) * share.numerator // share.denominator)
    assert pure.percentile(histogram, share) == sorted(times)[rank - 1]


def test_few_times_are_not_told() -> None:
    assert pure.percentile({5: pure.TIMES_FROM - 1}, pure.MEDIAN) is None
    assert pure.percentile({}, pure.MEDIAN) is None


# -- counted from the database -----------------------------------------------------------------------------------------


@atomic
def a_case(cast: Cast, opened: datetime, *, number: int, report: bool = False) -> Case:
    case = Case(
        kind="observatory_comment",
        target_id=number,
        cause=Cause.NEW,
        author_id=cast.resident.id,
        signals=[],
        opened_at=opened,
        due_at=opened,
        closed_at=opened,
    )
    db.session.add(case)
    db.session.flush()
    if report:
        report_ = Report(case_id=case.id, rule="spam", text="", language="nb", created_at=opened)
        report_.token_hash = f"{case.id:064}"
        db.session.add(report_)
    db.session.flush()
    return case


@atomic
def a_decision(
    cast: Cast,
    opened: datetime,
    minutes: int,
    verdict: Verdict = Verdict.HIDE,
    rule: str = "spam",
    *,
    machine: bool = False,
    **values: Any,
) -> Decision:
    case = a_case(cast, opened, number=int(opened.timestamp()) % 10**8)
    decision = Decision(
        case_id=case.id,
        verdict=verdict,
        decided_by_id=None if machine else cast.moderator.id,
        decided_at=opened + timedelta(minutes=minutes),
        on_report=False,
        rule=None if verdict is Verdict.APPROVE else rule,
        language="nb",
        masks=[],
        before={},
        **values,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def a_month(cast: Cast, first: datetime) -> None:
    """Fill a month: 12 taken down for two rules after 1–12 hours, 6 masked, 7 shown by people and 5 by the machine."""
    for hours in range(1, 13):
        a_decision(cast, first + timedelta(days=hours), hours * 60, rule="spam" if hours < 7 else "threats")
    for number in range(6):
        a_decision(cast, first + timedelta(days=14, minutes=number), 30, Verdict.MASK, "personal_data")
    for number in range(7):
        a_decision(cast, first + timedelta(days=15, minutes=number), 30, Verdict.APPROVE)
    for number in range(5):
        a_decision(cast, first + timedelta(days=16, minutes=number), 0, Verdict.APPROVE, machine=True)
    for number in range(8):
        a_case(cast, first + timedelta(days=17, minutes=number), number=number, report=True)


@atomic
def appeals(decisions: list[Decision], outcomes: list[Outcome | None], decided: datetime) -> None:
    for decision, outcome in zip(decisions, outcomes, strict=True):
        db.session.add(
            Appeal(
                decision_id=decision.id,
                first_decided_by_id=decision.decided_by_id,
                appellant=Appellant.AUTHOR,
                text="",
                language="nb",
                created_at=decision.decided_at,
                due_at=decided,
                decided_at=decided if outcome else None,
                outcome=outcome,
            )
        )


SEPTEMBER, OCTOBER = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def test_a_month_is_counted_right(cast: Cast) -> None:
    a_month(cast, OCTOBER)
    found = figures.months()[0]
    assert found.name == "2026-10"
    assert (found.cases, found.reports) == (38, 8)
    assert (found.shown_by_people, found.shown_by_machine) == (7, 5)
    assert found.restricted == 18
    assert found.restricted_by == {"people": 18, "machine": 0}
    assert found.kinds == {"mask": 6, "ask_changes": 0, "hide": 12, "reject": 0, "limit": 0}
    rules = {rule.key: 0 for rule in RULES} | {"spam": 6, "threats": 6, "personal_data": 6}
    assert found.rules == rules
    assert found.median_minutes == 30  # of 25: thirteen after half an hour, then 60, 120 …
    assert found.nine_of_ten_minutes == 10 * 60


def test_a_day_belongs_to_the_month_it_has_in_norway(cast: Cast) -> None:
    last_minute = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
    for number in range(6):
        a_case(cast, last_minute - timedelta(seconds=number), number=number)
    for number in range(7):
        a_case(cast, last_minute + timedelta(minutes=1, seconds=number), number=number)
    assert [(each.name, each.cases) for each in figures.months()] == [("2026-10", 7), ("2026-09", 6)]


def test_what_only_reverses_or_stands_beside_is_not_counted_as_a_decision_of_its_own(cast: Cast) -> None:
    made = [a_decision(cast, OCTOBER + timedelta(days=day), 60) for day in range(1, 11)]
    for decision in made[:5]:
        a_decision(cast, decision.decided_at, 600, Verdict.APPROVE, reverses_id=decision.id)
        a_decision(cast, decision.decided_at, 600, Verdict.LIMIT)
    found = figures.months()[0]
    assert (found.shown_by_people, found.restricted, found.kinds["limit"]) == (0, 15, 5)
    assert (found.median_minutes, found.nine_of_ten_minutes) == (60, 60)


def test_complaints_are_counted_when_they_come_and_when_they_are_decided(cast: Cast) -> None:
    made = [a_decision(cast, SEPTEMBER + timedelta(days=day), 60) for day in range(1, 14)]
    appeals(made, [Outcome.UPHELD] * 6 + [Outcome.DISMISSED] * 5 + [None] * 2, OCTOBER + timedelta(days=3))
    october, september = figures.months()
    assert (september.appeals, september.upheld, september.dismissed) == (13, 0, 0)
    assert (october.appeals, october.upheld, october.dismissed) == (0, 6, 5)


def test_the_running_month_is_not_told_until_it_is_over(cast: Cast, visitor: Open) -> None:
    assert "Ingen tall ennå" in visitor().get("transparency.index").words
    decided(cast.actor("moderator"), write(cast.actor("resident")))
    assert figures.months() == []
    assert "Ingen tall ennå" in visitor().get("transparency.index").words
    with clock.moved(timedelta(days=40)):
        assert len(figures.months()) >= 1
        assert "Ingen tall ennå" not in visitor().get("transparency.index").words


def test_small_counts_are_hidden_on_the_page_in_the_file_and_in_the_api(cast: Cast, visitor: Open) -> None:
    a_month(cast, OCTOBER)
    a_decision(cast, OCTOBER + timedelta(days=20), 60, Verdict.REJECT, "hate")
    reader = visitor()
    page = reader.get("transparency.month", month="2026-10")
    rows = {row.select("th")[0].get_text(strip=True): row.select("td")[0] for row in page.all("tbody tr")}
    shown = {name: cell.get_text(" ", strip=True).removeprefix("Antall").split()[0] for name, cell in rows.items()}
    assert (shown["Vises ikke"], shown["Noe er sladdet"], shown["Tatt ned"]) == (":", ":", "12")
    assert shown["Hatefulle ytringer"] == shown["Trusler"] == ":", "else the sum would tell"
    (row,) = csv.DictReader(io.StringIO(reader.get("transparency.csv").text.removeprefix("\ufeff")))
    assert (row["maned"], row["tiltak_reject"], row["tiltak_hide"], row["begrenset"]) == ("2026-10", ":", "12", "19")
    item = told(reader.get("moderation_api.figures"))["items"][0]
    assert (item["kinds"]["reject"], item["kinds"]["hide"], item["restricted"]) == (None, 12, 19)


def test_the_api_answers_as_it_is_described(cast: Cast, visitor: Open) -> None:
    a_month(cast, OCTOBER)
    chain_of(1)
    reader = visitor()
    check(description(reader), "/api/v1/moderation-figures", "200", told(reader.get("moderation_api.figures")))


def test_the_page_asks_the_same_number_of_questions_however_much_was_done(cast: Cast, visitor: Open) -> None:
    a_decision(cast, OCTOBER, 5)
    reader = visitor()
    reader.get("transparency.index")
    with count_queries(at_most=8) as few:
        reader.get("transparency.index")
    a_month(cast, OCTOBER)
    a_month(cast, SEPTEMBER)
    reader.get("transparency.index")  # settings are read anew after a change
    with count_queries(at_most=8) as many:
        assert "september 2026" in reader.get("transparency.index").words
    assert [each.split()[:6] for each in many] == [each.split()[:6] for each in few]


def test_readers_who_have_the_page_are_told_that_nothing_is_new(cast: Cast, visitor: Open) -> None:
    a_month(cast, OCTOBER)
    for endpoint in ("transparency.index", "transparency.csv", "moderation_api.figures"):
        etag = visitor().get(endpoint).response.headers["ETag"]
        visitor().get(endpoint, 304, {"If-None-Match": etag})


def test_months_that_are_not_told_are_not_found(cast: Cast, visitor: Open) -> None:
    a_month(cast, OCTOBER)
    for month in ("2026-08", "2026-11", "2026-13", "x"):
        visitor().get("transparency.month", 404, month=month)
    assert visitor().get("transparency.month", month="2026-10").heading == "Moderering i oktober 2026"


def test_at_most_two_years_are_told(cast: Cast) -> None:
    a_case(cast, datetime(2020, 1, 31, 12, tzinfo=UTC), number=1)
    found = figures.months()
    assert len(found) == figures.MONTHS
    assert [each.month for each in found] == sorted((each.month for each in found), reverse=True)
    assert all(each.month < clock.today().replace(day=1) for each in found)


# -- the head of the audit trail ---------------------------------------------------------------------------------------


@atomic
def happen(times: int) -> None:
    for _ in range(times):
        audit.write(name="x", actor_id=None, subject=None, body={}, personal={}, personal_account_id=None)


def chain_of(entries: int) -> None:
    happen(entries)
    audit.seal()
    chain.publish_head()


@atomic
def written_anew() -> None:
    """Do what somebody with the whole database in their hands could."""
    db.session.execute(sa.delete(audit.AuditSeal))
    db.session.execute(sa.update(AuditEntry).where(AuditEntry.name == "x").values(name="y"))


def test_the_head_of_the_trail_is_published_once_a_day_and_the_trail_passes_through_it(visitor: Open) -> None:
    assert chain.publish_head() is False, "nothing is sealed yet"
    chain_of(3)
    assert chain.publish_head() is False
    with clock.moved(timedelta(days=1)):
        chain_of(2)
        assert chain.publish_head() is False
    later, first = figures.heads()
    assert later.day - first.day == timedelta(days=1)
    assert later.number == first.number + 3  # the head that was published is an entry too
    for head in (first, later):
        assert audit.verify((head.number, head.hash)).ok
        assert head.hash in visitor().get("transparency.index").text


def test_whoever_kept_a_head_finds_that_the_trail_was_written_anew(visitor: Open) -> None:
    chain_of(3)
    (head,) = figures.heads()
    written_anew()
    db.session.expire_all()
    audit.seal()
    assert audit.verify().ok, "by itself the new chain is whole"
    assert not audit.verify((head.number, head.hash)).ok
    assert json.loads(visitor().get("moderation_api.figures").text)["audit_heads"][0]["hash"] == head.hash


def test_today_is_told_as_a_date(visitor: Open) -> None:
    chain_of(1)
    assert figures.heads()[0].day == clock.today()
    assert isinstance(figures.heads()[0].day, date)
