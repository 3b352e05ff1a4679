"""What people may tell of themselves, in the categories that the municipality's population is counted in."""

from enum import StrEnum


class AgeBand(StrEnum):
    """How old somebody is, in five bands. Nobody is asked for a date of birth."""

    UNDER_18 = "0-17"
    FROM_18 = "18-29"
    FROM_30 = "30-44"
    FROM_45 = "45-66"
    FROM_67 = "67+"


class Gender(StrEnum):
    """The two genders that the population is counted by. Another, and «vil ikke si», is none."""

    WOMAN = "woman"
    MAN = "man"
