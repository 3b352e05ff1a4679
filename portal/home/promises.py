"""What the pages about privacy and cookies promise: a test compares it with the tables and the cookies of the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import COOKIE, COOKIE_KEPT, _l


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that is kept about people, and the tables that it lies in."""

    title: Any
    text: Any
    tables: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """One cookie, what it does, and how long it lasts."""

    name: str
    purpose: Any
    days: int | None = None
    """None: as long as the browser is open, or the sign-in lasts."""
    is_bound: bool = True
    """Bound to this host by its name when the portal is reached by https."""


KEPT: Sequence[Kept] = (
    Kept(
        title=_l("Bruker"),
        text=_l(
            "Navnet du velger å vise, e-postadressen hvis du gir oss en, språket ditt, hvordan du logger inn, "
            "rollene dine og organisasjonene du taler for. Kommer du fra ID-porten, lagrer vi bare et avtrykk av en "
            "kode som ID-porten lager for oss. Vi lagrer aldri fødselsnummeret ditt."
        ),
        tables=frozenset(
            {"accounts", "identities", "grants", "account_service_areas", "organisations", "spokespersons"}
        ),
    ),
    Kept(
        title=_l("Innlogginger"),
        text=_l(
            "Når du er logget inn, og på hva slags enhet, så du selv kan se det og logge ut. Ved innloggingsforsøk "
            "lagrer vi et avtrykk av nettet du kom fra, ikke IP-adressen, for å stoppe dem som gjetter passord."
        ),
        tables=frozenset({"sign_in_sessions", "one_time_tokens", "sign_in_attempts", "seen_logout_tokens"}),
    ),
    Kept(
        title=_l("Vurderinger"),
        text=_l(
            "Svaret ditt lagres uten navn og uten tidspunkt, under et merke som bare kan regnes ut med en hemmelig "
            "nøkkel for runden. Nøkkelen ligger ikke i databasen og ikke i sikkerhetskopiene av den. Vi fører én "
            "linje om at du har blitt med i en runde. Den sier ikke hva du svarte, og ikke hvilken gruppe du svarte "
            "for."
        ),
        tables=frozenset({"ballots", "ratings"}),
    ),
    Kept(
        title=_l("Påminnelse om en runde"),
        text=_l("At du ba om den. Det slettes når den er sendt, eller når du ombestemmer deg."),
        tables=frozenset({"round_reminders"}),
    ),
    Kept(
        title=_l("Arbeidet med en runde"),
        text=_l(
            "For ansatte: hvem som la inn belegg, befolkningstall, invitasjoner og papirskjemaer, og hvem som tok svar "
            "ut av et resultat. For verifikatører: hva de svarte om interessekonflikt, og hva de ville godta som "
            "belegg. Det de mente, blir vist uten navn."
        ),
        tables=frozenset(
            {
                "observatory_evidence",
                "observatory_appointments",
                "observatory_invitations",
                "paper_batches",
                "paper_forms",
                "population_tables",
                "exclusions",
            }
        ),
    ),
    Kept(
        title=_l("Kommentarer til indikatorer"),
        text=_l("De er skilt fra svarene og vises uten navn."),
        tables=frozenset({"observatory_comments"}),
    ),
    Kept(
        title=_l("Det du støtter, følger og skriver"),
        text=_l(
            "Teksten, språket, når du skrev, og navnet du valgte å vise: ditt eget, en organisasjons eller et "
            "dekknavn. Har du valgt et dekknavn, ser ikke de ansatte hvem du er uten å skrive en grunn, som blir "
            "loggført. Endrer du en tekst, kan alle se hvordan den sto før. Andre ser hvor mange som støtter og "
            "følger noe, ikke hvem."
        ),
        tables=frozenset({"supports", "follows", "contributions", "contribution_versions", "pseudonyms"}),
    ),
    Kept(
        title=_l("Filer"),
        text=_l("Bilder og dokumenter du sender inn, og det du skriver om dem. Sted og tid i bildene fjernes."),
        tables=frozenset({"files"}),
    ),
    Kept(
        title=_l("Steder"),
        text=_l(
            "Hvor det du foreslår gjelder, når du velger å si det. Alle kan se stedet når forslaget er åpent for alle, "
            "så ikke merk av der noen bor: et lokalsamfunn er nok. Leter du etter en adresse, spør vi Kartverket for "
            "deg, og de får ikke vite hvem som spør. Vi lagrer ikke hvor du er, og ikke hva du ser på kartet."
        ),
        tables=frozenset({"locations"}),
    ),
    Kept(
        title=_l("Ideer"),
        text=_l(
            "Det du foreslår, når du skrev det, og navnet du valgte å vise. Endrer du en idé som er vist, kan alle se "
            "hvordan den sto før. Svarer du på om en idé hjalp, ser andre bare tallene. Sier du om ideen din ligner "
            "en annen, lagrer vi tittelen og svaret i et år, uten navnet ditt. Blir du invitert til en lukket "
            "kampanje, ser de som styrer den, at du er det. Ideer som er hentet fra et annet sted, kan stå med navnet "
            "de hadde der. Ansatte i en sak vises for alle med tittel. Hva hver av dem mener når de vurderer en idé, "
            "ser bare ansatte."
        ),
        tables=frozenset(
            {
                "ideas",
                "idea_versions",
                "idea_origins",
                "similarity_labels",
                "campaigns",
                "campaign_members",
                "idea_case_steps",
                "idea_merges",
                "idea_assessments",
                "idea_verdicts",
                "archived_cases",
            }
        ),
    ),
    Kept(
        title=_l("Tidstyver"),
        text=_l(
            "Det du forteller om tiden, står sammen med det du skrev. Er den intern, ser bare ansatte den til du sier "
            "ja, og vi noterer når du gjorde det. Svarer du på om tiden kom tilbake, ser andre bare tallene, og først "
            "når tre har svart. Ansatte som plasserer ansvaret, vises med tittel."
        ),
        tables=frozenset({"time_thieves", "time_thief_transfers", "time_thief_confirmations"}),
    ),
    Kept(
        title=_l("Samskaping"),
        text=_l(
            "Prosjektene du starter og er med i, og det du skriver der. Andre ser deg med tittel og part, eller med "
            "navnet du valgte. De som er med i prosjektet, ser navnet ditt. Melder du deg på noe, ser de som eier "
            "prosjektet, det. Timer vises for andre bare som en sum, og først når minst tre har vært med. Skriver du "
            "til et prosjekt eller en aktør, går det gjennom portalen: ingen ser e-postadressen din."
        ),
        tables=frozenset(
            {
                "projects",
                "project_versions",
                "project_parties",
                "project_members",
                "project_classifications",
                "project_type_choices",
                "project_agreements",
                "project_agreement_confirmations",
                "project_gate_answers",
                "project_phase_moves",
                "project_risks",
                "project_evaluations",
                "project_needs",
                "project_sign_ups",
                "project_hours",
                "project_meetings",
                "project_attendances",
                "project_tasks",
                "project_updates",
                "project_decisions",
                "project_inputs",
                "actor_offers",
                "actor_messages",
                "method_cards",
            }
        ),
    ),
    Kept(
        title=_l("Løsninger"),
        text=_l(
            "Løsninger du deler, endrer og oversetter for kommunen din, og det du forteller når noen tar en løsning i "
            "bruk. Det vises under navnet til kommunen, organisasjonen eller enheten, ikke ditt. Kontakten er en "
            "tittel. Er du ansatt og har ansvaret for en annen kommunes portal, vet administratorene det."
        ),
        tables=frozenset({"solutions", "solution_translations", "adoptions", "partners"}),
    ),
    Kept(
        title=_l("Søknader om innovasjonsmidler"),
        text=_l(
            "Hva du søker om og til hva, og rapporten din. Det leser bare du og de som styrer midlene. Avgjørelsen, "
            "summen og formålet er offentlig, uten navnet ditt. Er du ansatt og legger inn gevinster, målinger eller "
            "utbetalinger, husker vi hvem som gjorde det."
        ),
        tables=frozenset({"benefits", "benefit_measurements", "fund_applications", "fund_payments", "fund_reports"}),
    ),
    Kept(
        title=_l("Varsler og e-post"),
        text=_l(
            "Det vi har varslet deg om, og hvor ofte du vil ha det på e-post. En e-post slettes hos oss når den er "
            "sendt."
        ),
        tables=frozenset({"notices", "notice_settings", "digest_marks", "outbox"}),
    ),
    Kept(
        title=_l("Moderering"),
        text=_l(
            "Når en moderator vurderer noe du har skrevet: saken, avgjørelsen med grunn, teksten slik den var, og "
            "klager. Når du melder fra om noe: hva du skrev, og e-postadressen hvis du ga en."
        ),
        tables=frozenset(
            {
                "moderation_cases",
                "moderation_reports",
                "moderation_case_events",
                "moderation_decisions",
                "moderation_appeals",
            }
        ),
    ),
    Kept(
        title=_l("Søk"),
        text=_l("En kopi av det som er åpent for alle, så det kan finnes igjen. Vi lagrer ikke hva du søker etter."),
        tables=frozenset({"search_documents"}),
    ),
    Kept(
        title=_l("Meldinger om tilgjengelighet"),
        text=_l("Det du skriver, og e-postadressen hvis du gir en."),
        tables=frozenset({"accessibility_reports"}),
    ),
    Kept(
        title=_l("Logg"),
        text=_l(
            "Det som endrer noe i portalen, føres i en logg: hva som skjedde, når, og av hvilken bruker. Det som er "
            "personlig i den, kan slettes uten at loggen ødelegges."
        ),
        tables=frozenset({"audit_entries", "audit_personal"}),
    ),
    Kept(
        title=_l("Hvem som er slettet"),
        text=_l("Nummeret på brukeren og når, så du blir slettet igjen hvis en sikkerhetskopi tas i bruk."),
        tables=frozenset({"erasures"}),
    ),
)


COOKIES: Sequence[Cookie] = (
    Cookie(name="portal", purpose=_l("Husker at du er logget inn, og beskytter skjemaer")),
    Cookie(
        name="kjent",
        purpose=_l("Kjenner igjen nettleseren din, så andres feilforsøk ikke stenger deg ute"),
        days=180,
    ),
    Cookie(name=COOKIE, purpose=_l("Husker språket du har valgt"), days=COOKIE_KEPT.days, is_bound=False),
)
