"""Every page there is, and one of those who may open it; a route that isn't here fails test_every_page.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from portal.kernel.identity import Role
from tests.browser.running import Portal

PUBLIC, SIGNED_IN = None, "resident"
ROLES: dict[Role, str] = {
    Role.ADMIN: "admin",
    Role.COORDINATOR: "coordinator",
    Role.MODERATOR: "moderator",
    Role.IDEA_MANAGER: "adviser",
}
"""Who in the cast stands for a role at a door."""
EVERYBODY = (
    *(None, "resident", "volunteer", "employee", "adviser"),
    *("moderator", "coordinator", "verifier", "partner", "admin"),
)
"""One of each kind of person; None is signed out."""


@dataclass(frozen=True)
class Place:
    """A page: the view, and what its address is made of (names in braces are looked up in content.named)."""

    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    reader: str | None = ""
    """Who opens it; empty: whoever the door asks for."""
    status: int = 200

    def __str__(self) -> str:
        values = ",".join(f"{value}" for value in self.values.values()).replace("{", "").replace("}", "")
        return "-".join(part for part in (self.endpoint, values, self.reader) if part)

    def path(self, portal: Portal, made: dict[str, Any]) -> str:
        return portal.path(self.endpoint, **{name: value.format(**made) for name, value in self.values.items()})


def at(endpoint: str, *, reader: str | None = "", status: int = 200, **values: str) -> Place:
    return Place(endpoint, values, reader, status)


PLACES: tuple[Place, ...] = (
    at("home.front"),
    at("home.front", reader="coordinator"),
    at("home.front", reader="resident"),
    at("home.front", reader="adviser"),
    at("home.front", reader="partner"),
    at("country.index"),
    at("country.index", reader=None, kommune="3203"),
    at("country.index", reader=None, boks="9,59,12,60.5"),
    at("home.about"),
    at("home.accessibility"),
    at("home.help_page"),
    at("home.privacy"),
    at("home.rules"),
    at("home.cookies"),
    at("open_data.index"),
    at("open_data.show", name="runder"),
    at("home.report_accessibility", reader=None),
    at("home.accessibility_reports"),
    # finding things
    at("search.results", reader=None),
    at("search.results", reader=None, q="buss"),
    at("search.results", reader=None, q="xyzzy"),
    at("api.docs"),
    at("demo.mailbox"),
    # the observatory
    at("observatorium.overview"),
    at("observatorium.overview", sorter="gap", gruppe="resident"),
    at("observatorium.round_result", slug="{published}"),
    at("observatorium.indicator", number="1.8"),
    at("observatorium.indicator", number="2.6", reader="admin"),
    at("observatorium.method"),
    at("observatorium_report.changes", slug="{published}"),
    at("observatorium_report.report", slug="{published}"),
    # the map
    at("places.index"),
    at("places.index", reader=None, boks="10.3,59.7,10.6,59.9"),
    at("places.index", reader="admin", boks="4,58,4.1,58.1"),
    at("places_control.manage"),
    # goals
    at("goals.index"),
    at("goals.index", reader="adviser"),
    at("goals.goal", number="11"),
    at("goals.goal", number="11", vis="indicator"),
    at("goals.subgoal", code="11.4"),
    at("goals.subgoals"),
    # rating
    at("rating.overview"),
    at("rating.overview", reader="volunteer"),
    at("rating.overview", reader="resident-1@crowd.demo.example"),
    at("rating.dimension", number="1"),
    at("rating.dimension", number="3", reader="resident-1@crowd.demo.example"),
    at("rating.indicator", number="1.1", reader="volunteer"),
    at("rating.indicator", number="2.6", reader="resident-2@crowd.demo.example"),
    at("rating.review", reader="resident-1@crowd.demo.example"),
    at("rating.review", reader="employee"),
    at("rating.withdraw_all", reader="resident-1@crowd.demo.example"),
    # running rounds
    at("observatorium_control.index"),
    at("observatorium_control.make"),
    at("observatorium_control.show", slug="{draft}"),
    at("observatorium_control.show", slug="{open}"),
    at("observatorium_control.show", slug="{published}"),
    at("observatorium_control.change", slug="{draft}"),
    at("observatorium_control.open_round", slug="{draft}"),
    at("observatorium_control.extend", slug="{open}"),
    at("observatorium_control.close", slug="{open}"),
    at("observatorium_control.publish", slug="{published}"),
    at("observatorium_control.correct", slug="{published}"),
    at("observatorium_control.withdraw", slug="{published}"),
    at("observatorium_control.own_levels", slug="{open}", number="2"),
    # figures over time
    at("observatorium_series.index"),
    at("observatorium_series.make"),
    at("observatorium_series.show", series_id="{series}"),
    at("observatorium_series.change", series_id="{series}"),
    at("observatorium_series.upload", series_id="{series}"),
    # løsninger: the list, and the page of one
    at("solutions.index"),
    at("solutions.index", reader="partner", tema="health", kostnad="low", sorter="in_use"),
    at("solutions.show", solution_id="{solution}", slug="{solution_slug}"),
    at("solutions.show", solution_id="{solution}", slug="{solution_slug}", tekst="nn", reader="adviser"),
    at("solutions.show", solution_id="{imported_solution}", slug="{imported_solution_slug}", reader="resident"),
    # løsninger: who takes them in use
    at("solutions_adopting.new", solution_id="{solution}", reader="partner"),
    at("solutions_adopting.new", solution_id="{solution}", reader="resident"),
    at("solutions_adopting.adoption", adoption_id="{adoption}"),
    at("solutions_adopting.adoption", adoption_id="{adoption}", reader="adviser"),
    at("solutions_adopting.edit", adoption_id="{adoption}", reader="adviser"),
    at("solutions_adopting.withdraw", adoption_id="{adoption}", reader="adviser"),
    at("solutions_adopting.mine", reader="adviser"),
    at("solutions_adopting.mine", reader="resident"),
    at("solutions_adopting.spread", solution_id="{solution}"),
    # løsninger: sharing, changing and saying it in other languages
    at("solutions_sharing.new", reader="employee"),
    at("solutions_sharing.new", reader="partner", fra="idea:{begun_idea}"),
    at("solutions_sharing.receipt", solution_id="{waiting_solution}", reader="employee"),
    at("solutions_sharing.edit", solution_id="{solution}", reader="employee"),
    at("solutions_sharing.translate", solution_id="{solution}", language="nn", reader="employee"),
    at("solutions_sharing.translate", solution_id="{solution}", language="en", reader="adviser"),
    at("solutions_sharing.withdraw_translation", solution_id="{solution}", language="nn", reader="employee"),
    at("solutions_sharing.versions", solution_id="{solution}"),
    at("solutions_sharing.withdraw", solution_id="{solution}", reader="employee"),
    at("solutions_sharing.note", solution_id="{imported_solution}", reader="adviser"),
    at("solutions_sharing.mine", reader="employee"),
    at("solutions_sharing.mine", reader="partner"),
    # samskaping: projects, parties and members
    at("cocreation.index"),
    at("cocreation.index", reader="volunteer", type="facilitating", sorter="needs", fase="carry_out"),
    at("cocreation.show", project_id="{project}", slug="middag-sammen-i-heggedal", reader=None),
    at("cocreation.show", project_id="{project}", slug="middag-sammen-i-heggedal", reader="volunteer"),
    at("cocreation.show", project_id="{ended_project}", slug="vi-steller-parken-selv", reader="resident2"),
    at("cocreation.versions", project_id="{project}"),
    at("cocreation_projects.new", reader="employee", fra="idea:{begun_idea}"),
    at("cocreation_projects.receipt", project_id="{own_project}", reader="resident2"),
    at("cocreation_projects.edit", project_id="{project}", reader="volunteer"),
    at("cocreation_projects.withdraw", project_id="{own_project}", reader="resident2"),
    at("cocreation_projects.mine", reader="volunteer"),
    at("cocreation_projects.parties", project_id="{project}", reader=None),
    at("cocreation_projects.parties", project_id="{project}", reader="volunteer"),
    at("cocreation_projects.add_party", project_id="{project}", reader="volunteer"),
    at("cocreation_projects.change_party", project_id="{project}", party_id="{party}", reader="volunteer"),
    at("cocreation_projects.take_out_party", project_id="{project}", party_id="{party}", reader="volunteer"),
    at("cocreation_projects.join", project_id="{project}", reader="partner"),
    at("cocreation_projects.leave", project_id="{project}", reader="resident"),
    at("cocreation_projects.member", project_id="{project}", account_id="{member}", reader="volunteer"),
    at("cocreation_overview.index"),
    at("cocreation_overview.index", reader="employee", sorter="stale", endret="1"),
    # samskaping: news, decisions, input and methods
    at("cocreation_news.news", project_id="{project}", reader=None),
    at("cocreation_news.news", project_id="{project}", reader="volunteer"),
    at("cocreation_news.new", project_id="{project}", reader="volunteer"),
    at("cocreation_news.edit", project_id="{project}", post_id="{told_news}", reader="volunteer"),
    at("cocreation_news.withdraw", project_id="{project}", post_id="{told_news}", reader="volunteer"),
    at("cocreation_news.decisions", project_id="{project}", reader=None),
    at("cocreation_news.decisions", project_id="{project}", reader="volunteer"),
    at("cocreation_news.decide", project_id="{project}", reader="volunteer"),
    at("cocreation_news.change_decision", project_id="{project}", post_id="{told_decision}", reader="volunteer"),
    at("cocreation_news.inputs", project_id="{project}", reader=None),
    at("cocreation_news.inputs", project_id="{project}", reader="volunteer"),
    at("cocreation_news.give", project_id="{project}", reader="resident"),
    at("cocreation_news.enter", project_id="{project}", reader="volunteer"),
    at("cocreation_news.change_input", project_id="{project}", post_id="{told_input}", reader="volunteer"),
    at("cocreation_news.withdraw_input", project_id="{project}", post_id="{told_input}", reader="volunteer"),
    at("cocreation_news.answer", project_id="{project}", post_id="{told_input}", reader="volunteer"),
    at("cocreation_methods.index"),
    at("cocreation_methods.index", reader=None, prosjekt="{project}", tid="180"),
    at("cocreation_methods.show", key="neighbourhood_walk"),
    at("cocreation_methods.new"),
    at("cocreation_methods.edit", method_id="{own_method}"),
    # samskaping: finding each other
    at("cocreation_finding.actors", reader=None),
    at("cocreation_finding.actor", organisation_id="{actor}", reader=None),
    at("cocreation_finding.offer", offer_id="{offer}", reader=None),
    at("cocreation_finding.offer", offer_id="{offer}", reader="volunteer"),
    at("cocreation_finding.new_offer", reader="volunteer"),
    at("cocreation_finding.edit_offer", offer_id="{offer}", reader="volunteer"),
    at("cocreation_finding.withdraw_offer", offer_id="{offer}", reader="volunteer"),
    at("cocreation_messages.index", reader="resident"),
    at("cocreation_messages.thread", thread_id="{thread}", reader="volunteer"),
    at("cocreation_messages.new", kind="organisation", target_id="{actor}", reader="resident2"),
    # samskaping: who decides what
    at("cocreation_types.model", reader=None),
    at("cocreation_types.project", project_id="{project}", reader=None),
    at("cocreation_types.project", project_id="{project}", reader="volunteer"),
    at("cocreation_types.answer", project_id="{project}", reader="volunteer"),
    at("cocreation_types.choose", project_id="{project}", reader="volunteer"),
    # samskaping: the agreement, the phases, the risks and the ending
    at("cocreation_process.agreement", project_id="{project}", reader=None),
    at("cocreation_process.agreement", project_id="{project}", reader="volunteer"),
    at("cocreation_process.agreement_versions", project_id="{project}", reader=None),
    at("cocreation_process.agreement_new", project_id="{project}", reader="volunteer"),
    at("cocreation_process.agreement_withdraw", project_id="{project}", number="{agreement}", reader="volunteer"),
    at("cocreation_process.phases", project_id="{project}", reader=None),
    at("cocreation_process.phases", project_id="{project}", reader="volunteer"),
    at("cocreation_process.answer", project_id="{project}", reader="volunteer"),
    at("cocreation_process.pass_gate", project_id="{project}", reader="volunteer"),
    at("cocreation_process.go_back", project_id="{project}", reader="volunteer"),
    at("cocreation_process.risks", project_id="{project}", reader="volunteer"),
    at("cocreation_process.risks", project_id="{project}", reader="adviser"),
    at("cocreation_process.risk_new", project_id="{project}", reader="volunteer"),
    at("cocreation_process.risk_change", project_id="{project}", risk_id="{risk}", reader="volunteer"),
    at("cocreation_process.end", project_id="{project}", reader="volunteer"),
    at("cocreation_process.evaluate", project_id="{ended_project}", reader=None),
    at("cocreation_process.evaluate", project_id="{ended_project}", reader="resident"),
    # samskaping: doing it together
    at("cocreation_together.needs", project_id="{project}", reader=None),
    at("cocreation_together.needs", project_id="{project}", reader="volunteer"),
    at("cocreation_together.new_need", project_id="{project}", reader="volunteer"),
    at("cocreation_together.need", need_id="{need}", reader=None),
    at("cocreation_together.need", need_id="{need}", reader="volunteer"),
    at("cocreation_together.edit_need", need_id="{need}", reader="volunteer"),
    at("cocreation_together.hours", project_id="{project}", reader="volunteer"),
    at("cocreation_together.meetings", project_id="{project}", reader=None),
    at("cocreation_together.new_meeting", project_id="{project}", reader="volunteer"),
    at("cocreation_together.meeting", meeting_id="{meeting}", reader=None),
    at("cocreation_together.meeting", meeting_id="{meeting}", reader="volunteer"),
    at("cocreation_together.meeting", meeting_id="{held_meeting}", reader="volunteer"),
    at("cocreation_together.edit_meeting", meeting_id="{meeting}", reader="volunteer"),
    at("cocreation_together.minutes", meeting_id="{held_meeting}", reader="volunteer"),
    at("cocreation_together.tasks", project_id="{project}", reader="volunteer"),
    at("cocreation_together.tasks", project_id="{project}", reader="adviser"),
    at("cocreation_together.edit_task", task_id="{task}", reader="volunteer"),
    # moderation
    at("moderation.dashboard"),
    at("moderation.queue"),
    at("moderation.case", case_id="{case}"),
    at("moderation.case", case_id="{decided_case}"),
    at("appeals.index"),
    at("appeals.show", appeal_id="{appeal}", reader="moderator2"),
    at("moderation_public.report_thing", reader=None, kind="observatory_comment", target_id="{comment}"),
    at("moderation_public.report_thing", reader="resident", kind="contribution", target_id="{question}"),
    at("moderation_public.receipt", reader=None, token="{report_link}"),
    at("moderation_public.receipt", reader=None, token="nothing", status=404),
    at("moderation_public.decision", reader=None, token="{decision_link}"),
    at("moderation_public.decision", reader="resident", token="{decision_link}"),
    at("moderation_public.complain", reader=None, token="{complain_link}"),
    at("moderation_public.own_decisions"),
    at("moderation_public.own_decisions", reader="resident2"),
    at("transparency.index"),
    at("transparency.month", month="{month}"),
    # signing in and up
    at("accounts.sign_in", reader=None),
    at("accounts.new", reader=None),
    at("accounts.mailed", reader=None),
    at("accounts.forgotten", reader=None),
    at("accounts.forgotten_mailed", reader=None),
    at("accounts.signed_out", reader=None),
    at("accounts.confirm", reader=None, token="nothing", status=410),
    at("accounts.confirm", reader=None, token="{confirm_token}"),
    at("accounts.new_password", reader=None, token="nothing", status=410),
    at("accounts.new_password", reader=None, token="{reset_token}"),
    at("accounts.choose_name"),
    # one's own account
    at("profile.index"),
    at("profile.edit"),
    at("profile.email"),
    at("profile.confirm_email", token="{email_token}", reader="employee2"),
    at("profile.password"),
    at("profile.sessions"),
    at("profile.second_factor_start"),
    at("profile.second_factor_remove", reader="verifier"),
    at("profile.my_data", reader="resident-1@crowd.demo.example"),
    at("profile.organisations", reader="resident2"),
    at("profile.organisations", reader="volunteer"),
    at("profile.erase"),
    at("profile.erased", reader=None),
    # administration
    at("administration.overview"),
    at("administration.people"),
    at("administration.person", account_id="{person}"),
    at("administration.person", account_id="{employee}"),
    at("administration.person", account_id="{closed_person}"),
    at("administration.grant_role", account_id="{person}"),
    at("administration.revoke_role", account_id="{employee}", role="employee"),
    at("administration.service_areas_of", account_id="{employee}"),
    at("administration.municipality_of", account_id="{partner}"),
    at("administration.deactivate", account_id="{person}"),
    at("administration.reactivate", account_id="{closed_person}"),
    at("administration.reset_second_factor", account_id="{person}"),
    at("administration.happenings"),
    at("organisations.index"),
    at("organisations.add"),
    at("organisations.show", organisation_id="{asked_organisation}"),
    at("organisations.show", organisation_id="{organisation}"),
    at("organisations.show", organisation_id="{closed_organisation}"),
    at("organisations.change", organisation_id="{organisation}"),
    at("organisations.verify", organisation_id="{asked_organisation}"),
    at("organisations.close", organisation_id="{organisation}"),
    at("organisations.reopen", organisation_id="{closed_organisation}"),
    at("organisations.add_spokesperson", organisation_id="{organisation}"),
    at("organisations.verify_spokesperson", organisation_id="{asked_organisation}", spokesperson_id="{asked}"),
    at("organisations.remove_spokesperson", organisation_id="{organisation}", spokesperson_id="{spokesperson}"),
    at("partners.index"),
    at("partners.add"),
    at("partners.show", partner_id="{portal}"),
    at("partners.show", partner_id="{stopped_portal}"),
    at("partners.suspend", partner_id="{portal}"),
    at("partners.resume", partner_id="{stopped_portal}"),
    at("partners.change_keeper", partner_id="{portal}"),
    at("partners.confirm_key", partner_id="{portal}", key_id="{waiting_key}"),
    at("partners.revoke_key", partner_id="{portal}", key_id="{waiting_key}"),
    at("partners.rotate"),
    at("settings.index"),
    at("settings.change", key="minimum_age"),
    at("settings.change", key="prioritised_goals"),
    at("settings.change_branding"),
    at("settings.change_logo"),
    at("settings.remove_logo"),
    at("settings.service_areas"),
    at("settings.rename_service_area", service_area_id="{area}"),
    at("settings.deactivate_service_area", service_area_id="{area}"),
    at("settings.reactivate_service_area", service_area_id="{closed_area}"),
    # taking part
    at("participation.conversation", reader=None, kind="indicator", target_id="108"),
    at("participation.conversation", reader="resident", kind="indicator", target_id="108"),
    at("participation.thread", reader="resident2", contribution_id="{question}"),
    at("participation.history", reader=None, contribution_id="{question}"),
    at("participation.write", kind="indicator", target_id="108", form="question"),
    at("participation.write", reader="volunteer", kind="indicator", target_id="108", form="question"),
    at("participation.reply", reader="employee", contribution_id="{question}"),
    at("participation.edit", contribution_id="{question}"),
    at("participation.withdraw", contribution_id="{question}"),
    at("joining.support", reader="volunteer", kind="contribution", target_id="{question}"),
    at("joining.withdraw_support", reader="resident2", kind="contribution", target_id="{question}"),
    at("joining.follow", kind="indicator", target_id="108"),
    at("joining.unfollow", reader="resident2", kind="indicator", target_id="108"),
    at("joining.following"),
    at("joining.following", reader="resident2"),
    # notices
    at("notifications.index"),
    at("notifications.index", reader="admin"),
    at("notifications.choices"),
    at("notifications.unsubscribe", reader=None, token="{stop_token}"),
    # files
    at("files.upload", reader="coordinator", til="observatory_round:{published_round}"),
    at("files.edit", reader="coordinator", file_id="{file}"),
    at("files.remove", reader="coordinator", file_id="{file}"),
    # benefits and innovation funds
    at("portfolio.index"),
    at("portfolio.funds_index"),
    at("portfolio.fund", year="{fund_year}"),
    at("benefits.show", benefit_id="{benefit}"),
    at("benefits.show", benefit_id="{benefit}", reader="adviser"),
    at("benefits.new", reader="adviser", til="idea:{applied_to}"),
    at("benefits.change", reader="adviser", benefit_id="{benefit}"),
    at("benefits.measure", reader="adviser", benefit_id="{benefit}"),
    at("benefits.settle", reader="adviser", benefit_id="{benefit}"),
    at("benefits.drop", reader="adviser", benefit_id="{planned_benefit}"),
    at("applications.new", reader="resident2", til="idea:{applied_to}"),
    at("applications.mine"),
    at("applications.mine", reader="resident2"),
    at("applications.show", reader="resident2", application_id="{granted_application}"),
    at("applications.show", reader="adviser", application_id="{reported_application}"),
    at("applications.change", reader="resident2", application_id="{draft_application}"),
    at("applications.withdraw", reader="volunteer", application_id="{sent_application}"),
    at("applications.report", reader="resident2", application_id="{granted_application}"),
    at("portfolio_control.index"),
    at("portfolio_control.overdue"),
    at("portfolio_control.decide", application_id="{sent_application}"),
    at("portfolio_control.pay", application_id="{granted_application}"),
    at("portfolio_control.summarise", application_id="{reported_application}"),
    at("portfolio_control.funds_index"),
    at("portfolio_control.new_fund"),
    at("portfolio_control.change_fund", year="{fund_year}"),
    # proposing
    at("ideas_propose.new", reader="volunteer"),
    at("ideas_propose.new", reader="employee", fortid="1", indikator="1.8"),
    at("ideas_propose.draft", reader="resident2", idea_id="{idea_draft}"),
    at("ideas_propose.compare", reader="resident2", idea_id="{idea_draft}"),
    at("ideas_propose.review", reader="resident2", idea_id="{idea_draft}"),
    at("ideas_propose.discard", reader="resident2", idea_id="{idea_draft}"),
    at("ideas_propose.mine", reader="resident2"),
    at("ideas_propose.receipt", reader="resident", idea_id="{own_idea}"),
    at("ideas_propose.edit", reader="resident", idea_id="{own_idea}"),
    at("ideas_propose.withdraw", reader="resident", idea_id="{own_idea}"),
    at("ideas_propose.consent", reader="resident2", idea_id="{internal_idea}"),
    # ideas
    at("ideas.index"),
    at("ideas.index", visning="kart"),
    at("ideas.index", visning="tavle"),
    at("ideas.show", idea_id="{begun_idea}", slug="{begun_slug}"),
    at("ideas.show", reader="adviser", idea_id="{told_idea}", slug="{told_slug}"),
    at("ideas.show", reader="resident2", idea_id="{changed_idea}", slug="{changed_slug}"),
    at("ideas.show", idea_id="{thief}", slug="{thief_slug}"),
    at("ideas.versions", idea_id="{changed_idea}"),
    at("ideas_statistics.index"),
    # cases of ideas
    at("ideas_cases.desk"),
    at("ideas_cases.desk", reader="employee"),
    at("ideas_cases.case", idea_id="{new_idea}"),
    at("ideas_cases.case", idea_id="{asked_idea}"),
    at("ideas_cases.do", idea_id="{assessed_idea}", doing="beslutt"),
    at("ideas_cases.do", idea_id="{begun_idea}", doing="nyttiggjort"),
    at("ideas_cases.do", idea_id="{sent_idea}", doing="kvittering"),
    at("ideas_cases.do", idea_id="{thief}", doing="fordel"),
    at("ideas_cases.helped", reader="resident", idea_id="{asked_idea}"),
    at("ideas_assess.assess", reader="adviser", idea_id="{assessed_idea}"),
    at("ideas_assess.assess", reader="employee", idea_id="{begun_idea}"),
    at("ideas_assess.portfolio"),
    at("ideas_merge.choose", idea_id="{begun_idea}"),
    at("ideas_merge.preview", idea_id="{begun_idea}", other_id="{new_idea}"),
    at("ideas_merge.merges"),
    at("ideas_archive.campaign", campaign_id="{closed_campaign}"),
    # campaigns
    at("ideas_campaigns.index"),
    at("ideas_campaigns.show", slug="gronnere-skolegarder"),
    at("ideas_campaigns.show", reader="resident2", slug="trygg-skolevei"),
    at("ideas_campaigns.control"),
    at("ideas_campaigns.make"),
    at("ideas_campaigns.manage", campaign_id="{closed_campaign}"),
    at("ideas_campaigns.change", campaign_id="{closed_campaign}"),
    at("ideas_campaigns.result", campaign_id="{closed_campaign}"),
    at("ideas_campaigns.add_row", campaign_id="{closed_campaign}", part="sporsmal"),
    at("ideas_campaigns.change_row", campaign_id="{closed_campaign}", part="kriterier", key="name"),
    # tidstyver
    at("thieves.index"),
    at("thieves.index", reader="employee", sorter="storst", beregnet="nei"),
    at("thieves.new"),
    at("thieves.draft", reader="resident", idea_id="{thief_draft}"),
    at("thieves.edit", reader="resident", idea_id="{thief}"),
    at("thieves.confirm", reader="resident", idea_id="{thief}"),
    at("thieves.handle", reader="adviser", idea_id="{thief}"),
    at("thieves.transfer", reader="adviser", idea_id="{thief}"),
    at("thieves.attach", reader="adviser", idea_id="{thief}"),
    at("thieves.after", reader="adviser", idea_id="{thief}"),
    at("thieves.measure", measure_id="{thief_measure}"),
    at("thieves.measure", reader="adviser", measure_id="{thief_measure}"),
    at("thieves.make_measure", reader="adviser"),
    at("thieves.change_measure", reader="adviser", measure_id="{thief_measure}"),
    at("thieves.measure_together", reader="adviser", measure_id="{thief_measure}"),
    # the archive
    at("ideas_archive.idea", reader="adviser", idea_id="{thief}"),
    # the machinery
    at("operations.machinery"),
    at("operations.give_up", row_id="1"),
    # what is refused
    at("home.front", reader=None, sprak="en"),
    at("observatorium.indicator", number="9.9", status=404),
    at("administration.overview", reader="resident", status=403),
)

NOT_PAGES = {
    "cocreation_news.atom",
    "cocreation_together.calendar",
    "cocreation_together.meeting_file",
    "cocreation_types.read",
    "files.show",
    "portfolio.benefits_csv",
    "portfolio.grants_csv",
    "goals.subgoals_file",
    "places.neighbourhoods",
    "places.points",
    "places.search_addresses",
    "places.tile",
    "observatorium_control.comments",
    "operations.alive",
    "operations.ready",
    "moderation_api.figures",
    "transparency.csv",
    "ideas_archive.idea_package",
    "ideas_archive.campaign_package",
    "ideas_propose.alike",
    "cocreation.permanent",
    "cocreation_api.project",
    "cocreation_api.projects",
    "cocreation_overview.file",
    "ideas.atom",
    "ideas.permanent",
    "ideas.points",
    "ideas_api.idea",
    "ideas_api.ideas",
    "ideas_api.time_thieves",
    "ideas_assess.portfolio_csv",
    "ideas_statistics.csv",
    "thieves.spreadsheet",
    "observatorium_api.indicators",
    "observatorium_api.results",
    "observatorium_api.rounds",
    "api.description",
    "api.municipalities",
    "exchange_api.portal",
    "exchange_api.solutions",
    "open_data.document",
    "open_data.fields",
    "open_data.json_ld",
    "open_data.table",
    "open_data.turtle",
    "observatorium.data_csv",
    "observatorium_report.report_pdf",
    "observatorium.data_json",
    "profile.download_my_data",
    "brand.logo",
    "ui.static",
    "solutions.feed",
    "solutions.permanent",
    "solutions_api.solution",
    "solutions_api.solutions",
    "sharing.picture",
    "sharing.portal_picture",
    "sharing.robots",
    "sharing.site_map",
    "sharing.site_map_pages",
    "sharing.site_map_part",
    "accounts.oidc_start",
    "accounts.oidc_return",
    "accounts.again",
}
"""Addresses that answer with data or by sending the browser on."""

ON_THE_WAY = {
    "accounts.code",
    "cocreation_together.go_and_join",
    "cocreation_together.go_and_sign_up",
    "home.accessibility_reported",
    "moderation_public.complain_of_answer",
    "profile.second_factor_set_up",
    "ui.gallery",
}
"""Pages one gets to by doing something first; the journeys look at them. The gallery is looked at by tests/ui."""


def door(app: Flask, endpoint: str) -> object:
    """Return the mark of a view: "public", or the roles it asks for (none: anyone signed in)."""
    return getattr(app.view_functions[endpoint], "__door__", None)


def reader(app: Flask, place: Place) -> str | None:
    """Return who opens the page."""
    if place.reader != "":
        return place.reader
    roles = door(app, place.endpoint)
    if roles == "public":
        return PUBLIC
    assert isinstance(roles, tuple)
    return ROLES[roles[0]] if roles else SIGNED_IN


def may_open(app: Flask, place: Place, person: str | None) -> bool:
    """Say whether one of the cast gets past the door."""
    from portal.demo.people import CAST

    roles = door(app, place.endpoint)
    if roles == "public":
        return True
    if person is None:
        return False
    assert isinstance(roles, tuple)
    held = next(each.roles for each in CAST if each.key == person)
    return not roles or bool(set(roles) & set(held))
