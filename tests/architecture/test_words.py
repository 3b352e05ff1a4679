"""The words: nynorsk and English complete, every text marked for translation, each page in one language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import get_domain
from jinja2 import Environment, nodes

import portal
from portal.kernel.i18n import LANGUAGES, NATIVE_NAMES, in_language
from tests.support.page import Visitor
from tools import translations

ROOT = Path(portal.__file__).parent
TEMPLATES = sorted(path for path in ROOT.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
MODULES = sorted(ROOT.rglob("*.py"))
JINJA = Environment(extensions=["jinja2.ext.do"], autoescape=True)
MARKS = {"_", "_l", "ngettext"}

# Addresses, file formats and the first word of a mail's text form: the same in every language.
SAME_IN_ALL = {"CSV", "JSON", "json", "GET", "Subject", "datatilsynet", "uutilsynet", "uustatus", "no"}
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
# The gallery is for builders and does not exist in production; what the demo's people wrote is in their own language.
NOT_THE_PORTAL_SPEAKING = {
    "ui/templates/ui/gallery.html",
    "ui/gallery.py",
    "demo/assessed.py",
    "demo/figures.py",
    "demo/idea_bank.py",
    "demo/invited.py",
    "demo/large.py",
    "demo/measured.py",
    "demo/large_projects.py",
    "demo/large_solutions.py",
    "demo/projects.py",
    "demo/solutions.py",
    "demo/load.py",
    "demo/moderated.py",
    "demo/taking_part.py",
    "demo/verified.py",
    "demo/weighed.py",
    "demo/people.py",
}
# All three languages side by side, the sentence that is part of the published data, and the words that search knows.
NORWEGIAN_ON_PURPOSE = {
    "ideas/dugnad.py",  # in three languages itself
    "ideas/archive/values.py",  # a case package is in bokmål, with Noark's own words
    "ideas/queries/campaign_case.py",
    "ideas/queries/idea_case.py",
    "observatorium/catalogue.py",
    "observatorium/queries/published.py",
    "search/synonyms.py",
    "search/vocabulary.py",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_both_catalogues_hold_every_text_and_nothing_else() -> None:
    faults = translations.check()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_catalogue_is_written_the_same_way_each_time(language: str, tmp_path: Path) -> None:
    file = translations.catalogue_file(language)
    translations.write(translations.read(file, language), tmp_path / "again.po", language)
    assert (tmp_path / "again.po").read_bytes() == file.read_bytes(), "Run: make translations"


TEXTS: list[Any] = ["%(name)s bor i %(place)s", ("%(num)d dag", "%(num)d dager")]
RIGHT: list[Any] = ["%(name)s bur i %(place)s", ("%(num)d dag", "%(num)d dagar")]


def catalogue(*translated: Any, **settings: Any) -> Catalog:
    made = Catalog(locale="nn")
    for text, translation in zip(TEXTS, translated, strict=False):
        made.add(text, translation, **settings)
    return made


def test_a_catalogue_with_all_its_texts_has_no_fault() -> None:
    assert translations.faults_of(catalogue(*RIGHT), catalogue("", ("", ""))) == []


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (catalogue(RIGHT[0]), "not gathered"),
        (catalogue(RIGHT[0], ("", "")), "not translated"),
        (catalogue(RIGHT[0], ("%(num)d dag", "")), "not translated"),
        (catalogue(RIGHT[0], ("%(num)d dag",)), "not translated"),
        (catalogue(*RIGHT, flags=["fuzzy"]), "not translated"),
        (catalogue("%(name)d bur i %(place)s", RIGHT[1]), "placeholders"),
        (catalogue("%(name)s bur her", RIGHT[1]), "placeholders"),
        (catalogue("%(name)s bur i %(stad)s", RIGHT[1]), "placeholders"),
        (catalogue("%(name)s bur 100 % i %(place)s", RIGHT[1]), "placeholders"),
        (catalogue("%(name)s bur i %(place)s ", RIGHT[1]), "placeholders"),
        (catalogue(RIGHT[0], ("%(num)d dag", "mange dagar")), "placeholders"),
    ],
)
def test_a_fault_in_a_catalogue_is_found(made: Catalog, fault: str) -> None:
    assert any(fault in each for each in translations.faults_of(made, catalogue("", ("", ""))))


def test_a_text_no_longer_in_use_is_found() -> None:
    assert any("no longer in use" in each for each in translations.faults_of(catalogue(*RIGHT), catalogue("")))
    old = catalogue(*RIGHT)
    old.obsolete["old"] = old["%(name)s bor i %(place)s"]
    assert any("take it out" in each for each in translations.faults_of(old, catalogue("", ("", ""))))


def languages_in(value: object, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find every text with languages in a JSON value."""
    if isinstance(value, dict):
        if set(value) & set(LANGUAGES):
            yield path, value
        for key, inner in value.items():
            yield from languages_in(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from languages_in(inner, f"{path}[{place}]")


@pytest.mark.parametrize("file", sorted(ROOT.glob("*/data/*.json")), ids=name_of)
def test_the_catalogue_of_indicators_says_everything_in_three_languages(file: Path) -> None:
    found = list(languages_in(json.loads(file.read_text(encoding="utf-8")), ""))
    assert found
    for path, text in found:
        assert set(text) == set(LANGUAGES), f"{path}: {sorted(text)}"
        assert all(isinstance(words, str) and words.strip() for words in text.values()), f"{path}: {text}"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_compiled_catalogue_says_what_the_source_says(app: Flask, language: str) -> None:
    written = translations.read(translations.catalogue_file(language), language)
    with app.test_request_context(), in_language(language):
        compiled = get_domain().get_translations()
        for message in translations.texts(written):
            source, wanted = translations.source(message), translations.forms(message.string)
            said = [compiled.gettext(*source)] if len(source) == 1 else [compiled.ngettext(*source, n) for n in (1, 7)]
            assert said == list(wanted), "Run: .venv/bin/pybabel compile -d translations"


@pytest.mark.parametrize(
    ("language", "heading", "skip"),
    [
        ("nb", "Hvordan gjør kommunen det?", "Hopp til innholdet"),
        ("nn", "Korleis gjer kommunen det?", "Hopp til innhaldet"),
        ("en", "How is the municipality doing?", "Skip to the content"),
    ],
)
def test_a_page_speaks_the_language_asked_for(
    visitor: Callable[..., Visitor], language: str, heading: str, skip: str
) -> None:
    page = visitor().get_url(f"/?sprak={language}")
    assert page.one("html")["lang"] == language
    assert page.heading == heading
    assert skip in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_links_name_each_language_in_itself(visitor: Callable[..., Visitor], language: str) -> None:
    page = visitor().get_url(f"/personvern/?a=1&sprak={language}")
    links = page.all(".languages a")
    assert [link["lang"] for link in links] == list(LANGUAGES)
    for link in links:
        code = str(link["lang"])
        assert link["hreflang"] == code
        assert link.get_text(strip=True) == NATIVE_NAMES[code]
        assert parse_qs(urlsplit(str(link["href"])).query) == {"a": ["1"], "sprak": [code]}
        assert link.has_attr("aria-current") == (code == language)


# ---- every text is marked ----


class Spoken(HTMLParser):
    """Collects what a template says outside its expressions, also in attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for key, value in attrs if key in SPOKEN and value]


def said_outside_expressions(source: str, is_html: bool) -> set[str]:
    """Return the words that a template holds as plain text."""
    source = re.sub(r"{% block page_class %}.*?{% endblock %}", "", source)  # becomes an attribute, not text
    # An expression stands as an x, so that the HTML around it holds.
    parts = ["x" if kind == "variable_begin" else text for _line, kind, text in JINJA.lex(source) if kind in KEPT]
    text = "".join(parts)
    if is_html:
        reader = Spoken()
        reader.feed(text)
        reader.close()
        text = "\n".join(reader.texts)
    words = re.findall(r"[^\W\d_]{2,}", text)
    return {word for word in words if word not in SAME_IN_ALL and set(word) != {"x"}}


KEPT = {"data", "variable_begin"}
NORWEGIAN = re.compile(r"[æøåÆØÅ«]|^[A-ZÆØÅ][a-zæøå]+$|^[^-]*\b[a-zæøå]{2,} [a-zæøå]{2,}\b[^-]*$")


def unmarked_strings(source: str) -> set[str]:
    """Return the strings in a template's expressions that look like words for people and are not marked."""
    tree = JINJA.parse(source)
    marked = {
        id(inner)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS
        for inner in call.find_all(nodes.Const)
    }
    return {
        const.value
        for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str) and id(const) not in marked and NORWEGIAN.search(const.value)
    }


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hei {{ name }}</p>", {"Hei"}),
        ('<img alt="Kart over {{ place }}">', {"Kart", "over"}),
        ("<p>{{ _('Hei') }} {{ a }}{{ b }} – 4 %</p>", set()),
        ('<p class="note">{# Sagt til den som bygger #}{% if a %}{{ _("Hei") }}{% endif %}</p>', set()),
    ],
)
def test_the_scanner_tells_text_from_expressions(template: str, found: set[str]) -> None:
    assert said_outside_expressions(template, is_html=True) == found


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if name_of(path) not in NOT_THE_PORTAL_SPEAKING], ids=name_of
)
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not said_outside_expressions(source, path.suffix == ".html"), 'Wrap in {{ _("…") }}'
    assert not unmarked_strings(source), 'Wrap in _("…")'


