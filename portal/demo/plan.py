"""The demo's plan: the goals that the municipality has chosen, and made-up delmål under them."""

from __future__ import annotations

from pathlib import Path

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.goals.actions import import_subgoals
from portal.goals.subgoal_file import read
from portal.kernel.identity import Actor

PRIORITISED = (3, 4, 11, 13, 16, 17)
FILE = Path(__file__).parent / "delmal.csv"


def make_plan(admin: Actor) -> None:
    """Choose six goals, and read the delmål in as from a file."""
    change_setting(admin, "prioritised_goals", SettingDraft(value=PRIORITISED, version=0))
    import_subgoals(admin, read(FILE.read_bytes()).rows)
