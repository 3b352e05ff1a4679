"""Gathers the texts into the catalogues, and checks that nynorsk and English are complete.

`update` writes translations/; `check` fails on a text that is not gathered, no longer in use, not translated, marked
as fuzzy, or whose placeholders differ from the source text's.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("nn", "en")
# No dates and no names: gathering twice, or on two machines, gives the same file.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def catalogue_file(language: str) -> Path:
    """Return where the translations into a language lie."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def gather() -> Catalog:
    """Return every marked text, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "pyproject.toml"]
        command += ["-k", "_l", "--add-location=file", "--sort-output", "--no-wrap", "-o", str(target), "."]
        subprocess.run(command, cwd=ROOT, check=True)
        return read(target, None)


def read(file: Path, language: str | None) -> Catalog:
    """Read a catalogue; a missing one is empty."""
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def write(catalogue: Catalog, file: Path, language: str = "") -> None:
    """Write a catalogue sorted, one line per text, with the places by file only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        opened.write(HEADER.format(language=language).encode())
        write_po(
            opened, catalogue, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
        )


def update() -> None:
    """Bring the catalogues up to date with the texts."""
    template = gather()
    write(template, TRANSLATIONS / "messages.pot")
    for language in LANGUAGES:
        catalogue = read(catalogue_file(language), language)
        catalogue.update(template, no_fuzzy_matching=True)
        write(catalogue, catalogue_file(language), language)
        print(f"{language}: {sum(map(is_missing, texts(catalogue)))} texts to translate")


def check() -> list[str]:
    """Return every fault of both catalogues as a sentence."""
    wanted = gather()
    return [
        f"{language}: {fault}"
        for language in LANGUAGES
        for fault in faults_of(read(catalogue_file(language), language), wanted)
    ]


def faults_of(catalogue: Catalog, template: Catalog) -> list[str]:
    """Return what is wrong with a catalogue, given the texts there are."""
    wanted, have = ({source(message) for message in texts(each)} for each in (template, catalogue))
    faults = [f"not gathered, run make translations: {key!r}" for key in sorted(wanted - have)]
    faults += [f"no longer in use, run make translations: {key!r}" for key in sorted(have - wanted)]
    faults += [f"no longer in use, take it out: {key!r}" for key in map(str, catalogue.obsolete)]
    for message in texts(catalogue):
        if is_missing(message):
            faults.append(f"not translated: {source(message)!r}")
        elif not is_faithful(message):
            faults.append(f"placeholders or spaces at the ends differ: {source(message)!r}")
    return faults


def texts(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in catalogue if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return singular and plural, or the one form there is."""
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def source(message: Message) -> tuple[str, ...]:
    """Return the bokmål text, with its plural if it has one."""
    return forms(message.id)


def is_missing(message: Message) -> bool:
    """Say whether a text has no translation that holds."""
    return message.fuzzy or len(forms(message.string)) != len(source(message)) or not all(forms(message.string))


def is_faithful(message: Message) -> bool:
    """Say whether a translation fills in the same values as its source; the singular may be shaped as either form."""
    *singular, last = forms(message.string)
    wanted = [shape(text) for text in source(message)]
    return shape(last) == wanted[-1] and all(shape(text) in wanted for text in singular)


def shape(text: str) -> tuple[list[str], int, bool, bool]:
    """Return what a translation must keep: placeholders (also the script's {n}), percent signs, spaces at the ends."""
    placeholders = re.findall(r"%\(\w+\)[sd]|\{\w+\}", text)
    percents = len(re.findall(r"%(?!\()", text))
    return sorted(set(placeholders)), percents, text[:1].isspace(), text[-1:].isspace()


def main(command: list[str]) -> int:
    """Run one of the two commands; return the exit status."""
    if command == ["update"]:
        update()
        return 0
    if command == ["check"]:
        faults = check()
        for fault in faults:
            print(fault)
        return 1 if faults else 0
    print("Use: tools/translations.py update | check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
