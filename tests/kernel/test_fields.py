"""Fields: what nobody sees is cleaned away, and every message is our own."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from portal.kernel import fields
from portal.kernel.errors import Invalid


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


COLOURS = [(Colour.RED, "Rød"), (Colour.GREEN, "Grønn")]


class Everything(fields.Form):
    """One of each."""

    name = fields.text("Navn", longest=10)
    words = fields.long_text("Tekst", longest=20, optional=True)
    address = fields.email("E-post", optional=True)
    secret = fields.password("Passord")
    count = fields.number("Antall", lowest=1, highest=9, optional=True)
    day = fields.date("Dag", optional=True)
    colour = fields.choice("Farge", COLOURS, coerce=Colour)
    spoken = fields.choice("Valgfri", COLOURS, radio=True, optional=True)
    many = fields.choices("Flere", COLOURS)
    agreed = fields.checkbox("Ja", must="Du må si ja.")
    picture = fields.upload("Bilde")


GOOD = {"name": "Randi", "secret": "x", "colour": "red", "spoken": "red", "agreed": "y"}


def filled(app: Flask, **data: Any) -> Everything:
    with app.test_request_context(method="POST", data={**GOOD, **data}):
        form = Everything(meta={"csrf": False})
        form.validate()
        form.told = {name: [str(each) for each in errors] for name, errors in form.errors.items()}  # in this context
        return form


def test_what_is_right_has_no_message(app: Flask) -> None:
    form = filled(app, count=" 7 ", day="24.12.2026", many=["red", "green"], address="randi@demo.example")
    assert form.told == {}
    assert (form.count.data, form.day.data.isoformat(), form.colour.data) == (7, "2026-12-24", Colour.RED)
    assert filled(app, day="2026-12-24").day.data == form.day.data


@pytest.mark.parametrize("typed", ["  Randi  ", "Ran\u200bdi", "\ufeffRandi", "Randi\x00", "Randi\r\n"])
def test_what_nobody_sees_is_taken_away(app: Flask, typed: str) -> None:
    assert filled(app, name=typed).name.data == "Randi"


def test_a_password_is_left_as_it_was_typed(app: Flask) -> None:
    assert filled(app, secret="  to ord  ").secret.data == "  to ord  "


def test_lines_are_kept_where_there_may_be_several(app: Flask) -> None:
    assert filled(app, words=" a\r\nb ").words.data == "a\nb"
    assert "\n" not in filled(app, name="a\nb").name.data


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({"name": ""}, "name", "Fyll ut dette feltet."),
        ({"name": "   "}, "name", "Fyll ut dette feltet."),
        ({"name": "x" * 11}, "name", "Skriv høyst 10 tegn."),
        ({"words": "x" * 21}, "words", "Skriv høyst 20 tegn."),
        ({"address": "randi"}, "address", "Skriv en e-postadresse, for eksempel navn@eksempel.no."),
        ({"address": "a b@x.no"}, "address", "Skriv en e-postadresse, for eksempel navn@eksempel.no."),
        ({"secret": ""}, "secret", "Fyll ut dette feltet."),
        ({"count": "mange"}, "count", "Skriv et helt tall, bare med sifre."),
        ({"count": "10"}, "count", "Skriv et tall fra 1 til 9."),
        ({"day": "31.02.2026"}, "day", "Skriv en dato slik: 31.12.2026."),
        ({"day": "0001-01-01"}, "day", "Skriv en dato slik: 31.12.2026."),
        ({"day": "9999-12-31"}, "day", "Skriv en dato slik: 31.12.2026."),
        ({"colour": "blue"}, "colour", "Velg et av alternativene."),
        ({"spoken": "blue"}, "spoken", "Velg et av alternativene."),
        ({"many": ["red", "blue"]}, "many", "Velg et av alternativene."),
        ({"agreed": ""}, "agreed", "Du må si ja."),
    ],
)
def test_every_message_is_our_own(app: Flask, data: dict[str, Any], field: str, says: str) -> None:
    assert filled(app, **data).told == {field: [says]}


def test_a_text_where_a_file_should_be_is_no_file(app: Flask) -> None:
    assert filled(app, picture="not a file").picture.data is None


def test_a_refusal_of_an_action_stands_at_its_field_or_at_the_top(app: Flask) -> None:
    form = filled(app)
    form.refuse(Invalid("name", "Navnet er tatt."))
    form.refuse(Invalid("nothing", "Prøv igjen."))
    assert form.name.errors == ["Navnet er tatt."]
    assert form.form_errors == ["Prøv igjen."]
