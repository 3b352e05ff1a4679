"""The map: which blueprints, kinds of content, reactions, senders, jobs and commands make up the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from click import Command
from flask import Blueprint, Flask

from portal.accounts import cli as accounts_cli
from portal.accounts import kinds as accounts_kinds
from portal.accounts import session
from portal.accounts.events import account as account_happened
from portal.accounts.events import administration as administration_happened
from portal.accounts.views import administration, organisations, profile, sign_in
from portal.accounts.views import settings as settings_views
from portal.demo import cli as demo_cli
from portal.demo import views as demo
from portal.home import api as api_docs
from portal.home import views as home
from portal.kernel import mail, outbox
from portal.kernel.content import ContentKind, Registry
from portal.kernel.events import Event, Reaction
from portal.kernel.extensions import Sender, limiter
from portal.kernel.jobs import HEARTBEAT, Recurring
from portal.kernel.personal import PersonalData
from portal.notifications import actions as notification_actions
from portal.notifications import events as notices_happened
from portal.notifications import kinds as notification_kinds
from portal.notifications import reactions as notification_reactions
from portal.notifications import views as notifications
from portal.observatorium import api as observatorium_api
from portal.observatorium import events as observatorium_happened
from portal.observatorium import kinds as observatorium_kinds
from portal.observatorium import reactions as observatorium_reactions
from portal.observatorium.actions import publishing
from portal.observatorium.actions import rounds as round_actions
from portal.observatorium.views import control, pages, rating
from portal.operations import cli as operations_cli
from portal.operations import retention
from portal.operations import views as operations
from portal.participation import events as participation_happened
from portal.participation import kinds as participation_kinds
from portal.ui import blueprint as ui

API_LIMIT = "600 per minute"

BLUEPRINTS: tuple[Blueprint, ...] = (
    ui.bp,
    settings_views.brand,
    home.bp,
    api_docs.bp,
    observatorium_api.bp,
    pages.bp,
    rating.bp,
    control.bp,
    notifications.bp,
    sign_in.bp,
    profile.bp,
    administration.bp,
    organisations.bp,
    settings_views.bp,
    operations.bp,
    demo.bp,
)

COMMANDS: tuple[Command, ...] = (*operations_cli.COMMANDS, *accounts_cli.COMMANDS, *demo_cli.COMMANDS)

REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    account_happened.AccountSignedUp: (),
    account_happened.EmailConfirmed: (),
    account_happened.SignedIn: (),
    account_happened.SignedOut: (),
    account_happened.SessionsEnded: (),
    account_happened.ProfileChanged: (),
    account_happened.EmailChanged: (),
    account_happened.PasswordChanged: (),
    account_happened.PasswordReset: (),
    account_happened.SecondFactorSet: (),
    account_happened.SecondFactorRemoved: (),
    account_happened.RecoveryCodeUsed: (),
    account_happened.RolesSynchronised: (),
    account_happened.AccountErased: (),
    account_happened.AccountCreated: (),
    administration_happened.RoleGranted: (),
    administration_happened.RoleRevoked: (),
    administration_happened.AccountServiceAreasChanged: (),
    administration_happened.PartnerMunicipalityChanged: (),
    administration_happened.AccountDeactivated: (),
    administration_happened.AccountReactivated: (),
    administration_happened.SecondFactorReset: (),
    administration_happened.OrganisationAdded: (),
    administration_happened.OrganisationChanged: (),
    administration_happened.OrganisationVerified: (),
    administration_happened.OrganisationClosed: (),
    administration_happened.OrganisationReopened: (),
    administration_happened.SpokespersonAsked: (),
    administration_happened.SpokespersonAdded: (),
    administration_happened.SpokespersonVerified: (),
    administration_happened.SpokespersonRemoved: (),
    administration_happened.ServiceAreaAdded: (),
    administration_happened.ServiceAreaRenamed: (),
    administration_happened.ServiceAreaDeactivated: (),
    administration_happened.ServiceAreaReactivated: (),
    administration_happened.SettingChanged: (),
    administration_happened.BrandingChanged: (),
    administration_happened.LogoChanged: (),
    observatorium_happened.RoundCreated: (),
    observatorium_happened.RoundChanged: (),
    observatorium_happened.RoundOpened: (),
    observatorium_happened.RoundExtended: (),
    observatorium_happened.RoundClosed: (),
    observatorium_happened.PublishingStarted: (),
    observatorium_happened.RoundPublished: (),
    observatorium_happened.RoundCorrected: (),
    observatorium_happened.RoundWithdrawn: (),
    observatorium_happened.RoundKeyDestroyed: (),
    observatorium_happened.OwnLevelSet: (),
    observatorium_happened.RoundJoined: (),
    observatorium_happened.CommentWritten: (),
    observatorium_happened.CommentChanged: (),
    observatorium_happened.CommentWithdrawn: (),
    observatorium_happened.CommentDecided: (),
    participation_happened.SupportGiven: (),
    participation_happened.SupportWithdrawn: (),
    participation_happened.FollowBegun: (),
    participation_happened.FollowEnded: (),
    participation_happened.ContributionWritten: (),
    participation_happened.ContributionEdited: (),
    participation_happened.ContributionWithdrawn: (),
    notices_happened.NoticeSettingsChanged: (),
}

SENDERS: Mapping[str, Sender] = {
    "mail": mail.send_queued,
    publishing.TOPIC: observatorium_reactions.publish_result,
    notification_reactions.TELL: notification_reactions.tell,
    notification_actions.MAIL: notification_reactions.send,
}

RECURRING: Sequence[Recurring] = (
    Recurring(HEARTBEAT, timedelta(seconds=20), lambda: None),
    Recurring("observatorium.close_due", timedelta(seconds=30), round_actions.close_due),
    Recurring("observatorium.destroy_due_keys", timedelta(hours=1), round_actions.destroy_due_keys),
    Recurring("observatorium.forget_arrivals", timedelta(days=1), round_actions.forget_arrivals),
    Recurring("notices.digests", timedelta(minutes=5), notification_actions.make_digests),
    Recurring("retention", timedelta(hours=24), retention.run),
    Recurring("outbox.forget", timedelta(days=1), outbox.forget_done),
)

CONTENT: Sequence[ContentKind] = (observatorium_kinds.COMMENTS, participation_kinds.CONTRIBUTIONS)

PERSONAL: Sequence[PersonalData] = (
    accounts_kinds.PERSONAL,
    observatorium_kinds.PERSONAL,
    participation_kinds.PERSONAL,
    notification_kinds.PERSONAL,
)


def wire(app: Flask) -> None:
    """Hang everything up in the application."""
    session.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    for blueprint in (observatorium_api.bp, api_docs.bp):
        limiter.limit(API_LIMIT)(blueprint)
    app.extensions["portal_reactions"] = REACTIONS
    app.extensions["portal_senders"] = SENDERS
    app.extensions["portal_recurring"] = RECURRING
    app.extensions["portal_content"] = Registry(CONTENT)
    app.extensions["portal_personal"] = PERSONAL
