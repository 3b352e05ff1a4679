"""Passwords: which are refused, and that nothing about their shape is demanded."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import passwords
from portal.accounts.passwords import Fault, find_fault

CONTEXT = ["Nina Nordmann", "nina.nordmann@example.org", "Innbyggerportalen", "Asker kommune"]


@pytest.mark.parametrize(
    "password",
    [
        "korrekt hest batteri stift",
        "trekkspill og regnvær",
        "kU7!xw0Pq2mZ",
        "blåbærsyltetøy på vaffel",
        "パスワードではない十二文字以上です",
        "                   mellomrom er greit",
    ],
)
def test_a_long_password_of_any_shape_will_do(password: str) -> None:
    assert find_fault(password, CONTEXT) is None


@pytest.mark.parametrize(
    "password",
    [
        "passordpassord",
        "Passord-2026!",
        "P@ssw0rd1234",
        "demo-passord",
        "Sommer2026!!",
        "sommer-2026-Asker",
        "askerkommune1",
        "NinaNordmann1",
        "nina.nordmann",
        "Innbyggerportalen",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abababababab",
        "123456789012",
        "210987654321",
        "qwertyuiopå123",
        "1q2w3e4r5t6y",
        "asdfghjkløæ1",
        "correcthorsebatterystaple",
        "Liverpool1992!",
        "velkommen1234",
        "31.12.1999 31.12.1999",
    ],
)
def test_what_would_be_guessed_first_is_refused(password: str) -> None:
    assert find_fault(password, CONTEXT) is Fault.EASY


def test_the_length_has_two_ends() -> None:
    assert find_fault("x7!kQ2m") is Fault.TOO_SHORT
    assert find_fault("kU7!xw0Pq2m") is Fault.TOO_SHORT
    assert find_fault("kU7!xw0Pq2mZ" * 16) is None
    assert find_fault("kU7!xw0Pq2mZ" * 17) is Fault.TOO_LONG


def test_every_word_of_the_list_is_refused_alone_and_with_a_year() -> None:
    for word in passwords._words():
        for password in (f"{word}{word}{word}{word}", f"{word}-20262026!", f"2026{word}2026{word}"):
            assert len(password) < 12 or find_fault(password) is Fault.EASY, password


@given(st.text(min_size=12, max_size=200))
def test_any_text_is_judged_without_falling_over(password: str) -> None:
    assert find_fault(password, CONTEXT) in {None, Fault.EASY}


def test_a_hash_is_argon2id_and_salted() -> None:
    first, second = passwords.hash_password("ordene er mine"), passwords.hash_password("ordene er mine")
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.verify(first, "ordene er mine")
    assert not passwords.verify(first, "ordene er dine")


def test_nobody_has_the_password_that_stands_in_for_a_missing_one() -> None:
    assert not passwords.verify(None, "the password of nobody")


def test_a_stored_value_that_is_no_hash_lets_nobody_in() -> None:
    assert not passwords.verify("x", "x")
    assert not passwords.verify("", "")


def test_weaker_parameters_are_noticed() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("ordene er mine")
    assert passwords.needs_rehash(weak)
    assert not passwords.needs_rehash(passwords.hash_password("ordene er mine"))
