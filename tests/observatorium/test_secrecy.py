"""Nobody sees who answered what: every table, log and backup is read for a way back from an answer to a person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import logging
import random
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config
from portal.accounts.models import Account, Organisation
from portal.kernel import audit, clock
from portal.kernel.db import Base, db
from portal.kernel.outbox import OutboxRow
from portal.observatorium import secrecy
from portal.observatorium.actions import comments, publishing, rating, rounds
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Ballot, Rating
from portal.observatorium.reactions import publish_result
from portal.operations import backup
from tests.observatorium.rounds import an_open_round, answers, change, people, work
from tests.observatorium.test_rating import for_organisation
from tests.support import databases
from tests.support.cast import Cast, make_cast

TOLD = {"age_band", "gender", "neighbourhood_id"}
"""What a resident may tell of themselves."""
BY_WEEK = {"network", "network_until"}
"""The same for everybody on a network in a week, and gone after 14 days."""
SECRET_TABLES = {
    "ballots": {
        *{"round_id", "pseudonym", "stakeholder_group", "organisation", "tie", "invitation_id", "exclusion_id"},
        *(TOLD | BY_WEEK),
    },
    "ratings": {"round_id", "pseudonym", "indicator", "answer"},
}
MANY_EACH = {"rounds", "ballots", "neighbourhoods", "observatory_invitations", "exclusions"}
"""What ballots may point at: none of it is a person."""


postgresql_only = pytest.mark.skipif(databases.KIND == "sqlite", reason="SQLite marks no row with its transaction")


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Return what gives all that was logged, at the most talkative level. Ask for it before `everybody`."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine")
    return lambda: "\n".join(record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase))


@pytest.fixture
def everybody(own_app: Flask) -> Iterator[Cast]:
    """A round that people came to one after the other, answered, commented and changed their minds in."""
    own_app.extensions["portal_senders"] = {publishing.TOPIC: publish_result}
    with own_app.app_context():
        cast = make_cast()
        an_open_round(cast)
        chance = random.Random(18091)  # noqa: S311 - the same answers in every run
        for actor in people(12):
            for number in ("1.1", "1.2", "2.8"):
                answers(actor, number, chance.choice(list(Answer)))
        for who in ("volunteer", "business", "knowledge"):
            answers(cast.actor(who), standing=for_organisation(cast, who))
        answers(cast.actor("resident"), "1.1", Answer.RED)
        answers(cast.actor("resident"), "1.2", Answer.RED)
        rating.withdraw_rating(cast.actor("resident"), "2026", "1.2")
        comments.comment(
            cast.actor("resident"), comments.CommentDraft(round="2026", indicator="1.1", text="For dårlig.")
        )
        yield cast


# --- what is looked for, and where ------------------------------------------------------------------------------------


def pseudonyms() -> set[bytes]:
    found = set(db.session.scalars(sa.select(Ballot.pseudonym)))
    return found | {each for each in db.session.scalars(sa.select(Ballot.organisation)) if each}


def disguises(secret: bytes) -> Iterator[str]:
    """Every way in which bytes are usually written as text."""
    yield secret.hex()
    yield repr(secret)[2:-1]
    yield base64.b64encode(secret).decode().rstrip("=")
    yield base64.urlsafe_b64encode(secret).decode().rstrip("=")
    yield secret.decode("latin-1")
    yield str(int.from_bytes(secret, "big"))


def mentions(text: str, secrets: Iterable[bytes]) -> bool:
    lowered = text.lower()
    return any(each.lower() in lowered for secret in secrets for each in disguises(secret))


def leaves(value: object) -> Iterator[str]:
    """The texts in a column's value, however it is nested."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is in the database, whether a model knows it or not.

    SQLite's virtual tables can't be walked; what they hold lies in tables of their own, which are.
    """
    kept = sa.MetaData()
    virtual = set()
    if not on_postgresql():
        made = sa.text("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        virtual = set(db.session.scalars(made))
    kept.reflect(db.session.connection(), only=lambda name, _: name not in virtual)
    assert set(Base.metadata.tables) <= set(kept.tables), "the walk sees every table"
    return {
        name: [dict(row) for row in db.session.execute(sa.select(table)).mappings()]
        for name, table in kept.tables.items()
    }


def guesses(keys: Iterable[bytes]) -> set[bytes]:
    """What somebody with the database, the code and the given keys could compute for every account and organisation."""
    persons = list(db.session.execute(sa.select(Account.id, Account.email, Account.name)))
    organisations = list(db.session.execute(sa.select(Organisation.id, Organisation.number, Organisation.name)))
    messages = {str(value) for person in (*persons, *organisations) for value in person}
    for (number, *_who), kind in itertools.product((*persons, *organisations), ("account", "organisation")):
        messages |= {f"portal.observatorium.{kind}:{number}", f"1:{number}", f"2026:{number}", f"{kind}:{number}"}
    made = set()
    for message in (each.encode() for each in messages):
        made |= {hashlib.new(name, message).digest() for name in ("sha256", "sha3_256", "blake2s")}
        for key in keys:
            made |= {hmac.digest(key, message, "sha256"), hashlib.sha256(key + message).digest()}
            made.add(hashlib.sha256(message + key).digest())
    return made


def known_keys() -> set[bytes]:
    """Every secret an installation has, but the round's own key."""
    settings = config.current()
    files = [path.read_bytes() for path in settings.keys_dir.glob("*") if path.is_file()]
    return {settings.secret_key.encode(), settings.subject_key.encode(), b"", b"1", b"2026", b"2026-11", *files}


