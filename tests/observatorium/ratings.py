"""Small rounds for the tests: how many in a group answered what, as the cells that the database gives."""

from collections.abc import Sequence

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer
from portal.observatorium.raking import Stratum
from portal.observatorium.tally import Cell

Count = tuple[int, int, int, int]
"""Red, yellow, green, «vet ikke»."""
Group = Sequence[Count]
"""The counts of each organisation; of residents there is one."""
INDICATOR = "1.1"
RESIDENT, VOLUNTARY_SECTOR, BUSINESS, KNOWLEDGE = StakeholderGroup


def cells(group: StakeholderGroup, counts: Group, stratum: Stratum | None = None) -> list[Cell]:
    """Give the cells of one group."""
    return [
        Cell(INDICATOR, group, answer, None if group is RESIDENT else f"organisation {number}", stratum, count)
        for number, organisation in enumerate(counts)
        for answer, count in zip(Answer, organisation, strict=True)
    ]


def round_of(groups: dict[StakeholderGroup, Group]) -> list[Cell]:
    """Give the cells of a round with one indicator."""
    return [cell for group, counts in groups.items() for cell in cells(group, counts)]


def total(counts: Group) -> Count:
    """Add up the organisations of a group."""
    red, yellow, green, unknown = (sum(parts) for parts in zip(*counts, strict=True)) if counts else (0, 0, 0, 0)
    return red, yellow, green, unknown


def singles(red: int, yellow: int, green: int, unknown: int = 0) -> Group:
    """Give a group of organisations with one rater each."""
    answers = [(1, 0, 0, 0)] * red + [(0, 1, 0, 0)] * yellow + [(0, 0, 1, 0)] * green + [(0, 0, 0, 1)] * unknown
    return tuple(answers)
