"""Gathers the texts into the catalogues, and checks that nynorsk and English are complete.

`update` writes translations/; `check` fails on a text that is missing, fuzzy, untranslated or no longer in use.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("nn", "en")
BABEL = [sys.executable, "-m", "babel.messages.frontend", "--quiet"]


def extract(target: Path) -> None:
    """Write every marked text to a template file."""
    command = [*BABEL, "extract", "-F", "pyproject.toml", "-k", "_l", "-k", "ngettext:1,2", "--add-location=file"]
    command += ["--sort-output", "--no-wrap", "--omit-header", "-o", str(target), "."]
    subprocess.run(command, cwd=ROOT, check=True)


def update() -> None:
    """Bring the catalogues up to date with the texts."""
    TRANSLATIONS.mkdir(exist_ok=True)
    template = TRANSLATIONS / "messages.pot"
    extract(template)
    for language in LANGUAGES:
        file = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
        verb = ["update", "--no-fuzzy-matching", "--ignore-obsolete"] if file.exists() else ["init"]
        file.parent.mkdir(parents=True, exist_ok=True)
        command = [*BABEL, *verb, "-i", str(template), "-o", str(file), "-l", language, "--no-wrap"]
        subprocess.run(command, cwd=ROOT, check=True)
        missing = _missing(_read(file, language))
        print(f"{language}: {len(missing)} texts to translate")


def check() -> int:
    """Return how many faults there are; print each."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "messages.pot"
        extract(fresh)
        wanted = {_key(message) for message in _read(fresh, None) if message.id}
    faults = []
    for language in LANGUAGES:
        catalogue = _read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po", language)
        have = {_key(message) for message in catalogue if message.id}
        faults += [f"{language}: not gathered yet: {key!r}. Run: make translations" for key in sorted(wanted - have)]
        faults += [f"{language}: no longer in use: {key!r}. Run: make translations" for key in sorted(have - wanted)]
        faults += [f"{language}: not translated: {key!r}" for key in _missing(catalogue)]
        faults += [f"{language}: {error}" for message in catalogue for error in _placeholders(message)]
    print(*faults, sep="\n", end="\n" if faults else "")
    return len(faults)


def _read(file: Path, language: str | None) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def _key(message) -> str:  # type: ignore[no-untyped-def]  # Babel's messages have no types
    return message.id if isinstance(message.id, str) else message.id[0]


def _missing(catalogue: Catalog) -> list[str]:
    return sorted(
        _key(message)
        for message in catalogue
        if message.id
        and (message.fuzzy or not (all(message.string) if isinstance(message.string, tuple) else message.string))
    )


def _placeholders(message) -> list[str]:  # type: ignore[no-untyped-def]  # Babel's messages have no types
    return [f"{_key(message)!r}: {error}" for error in message.check()] if message.id and message.string else []


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        sys.exit(1 if check() else 0)
    else:
        sys.exit("Use: tools/translations.py update | check")