def ways_back(logged: str = "", keys: set[bytes] | None = None) -> list[str]:
    """Name every way from a rating back to a person; none is what we promise."""
    secrets, kept = pseudonyms(), sa.inspect(db.session.connection())
    everything = tables()
    values = {name: " ".join(text for row in rows for text in leaves(row)) for name, rows in everything.items()}
    found = [
        f"{name} holds a pseudonym" for name in set(everything) - set(SECRET_TABLES) if mentions(values[name], secrets)
    ]
    for name, columns in SECRET_TABLES.items():
        found += [f"{name}.{extra} is new" for extra in {each["name"] for each in kept.get_columns(name)} - columns]
        tables_pointed_at = {key["referred_table"] for key in kept.get_foreign_keys(name)}
        found += [f"{name} points at {table}" for table in tables_pointed_at - MANY_EACH]
    if guesses(known_keys() | (keys or set())) & secrets:
        found.append("a pseudonym can be computed")
    if mentions(" ".join(values.values()), [round_key()]):
        found.append("the key is in the database")
    if mentions(logged, secrets | {round_key()}):
        found.append("the log holds a pseudonym or the key")
    return found


def round_key() -> bytes:
    return next(iter((config.current().keys_dir / "rounds").glob("*.key"))).read_bytes()


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


# --- the promise ------------------------------------------------------------------------------------------------------


def test_no_table_and_no_log_leads_from_an_answer_to_a_person(heard: Callable[[], str], everybody: Cast) -> None:
    assert "INSERT INTO ratings" in heard(), "the log was listened to"
    assert ways_back(heard()) == []
    rounds.close_round(everybody.actor("coordinator"), "2026")
    publishing.publish_round(everybody.actor("coordinator"), "2026")
    work()
    audit.seal()
    assert ways_back(heard()) == []


def test_the_log_holds_no_answer(heard: Callable[[], str], everybody: Cast) -> None:
    answers(everybody.actor("resident2"), "1.1", Answer.UNKNOWN)
    with pytest.raises(sa.exc.DBAPIError) as failed:  # nor does the text of an error, which is logged with its trace
        db.session.execute(
            sa.insert(Rating.__table__).values(round_id=1, pseudonym=b"x" * 32, indicator="1.1", answer="red")
        )
    db.session.rollback()
    for told in (heard(), str(failed.value)):
        assert not any(f"'{answer.value}'" in told for answer in Answer)


def test_ratings_have_no_time(everybody: Cast) -> None:
    for model in (Ballot, Rating):
        for column in model.__table__.columns:
            if column.name in BY_WEEK:
                continue
            assert isinstance(column.type, sa.String | sa.LargeBinary | sa.Integer), column
            assert not isinstance(column.type, sa.DateTime | sa.Date), column
    numbers = {c.name for c in Ballot.__table__.columns if isinstance(c.type, sa.Integer)}
    assert numbers == {"round_id", "neighbourhood_id", "invitation_id", "exclusion_id"}
    assert {c.name for c in Rating.__table__.columns if isinstance(c.type, sa.Integer)} == {"round_id"}


