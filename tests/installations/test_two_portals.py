"""Two municipalities' portals, each an installation of its own: a solution goes one way, and its use is told back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.installations.conftest import Everybody
from tests.installations.running import Installation, installations, post


@pytest.fixture
def both() -> Iterator[tuple[Installation, Installation]]:
    """Asker and Bærum, both on SQLite, that have let each other in."""
    with installations(n3203="sqlite", n3201="sqlite") as (asker, baerum):
        baerum.hand("let_in", url=asker.address, fingerprint=asker.fingerprint)
        asker.hand("let_in", url=baerum.address, fingerprint=baerum.fingerprint)
        yield asker, baerum


def test_a_solution_is_shared_adopted_changed_and_withdrawn_between_two_portals(
    both: tuple[Installation, Installation],
) -> None:
    asker, baerum = both
    number = asker.hand("share", title="Middag sammen")
    assert baerum.hand("sync")[asker.address] == {"came": {"made": 1}, "error": ""}
    uri = asker.uri(number)
    arrived = baerum.hand("solutions")[uri]
    assert (arrived["title"], arrived["state"], arrived["municipality"]) == ("Middag sammen", "pending", "3203")
    assert (arrived["licence"], arrived["edition"]) == ("CC-BY-4.0", 1)
    baerum.hand("approve")
    baerum.hand("note", uri=uri, text="Passer i Sandvika.")
    baerum.hand("adopt", uri=uri, step="piloting")
    assert baerum.hand("deliver") == 0
    assert asker.hand("adoptions", solution_id=number) == {baerum.adopter: "piloting"}
    assert asker.hand("solutions")[str(number)]["in_use"] == 0, "telling is not spreading"
    baerum.hand("adopt", uri=uri, step="in_use")
    assert baerum.hand("deliver") == 0
    assert asker.hand("solutions")[str(number)]["in_use"] == 1

    asker.hand("edit", solution_id=number, title="Middag for alle")
    assert baerum.hand("sync")[asker.address]["came"] == {"changed": 1}
    baerum.hand("approve")
    changed = baerum.hand("solutions")[uri]
    assert (changed["title"], changed["note"], changed["edition"]) == ("Middag for alle", "Passer i Sandvika.", 2)

    asker.hand("withdraw", solution_id=number)
    assert baerum.hand("sync")[asker.address]["came"] == {"gone": 1}
    gone = baerum.hand("solutions")[uri]
    assert (gone["state"], gone["title"]) == ("withdrawn", "")
    for each in both:
        assert each.hand("audit_holds")


@pytest.mark.slow
def test_one_on_sqlite_and_one_on_postgresql_tell_each_other_both_ways(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    ours, theirs = asker.hand("share", title="Middag sammen"), baerum.hand("share", title="Leksehjelp")
    for here, there, number in ((baerum, asker, ours), (asker, baerum, theirs)):
        assert here.hand("sync")[there.address]["came"] == {"made": 1}
        here.hand("approve")
        here.hand("adopt", uri=there.uri(number))
        assert here.hand("deliver") == 0
        assert there.hand("solutions")[str(number)]["in_use"] == 1
    baerum.hand("adopt", uri=asker.uri(ours), step="stopped")
    baerum.hand("deliver")
    assert asker.hand("adoptions", solution_id=ours) == {baerum.adopter: "stopped"}
    assert asker.hand("solutions")[str(ours)]["in_use"] == 0
    baerum.hand("take_back", uri=asker.uri(ours))
    baerum.hand("deliver")
    assert asker.hand("adoptions", solution_id=ours) == {}
    for here, there in ((asker, baerum), (baerum, asker)):
        assert here.hand("sync")[there.address]["came"] == {}, "what a portal has from another is not told on"
        assert here.hand("audit_holds")


@pytest.mark.slow
def test_the_worker_reads_and_tells_by_itself(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    number = asker.hand("share", title="Turgruppe")
    had = baerum.hand("count")
    baerum.start("worker")
    baerum.wait(lambda: baerum.hand("count") == had + 1)
    baerum.hand("approve")
    baerum.hand("adopt", uri=asker.uri(number))
    asker.wait(lambda: asker.hand("adoptions", solution_id=number) == {baerum.adopter: "in_use"})
    baerum.wait(lambda: ["told", "in_use"] in baerum.hand("log", url=asker.address))
    baerum.kill("worker")
    assert ["synced", ""] in baerum.hand("log", url=asker.address)
    assert ["received", "in_use"] in asker.hand("log", url=baerum.address)


@pytest.mark.slow
def test_a_key_is_changed_without_anybody_noticing_and_a_stolen_one_needs_a_person(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    number = asker.hand("share", title="Sommerjobb")
    asker.hand("rotate")
    assert baerum.hand("sync")[asker.address] == {"came": {"made": 1}, "error": ""}
    baerum.hand("approve")
    baerum.hand("rotate")
    baerum.hand("adopt", uri=asker.uri(number))
    if baerum.hand("deliver"):  # Asker doesn't know the new key yet, and asks for it by and by
        asker.hand("sync")
        assert baerum.hand("deliver", at_once=True) == 0
    assert asker.hand("adoptions", solution_id=number) == {baerum.adopter: "in_use"}

    asker.hand("rotate", stolen=True)
    asker.hand("share", title="Vinterjobb")
    had = baerum.hand("count")
    assert "signed" in baerum.hand("sync")[asker.address]["error"]
    assert baerum.hand("count") == had, "nothing is believed that only the new key has signed"
    for each in (baerum, everybody.drammen):
        each.hand("sync")
        assert each.hand("confirm_keys") == 1
        assert each.hand("sync")[asker.address]["error"] == ""
    assert baerum.hand("count") == had + 1


@pytest.mark.slow
def test_a_reader_that_is_killed_in_the_middle_goes_on_where_it_was(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    had = baerum.hand("count")
    asker.hand("share_many", count=220)
    kills = 0
    while (here := baerum.hand("count")) < had + 220:
        reading = baerum.process("partners", "sync")
        baerum.wait(lambda here=here, reading=reading: baerum.hand("count") > here or reading.poll() is not None)  # type: ignore[misc]
        kills += reading.poll() is None
        reading.kill()
        reading.wait()
    assert kills, "it was killed while it read"
    assert baerum.hand("sync")[asker.address] == {"came": {}, "error": ""}
    assert baerum.hand("count") == had + 220
    titles = [each["title"] for each in baerum.hand("solutions").values() if each["title"].startswith("Løsning ")]
    assert sorted(titles) == sorted(f"Løsning {number}" for number in range(220))
    assert baerum.hand("audit_holds")


@pytest.mark.slow
def test_a_source_that_is_killed_is_told_and_read_when_it_is_back(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    number = asker.hand("share", title="Lekeplass")
    baerum.hand("sync")
    baerum.hand("approve")
    asker.kill("serve")
    assert baerum.hand("sync")[asker.address]["error"]
    baerum.hand("adopt", uri=asker.uri(number))
    assert baerum.hand("deliver") == 1, "it waits in the outbox"
    asker.start("serve")
    assert baerum.hand("deliver", at_once=True) == 0
    assert asker.hand("adoptions", solution_id=number) == {baerum.adopter: "in_use"}
    asker.hand("share", title="Skøytebane")
    assert baerum.hand("sync")[asker.address] == {"came": {"made": 1}, "error": ""}


@pytest.mark.slow
def test_a_message_is_believed_once_whole_and_from_the_one_who_signed_it(everybody: Everybody) -> None:
    asker, baerum = everybody.asker, everybody.baerum
    number = asker.hand("share", title="Frivilligbørs")
    baerum.hand("sync")
    baerum.hand("approve")
    baerum.hand("adopt", uri=asker.uri(number), step="piloting")
    message = baerum.hand("message", uri=asker.uri(number))
    forged = message | {"body": message["body"].replace("piloting", "in_use")}
    unsigned = message | {"headers": {"content-type": "application/json"}}
    assert post(**forged) == 401
    assert post(**unsigned) == 401
    assert asker.hand("adoptions", solution_id=number) == {}
    assert post(**message) == 200
    assert asker.hand("adoptions", solution_id=number) == {baerum.adopter: "piloting"}
    assert post(**message) == 409, "the same message a second time"
    asker.hand("suspend", url=baerum.address)
    assert post(**baerum.hand("message", uri=asker.uri(number))) == 403
    asker.hand("resume", url=baerum.address)
    assert post(**baerum.hand("message", uri=asker.uri(number))) == 200
