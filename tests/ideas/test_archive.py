"""Case packages: well-formed, hashed, the same twice, without private names, and sent once the archive takes them."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as some

from portal import config
from portal.accounts.models import Byline
from portal.ideas.actions.archiving import file_campaign, send_to_archive
from portal.ideas.actions.steps import add_step
from portal.ideas.archive import noark, rendering
from portal.ideas.archive.package import HASHES, STRUCTURE, pack
from portal.ideas.archive.values import Case, Document, EntryType, Party, RegistryEntry, Section
from portal.ideas.models.archiving import ArchivedCase
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.models.cases import Assessment, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.archiving import case_of, package_of
from portal.kernel import clock, letters
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.outbox import OutboxRow
from tests.participation.talk import asked
from tests.support.ideas import published

AT = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
N = f"{{{noark.NAMESPACE}}}"
HOSTILE = [
    '#panic("x") #let a = 1 #import "/etc/passwd" $x^2$ *fet* _kursiv_ `kode` @ref <merke> \\ // /* = H',
    "</tittel><ond/>&amp;]]><!-- --> <?xml version='1.0'?>",
    "😀 👩🏽‍🚀 漢字 \ue000 \ufffe \U000e0001 a\u0301\u0301 \u202eesrever",
    "\x00\x01\x1b\ud800",
    "עברית العربية हिन्दी ไทย",
    "x" * 20_000,
    "\n\n\n- en\n\n1. to\n",
    "",
]


def document(text: str = "Det er mørkt.", title: str = "Forslag") -> Document:
    return Document(title=title, kind="Forslag", facts=[("Sak", text[:40])], sections=[Section("Utfordringen", text)])


def a_case(text: str = "Det er mørkt.", title: str = "Lys i akebakken", **values: Any) -> Case:
    entries = [
        RegistryEntry(at=AT, type=EntryType.INCOMING, title=title, sender="Forslagsstiller", document=document(text)),
        RegistryEntry(
            at=AT + timedelta(days=3),
            type=EntryType.OUTGOING,
            title="Kommunen svarte",
            sender="Kultur",
            recipient="Forslagsstiller",
            document=document("Ja."),
        ),
        RegistryEntry(
            at=AT + timedelta(days=4),
            type=EntryType.INTERNAL,
            title="Internt notat",
            sender="Kultur",
            document=document(text),
            is_restricted=True,
        ),
    ]
    standard: dict[str, Any] = {
        "kind": "idea",
        "number": 17,
        "address": "https://portal.example/ideer/17-lys",
        "title": title,
        "creator": "Asker kommune",
        "creator_id": "3203",
        "unit": "Kultur",
        "responsible": "Innovasjonsrådgiver",
        "opened_at": AT,
        "ended_at": None,
        "parties": [Party(name="Forslagsstiller", role="Forslagsstiller")],
        "entries": entries,
    }
    return Case(**{**standard, **values})


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def structure(files: dict[str, bytes]) -> ET.Element:
    return ET.fromstring(files[STRUCTURE])  # noqa: S314 - our own file


def texts(root: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in root.iter(f"{N}{name}")]


def is_pdf_a(content: bytes) -> bool:
    metadata = content[content.index(b"<?xpacket begin") : content.index(b"<?xpacket end")]
    return content.startswith(b"%PDF-1.7") and all(
        mark in metadata for mark in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<")
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_text_in_the_documents_and_in_the_xml(text: str) -> None:
    files = opened(pack(a_case(text, title=text[:80] or "Uten tittel")).content)
    root = structure(files)
    assert [each.tag for each in root.iter(f"{N}mappe")] == [f"{N}mappe"]
    assert not list(root.iter(f"{N}ond"))
    assert all(is_pdf_a(content) for name, content in files.items() if name.endswith(".pdf"))
    assert all(name in {STRUCTURE, HASHES} or name.startswith("dokumenter/0") for name in files)


@given(some.text(max_size=200))
@settings(max_examples=40)
def test_no_text_stops_a_document_from_being_made(text: str) -> None:
    made = rendering.pdf(document(text, title=text or "x"), creator="Asker", footer=text, at=AT)
    assert is_pdf_a(made)


def test_the_plain_text_keeps_every_letter() -> None:
    files = opened(pack(a_case(HOSTILE[2])).content)
    assert HOSTILE[2] in next(
        content.decode() for name, content in files.items() if name.endswith("001-lys-i-akebakken.txt")
    )


def test_signs_without_a_font_are_named() -> None:
    assert letters.named("Hei 😀 漢") == "Hei [GRINNING FACE] [CJK UNIFIED IDEOGRAPH-6F22]"


def test_every_letter_that_counts_as_safe_can_be_set() -> None:
    safe = "".join(chr(code) for code in range(0x20, 0x2300) if not letters.named(chr(code)).startswith("["))
    assert len(safe) > 400
    assert rendering._compiled(
        {
            "title": "x",
            "creator": "x",
            "footer": "x",
            "facts": [],
            "language": "nb",
            "sections": [{"heading": "x", "text": letters.named(safe)}],
        },
        AT,
    )


def test_hashes_and_sizes_in_the_xml_are_those_of_the_files() -> None:
    files = opened(pack(a_case()).content)
    objects = list(structure(files).iter(f"{N}dokumentobjekt"))
    assert len(objects) == 6
    for each in objects:
        content = files[texts(each, "referanseDokumentfil")[0]]
        assert texts(each, "sjekksum") == [sha256(content).hexdigest()]
        assert texts(each, "filstoerrelse") == [str(len(content))]
        assert texts(each, "sjekksumAlgoritme") == ["SHA-256"]
    listed = dict(reversed(line.split("  ")) for line in files[HASHES].decode().splitlines())
    assert listed == {name: sha256(content).hexdigest() for name, content in files.items() if name != HASHES}


def test_a_case_packed_twice_is_the_same_to_the_byte() -> None:
    assert pack(a_case()) == pack(a_case())
    assert pack(a_case()).sha256 != pack(a_case("Noe annet")).sha256


def children(element: ET.Element) -> list[str]:
    return [each.tag.removeprefix(N) for each in element]


def test_the_elements_stand_in_the_order_of_noark_5() -> None:
    """The order is that of arkivstruktur.xsd, version 5.0: a schema of sequences refuses any other."""
    root = structure(opened(pack(a_case(ended_at=AT + timedelta(days=9), journal_number="26/123")).content))
    part = root.find(f"{N}arkivdel")
    assert part is not None
    folder = part.find(f"{N}mappe")
    assert folder is not None
    entry = folder.findall(f"{N}registrering")[2]
    described = entry.find(f"{N}dokumentbeskrivelse")
    assert described is not None
    made = ["opprettetDato", "opprettetAv"]
    ended = ["avsluttetDato", "avsluttetAv"]
    assert children(root) == ["systemID", "tittel", "arkivstatus", *made, *ended, "arkivskaper", "arkivdel"]
    assert children(part) == ["systemID", "tittel", "arkivdelstatus", *made, *ended, "mappe"]
    assert children(folder) == [
        *["systemID", "mappeID", "tittel", "offentligTittel", "dokumentmedium", *made, *ended, "part"],
        *["registrering"] * 3,
        *["saksaar", "sakssekvensnummer", "saksdato", "administrativEnhet", "saksansvarlig", "saksstatus"],
    ]
    assert children(entry) == [
        *["systemID", *made, "arkivertDato", "arkivertAv", "skjerming", "dokumentbeskrivelse"],
        *["registreringsID", "tittel", "korrespondansepart"],
        *["journalaar", "journalsekvensnummer", "journalpostnummer", "journalposttype", "journalstatus"],
        *["journaldato", "dokumentetsDato"],
    ]
    assert children(described) == [
        *["systemID", "dokumenttype", "dokumentstatus", "tittel", "forfatter", *made, "dokumentmedium"],
        *["tilknyttetRegistreringSom", "dokumentnummer", "tilknyttetDato", "tilknyttetAv"],
        *["dokumentobjekt"] * 2,
    ]
    assert texts(folder, "mappeID") == ["26/123"]
    assert texts(folder, "saksstatus") == ["Avsluttet"]


def a_whole_case(cast: Any) -> Idea:
    """An idea with a question, an answer, a note among staff and an assessment."""
    idea = published(cast.actor("resident"), "Lys i akebakken", solution="**Lys** til klokka åtte.")
    adviser = cast.actor("adviser")
    asked(cast.actor("resident2"), ref=Ref("idea", idea.id))
    add_step(adviser, idea, Step.ANSWERED, text="Ja, til høsten.")
    add_step(adviser, idea, Step.NOTE, text="Husk budsjettet.", is_public=False)
    add_step(adviser, idea, Step.SENT, text="Dere eier lysene.", details={"to": "Nettselskapet"})
    db.session.add(
        Assessment(
            idea_id=idea.id, assessor_id=cast.employee.id, scores={"feasibility": 4}, comment="Enkelt.", at=clock.now()
        )
    )
    db.session.commit()
    return idea


def test_the_case_of_an_idea_tells_what_happened_and_names_nobody(cast: Any) -> None:
    idea = a_whole_case(cast)
    case = case_of(cast.actor("adviser"), Ref("idea", idea.id))
    told = {entry.title: entry for entry in case.entries}
    assert told["Forslag: Lys i akebakken"].type is EntryType.INCOMING
    assert told["Kommunen svarte"].type is EntryType.OUTGOING
    assert told["Kommunen svarte"].recipient == "Forslagsstiller"
    assert told["Sendt videre til Nettselskapet"].recipient == "Nettselskapet"
    assert told["Internt notat"].is_restricted
    assert told["Vurderinger"].is_restricted
    assert "Lys til klokka åtte." in told["Forslag: Lys i akebakken"].document.text
    files = opened(package_of(cast.actor("adviser"), Ref("idea", idea.id)).content)
    everything = b"".join(content for name, content in files.items() if not name.endswith(".pdf")).decode()
    for person in (cast.resident, cast.resident2, cast.adviser, cast.employee):
        assert person.name not in everything
        assert person.email not in everything


def test_an_organisation_is_a_party_by_its_name(cast: Any) -> None:
    signed = {"byline": Byline.ORGANISATION, "organisation_id": cast.volunteer_organisation.id}
    idea = published(cast.actor("volunteer"), **signed)
    case = case_of(cast.actor("adviser"), Ref("idea", idea.id))
    assert [party.name for party in case.parties] == [cast.volunteer_organisation.name]


def a_campaign(**values: Any) -> Campaign:
    standard = {
        "slug": "varens-dugnad",
        "key": "k",
        "title": {"nb": "Vårens dugnad", "nn": "", "en": ""},
        "lead": {"nb": "Finn tidstyvene."},
        "introduction": {},
        "goal": {},
        "result": {"nb": "308 timer i året."},
        "opens_on": clock.today(),
        "closes_on": clock.today() + timedelta(days=30),
        "audience": Audience.EVERYBODY,
        "benefit_types": [],
        "criteria": [],
        "questions": [],
        "is_announced": True,
        "created_at": clock.now(),
        "changed_at": clock.now(),
    }
    campaign = Campaign(**{**standard, **values})
    db.session.add(campaign)
    db.session.commit()
    return campaign


def test_the_case_of_a_campaign_holds_invitation_ideas_and_result(cast: Any) -> None:
    campaign = a_campaign()
    idea = published(cast.actor("resident"), "Samme skjema to ganger", campaign_id=campaign.id)
    case = case_of(cast.actor("adviser"), Ref("campaign", campaign.id))
    titles = ["Invitasjon: Vårens dugnad", "Forslag i kampanjen", "Dette kom ut av kampanjen"]
    assert [entry.title for entry in case.entries] == titles
    assert f"{idea.id}: Samme skjema to ganger." in case.entries[1].document.text
    file_campaign(cast.actor("adviser"), campaign.id, " 26/77 ")
    assert case_of(cast.actor("adviser"), Ref("campaign", campaign.id)).journal_number == "26/77"


@pytest.mark.parametrize(
    ("name", "refusal"), [("resident", Forbidden), ("employee", Forbidden), ("moderator", Forbidden), ("adviser", None)]
)
def test_only_those_who_handle_the_case_pack_it(cast: Any, name: str, refusal: type[Exception] | None) -> None:
    idea = published(cast.actor("resident"))
    if refusal is None:
        assert package_of(cast.actor(name), Ref("idea", idea.id)).name == f"idea-{idea.id}.zip"
        return
    with pytest.raises(refusal):
        package_of(cast.actor(name), Ref("idea", idea.id))


def test_what_is_not_there_is_not_found(cast: Any) -> None:
    for ref in (Ref("idea", 999_999), Ref("campaign", 999_999)):
        with pytest.raises(NotFound):
            package_of(cast.actor("adviser"), ref)


@contextmanager
def archive(app: Flask, status: int = 201) -> Iterator[list[tuple[str, dict[str, str], bytes]]]:
    """An archive that takes what is put there, and answers as it is told; the portal is set up to send to it."""
    taken: list[tuple[str, dict[str, str], bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            taken.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    before = config.current()
    address = f"http://127.0.0.1:{server.server_port}/inn/"
    app.config["PORTAL"] = replace(before, archive_url=address, archive_token="hemmelig")
    try:
        yield taken
    finally:
        app.config["PORTAL"] = before
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_case_is_sent_once_and_what_the_archive_took_is_remembered(
    app: Flask, cast: Any, run_worker: Callable[[], None]
) -> None:
    idea = published(cast.actor("resident"))
    ref = Ref("idea", idea.id)
    with archive(app) as taken:
        send_to_archive(cast.actor("adviser"), ref)
        send_to_archive(cast.actor("adviser"), ref)
        assert taken == []
        run_worker()
    [(path, headers, content)] = taken
    assert path == f"/inn/idea-{idea.id}.zip"
    assert headers["Authorization"] == "Bearer hemmelig"
    assert headers["Content-Digest"].startswith("sha-256=:")
    standing = db.session.get_one(ArchivedCase, (ref.kind, ref.id), populate_existing=True)
    assert standing.delivered_at is not None
    assert standing.sha256 == sha256(content).hexdigest()
    assert STRUCTURE in opened(content)


def test_an_archive_that_refuses_is_asked_again(app: Flask, cast: Any, run_worker: Callable[[], None]) -> None:
    idea = published(cast.actor("resident"))
    with archive(app, status=503) as taken:
        send_to_archive(cast.actor("adviser"), Ref("idea", idea.id))
        run_worker()
    assert len(taken) == 1
    row = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "ideas.archive")).one()
    assert (row.done_at, "503" in (row.last_error or "")) == (None, True)
    assert db.session.get_one(ArchivedCase, ("idea", idea.id), populate_existing=True).delivered_at is None


def test_nothing_is_sent_when_no_archive_is_set_up(cast: Any) -> None:
    idea = published(cast.actor("resident"))
    with pytest.raises(Conflict):
        send_to_archive(cast.actor("adviser"), Ref("idea", idea.id))
    assert db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "ideas.archive")).all() == []


def test_the_pages_from_package_to_sending(
    app: Flask, cast: Any, visitor: Callable[..., Any], count_queries: Any
) -> None:
    idea = a_whole_case(cast)
    adviser = visitor("adviser")
    page = adviser.get("ideas_archive.idea", idea_id=idea.id)
    assert "Det er ikke satt opp noe arkiv" in page.text
    assert "Sendt videre til Nettselskapet" in page.text
    answer = adviser.client.get(f"/ideer/styring/{idea.id}/arkiv.zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="idea-{idea.id}.zip"'
    assert STRUCTURE in opened(answer.data)
    with archive(app):
        assert "Send til arkivet" in adviser.get("ideas_archive.idea", idea_id=idea.id).text
        sent = adviser.post("ideas_archive.send_idea", idea_id=idea.id)
        assert sent.status == 303
        assert "på vei til arkivet" in adviser.get("ideas_archive.idea", idea_id=idea.id).text


def test_the_pages_of_a_campaign_keep_its_number(cast: Any, visitor: Callable[..., Any], count_queries: Any) -> None:
    campaign = a_campaign()
    adviser = visitor("adviser")
    adviser.post("ideas_archive.file_campaign", campaign_id=campaign.id, _data={"journal_number": "26/77"})
    with count_queries(at_most=8):
        adviser.get("ideas_archive.campaign", campaign_id=campaign.id)
    assert "26/77" in adviser.get("ideas_archive.campaign", campaign_id=campaign.id).text
    assert STRUCTURE in opened(adviser.client.get(f"/kampanjer/styring/{campaign.id}/arkiv.zip").data)
