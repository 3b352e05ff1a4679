"""The table of reactions: what follows, in the same transaction, from each thing that happens."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.events import account as account_happened
from portal.accounts.events import administration as administration_happened
from portal.cocreation.events import classifying as type_happened
from portal.cocreation.events import finding as finding_happened
from portal.cocreation.events import posts as post_happened
from portal.cocreation.events import process as process_happened
from portal.cocreation.events import projects as project_happened
from portal.cocreation.events import together as together_happened
from portal.files import events as file_happened
from portal.files import reactions as file_reactions
from portal.goals import events as goals_happened
from portal.goals import reactions as goal_reactions
from portal.home import events as home_happened
from portal.home import reactions as home_reactions
from portal.ideas.events import archiving as archive_happened
from portal.ideas.events import campaigns as campaign_happened
from portal.ideas.events import cases as case_happened
from portal.ideas.events import ideas as idea_happened
from portal.ideas.events import importing as imports_happened
from portal.ideas.events import merging as merging_happened
from portal.ideas.events import thieves as thief_happened
from portal.kernel.events import Event, Reaction
from portal.moderation import events as moderation_happened
from portal.moderation import reactions as moderation_reactions
from portal.notifications import events as notices_happened
from portal.notifications import observatory_reactions as observatory_notices
from portal.notifications import partner_reactions as partner_notices
from portal.notifications import project_reactions as project_notices
from portal.notifications import reactions as notification_reactions
from portal.notifications import solution_reactions as solution_notices
from portal.observatorium import reactions as observatorium_reactions
from portal.observatorium.events import assessing as assessing_happened
from portal.observatorium.events import measures as measure_happened
from portal.observatorium.events import outreach as outreach_happened
from portal.observatorium.events import rounds as observatorium_happened
from portal.observatorium.events import series as series_happened
from portal.observatorium.events import verifying as verifying_happened
from portal.observatorium.events import weights as weights_happened
from portal.operations import events as operations_happened
from portal.participation import events as participation_happened
from portal.partners import delivery as partner_delivery
from portal.partners import events as partner_happened
from portal.partners import reactions as partner_reactions
from portal.places import events as places_happened
from portal.places import reactions as place_reactions
from portal.portfolio import events as portfolio_happened
from portal.portfolio import reactions as portfolio_reactions
from portal.search import events as search_happened
from portal.search import reactions as search_reactions
from portal.solutions import reactions as solution_reactions
from portal.solutions.events import adoptions as adoption_happened
from portal.solutions.events import solutions as solution_happened

SHOWN_OR_HIDDEN: tuple[Reaction, ...] = (
    home_reactions.write_again,
    search_reactions.index,
    solution_reactions.index_translated,
    place_reactions.show,
    portfolio_reactions.show,
    goal_reactions.show,
)
"""What follows when moderation has decided whether something is seen: all that shows it or leads to it."""
TOLD_TO_PARTNERS: tuple[Reaction, ...] = (partner_reactions.tell_partners, partner_delivery.tell_source)

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
    account_happened.AccountErased: (home_reactions.write_again,),
    account_happened.AccountCreated: (),
    administration_happened.RoleGranted: (),
    administration_happened.RoleRevoked: (),
    administration_happened.AccountServiceAreasChanged: (),
    administration_happened.PartnerMunicipalityChanged: (),
    administration_happened.AccountLimited: (),
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
    observatorium_happened.RoundChanged: (observatorium_reactions.judge_again,),
    observatorium_happened.RoundOpened: (search_reactions.index,),
    observatorium_happened.RoundExtended: (observatorium_reactions.judge_again,),
    observatorium_happened.RoundClosed: (observatorium_reactions.judge_again,),
    observatorium_happened.PublishingStarted: (),
    observatorium_happened.RoundPublished: (search_reactions.index, notification_reactions.tell_of_round),
    observatorium_happened.RoundCorrected: (),
    observatorium_happened.RoundWithdrawn: (search_reactions.index,),
    observatorium_happened.RoundKeyDestroyed: (),
    observatorium_happened.OwnLevelSet: (),
    observatorium_happened.RoundJoined: (),
    outreach_happened.InvitationMade: (),
    outreach_happened.InvitationClosed: (),
    outreach_happened.PaperBatchBegun: (),
    outreach_happened.PaperFormEntered: (),
    outreach_happened.PaperFormRemoved: (),
    outreach_happened.PaperBatchSent: (),
    outreach_happened.PaperBatchApproved: (),
    outreach_happened.PaperBatchRejected: (),
    outreach_happened.PaperBatchDiscarded: (),
    assessing_happened.PartChanged: (),
    assessing_happened.PartAssessed: (),
    assessing_happened.AssessmentsCopied: (),
    assessing_happened.EvidenceAdded: (),
    assessing_happened.EvidenceRemoved: (),
    assessing_happened.OwnSummaryWritten: (),
    assessing_happened.OwnAssessmentSigned: (),
    assessing_happened.IndicatorAssigned: (),
    assessing_happened.AssignmentRemoved: (),
    assessing_happened.AssigneesReminded: (notification_reactions.tell_of_assessments,),
    weights_happened.PopulationUploaded: (),
    weights_happened.AnswersExcluded: (),
    weights_happened.ExclusionLifted: (),
    series_happened.SeriesMade: (),
    series_happened.SeriesChanged: (),
    series_happened.SeriesFilled: (),
    verifying_happened.VerifierAppointed: (observatory_notices.tell_of_appointment,),
    verifying_happened.VerifierReleased: (),
    verifying_happened.ConflictStated: (),
    verifying_happened.CriteriaNoted: (),
    verifying_happened.EvidenceJudged: (),
    verifying_happened.ColourGiven: (),
    verifying_happened.VerifyingDated: (),
    verifying_happened.ReplyWritten: (),
    verifying_happened.ReplyWithdrawn: (),
    observatorium_happened.CommentWritten: (moderation_reactions.queue, search_reactions.index),
    observatorium_happened.CommentChanged: (moderation_reactions.queue, search_reactions.index),
    observatorium_happened.CommentWithdrawn: (moderation_reactions.close, search_reactions.index),
    measure_happened.MeasureMade: (search_reactions.index,),
    measure_happened.MeasureChanged: (search_reactions.index,),
    measure_happened.MeasureLogged: (search_reactions.index,),
    measure_happened.MeasureLinked: (),
    measure_happened.MeasureUnlinked: (),
    measure_happened.IndicatorAnswered: (),
    goals_happened.SubgoalsImported: (search_reactions.index,),
    places_happened.NeighbourhoodsImported: (),
    places_happened.NeighbourhoodSwitched: (),
    search_happened.IndexRebuilt: (),
    moderation_happened.TextPassed: (
        search_reactions.index,
        solution_reactions.index_translated,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
        project_notices.tell_of_post,
        solution_notices.tell_of_text,
        notification_reactions.tell_of_text,
        *TOLD_TO_PARTNERS,
    ),
    moderation_happened.CaseOpened: (),
    moderation_happened.CaseClaimed: (),
    moderation_happened.CaseReleased: (),
    moderation_happened.CaseClosed: (),
    moderation_happened.CaseDecided: (
        *SHOWN_OR_HIDDEN,
        project_notices.tell_of_post,
        solution_notices.tell_of_text,
        notification_reactions.tell_of_text,
        notification_reactions.tell_of_decision,
        *TOLD_TO_PARTNERS,
    ),
    moderation_happened.RestrictionEnded: (
        *SHOWN_OR_HIDDEN,
        *TOLD_TO_PARTNERS,
    ),
    moderation_happened.ThingReported: (),
    moderation_happened.DecisionAppealed: (),
    moderation_happened.AppealDecided: (
        *SHOWN_OR_HIDDEN,
        project_notices.tell_of_post,
        solution_notices.tell_of_text,
        notification_reactions.tell_of_text,
        notification_reactions.tell_of_appeal,
        *TOLD_TO_PARTNERS,
    ),
    moderation_happened.AuthorRevealed: (),
    moderation_happened.OriginalRead: (),
    moderation_happened.ChainHeadPublished: (),
    participation_happened.SupportGiven: (),
    participation_happened.SupportWithdrawn: (),
    participation_happened.FollowBegun: (),
    participation_happened.FollowEnded: (),
    participation_happened.ContributionWritten: (moderation_reactions.queue, search_reactions.index),
    participation_happened.ContributionEdited: (moderation_reactions.queue, search_reactions.index),
    participation_happened.ContributionWithdrawn: (moderation_reactions.close, search_reactions.index),
    idea_happened.IdeaBegun: (),
    idea_happened.IdeaDiscarded: (),
    idea_happened.IdeaProposed: (
        notification_reactions.tell_of_receipt,
        moderation_reactions.queue,
        search_reactions.index,
        file_reactions.release,
    ),
    idea_happened.IdeaSentInternally: (notification_reactions.tell_of_receipt, file_reactions.release),
    idea_happened.IdeaConsented: (
        moderation_reactions.queue,
        search_reactions.index,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
    ),
    idea_happened.IdeaEdited: (
        moderation_reactions.queue,
        search_reactions.index,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
    ),
    idea_happened.IdeaWithdrawn: (
        home_reactions.write_again,
        moderation_reactions.close,
        search_reactions.index,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
    ),
    campaign_happened.CampaignMade: (),
    campaign_happened.CampaignChanged: (search_reactions.index,),
    campaign_happened.CampaignAnnounced: (search_reactions.index,),
    campaign_happened.CampaignUnannounced: (search_reactions.index,),
    campaign_happened.CampaignInvited: (),
    campaign_happened.CampaignUninvited: (),
    campaign_happened.CampaignResultTold: (search_reactions.index,),
    archive_happened.CaseSentToArchive: (),
    archive_happened.CaseArchived: (),
    archive_happened.CampaignFiled: (),
    imports_happened.IdeasImported: (),  # the action itself puts them in the index, all at once
    case_happened.IdeaAssigned: (notification_reactions.tell_of_assignment,),
    case_happened.IdeaAnswered: (notification_reactions.tell_of_idea_answer,),
    case_happened.IdeaMoved: (search_reactions.index, notification_reactions.tell_of_case),
    case_happened.IdeaProgressed: (notification_reactions.tell_of_case,),
    case_happened.IdeaNoted: (),
    case_happened.IdeaFiled: (),
    case_happened.IdeaAsked: (notification_reactions.ask_whether_it_helped,),
    case_happened.IdeaAssessed: (),
    merging_happened.IdeasMerged: (
        search_reactions.index,
        place_reactions.show,
        goal_reactions.show,
        notification_reactions.tell_of_merge,
    ),
    merging_happened.MergeUndone: (
        search_reactions.index,
        place_reactions.show,
        goal_reactions.show,
        notification_reactions.tell_of_separation,
    ),
    case_happened.VerdictGiven: (),
    case_happened.CasesReminded: (notification_reactions.tell_of_waiting_cases,),
    thief_happened.ThiefChanged: (),
    thief_happened.ThiefTransferred: (),
    thief_happened.ThiefAttached: (),
    thief_happened.ThiefMeasured: (),
    thief_happened.ThiefConfirmed: (),
    thief_happened.MeasureMade: (),
    thief_happened.MeasureChanged: (),
    thief_happened.MeasureMeasured: (),
    project_happened.ProjectStarted: (moderation_reactions.queue, search_reactions.index),
    project_happened.ProjectEdited: (
        moderation_reactions.queue,
        search_reactions.index,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
    ),
    project_happened.ProjectWithdrawn: (
        home_reactions.write_again,
        moderation_reactions.close,
        search_reactions.index,
        place_reactions.show,
        portfolio_reactions.show,
        goal_reactions.show,
    ),
    project_happened.PartyAdded: (),
    project_happened.PartyChanged: (),
    project_happened.PartyLeft: (),
    project_happened.MembershipAsked: (project_notices.tell_of_asking,),
    project_happened.MemberJoined: (project_notices.tell_of_joining,),
    project_happened.MemberChanged: (),
    project_happened.MemberLeft: (),
    solution_happened.SolutionShared: (
        moderation_reactions.queue,
        search_reactions.index,
        goal_reactions.show,
        partner_reactions.tell_partners,
    ),
    solution_happened.SolutionEdited: (
        moderation_reactions.queue,
        search_reactions.index,
        portfolio_reactions.show,
        goal_reactions.show,
        partner_reactions.tell_partners,
    ),
    solution_happened.SolutionTranslated: (
        moderation_reactions.queue,
        solution_reactions.index_translated,
        partner_reactions.tell_partners,
    ),
    solution_happened.TranslationWithdrawn: (
        moderation_reactions.close,
        solution_reactions.index_translated,
        partner_reactions.tell_partners,
    ),
    solution_happened.SolutionWithdrawn: (
        home_reactions.write_again,
        moderation_reactions.close,
        search_reactions.index,
        portfolio_reactions.show,
        goal_reactions.show,
        partner_reactions.tell_partners,
        solution_notices.tell_of_withdrawal,
    ),
    solution_happened.SolutionNoted: (),
    adoption_happened.AdoptionBegun: (
        solution_notices.tell_of_step,
        moderation_reactions.queue,
        partner_delivery.tell_source,
    ),
    adoption_happened.AdoptionMoved: (solution_notices.tell_of_step, partner_delivery.tell_source),
    adoption_happened.AdoptionEdited: (moderation_reactions.queue, partner_delivery.tell_source),
    adoption_happened.AdoptionWithdrawn: (moderation_reactions.close, partner_delivery.tell_source),
    post_happened.PostWritten: (
        moderation_reactions.queue,
        search_reactions.index,
        place_reactions.show,
        goal_reactions.show,
    ),
    post_happened.PostEdited: (
        moderation_reactions.queue,
        search_reactions.index,
        place_reactions.show,
        goal_reactions.show,
    ),
    post_happened.PostWithdrawn: (
        moderation_reactions.close,
        search_reactions.index,
        place_reactions.show,
        goal_reactions.show,
    ),
    type_happened.ClassificationAnswered: (),
    type_happened.TypeChosen: (),
    process_happened.AgreementConfirmed: (project_notices.tell_of_confirmation,),
    process_happened.GateAnswered: (),
    process_happened.PhaseMoved: (search_reactions.index, project_notices.tell_of_phase),
    process_happened.RiskEntered: (),
    process_happened.RiskChanged: (),
    process_happened.EvaluationGiven: (),
    process_happened.ProjectEnded: (search_reactions.index, place_reactions.show, project_notices.tell_of_ending),
    together_happened.SignedUp: (project_notices.tell_of_help,),
    together_happened.SignedOff: (project_notices.tell_of_signing_off,),
    together_happened.NeedChanged: (),
    together_happened.NeedClosed: (search_reactions.index, place_reactions.show),
    together_happened.NeedReopened: (search_reactions.index, place_reactions.show),
    together_happened.HelpThanked: (project_notices.tell_of_thanks,),
    together_happened.HoursReported: (),
    together_happened.HoursConfirmed: (),
    together_happened.HoursRefused: (),
    together_happened.MeetingJoined: (),
    together_happened.MeetingLeft: (),
    together_happened.MeetingChanged: (project_notices.tell_of_meeting,),
    together_happened.MeetingCancelled: (project_notices.tell_of_meeting,),
    together_happened.TaskMade: (),
    together_happened.TaskChanged: (),
    together_happened.InputAnswered: (project_notices.tell_of_input_answer,),
    finding_happened.OfferClosed: (search_reactions.index, place_reactions.show, goal_reactions.show),
    finding_happened.OfferReopened: (search_reactions.index, place_reactions.show, goal_reactions.show),
    finding_happened.MessageSent: (project_notices.tell_of_message,),
    finding_happened.ConversationEnded: (),
    finding_happened.MethodAdded: (),
    finding_happened.MethodChanged: (),
    portfolio_happened.BenefitPlanned: (),
    portfolio_happened.BenefitChanged: (),
    portfolio_happened.BenefitDropped: (),
    portfolio_happened.BenefitMeasured: (),
    portfolio_happened.BenefitSettled: (),
    portfolio_happened.BenefitsReminded: (notification_reactions.tell_of_late_benefits,),
    portfolio_happened.FundSet: (),
    portfolio_happened.ApplicationDrafted: (),
    portfolio_happened.ApplicationChanged: (),
    portfolio_happened.ApplicationSent: (notification_reactions.tell_of_application,),
    portfolio_happened.ApplicationWithdrawn: (),
    portfolio_happened.ApplicationDecided: (notification_reactions.tell_of_funds,),
    portfolio_happened.PaymentMade: (notification_reactions.tell_of_payment,),
    portfolio_happened.GrantReported: (),
    portfolio_happened.ReportSummarised: (),
    notices_happened.NoticeSettingsChanged: (),
    home_happened.AccessibilityReported: (),
    operations_happened.SendingRetried: (),
    operations_happened.SendingGivenUp: (),
    partner_happened.PartnerAdded: (),
    partner_happened.PartnerSuspended: (),
    partner_happened.PartnerResumed: (),
    partner_happened.KeeperChanged: (),
    partner_happened.PartnerKeyLearnt: (partner_notices.tell_of_key,),
    partner_happened.PartnerKeyJudged: (),
    partner_happened.PartnerSynced: (),
    partner_happened.PartnerFailing: (partner_notices.tell_of_failures,),
    partner_happened.PartnerCompared: (),
    partner_happened.PartnerRoundForgotten: (),
    partner_happened.AdoptionReceived: (),
    partner_happened.OwnKeyMade: (),
    partner_happened.FeedBegunAnew: (),
    file_happened.FileUploaded: (),
    file_happened.FileAttached: (moderation_reactions.queue,),
    file_happened.FileSent: (moderation_reactions.queue,),
    file_happened.FileEdited: (moderation_reactions.queue,),
    file_happened.FileDetached: (moderation_reactions.close,),
    file_happened.FileRemoved: (moderation_reactions.close,),
}
