"""Deletes what has been kept long enough, and tells how much."""

from __future__ import annotations

from portal.kernel.db import atomic
from portal.kernel.extensions import personal_data


class _Tried(Exception):
    """Ends a dry run, so that everything is rolled back."""

    def __init__(self, report: dict[str, int]) -> None:
        super().__init__()
        self.report = report


def run(*, dry_run: bool = False) -> dict[str, int]:
    """Let every package forget what it should; return how many rows of each kind. A dry run changes nothing."""
    try:
        return _forget(dry_run)
    except _Tried as tried:
        return tried.report


@atomic
def _forget(dry_run: bool) -> dict[str, int]:
    report: dict[str, int] = {}
    for package in personal_data():
        if package.retain:
            report |= {f"{package.name}: {kind}": count for kind, count in package.retain().items()}
    if dry_run:
        raise _Tried(report)
    return report