def test_the_audit_trail_tells_that_each_person_joined_and_nothing_more(everybody: Cast) -> None:
    joined = db.session.scalars(
        sa.select(audit.AuditEntry).where(audit.AuditEntry.name == "observatory.round_joined")
    ).all()
    assert len(joined) == len({entry.actor_id for entry in joined}) == 16
    assert {tuple(sorted(entry.body)) for entry in joined} == {("round_id", "slug")}
    others = db.session.scalars(sa.select(audit.AuditEntry.name).where(audit.AuditEntry.name.like("observatory.%")))
    assert set(others) == {
        "observatory.round_created",
        "observatory.round_opened",
        "observatory.round_joined",
        "observatory.comment_written",
    }


# --- the order of arrival ---------------------------------------------------------------------------------------------


def lying(table: str) -> list[bytes]:
    """The pseudonyms in the order in which the rows lie on disk."""
    order = " ORDER BY ctid" if on_postgresql() else ""
    return [bytes(row[0]) for row in db.session.execute(sa.text(f"SELECT pseudonym FROM {table}{order}"))]  # noqa: S608


def marks(table: str) -> set[str]:
    """The transactions that wrote the rows of a table."""
    return {str(row[0]) for row in db.session.execute(sa.text(f"SELECT xmin::text FROM {table}"))}  # noqa: S608


def test_the_rows_lie_in_the_order_of_their_pseudonyms(everybody: Cast) -> None:
    rounds.close_round(everybody.actor("coordinator"), "2026")
    for table in SECRET_TABLES:
        assert lying(table) == sorted(lying(table))
        assert len(lying(table)) >= 16


def test_no_row_number_tells_when_a_row_was_written(everybody: Cast) -> None:
    if not on_postgresql():
        for table in SECRET_TABLES:
            with pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
                db.session.execute(sa.text(f"SELECT rowid FROM {table}"))  # noqa: S608


@postgresql_only
def test_no_transaction_tells_who_joined_with_which_ballot_once_the_round_is_closed(everybody: Cast) -> None:
    # While it is open the marks do tell, to somebody inside the running database: here the danger is real.
    assert marks("ballots") & marks("audit_entries")
    assert len(marks("ballots")) == 16
    assert lying("ballots") != sorted(lying("ballots"))
    rounds.close_round(everybody.actor("coordinator"), "2026")
    assert len(marks("ballots") | marks("ratings")) == 1
    with_entry = marks("ballots") & marks("audit_entries")
    names = db.session.scalars(
        sa.select(audit.AuditEntry.name).where(sa.literal_column("audit_entries.xmin::text").in_(with_entry))
    )
    assert set(names) <= {"observatory.round_closed"}


@postgresql_only
def test_while_a_round_is_open_transactions_tell_of_the_last_day_only(everybody: Cast) -> None:
    before = sorted(pseudonyms())
    rounds.forget_arrivals()
    assert len(marks("ballots") | marks("ratings")) == 1
    assert not marks("ballots") & marks("audit_entries")
    assert lying("ratings") == sorted(lying("ratings"))
    assert sorted(pseudonyms()) == before
    answers(everybody.actor("resident2"), "1.1", Answer.UNKNOWN)
    assert len(marks("ballots")) == 2


# --- backups ----------------------------------------------------------------------------------------------------------


