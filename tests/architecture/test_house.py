"""The twelve house rules that a machine can check."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from flask import Flask

import portal
from portal.accounts import words
from portal.kernel.db import Base
from portal.kernel.events import Event
from portal.wiring import whole as wiring

ROOT = Path(portal.__file__).parent
DOCS = ROOT.parent / "docs"


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages([str(ROOT)], "portal."):
        yield importlib.import_module(found.name)


def rooms(name: str) -> list[ModuleType]:
    return [
        module for module in modules() if f".{name}" in module.__name__ and module.__name__.split(".")[2:3] == [name]
    ]


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in ROOT.rglob("templates/**/*.html"))


def events() -> list[type[Event]]:
    list(modules())
    return [event for event in Event.__subclasses__() if event.__module__.startswith("portal.")]


def test_every_action_is_atomic_and_takes_the_actor_first() -> None:
    seen = 0
    for module in rooms("actions"):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            seen += 1
            assert getattr(function, "__atomic__", False), f"{module.__name__}.{name} is not @atomic"
            first = next(iter(inspect.signature(function).parameters), None)
            assert first == "actor", f"{module.__name__}.{name}: the first parameter is {first}, not actor"
    assert seen > 10


def test_every_event_stands_in_the_table_of_reactions() -> None:
    missing = {event.__name__ for event in events()} - {event.__name__ for event in wiring.REACTIONS}
    assert not missing, f"Put these in wiring.REACTIONS (an empty tuple when nobody reacts): {sorted(missing)}"


def test_event_names_are_in_the_past_tense_unique_and_documented() -> None:
    names = [event.name for event in events()]
    assert len(names) == len(set(names))
    documented = (DOCS / "events.md").read_text(encoding="utf-8")
    missing = [name for name in names if f"`{name}`" not in documented]
    assert not missing, f"docs/events.md does not tell of {missing}"


def test_the_trail_can_be_read_by_people() -> None:
    for event in events():
        assert str(event.label), f"{event.__name__} has no label"
    told = {each.name for event in events() for each in fields(event) if not each.metadata.get("personal")}
    told -= {"actor", *words.NOT_TOLD}
    wordless = {name for name in told if not name.endswith(("_id", "_ids")) and name not in words.FIELDS}
    assert not wordless, f"portal/accounts/words.py has no word for {sorted(wordless)}"


def test_no_relationship_loads_by_itself() -> None:
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            assert relationship.lazy == "raise_on_sql", f"{relationship} must be lazy='raise_on_sql'"


def test_every_foreign_key_is_indexed() -> None:
    for table in Base.metadata.tables.values():
        leading = {index.columns.keys()[0] for index in table.indexes} | set(table.primary_key.columns.keys()[:1])
        leading |= {c.columns.keys()[0] for c in table.constraints if isinstance(c, sa.UniqueConstraint)}
        for key in table.foreign_key_constraints:
            first = key.column_keys[0]
            assert first in leading, f"{table.name}.{first} is a foreign key without an index"


def test_every_view_is_marked(app: Flask) -> None:
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "__door__")]
    assert not bare, f"Put @public or @requires(...) on {bare}"


def test_addresses_are_norwegian_lower_case_and_kebab(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/._-]*", plain), f"{rule.rule} should be lower case, hyphenated and ASCII"


def test_no_address_disappears_unnoticed(app: Flask) -> None:
    known = (DOCS / "addresses.txt").read_text(encoding="utf-8").split("\n")
    now = sorted({f"{rule.rule}" for rule in app.url_map.iter_rules() if not rule.rule.startswith("/ui/")})
    gone = [line for line in known if line and line not in now]
    new = [line for line in now if line not in known]
    assert not gone, f"People have bookmarked {gone}: redirect them, or take them out of docs/addresses.txt"
    assert not new, f"Add to docs/addresses.txt: {new}"


def test_only_the_kernel_commits() -> None:
    for path in sources():
        if path.relative_to(ROOT).as_posix() != "kernel/db.py":
            assert "session.commit(" not in path.read_text(encoding="utf-8"), f"{path} commits; only @atomic may"


def test_packages_hold_one_sentence_and_no_code() -> None:
    for path in ROOT.rglob("__init__.py"):
        text = path.read_text(encoding="utf-8").strip()
        assert text.startswith('"""'), path
        assert text.endswith('"""'), path
        assert text.count('"""') == 2, f"{path} holds code"


def test_every_module_opens_with_a_sentence() -> None:
    for path in sources():
        assert path.read_text(encoding="utf-8").startswith('"""'), f"{path} has no opening sentence"


def test_templates_stand_in_a_layout_and_trust_nothing() -> None:
    for path in templates():
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), f"{path} uses |safe; make Markup in richtext or in a pure module"
        is_page = not path.name.startswith("_") and not {"components", "page", "mail"} & set(path.parts)
        if is_page:
            assert re.search(r'{% extends "[a-z_/]+\.html" %}', text), f"{path} extends no layout"


def test_every_model_is_in_the_glossary() -> None:
    list(modules())
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    missing = [
        mapper.class_.__name__ for mapper in Base.registry.mappers if f"`{mapper.class_.__name__}`" not in glossary
    ]
    assert not missing, f"docs/glossary.md has no row for {missing}"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "config.py").read_text(encoding="utf-8")
    names = set(re.findall(r'value\("([A-Z_]+)"\)', text))
    documented = (DOCS / "operations.md").read_text(encoding="utf-8")
    missing = [name for name in names if f"PORTAL_{name}" not in documented]
    assert not missing, f"docs/operations.md does not tell of {missing}"


def test_every_command_is_documented(app: Flask) -> None:
    documented = (DOCS / "operations.md").read_text(encoding="utf-8")
    ours = {command.name for command in wiring.COMMANDS}
    missing = [name for name in ours if f"portal {name}" not in documented]
    assert not missing, f"docs/operations.md does not tell of {missing}"


def test_every_table_with_a_person_is_declared() -> None:
    declared = {table for personal in wiring.PERSONAL for table in personal.tables}
    people = set()
    for table in Base.metadata.tables.values():
        if table.name == "accounts" or any(key.column.table.name == "accounts" for key in table.foreign_keys):
            people.add(table.name)
    missing = people - declared
    assert not missing, f"Say in a PersonalData what {sorted(missing)} keep about people"


@pytest.mark.parametrize(
    "name",
    ["requirements/main.txt", "requirements/test.txt", "assets/package-lock.json", "tools/idp/package-lock.json"],
)
def test_locks_name_no_registry(name: str) -> None:
    text = (ROOT.parent / name).read_text(encoding="utf-8")
    assert "http://" not in text.replace("http://127.0.0.1", "")
    assert not re.search(r'"resolved"|--index-url|--extra-index-url|registry\.|pythonhosted', text)
