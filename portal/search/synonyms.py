"""Words of municipal life that mean the same, or nearly: each line is one thing. For likeness and wider searches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from portal.search import words

THINGS = """
gangfelt, fotgjengerovergang, fotgjengerfelt, overgangsfelt, zebrastriper, sebrastriper
fortau, gangareal, gangvei, gangsti
fartshump, fartsdump, humper, fartsdemper
fartsgrense, hastighet, farten
gatelys, veilys, gatebelysning, veibelysning, lyktestolper, belysning
mørkt, dårlig lys, uten lys, belyst
brøyting, snørydding, snømåking, brøyte, måke, rydde snø, fjerne snø
strøing, sandstrøing, strø, glatt, såpeglatt, glatte, isete, holke, is på veien
vinterdrift, vintervedlikehold
hull i veien, slaghull, hullete, dårlig asfalt, asfaltering
sykkelvei, sykkelsti, sykkelfelt
sykkelparkering, sykkelstativ, sykkelskur
parkering, parkeringsplass, parkere, biloppstillingsplass
ladestasjon, lader, elbillader, hurtiglader, ladepunkt
buss, kollektivtransport, rutebuss, kollektivtilbud, kollektivtrafikk
busskur, leskur, venteskur
holdeplass, bussholdeplass, bussstopp, stoppested
skoleskyss, skolebuss, skoletransport
skolevei, vei til skolen, gå til skolen
trafikksikkerhet, trafikkfarlig, trygg trafikk, ulykkespunkt, farlig trafikk
rundkjøring, veikryss, kryss
støy, bråk, lyd, lydplage
støyskjerm, støyvoll, støymur, lydskjerm
sfo, skolefritidsordning, aktivitetsskole
skolemat, skolelunsj, måltid på skolen, mat på skolen, matservering på skolen
skolebygg, skolebygning, skolelokaler
mobbing, erting, utestenging, plaging
lærer, pedagog, lærere
leksehjelp, hjelp med lekser, lekser
barnehage, barnehageplass, førskole, småbarn
foreldre, foresatte, mor og far
barn, unger, små
ungdom, unge, tenåringer, ungdommer
ungdomsklubb, fritidsklubb, ungdomshus, møteplass for unge, juniorklubb
lekeplass, lekepark, lekeområde, lekeapparater
husk, disse, huske, lekestativ
eldre, pensjonist, gamle, senior, seniorer, alderspensjonist
sykehjem, aldershjem, bo- og omsorgssenter, omsorgsbolig, institusjon
hjemmetjeneste, hjemmesykepleie, hjemmehjelp, pleie hjemme, hjelp i hjemmet
trygghetsalarm, alarmknapp, nødalarm
matombringing, middag levert, hjemlevert mat, matlevering
ensomhet, alene, sosial isolasjon, selskap
besøksvenn, besøkstjeneste, besøke
dagsenter, dagtilbud, aktivitetssenter
fastlege, lege, doktor
legevakt, akutthjelp, øyeblikkelig hjelp
helsesykepleier, helsesøster, skolehelsetjeneste
psykisk helse, mental helse, psykolog
rus, narkotika, dop, avhengighet
barnevern, barneverntjeneste, omsorgssvikt
rullestol, bevegelseshemmet, funksjonshemmet, nedsatt funksjonsevne, handikappet
universell utforming, tilgjengelig for alle, rullestolrampe, rampe, trinnfritt
syn, blind, svaksynt, synshemmet
hørsel, døv, hørselshemmet, tunghørt, teleslynge
tolk, tolking, oversetter, oversettelse
innvandrer, flyktning, nyankommen, bosetting
norskopplæring, norskkurs, lære norsk, språkkafé, språktrening
frivillig, frivillighet, dugnad, ildsjel
forening, lag, klubb, organisasjon
frivilligsentral, nærmiljøsentral
tilskudd, støtte, midler, penger, bevilgning, støtteordning
søknad, søke, søknadsskjema
gebyr, avgift, kostnad, pris, betaling
eiendomsskatt, skatt på bolig, boligskatt
strømregning, strømutgifter, strømpris
byggesak, byggesøknad, byggetillatelse, bygge på, tilbygg
saksbehandling, behandlingstid, ventetid, svartid
reguleringsplan, arealplan, områdeplan, utbyggingsplan
høring, innspill, medvirkning, høringsuttalelse
åpenhet, innsyn, offentlighet
politiker, folkevalgt, kommunestyret, lokalpolitiker
folkemøte, innbyggermøte, informasjonsmøte, åpent møte
kommunehus, rådhus, innbyggertorg, servicetorg, servicekontor
nettside, hjemmeside, hjemmesiden, internettside, web
app, mobilapp, applikasjon
skjema, blankett
selvbetjening, digital løsning, nettløsning, på nett
datahjelp, digital hjelp, hjelp med data, hjelp med pc, hjelp med mobil, digital kompetanse
varsling, varsle, sms, beskjed
åpningstid, åpent lenger, kveldsåpent, lengre åpningstider
bibliotek, folkebibliotek, bok, bøker, meråpent
kulturskole, musikkskole
kulturhus, kulturlokale, scene, konsertlokale
kino, filmvisning, film
museum, lokalhistorie, kulturminne
idrettshall, flerbrukshall, gymsal, gymnastikksal, idrettsbygg
fotballbane, kunstgressbane, ballbane, ballbinge, ballplass
svømmehall, basseng, svømmebasseng, badeanlegg
svømmeopplæring, svømmekurs, lære å svømme
badeplass, strand, badestrand, badebrygge, stupetårn
skøytebane, skøyteis, isbane, skøyter
skiløype, lysløype, preparerte løyper, langrennsløype, løypekjøring
skatepark, skatebane, rullebrett
turløype, tursti, turvei, merket sti, kyststi
benk, sittebenk, hvileplass, sitteplass
gapahuk, grillplass, bålplass, grillhytte
utlån av utstyr, utstyrssentral, bua, låne utstyr, utlånssentral
park, grøntområde, grøntareal, friområde, grønt
parsellhage, dyrke grønnsaker, skolehage, kjøkkenhage, dyrking
trær, tre, beplantning, plante
blomster, blomsterbed, insekter, pollinerende
søppel, avfall, boss, renovasjon
søppelkasse, søppelbøtte, avfallsdunk, søppeldunk, avfallsbeholder
forsøpling, søppel i naturen, strandrydding, søppelplukking, rydde
gjenvinning, kildesortering, sortere, resirkulering
gjenvinningsstasjon, miljøstasjon, avfallsmottak, returpunkt
gjenbruk, ombruk, brukthandel, bytte, byttemarked, bruktmarked
matsvinn, matkasting, overskuddsmat, kaste mat
hundepose, hundebæsj, hundelort, hundemøkk
hundepark, hundejordet, luftegård, friområde for hund
rotte, skadedyr, mus, rotter
måke, måker, fugleplage
vann, drikkevann, vannforsyning
avløp, kloakk, spillvann
overvann, flom, oversvømmelse, vann i kjelleren, regnvann
skred, ras, rasfare, steinsprang
forurensing, utslipp, eksos
luftkvalitet, svevestøv, dårlig luft
klima, klimautslipp, klimagass, co2
solceller, solenergi, solstrøm, solcellepanel
energisparing, enøk, spare strøm, etterisolering
bolig, leilighet, hus, bosted
kommunal bolig, utleiebolig, sosialbolig
bostøtte, hjelp til husleie, husleie
startlån, boliglån
billige boliger, rimelige boliger, boliger folk har råd til
sentrum, bykjerne, tettsted
torg, møteplass, samlingssted
butikk, handel, forretning, nærbutikk
næringsliv, bedrifter, bedrift, firma
gründer, oppstart, nyetablering, starte bedrift
jobb, arbeid, sysselsetting, sommerjobb
lærling, læreplass, fagbrev
nav, sosialhjelp, økonomisk hjelp, sosialstønad
fattigdom, lav inntekt, dårlig råd, lavinntekt
aktivitetskort, fritidskort, kontingent, medlemsavgift
ferge, båt, hurtigbåt, båtforbindelse
brygge, kai, båtplass, båthavn, småbåthavn
bro, gangbro, overgang, bru
undergang, tunnel, kulvert, gangtunnel
toalett, wc, do, offentlig toalett
drikkefontene, vannpost, vannfontene
hjertestarter, defibrillator
beredskap, krise, nødsituasjon, kriseberedskap
brannvesen, brannstasjon, brann
politi, vaktmenn, natteravn, kriminalitet
utrygg, redd, skummelt, utrygt
hærverk, tagging, ødelagt, vandalisme
kamera, overvåking
skilt, skilting, merking, opplysningstavle
wifi, trådløst nett, bredbånd, fiber, internett
delebil, bildeling, bilpool
elsparkesykkel, sparkesykkel, løperhjul
innkjøp, anskaffelse, anbud
ansatt, kommuneansatt, tilsatt, medarbeider
sykefravær, fravær
turnus, heltid, deltid, arbeidstid
dobbeltarbeid, skrive to ganger, to systemer, dobbeltføring
møter, møtetid, møtevirksomhet
rapportering, rapporter, skjemavelde, dokumentasjon
"""
"""Single words and short expressions; forms and nynorsk need no line of their own."""

Term = tuple[str, ...]


def others(asked: Sequence[str]) -> list[Term]:
    """Return other ways to say what some canonical words say, each as canonical words, by the length of their match."""
    found: dict[Term, None] = {}
    for begin in range(len(asked)):
        for term, things in _terms().get(asked[begin], ()):
            if tuple(asked[begin : begin + len(term)]) == term:
                found |= {other: None for thing in things for other in _things()[thing] if other != term}
    return list(found)


@cache
def _things() -> tuple[tuple[Term, ...], ...]:
    """Return each thing's names as canonical words, without the small ones."""
    return tuple(
        tuple(dict.fromkeys(_canonical(term) for term in line.split(","))) for line in THINGS.strip().splitlines()
    )


@cache
def _terms() -> dict[str, list[tuple[Term, list[int]]]]:
    """Return first word → the terms that begin with it, and the things they name."""
    named: dict[Term, list[int]] = {}
    for number, thing in enumerate(_things()):
        for term in thing:
            named.setdefault(term, []).append(number)
    found: dict[str, list[tuple[Term, list[int]]]] = {}
    for term, numbers in named.items():
        found.setdefault(term[0], []).append((term, numbers))
    return found


def _canonical(term: str) -> Term:
    return tuple(words.canonical(word) for word in words.content_words(words.words(term)))
