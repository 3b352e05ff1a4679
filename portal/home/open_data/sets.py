"""All the datasets, in the order they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from portal.home.open_data.ideas import IDEAS, THIEVES
from portal.home.open_data.moderation import MODERATION
from portal.home.open_data.projects import PROJECTS
from portal.home.open_data.rounds import ROUNDS
from portal.home.open_data.shape import Dataset
from portal.home.open_data.solutions import SOLUTIONS

DATASETS: Sequence[Dataset] = (ROUNDS, IDEAS, THIEVES, PROJECTS, SOLUTIONS, MODERATION)


def find(name: str) -> Dataset | None:
    """Return a dataset by its name."""
    return next((each for each in DATASETS if each.name == name), None)