def test_a_backup_taken_while_the_round_is_open_tells_nothing_either(everybody: Cast, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    backup.create(target)
    with zipfile.ZipFile(target) as archive:
        assert not [name for name in archive.namelist() if "key" in name]
        for name in archive.namelist():
            assert not any(each.encode("latin-1", "ignore") in archive.read(name) for each in disguises(round_key())), (
                name
            )
        archive.extractall(tmp_path)
    assert order_in_backup(tmp_path) == sorted(pseudonyms() & set(db.session.scalars(sa.select(Ballot.pseudonym))))


def order_in_backup(folder: Path) -> list[bytes]:
    """The pseudonyms of the ballots in the order in which the backup holds them."""
    if on_postgresql():
        content = (folder / "ballots.copy").read_bytes()
        mine = db.session.scalars(sa.select(Ballot.pseudonym)).all()
        return sorted(mine, key=content.index)
    with closing(sqlite3.connect(folder / "database.sqlite3")) as connection:
        return [row[0] for row in connection.execute("SELECT pseudonym FROM ballots NOT INDEXED")]


# --- the key ----------------------------------------------------------------------------------------------------------


def test_with_the_key_the_way_back_is_there_and_without_it_nothing_is(everybody: Cast) -> None:
    ballot = db.session.scalars(sa.select(Ballot)).first()
    assert ballot is not None
    key = secrecy.read_key(ballot.round_id)
    assert ways_back(keys={key}) == ["a pseudonym can be computed"]
    rounds.withdraw_round(everybody.actor("coordinator"), "2026", "Ferdig")
    path = config.current().keys_dir / "rounds" / f"{ballot.round_id}.key"
    with path.open("rb") as still_open:
        with clock.moved(timedelta(days=31)):
            rounds.destroy_due_keys()
        assert still_open.read() != key, "what stands on the disk was written over"
    assert not path.exists()


def test_the_same_person_has_another_pseudonym_in_another_round(everybody: Cast) -> None:
    first = secrecy.read_key(db.session.scalars(sa.select(Ballot.round_id)).first() or 0)
    rounds.close_round(everybody.actor("coordinator"), "2026")
    an_open_round(everybody, "2027")
    answers(everybody.actor("resident"), slug="2027")
    mine = db.session.scalars(sa.select(Ballot.pseudonym).where(Ballot.round_id == 2)).one()
    assert mine != secrecy.pseudonym(first, everybody.resident.id)
    assert mine not in set(db.session.scalars(sa.select(Ballot.pseudonym).where(Ballot.round_id == 1)))


def test_a_person_and_an_organisation_with_the_same_number_differ() -> None:
    assert secrecy.pseudonym(b"k" * 32, 7) != secrecy.organisation_pseudonym(b"k" * 32, 7)


# --- the control: the search finds what is there ----------------------------------------------------------------------


@pytest.mark.parametrize("disguise", range(6))
def test_a_pseudonym_in_another_table_is_found(everybody: Cast, disguise: int) -> None:
    leaked = list(disguises(next(each for each in pseudonyms() if 0 not in each)))[disguise]
    change(
        sa.insert(OutboxRow).values(
            topic="x", payload={"who": leaked}, attempts=0, created_at=clock.now(), due_at=clock.now()
        )
    )
    assert "outbox holds a pseudonym" in ways_back()


@pytest.mark.parametrize(
    "weak",
    [
        lambda account_id: hashlib.sha256(str(account_id).encode()).digest(),
        lambda account_id: hmac.digest(b"s" * 40, str(account_id).encode(), "sha256"),
        lambda account_id: hmac.digest(b"k" * 40, f"portal.observatorium.account:{account_id}".encode(), "sha256"),
        lambda account_id: hmac.digest(b"", f"portal.observatorium.account:{account_id}".encode(), "sha256"),
    ],
    ids=["plain hash", "secret key", "subject key", "no key"],
)
def test_a_weak_pseudonym_is_found(everybody: Cast, weak: Any) -> None:
    change(
        sa.insert(Ballot).values(
            round_id=1, pseudonym=weak(everybody.resident2.id), group="resident", tie="lives", organisation=None
        )
    )
    assert ways_back() == ["a pseudonym can be computed"]


def test_a_time_or_a_person_beside_a_rating_is_found(everybody: Cast) -> None:
    change(sa.text("ALTER TABLE ballots ADD COLUMN written_at VARCHAR(30)"))  # type: ignore[arg-type]
    assert ways_back() == ["ballots.written_at is new"]


def test_a_pseudonym_in_the_log_is_found(everybody: Cast) -> None:
    leaked = next(iter(pseudonyms()))
    assert ways_back(f"rated: {leaked!r}") == ["the log holds a pseudonym or the key"]
    assert ways_back(f"rated: {leaked.hex().upper()}") == ["the log holds a pseudonym or the key"]
