"""Help and house rules: for each role, found by words, and the same as what the code does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts import tokens
from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.home import kinds
from portal.home.help_texts import HEADINGS, TOPICS, Audience
from portal.kernel.content import Ref
from portal.kernel.extensions import content
from portal.kernel.i18n import LANGUAGES
from portal.kernel.identity import ANONYMOUS
from portal.moderation.house_rules import RULES, THRESHOLD
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def questions(page: object) -> list[str]:
    return [each.get_text() for each in page.all("main summary")]  # type: ignore[attr-defined]


def test_the_help_has_an_answer_for_every_role(visitor: Open) -> None:
    page = visitor().get("home.help_page")
    assert questions(page) == [str(topic.question) for audience in Audience for topic in _for(audience)]
    assert all(len(_for(audience)) >= 3 for audience in Audience)
    for audience in Audience:
        assert page.one(f"main h2#{audience}").get_text() == str(HEADINGS[audience])
        assert page.one(f"main nav a[href='#{audience}']")


def _for(audience: Audience) -> list[object]:
    return [topic for topic in TOPICS.values() if topic.audience is audience]


@pytest.mark.parametrize(
    ("asked", "key"), [("passord", "glemt-passord"), ("FARGENE grønt", "fargene"), ("  dekknavn navnet ", "navn")]
)
def test_the_help_is_searched_without_script(visitor: Open, asked: str, key: str) -> None:
    page = visitor().get("home.help_page", q=asked)
    assert page.one(f"#{key}")
    assert len(questions(page)) < len(TOPICS)
    assert page.one("main input[name=q]")["value"] == asked.strip()


def test_a_search_without_answers_says_so_and_leads_back(visitor: Open) -> None:
    page = visitor().get("home.help_page", q="<script>zzz")
    assert "Ingen svar om «<script>zzz»" in page.words
    assert not questions(page)
    assert page.one("main [role=status] a")["href"] == "/hjelp/"


def test_searching_the_help_gives_no_cookie(visitor: Open) -> None:
    assert "Set-Cookie" not in visitor().get("home.help_page", q="passord").response.headers


def test_help_says_how_long_the_link_for_a_new_password_works(visitor: Open) -> None:
    assert tokens.LASTS[tokens.RESET_PASSWORD].total_seconds() == 3600
    assert "virker i én time" in visitor().get("home.help_page").words


def test_the_help_can_be_searched_for_with_everything_else(visitor: Open) -> None:
    kind = content().kind(kinds.HELP)
    assert kind.entries is not None
    assert kind.all_ids is not None
    numbers = kind.all_ids(0, 1000)
    assert list(numbers) == list(TOPICS)
    assert kind.all_ids(numbers[-1], 10) == []
    assert list(kind.all_ids(2, 2)) == [3, 4]
    found = kind.entries(numbers)
    assert all([each.language for each in entries] == list(LANGUAGES) for entries in found.values())
    card = kind.cards([1])[1]
    page = visitor().get(card.endpoint, **card.values)
    assert page.one(f"#{card.values['_anchor']} summary").get_text() == card.title


def test_help_can_be_read_by_all_and_nothing_else_is_done_with_it(app: Flask) -> None:
    assert content().may(ANONYMOUS, Ref(kinds.HELP, 1), "read")
    assert not content().may(ANONYMOUS, Ref(kinds.HELP, 1), "comment")
    assert not content().may(ANONYMOUS, Ref(kinds.HELP, 99_999), "read")
    assert content().cards([Ref(kinds.HELP, 99_999)]) == {}


def test_keys_on_the_help_page_are_each_used_once() -> None:
    keys = [topic.key for topic in TOPICS.values()] + list(Audience)
    assert len(keys) == len(set(keys))


# -- the house rules ---------------------------------------------------------------------------------------------------


def test_the_rules_are_those_that_moderation_cites(visitor: Open) -> None:
    page = visitor().get("home.rules")
    assert str(THRESHOLD) in page.words
    for rule in RULES:
        assert page.one(f"main h3#{rule.key}").get_text() == str(rule.title)
        assert str(rule.text) in page.words


def test_the_deadlines_on_the_page_follow_the_settings(cast: Cast, visitor: Open) -> None:
    for key, value, words in (
        ("appeal_days", 45, "kan klage i 45 dager"),
        ("appeal_answer_days", 9, "svarer innen 9 dager"),
        ("moderation_report_hours", 3, "innen 3 timer"),
    ):
        assert words not in visitor().get("home.rules").words
        change_setting(cast.actor("admin"), key, SettingDraft(value=value, version=0))
        assert words in visitor().get("home.rules").words