def marked_calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) != "kernel/i18n.py"], ids=name_of)
def test_a_module_marks_its_texts_so_that_they_are_gathered_and_follow_the_reader(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in marked_calls(tree, MARKS):
        assert call.args, f"line {call.lineno}: nothing to translate"
        first = call.args[0]
        is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
        assert is_text, f"line {call.lineno}: only a plain string is gathered, not {ast.unparse(first)}"
    early = [call.lineno for call in calls_at_import(tree)]
    assert not early, f"lines {early}: _() at import time speaks one language for ever; use _l()"
    if name_of(path) not in NOT_THE_PORTAL_SPEAKING | NORWEGIAN_ON_PURPOSE:
        assert not unmarked_sentences(tree), "Wrap in _() or _l()"


def first_texts(counted: bool) -> Iterator[str]:
    """Return the texts that stand alone, or those that count."""
    names = {"ngettext"} if counted else {"_", "_l"}
    for path in TEMPLATES:
        for call in JINJA.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in names:
                first = call.args[0]
                assert isinstance(first, nodes.Const), f"{name_of(path)}:{call.lineno}: only a plain string is gathered"
                yield first.value
    for path in MODULES:
        for python_call in marked_calls(ast.parse(path.read_text(encoding="utf-8")), names):
            if isinstance(python_call.args[0], ast.Constant):
                yield str(python_call.args[0].value)


def test_a_text_either_counts_or_stands_alone() -> None:
    both = set(first_texts(counted=True)) & set(first_texts(counted=False))
    assert not both, f"The catalogues hold one entry for both, so that the singular is shown for the other: {both}"


def calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Find _() and ngettext() that run when the module is read: in its body, a class body, a default or a decorator."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
        inner: list[ast.AST] = [*defaults, *getattr(node, "decorator_list", [])]
    else:
        inner = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
        yield node
    for child in inner:
        yield from calls_at_import(child)


def test_a_text_at_import_time_is_found() -> None:
    early = "A = _('a')\nclass B:\n    c = {'d': _('e')}\ndef f(g=_('h')):\n    return _('i')\nk = lambda: _('l')"
    assert [call.lineno for call in calls_at_import(ast.parse(early))] == [1, 3, 4]


def unmarked_sentences(tree: ast.AST) -> set[str]:
    """Return the strings with a Norwegian letter and more than one word that are not marked and not documentation."""
    skipped = {
        id(inner) for call in marked_calls(tree, MARKS) for inner in ast.walk(call) if isinstance(inner, ast.Constant)
    }
    skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and re.search(r"[æøåÆØÅ]", node.value)
        and " " in node.value.strip()
    }
