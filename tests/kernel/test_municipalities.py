"""The municipality register: whole, right, and refused when it isn't."""

import csv

import pytest

from portal.kernel import municipalities


@pytest.fixture
def rows():
    with municipalities._FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_register_holds_all_357_municipalities_in_order():
    numbers = [municipality.number for municipality in municipalities.all_municipalities()]
    assert len(numbers) == 357
    assert numbers == sorted(set(numbers))


def test_a_municipality_is_found_by_its_number():
    assert municipalities.find("3203") == municipalities.Municipality(
        "3203", "Asker", "32", "Akershus", 59.7014, 10.4519
    )


def test_a_number_keeps_its_leading_zero():
    oslo = municipalities.find("0301")
    assert oslo is not None
    assert (oslo.name, oslo.county_number) == ("Oslo", "03")
    assert municipalities.find("301") is None


def test_names_keep_their_letters():
    nesseby = municipalities.find("5636")
    assert nesseby is not None
    assert nesseby.name == "Unjárga - Nesseby"


def test_the_same_name_in_two_counties_is_two_municipalities():
    assert [m.county_name for m in municipalities.all_municipalities() if m.name == "Herøy"] == [
        "Møre og Romsdal",
        "Nordland - Nordlánnda",
    ]


def test_a_register_that_lacks_a_municipality_is_refused(rows):
    with pytest.raises(ValueError, match="356"):
        municipalities.read(rows[1:])


def test_a_register_with_a_municipality_twice_is_refused(rows):
    with pytest.raises(ValueError, match="0301 stands twice"):
        municipalities.read([*rows, rows[0]])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("municipality_number", "301"),
        ("municipality_number", "03O1"),
        ("municipality_number", "٠301"),
        ("county_number", "11"),
        ("name", ""),
        ("county_name", ""),
        ("latitude", "10.7794"),
        ("longitude", "nan"),
    ],
)
def test_a_row_with_a_wrong_value_is_refused(rows, column, value):
    rows[0][column] = value
    with pytest.raises(ValueError, match="municipality"):
        municipalities.read(rows)
