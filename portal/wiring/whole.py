"""The map: which blueprints, kinds of content, reactions, senders, jobs and commands make up the portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from click import Command
from flask import Blueprint, Flask

from portal.accounts import cli as accounts_cli
from portal.accounts import kinds as accounts_kinds
from portal.accounts import session
from portal.accounts.views import administration, organisations, profile, sign_in
from portal.accounts.views import settings as settings_views
from portal.cocreation import api as cocreation_api
from portal.cocreation.kinds import messages as message_kinds
from portal.cocreation.kinds import personal as cocreation_people
from portal.cocreation.kinds import posts as post_kinds
from portal.cocreation.kinds import projects as project_kinds
from portal.cocreation.views import classifying as cocreation_types
from portal.cocreation.views import finding as cocreation_finding
from portal.cocreation.views import meetings as cocreation_meetings  # noqa: F401 - stands on the blueprint of together
from portal.cocreation.views import messages as cocreation_messages
from portal.cocreation.views import methods as cocreation_methods
from portal.cocreation.views import news as cocreation_news
from portal.cocreation.views import overview as cocreation_overview
from portal.cocreation.views import process as cocreation_process
from portal.cocreation.views import projects as cocreation_projects
from portal.cocreation.views import reading as cocreation
from portal.cocreation.views import tasks as cocreation_tasks  # noqa: F401 - stands on the blueprint of together
from portal.cocreation.views import together as cocreation_together
from portal.demo import cli as demo_cli
from portal.demo import views as demo
from portal.files import actions as file_actions
from portal.files import kinds as file_kinds
from portal.files import reactions as file_reactions
from portal.files import store as file_store
from portal.files import views as files
from portal.goals import cli as goals_cli  # noqa: F401 - hangs its command on `portal import`
from portal.goals import kinds as goal_kinds
from portal.goals import views as goals
from portal.home import api as api_docs
from portal.home import cli as home_cli  # noqa: F401 - hangs its command on `portal export`
from portal.home import kinds as home_kinds
from portal.home import reactions as home_reactions
from portal.home.open_data import export as open_data_export
from portal.home.views import country, open_data, sharing
from portal.home.views import pages as home
from portal.ideas import api as ideas_api
from portal.ideas import cli as ideas_cli  # noqa: F401 - hangs its commands on `portal import` and `portal export`
from portal.ideas.actions import archiving as archive_actions
from portal.ideas.actions import reminding as case_reminders
from portal.ideas.actions import verdicts as idea_verdicts
from portal.ideas.kinds import campaigns as campaign_kinds
from portal.ideas.kinds import cases as case_kinds
from portal.ideas.kinds import ideas as idea_kinds
from portal.ideas.kinds import personal as idea_people
from portal.ideas.reactions import archiving as archive_reactions
from portal.ideas.views import archiving as idea_archiving
from portal.ideas.views import assessment as idea_assessment
from portal.ideas.views import campaigns as idea_campaigns
from portal.ideas.views import cases as idea_cases
from portal.ideas.views import merging as idea_merging
from portal.ideas.views import proposing as idea_proposing
from portal.ideas.views import reading as ideas
from portal.ideas.views import statistics as idea_statistics
from portal.ideas.views import thieves
from portal.journeys import kinds as journey_kinds
from portal.journeys import views as journeys
from portal.kernel import mail, outbox
from portal.kernel.commands import export_group, import_group
from portal.kernel.content import ContentKind, Registry
from portal.kernel.extensions import Sender, limiter
from portal.kernel.jobs import HEARTBEAT, Recurring
from portal.kernel.parts import Part
from portal.kernel.personal import PersonalData
from portal.moderation import api as moderation_api
from portal.moderation import kinds as moderation_kinds
from portal.moderation.actions import chain as moderation_chain
from portal.moderation.actions import decisions as moderation_decisions
from portal.moderation.actions import reminders as moderation_reminders
from portal.moderation.views import appeals as moderation_appeals
from portal.moderation.views import figures as moderation_figures
from portal.moderation.views import public as moderation_public
from portal.moderation.views import staff as moderation
from portal.notifications import actions as notification_actions
from portal.notifications import kinds as notification_kinds
from portal.notifications import letters as notification_letters
from portal.notifications import views as notifications
from portal.observatorium import api as observatorium_api
from portal.observatorium import reactions as observatorium_reactions
from portal.observatorium.actions import assigning, publishing
from portal.observatorium.actions import outreach as outreach_actions
from portal.observatorium.actions import paper as paper_actions
from portal.observatorium.actions import rounds as round_actions
from portal.observatorium.actions import series as series_actions
from portal.observatorium.kinds import assessing as assessing_kinds
from portal.observatorium.kinds import measures as measure_kinds
from portal.observatorium.kinds import outreach as outreach_kinds
from portal.observatorium.kinds import rounds as observatorium_kinds
from portal.observatorium.kinds import verifying as verifying_kinds
from portal.observatorium.kinds import weights as weight_kinds
from portal.observatorium.views import assessing as assessing_pages
from portal.observatorium.views import comparing as round_comparing
from portal.observatorium.views import control, pages, rating, report
from portal.observatorium.views import data as round_data
from portal.observatorium.views import measures as measure_pages
from portal.observatorium.views import outreach as outreach_pages
from portal.observatorium.views import paper as paper_pages
from portal.observatorium.views import series as figure_series
from portal.observatorium.views import verifying as verifying_pages
from portal.observatorium.views import weights as weight_pages
from portal.operations import cli as operations_cli
from portal.operations import retention
from portal.operations import views as operations
from portal.participation import kinds as participation_kinds
from portal.participation.views import joining, writing
from portal.partners import api as exchange_api
from portal.partners import cli as partners_cli
from portal.partners import delivery as partner_delivery
from portal.partners import kinds as partner_kinds
from portal.partners import syncing as partner_syncing
from portal.partners import views as partner_pages
from portal.partners.actions import keys as partner_own_keys
from portal.partners.actions import receiving as partner_messages
from portal.places import cli as places_cli  # noqa: F401 - hangs its command on `portal import`
from portal.places import kinds as place_kinds
from portal.places import tiles as place_tiles
from portal.places import views as places
from portal.portfolio import kinds as portfolio_kinds
from portal.portfolio.actions import reminders as benefit_reminders
from portal.portfolio.views import applications as fund_applications
from portal.portfolio.views import benefits as benefit_pages
from portal.portfolio.views import control as portfolio_control
from portal.portfolio.views import public as portfolio_public
from portal.search import cli as search_cli
from portal.search import kinds as search_kinds
from portal.search import upkeep as search_upkeep
from portal.search import views as search
from portal.solutions import api as solutions_api
from portal.solutions.kinds import adoptions as adoption_kinds
from portal.solutions.kinds import personal as solution_people
from portal.solutions.kinds import solutions as solution_kinds
from portal.solutions.views import adopting as solutions_adopting
from portal.solutions.views import reading as solutions
from portal.solutions.views import sharing as solution_sharing
from portal.ui import blueprint as ui
from portal.wiring.reactions import REACTIONS

API_LIMIT = "600 per minute"
SEARCH_LIMIT = "120 per minute"

BLUEPRINTS: tuple[Blueprint, ...] = (
    ui.bp,
    settings_views.brand,
    home.bp,
    country.bp,
    sharing.bp,
    api_docs.bp,
    open_data.bp,
    observatorium_api.bp,
    pages.bp,
    rating.bp,
    control.bp,
    weight_pages.bp,
    assessing_pages.bp,
    outreach_pages.bp,
    paper_pages.bp,
    round_comparing.bp,
    measure_pages.bp,
    measure_pages.control,
    figure_series.bp,
    verifying_pages.bp,
    verifying_pages.control,
    round_data.bp,
    report.bp,
    goals.bp,
    joining.bp,
    writing.bp,
    moderation.bp,
    moderation_appeals.bp,
    moderation_public.bp,
    moderation_figures.bp,
    moderation_api.bp,
    ideas_api.bp,
    cocreation_api.bp,
    exchange_api.bp,
    solutions_api.bp,
    ideas.bp,
    thieves.bp,
    idea_proposing.bp,
    idea_campaigns.bp,
    idea_assessment.bp,
    idea_merging.bp,
    journeys.bp,
    idea_archiving.bp,
    idea_cases.bp,
    idea_statistics.bp,
    cocreation.bp,
    cocreation_finding.bp,
    cocreation_messages.bp,
    cocreation_together.bp,
    cocreation_projects.bp,
    cocreation_overview.bp,
    cocreation_process.bp,
    cocreation_methods.bp,
    cocreation_news.bp,
    cocreation_types.bp,
    solutions.bp,
    solutions_adopting.bp,
    solution_sharing.bp,
    notifications.bp,
    sign_in.bp,
    profile.bp,
    administration.bp,
    organisations.bp,
    partner_pages.bp,
    settings_views.bp,
    files.bp,
    portfolio_public.bp,
    benefit_pages.bp,
    fund_applications.bp,
    portfolio_control.bp,
    search.bp,
    places.bp,
    places.control,
    operations.bp,
    demo.bp,
)

COMMANDS: tuple[Command, ...] = (
    *operations_cli.COMMANDS,
    *accounts_cli.COMMANDS,
    *search_cli.COMMANDS,
    *partners_cli.COMMANDS,
    import_group,
    export_group,
    *demo_cli.COMMANDS,
)

SENDERS: Mapping[str, Sender] = {
    partner_delivery.TOPIC: partner_delivery.send,
    "mail": mail.send_queued,
    home_reactions.TOPIC: home_reactions.send,
    publishing.TOPIC: observatorium_reactions.publish_result,
    series_actions.TOPIC: observatorium_reactions.fetch_figures,
    file_actions.REMOVE: file_reactions.remove_from_store,
    archive_actions.TOPIC: archive_reactions.deliver,
    notification_letters.TELL: notification_letters.tell,
    notification_actions.MAIL: notification_letters.send,
}

PATIENT: Collection[str] = frozenset({notification_letters.TELL, notification_actions.MAIL, series_actions.TOPIC})
"""What is done beside the rest: one thing may be told to a hundred thousand, and who is asked for figures is slow."""

RECURRING: Sequence[Recurring] = (
    Recurring(HEARTBEAT, timedelta(seconds=20), lambda: None),
    Recurring("observatorium.close_due", timedelta(seconds=30), round_actions.close_due),
    Recurring("observatorium.destroy_due_keys", timedelta(hours=1), round_actions.destroy_due_keys),
    Recurring("observatorium.fetch_figures", timedelta(days=1), series_actions.ask_for_all),
    Recurring("observatorium.forget_links", timedelta(days=1), outreach_actions.forget_links),
    Recurring("observatorium.remind", timedelta(minutes=5), outreach_actions.remind_due),
    Recurring("observatorium.forget_unused_paper", timedelta(days=1), paper_actions.forget_unused_paper),
    Recurring("observatorium.forget_arrivals", timedelta(days=1), round_actions.forget_arrivals),
    Recurring("observatorium.remind_assessors", timedelta(days=1), assigning.remind),
    Recurring("moderation.end_due", timedelta(minutes=5), moderation_decisions.end_due),
    Recurring("moderation.publish_head", timedelta(minutes=10), moderation_chain.publish_head),
    Recurring("moderation.tell_overdue", timedelta(minutes=10), moderation_reminders.tell_overdue),
    Recurring("moderation.tell_waiting", timedelta(days=1), moderation_reminders.tell_waiting),
    Recurring("portfolio.remind_of_benefits", timedelta(days=7), benefit_reminders.remind_of_benefits),
    Recurring("notices.digests", timedelta(minutes=5), notification_letters.make_all_digests),
    Recurring("ideas.remind", timedelta(hours=1), case_reminders.remind),
    Recurring("ideas.ask_whether_it_helped", timedelta(minutes=30), idea_verdicts.ask_who_waited),
    Recurring("files.clean_up", timedelta(hours=1), file_reactions.clean_up),
    Recurring("search.build_if_empty", timedelta(minutes=5), search_upkeep.build_if_empty),
    Recurring("search.count_trigrams", timedelta(minutes=10), search_upkeep.count_trigrams),
    Recurring(open_data_export.JOB, timedelta(hours=1), open_data_export.write_if_changed),
    Recurring("partners.sync", timedelta(minutes=10), partner_syncing.sync_all),
    Recurring("partners.forget_nonces", timedelta(hours=1), partner_messages.forget_nonces),
    Recurring("partners.destroy_ended_keys", timedelta(days=1), partner_own_keys.destroy_ended_keys),
    Recurring("retention", timedelta(hours=24), retention.run),
    Recurring("outbox.forget", timedelta(days=1), outbox.forget_done),
)

CONTENT: Sequence[ContentKind] = (
    observatorium_kinds.ROUNDS,
    observatorium_kinds.INDICATORS,
    observatorium_kinds.COMMENTS,
    verifying_kinds.TASKS,
    *assessing_kinds.KINDS,
    measure_kinds.MEASURES,
    goal_kinds.GOALS,
    goal_kinds.SUBGOALS,
    idea_kinds.IDEAS,
    campaign_kinds.CAMPAIGNS,
    *case_kinds.KINDS,
    project_kinds.PROJECTS,
    *post_kinds.KINDS,
    *solution_kinds.KINDS,
    adoption_kinds.ADOPTIONS,
    message_kinds.MESSAGES,
    participation_kinds.CONTRIBUTIONS,
    file_kinds.FILES,
    *portfolio_kinds.KINDS,
    partner_kinds.PARTNERS,
    home_kinds.HELP_TEXTS,
)

PERSONAL: Sequence[PersonalData] = (
    home_kinds.PERSONAL,  # first: it knows people by the address that the accounts let go of
    accounts_kinds.PERSONAL,
    observatorium_kinds.PERSONAL,
    verifying_kinds.PERSONAL,
    weight_kinds.PERSONAL,
    assessing_kinds.PERSONAL,
    outreach_kinds.PERSONAL,
    idea_people.PERSONAL,
    cocreation_people.PERSONAL,
    solution_people.PERSONAL,
    partner_kinds.PERSONAL,
    participation_kinds.PERSONAL,
    file_kinds.PERSONAL,
    portfolio_kinds.PERSONAL,
    place_kinds.PERSONAL,  # after those that hold the things
    notification_kinds.PERSONAL,
    moderation_kinds.PERSONAL,  # after those that hold the texts: it closes the cases of what is gone
    search_kinds.PERSONAL,  # last: it asks the others what is still public
)


PARTS: Sequence[Part] = (*journey_kinds.PARTS, *partner_kinds.PARTS)
"""What packages add to the pages of others."""


def wire(app: Flask) -> None:
    """Hang everything up in the application."""
    session.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    for blueprint in (
        observatorium_api.bp,
        moderation_api.bp,
        ideas_api.bp,
        cocreation_api.bp,
        solutions_api.bp,
        exchange_api.bp,
        api_docs.bp,
    ):
        limiter.limit(API_LIMIT)(blueprint)
    limiter.limit(SEARCH_LIMIT)(search.bp)
    app.extensions["portal_reactions"] = REACTIONS
    app.extensions["portal_senders"] = SENDERS
    app.extensions["portal_patient"] = PATIENT
    app.extensions["portal_recurring"] = RECURRING
    app.extensions["portal_content"] = Registry(CONTENT)
    app.extensions["portal_personal"] = PERSONAL
    app.extensions["portal_parts"] = PARTS
    place_tiles.init(app, app.config["PORTAL"])
    app.extensions["portal_files"] = file_store.open_store(app.config["PORTAL"])
