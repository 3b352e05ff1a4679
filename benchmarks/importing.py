"""Measures `portal import ideas` with 10,860 proposals: time and the most memory, first run and second, on a database.

python -m benchmarks.importing                  SQLite and PostgreSQL (from the wheel that the tests use)
python -m benchmarks.importing --rows 1000      fewer
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from tests.support import databases

HEADINGS = (
    "id;author/id;author/name;author/url;taxonomies/id;taxonomies/name/en;participatory_space/id;participatory_space/url;"
    "component/id;title/en;body/en;address;latitude;longitude;state;state_published_at;reference;answer/en;answered_at;votes;"
    "likes/total_count;likes/user_likes;comments;follows_count;published_at;url;meeting_urls;related_proposals;is_amend;"
    "original_proposal/url;withdrawn;withdrawn_at;created_at;updated_at;created_in_meeting;coauthorships_count;cost"
)
WORDS = (
    "we would like more benches along the path and better light by the school because many walk there in the evening "
    "when it is dark and slippery and nobody clears the snow before the children have gone"
)
PORTAL = Path(sys.executable).with_name("portal")


def main() -> None:
    """Measure on both databases, and print a row for each run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_860)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "proposals.csv"
        make(file, rows)
        print(f"{rows} rows, {file.stat().st_size / 1e6:.1f} MB")
        print("| database | run | seconds | CPU seconds | most memory, MB |\n|---|---|---|---|---|")
        measure("SQLite", Path(folder) / "sqlite", "", file)
        measure("PostgreSQL", Path(folder) / "postgresql", postgresql(), file)


def make(file: Path, rows: int) -> None:
    """Write a file as Decidim does: 180 words of HTML in each proposal, every third answered, every fourth placed."""
    chosen, words = random.Random(1), WORDS.split()
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, HEADINGS.split(";"), delimiter=";", restval="")
        writer.writeheader()
        for number in range(rows):
            row: dict[str, object] = {
                "id": number,
                "title/en": f"{' '.join(chosen.choices(words, k=7)).capitalize()} {number}",
                "body/en": "".join(f"<p>{' '.join(chosen.choices(words, k=60))}.</p>" for _ in range(3)),
                "state": chosen.choice(["", "accepted", "rejected", "evaluating"]),
                "votes": number % 300,
                "published_at": "2025-11-24 07:17:40 UTC",
                "url": f"https://meta.example.org/processes/roadmap/f/122/proposals/{number}",
                "is_amend": "false",
            }
            if number % 3 == 0:
                row |= {"answer/en": "<p>Yes, this spring.</p>", "answered_at": "2026-01-10 09:00:00 UTC"}
            if number % 4 == 0:
                row |= {"latitude": 59.7 + chosen.random() / 4, "longitude": 10.3 + chosen.random() / 4}
            writer.writerow(row)


def measure(name: str, folder: Path, database_url: str, file: Path) -> None:
    """Import twice into a new database; print what each took."""
    environment = {**os.environ, "PORTAL_DATA": str(folder), "PORTAL_DATABASE_URL": database_url, "PORTAL_DEMO": "1"}
    run(["db", "upgrade"], environment)
    for which in ("first", "second"):
        seconds, cpu, memory = run(["import", "ideas", str(file)], environment)
        print(f"| {name} | {which} | {seconds:.0f} | {cpu:.0f} | {memory / 1000:.0f} |")


def run(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, int]:
    """Run a command of the portal; return seconds by the clock and of the processor, and the most kB it held."""
    started = time.perf_counter()
    child = os.posix_spawn(
        PORTAL,
        ["portal", *arguments],
        environment,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"portal {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss


def postgresql() -> str:
    """Return the address of a database of its own on the server that the tests use."""
    server = sa.make_url(databases.server())
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS bench_import")
        connection.exec_driver_sql("CREATE DATABASE bench_import")
    engine.dispose()
    return server.set(database="bench_import").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
