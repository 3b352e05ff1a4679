"""Campaigns: made without code, open from the first day to the last, with questions of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.ideas.actions.campaigns import (
    Part,
    announce,
    change_campaign,
    invite,
    make_campaign,
    move_row,
    put_row,
    remove_row,
    tell_result,
    unannounce,
)
from portal.ideas.actions.proposing import begin_idea, send_idea
from portal.ideas.kinds.campaigns import entries, may
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.models.ideas import Idea
from portal.ideas.queries import campaigns as queries
from portal.ideas.questions import Question, QuestionKind
from portal.ideas.stages import IdeaKind
from portal.ideas.trilingual import told
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.identity import ANONYMOUS
from tests.support.campaigns import QUESTION, campaign_draft, open_campaign
from tests.support.ideas import CHALLENGE, draft, proposed, published

KEY = "hvilken-skole-gjelder-det"


def fresh(campaign: Campaign) -> Campaign:
    return db.session.get_one(Campaign, campaign.id, populate_existing=True)


def test_bokmal_stands_in_for_a_language_that_is_empty() -> None:
    assert (str(told({"nb": "Skolevei", "nn": "", "en": "Way to school"}, "nn"))) == "Skolevei"
    assert told({"nb": "Skolevei", "en": "Way to school"}, "nn").language == "nb"
    assert told({"nb": "Skolevei", "en": "Way to school"}, "en").language == "en"
    assert not told({}, "nb")


@pytest.mark.parametrize(
    ("kind", "answer", "will_do"),
    [
        (QuestionKind.NUMBER, "2,5", True),
        (QuestionKind.NUMBER, "1 200", True),
        (QuestionKind.NUMBER, "mange", False),
        (QuestionKind.CHOICE, "ja", True),
        (QuestionKind.CHOICE, "kanskje", False),
        (QuestionKind.SHORT, "a" * 201, False),
        (QuestionKind.LONG, "a" * 201, True),
    ],
)
def test_an_answer_is_of_the_kind_that_was_asked_for(kind: QuestionKind, answer: str, will_do: bool) -> None:
    question = Question(key="q", kind=kind, label={"nb": "?"}, options=({"key": "ja", "nb": "Ja"},))
    assert (question.fault(answer) is None) is will_do


def test_only_advisers_make_campaigns(cast: Any) -> None:
    for name in ("resident", "employee", "moderator"):
        with pytest.raises(Forbidden):
            make_campaign(cast.actor(name), campaign_draft())


def test_the_same_form_twice_is_one_campaign(cast: Any) -> None:
    first, again = (make_campaign(cast.actor("adviser"), campaign_draft(), "skjema-1") for _ in range(2))
    assert first.id == again.id


def test_two_of_the_same_title_have_addresses_of_their_own(cast: Any) -> None:
    slugs = [make_campaign(cast.actor("adviser"), campaign_draft(title)).slug for title in ("Ny", "Ny", "Styring")]
    assert slugs == ["ny-2", "ny-3", "styring-2"]


def test_the_last_day_is_not_before_the_first(cast: Any) -> None:
    wrong = campaign_draft(closes_on=clock.today() - timedelta(days=2))
    with pytest.raises(Invalid) as refused:
        make_campaign(cast.actor("adviser"), wrong)
    assert refused.value.field == "closes_on"


def test_nobody_sees_it_until_it_is_announced(cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"), announced=False)
    ref = Ref("campaign", campaign.id)
    assert not may(cast.actor("employee"), ref, "read")
    assert not entries([campaign.id])
    announce(cast.actor("adviser"), campaign.id)
    assert may(ANONYMOUS, ref, "read")
    assert entries([campaign.id])


def test_it_is_open_from_its_first_day_to_its_last(cast: Any) -> None:
    today = clock.today()
    dates = {"opens_on": today + timedelta(days=1), "closes_on": today + timedelta(days=2)}
    campaign = open_campaign(cast.actor("adviser"), **dates)
    idea = begin_idea(cast.actor("resident"), draft(campaign_id=campaign.id))
    for days, is_open in ((0, False), (1, True), (2, True), (3, False)):
        with clock.moved(by=timedelta(days=days)):
            assert (queries.phase(campaign) is queries.Phase.OPEN) is is_open
            if not is_open:
                with pytest.raises(Invalid) as refused:
                    send_idea(cast.actor("resident"), idea.id)
                assert refused.value.field == "campaign"
    assert db.session.get_one(Idea, idea.id).state is PublicationState.DRAFT


def test_what_it_asks_must_be_answered(cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"), asks=True)
    idea = begin_idea(cast.actor("resident"), draft(campaign_id=campaign.id))
    with pytest.raises(Invalid) as refused:
        send_idea(cast.actor("resident"), idea.id)
    assert refused.value.field == f"answer_{KEY}"


def test_an_answer_is_told_in_words(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    options = [{"nb": "Ja", "en": "Yes"}, {"nb": "Nei", "en": "No"}]
    put_row(adviser, campaign.id, Part.QUESTIONS, {**QUESTION, "kind": "choice", "options": options})
    idea = published(cast.actor("resident"), campaign_id=campaign.id, answers={KEY: "nei"})
    assert [each.answer for each in queries.answers(idea, fresh(campaign))] == ["Nei"]


def test_what_is_sent_into_a_closed_group_is_internal_and_seen_by_those_invited(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser, audience=Audience.INVITED)
    invite(adviser, campaign.id, cast.resident.email.upper())
    invite(adviser, campaign.id, cast.volunteer.email)
    idea = proposed(cast.actor("resident"), campaign_id=campaign.id)
    assert idea.state is PublicationState.INTERNAL
    page = queries.campaign_page(cast.actor("volunteer"), campaign.slug, None)
    assert [row.id for row in page.ideas] == [idea.id]


def test_a_stranger_is_not_invited_by_an_address_nobody_has(cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"), audience=Audience.INVITED)
    with pytest.raises(Invalid) as refused:
        invite(cast.actor("adviser"), campaign.id, "ingen@demo.example")
    assert refused.value.field == "email"


def test_one_cannot_propose_into_a_campaign_one_cannot_see(cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"), audience=Audience.STAFF)
    with pytest.raises(Invalid):
        begin_idea(cast.actor("resident"), draft(campaign_id=campaign.id))


def test_one_cannot_send_an_idea_into_a_campaign_for_tidstyver(cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"), kind=IdeaKind.TIME_THIEF)
    with pytest.raises(Invalid):
        begin_idea(cast.actor("resident"), draft(campaign_id=campaign.id))


def test_rows_are_moved_and_stop_at_the_ends(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    for name in ("Tryggere", "Kortere", "Grønnere"):
        put_row(adviser, campaign.id, Part.BENEFIT_TYPES, {"nb": name})
    move_row(adviser, campaign.id, Part.BENEFIT_TYPES, "gronnere", -1)
    move_row(adviser, campaign.id, Part.BENEFIT_TYPES, "tryggere", -1)
    assert list(queries.benefit_types(fresh(campaign))) == ["tryggere", "gronnere", "kortere"]


def test_a_question_that_somebody_answered_stays(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser, asks=True)
    published(cast.actor("resident"), campaign_id=campaign.id, answers={KEY: "Heggedal skole"})
    with pytest.raises(Conflict):
        remove_row(adviser, campaign.id, Part.QUESTIONS, KEY)
    with pytest.raises(Conflict):
        put_row(adviser, campaign.id, Part.QUESTIONS, {**QUESTION, "kind": "number"}, KEY)


def test_an_option_keeps_its_key_when_its_words_change(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    choice = {**QUESTION, "kind": "choice", "options": [{"nb": "Ja"}, {"nb": "Nei"}]}
    put_row(adviser, campaign.id, Part.QUESTIONS, choice)
    put_row(adviser, campaign.id, Part.QUESTIONS, {**choice, "options": [{"nb": "Ja, hver dag"}, {"nb": "Nei"}]}, KEY)
    assert [each["key"] for each in fresh(campaign).questions[0]["options"]] == ["ja", "nei"]


def test_a_campaign_with_ideas_is_not_taken_back_nor_given_another_group(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    proposed(cast.actor("resident"), campaign_id=campaign.id)
    with pytest.raises(Conflict):
        unannounce(adviser, campaign.id)
    with pytest.raises(Invalid):
        change_campaign(adviser, campaign.id, campaign_draft(audience=Audience.STAFF), fresh(campaign).version)


def test_two_who_change_it_at_once_do_not_overwrite_each_other(cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    opened = campaign.version
    change_campaign(adviser, campaign.id, campaign_draft("Ny tittel"), opened)
    with pytest.raises(Conflict):
        change_campaign(adviser, campaign.id, campaign_draft("En annen"), opened)


# ---- the pages


def test_a_campaign_is_made_asked_of_and_announced_without_script(visitor: Any) -> None:
    adviser = visitor("adviser")
    form = adviser.get("ideas_campaigns.make").form("main form.form")
    dates = {"opens_on": clock.today().isoformat(), "closes_on": (clock.today() + timedelta(days=9)).isoformat()}
    words = {"title_nb": "Trygg skolevei", "lead_nb": "Hva er utrygt?", **dates}
    manage = adviser.follow(adviser.post("ideas_campaigns.make", form | words))
    assert manage.heading == "Styr «Trygg skolevei»"
    number = db.session.query(Campaign).one().id
    add = {"campaign_id": number, "part": "sporsmal"}
    adviser.post(
        "ideas_campaigns.add_row",
        {"name_nb": "Når på dagen?", "kind": "choice", "options_nb": "Morgen\nEttermiddag", "required": "y"},
        **add,
    )
    adviser.post("ideas_campaigns.announce", campaign_id=number)
    page = visitor("resident").get("ideas_propose.new", kampanje="trygg-skolevei")
    assert [option.get_text() for option in page.all("#answer_nar-pa-dagen option")] == [
        "Velg",
        "Morgen",
        "Ettermiddag",
    ]


def test_a_choice_needs_something_to_choose_between(visitor: Any, cast: Any) -> None:
    campaign = open_campaign(cast.actor("adviser"))
    adviser = visitor("adviser")
    words = {"name_nb": "Når?", "kind": "choice", "options_nb": "Morgen"}
    page = adviser.post("ideas_campaigns.add_row", words, _status=422, campaign_id=campaign.id, part="sporsmal")
    assert page.one("#options_nb")["aria-invalid"] == "true"
    assert page.form("main form.form")["name_nb"] == "Når?"


def test_the_campaigns_questions_are_asked_and_missed_at_the_field(visitor: Any, cast: Any) -> None:
    open_campaign(cast.actor("adviser"), asks=True)
    someone = visitor("resident")
    form = someone.get("ideas_propose.new", kampanje="trygg-skolevei").form("main form.form")
    words = {"title": "Gangfelt ved skolen", "challenge": CHALLENGE}
    sent = someone.post("ideas_propose.new", form | words, kampanje="trygg-skolevei")
    page = someone.follow(sent)
    assert page.one(f"#answer_{KEY}")["aria-invalid"] == "true"
    answered = page.form("main form.form") | {f"answer_{KEY}": "Heggedal skole"}
    idea = db.session.query(Idea).one()
    someone.post("ideas_propose.draft", answered, idea_id=idea.id)
    db.session.expire_all()
    assert db.session.query(Idea).one().answers == {KEY: "Heggedal skole"}


def test_its_page_shows_its_ideas_and_what_came_of_it(visitor: Any, cast: Any, count_queries: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser)
    published(cast.actor("resident"), "Gangfelt ved skolen", campaign_id=campaign.id)
    tell_result(adviser, campaign.id, {"nb": "Tre gangfelt er malt."}, fresh(campaign).version)
    with count_queries(at_most=8):
        page = visitor().get("ideas_campaigns.show", slug=campaign.slug)
    assert "Gangfelt ved skolen" in page.words
    assert "Tre gangfelt er malt." not in page.words
    with clock.moved(by=timedelta(days=30)):
        assert "Tre gangfelt er malt." in visitor().get("ideas_campaigns.show", slug=campaign.slug).words


def test_the_list_says_what_is_open_what_comes_and_what_is_over(visitor: Any, cast: Any, count_queries: Any) -> None:
    adviser, today = cast.actor("adviser"), clock.today()
    open_campaign(adviser, "Åpen")
    open_campaign(adviser, "Kommer", opens_on=today + timedelta(days=3))
    open_campaign(adviser, "Over", opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=2))
    open_campaign(adviser, "Lages", announced=False)
    with count_queries(at_most=8):
        page = visitor().get("ideas_campaigns.index")
    assert [heading.get_text() for heading in page.all("main h3")] == ["Åpen", "Kommer", "Over"]


def test_every_page_for_advisers_opens(visitor: Any, cast: Any) -> None:
    adviser = cast.actor("adviser")
    campaign = open_campaign(adviser, asks=True, audience=Audience.INVITED)
    invite(adviser, campaign.id, cast.resident.email)
    put_row(adviser, campaign.id, Part.CRITERIA, {"axis": "value", **{n: {"nb": n} for n in ("name", "low", "high")}})
    put_row(adviser, campaign.id, Part.BENEFIT_TYPES, {"nb": "Tryggere"})
    someone, number = visitor("adviser"), {"campaign_id": campaign.id}
    for view in ("control", "manage", "change", "result"):
        someone.get(f"ideas_campaigns.{view}", **(number if view != "control" else {}))
    for part, key in (("sporsmal", KEY), ("kriterier", "name"), ("gevinsttyper", "tryggere")):
        someone.get("ideas_campaigns.add_row", part=part, **number)
        someone.get("ideas_campaigns.change_row", part=part, key=key, **number)
        someone.post("ideas_campaigns.move_row", {"vei": "opp"}, part=part, key=key, **number)
        someone.post("ideas_campaigns.remove_row", part=part, key=key, **number)
    assert fresh(campaign).questions == []
