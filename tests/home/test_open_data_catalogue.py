"""The catalogue: what DCAT-AP-NO requires is there, both forms say the same, and what it points at is what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace
from rdflib.term import Node

from portal import config
from portal.accounts.actions.settings import BrandingDraft, SettingDraft, change_branding, change_setting
from portal.home.open_data import shelf
from portal.home.open_data.about import catalogue_of
from portal.home.open_data.catalogue import EU, LANGUAGES
from portal.home.open_data.export import write_all
from portal.home.open_data.sets import DATASETS
from portal.home.open_data.shelf import Contents, Shelf
from tests.home.opened import one_of_each
from tests.support.cast import Cast
from tests.support.page import Visitor

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader makes one

Open = Callable[..., Visitor]
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
ALL_SAY = (DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.publisher, DCAT.contactPoint)
REQUIRED = {
    DCAT.Catalog: ALL_SAY,
    DCAT.Dataset: (*ALL_SAY, DCAT.theme),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCTERMS.title, DCTERMS.identifier, DCTERMS.publisher, DCAT.contactPoint, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
    VCARD.Kind: (VCARD.fn,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
"""What must be there in DCAT-AP-NO 2.2; of catalogue and service also what version 3 asks for."""
RECOMMENDED = {
    DCAT.Catalog: (
        *(DCAT.dataset, DCAT.service, DCAT.themeTaxonomy, DCTERMS.spatial),
        *(DCTERMS.license, DCTERMS.language, DCTERMS.modified, FOAF.homepage),
    ),
    DCAT.Dataset: (DCAT.distribution, DCAT.keyword, DCTERMS.spatial, DCTERMS.accessRights),
    DCAT.Distribution: (DCTERMS["format"], ADMS.status, DCATAP.availability),
    DCAT.DataService: (DCAT.endpointDescription, DCAT.servesDataset, DCTERMS.conformsTo),
}
ONCE = (DCTERMS.identifier, DCTERMS.publisher, DCTERMS.license, DCTERMS.accessRights, DCTERMS.modified, DCAT.byteSize)
OF_THE_EU = {
    DCTERMS.license: "licence",
    DCTERMS.accessRights: "access-right",
    DCTERMS.accrualPeriodicity: "frequency",
    DCTERMS.language: "language",
    DCTERMS["format"]: "file-type",
    DCAT.theme: "data-theme",
    DCATAP.availability: "planned-availability",
    ADMS.status: "distribution-status",
}
"""Whose values stand in which of the EU's controlled vocabularies."""


@pytest.fixture
def catalogue(cast: Cast, visitor: Open) -> Graph:
    one_of_each(cast)
    write_all(shelf.of(config.current()))
    return read(visitor())


def read(reader: Visitor, view: str = "turtle") -> Graph:
    """Read the catalogue as a harvester does: nothing is fetched from anywhere."""
    answer = reader.get(f"open_data.{view}")
    kind = answer.response.mimetype
    assert kind == {"turtle": "text/turtle", "json_ld": "application/ld+json"}[view]
    return Graph().parse(data=answer.text, format={"turtle": "turtle", "json_ld": "json-ld"}[view])


def test_turtle_and_json_ld_say_the_same(catalogue: Graph, visitor: Open) -> None:
    other = read(visitor(), "json_ld")
    assert len(catalogue) > 200
    assert isomorphic(catalogue, other)


@pytest.mark.parametrize("kind", REQUIRED, ids=lambda kind: str(kind).rsplit("#", 1)[-1].rsplit("/", 1)[-1])
def test_each_thing_says_what_it_must_and_what_it_should(catalogue: Graph, kind: Node) -> None:
    things = set(catalogue.subjects(RDF.type, kind))
    assert things
    for thing in things:
        for name in (*REQUIRED[kind], *RECOMMENDED.get(kind, ())):
            assert list(catalogue.objects(thing, name)), f"{thing} has no {name}"
        for name in ONCE:
            assert len(list(catalogue.objects(thing, name))) <= 1, f"{thing} has several {name}"


def test_each_file_has_its_licence_but_where_every_row_has_its_own(catalogue: Graph) -> None:
    for file in catalogue.subjects(RDF.type, DCAT.Distribution):
        licences, rights = (list(catalogue.objects(file, name)) for name in (DCTERMS.license, DCTERMS.rights))
        if "/losninger." in str(file):
            (said,) = rights
            told = {str(each) for each in catalogue.objects(said, DCTERMS.description)}
            assert (licences, "Hver rad har sin egen lisens. Den står i kolonnen «licence»." in told) == ([], True)
        else:
            assert (len(licences), rights) == (1, []), file


def test_every_dataset_is_in_the_catalogue_and_the_api_serves_it(catalogue: Graph) -> None:
    (home,) = catalogue.subjects(RDF.type, DCAT.Catalog)
    (service,) = catalogue.objects(home, DCAT.service)
    datasets = set(catalogue.objects(home, DCAT.dataset))
    assert {str(each) for each in datasets} == {f"http://localhost/apne-data/{each.name}/" for each in DATASETS}
    assert set(catalogue.objects(service, DCAT.servesDataset)) == datasets
    for dataset in datasets:
        assert len(list(catalogue.objects(dataset, DCAT.distribution))) == 2


def test_texts_are_told_once_in_each_language(catalogue: Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService):
        for thing in catalogue.subjects(RDF.type, kind):
            for name in (DCTERMS.title, DCTERMS.description):
                told = [each.language for each in catalogue.objects(thing, name) if isinstance(each, Literal)]
                assert sorted(told) == ["en", "nb", "nn"], f"{thing} {name}"
    assert set(catalogue.objects(None, DCTERMS.language)) == set(LANGUAGES)


def test_values_are_of_the_vocabularies_that_are_asked_for(catalogue: Graph) -> None:
    for name, vocabulary in OF_THE_EU.items():
        values = set(catalogue.objects(None, name))
        assert values, name
        assert all(str(each).startswith(EU[f"{vocabulary}/"]) for each in values), name


def test_numbers_and_times_have_their_types(catalogue: Graph) -> None:
    for size in catalogue.objects(None, DCAT.byteSize):
        assert isinstance(size, Literal)
        assert size.datatype == XSD.nonNegativeInteger
    for moment in catalogue.objects(None, DCTERMS.modified):
        assert isinstance(moment, Literal)
        assert moment.datatype == XSD.dateTime
        assert moment.toPython().tzinfo is not None


def test_each_file_is_there_and_is_what_the_catalogue_says(catalogue: Graph, visitor: Open) -> None:
    reader = visitor()
    distributions = list(catalogue.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 2 * len(DATASETS)
    for each in distributions:
        (address,) = catalogue.objects(each, DCAT.downloadURL)
        (media,) = catalogue.objects(each, DCAT.mediaType)
        (size,) = catalogue.objects(each, DCAT.byteSize)
        (checksum,) = catalogue.objects(each, SPDX.checksum)
        (value,) = catalogue.objects(checksum, SPDX.checksumValue)
        answer = reader.get_url(urlsplit(str(address)).path).response
        assert str(media).endswith(answer.mimetype)
        assert len(answer.data) == int(str(size))
        assert hashlib.sha256(answer.data).hexdigest() == str(value).lower()


def test_the_pages_it_points_at_are_there(catalogue: Graph, visitor: Open) -> None:
    reader = visitor()
    pointed = {DCAT.landingPage, FOAF.homepage, FOAF.page, VCARD.hasURL, DCAT.endpointDescription}
    for address in {str(each) for name in pointed for each in catalogue.objects(None, name)}:
        assert address.startswith("http://localhost/")
        reader.get_url(urlsplit(address).path)


def test_the_publisher_is_the_one_that_data_norge_knows_when_its_number_is_told(
    cast: Cast, catalogue: Graph, visitor: Open
) -> None:
    assert set(catalogue.objects(None, DCTERMS.publisher)) == {URIRef("http://localhost/apne-data/#utgiver")}
    admin = cast.actor("admin")
    change_setting(admin, "organisation_number", SettingDraft(value=["920 125 298"], version=0))
    contact = {"contact_email": "post@asker.example", "contact_text": ""}
    change_branding(admin, BrandingDraft(name="Asker", short_name="Asker", theme="asker", version=0, **contact))
    told = read(visitor())
    (publisher,) = set(told.objects(None, DCTERMS.publisher))
    assert str(publisher).endswith("/organizations/920125298")
    assert str(told.value(publisher, DCTERMS.identifier)) == "920125298"
    assert URIRef("mailto:post@asker.example") in set(told.objects(None, VCARD.hasEmail))


@pytest.mark.parametrize("told", ["", "123456789", "<ikke et nummer>"])
def test_a_number_that_cannot_be_is_not_told(cast: Cast, catalogue: Graph, visitor: Open, told: str) -> None:
    change_setting(cast.actor("admin"), "organisation_number", SettingDraft(value=[told], version=0))
    assert set(read(visitor()).objects(None, DCTERMS.publisher)) == {URIRef("http://localhost/apne-data/#utgiver")}


def test_the_catalogue_is_whole_before_anything_is_written(app: Flask, tmp_path: Path) -> None:
    assert Shelf(str(tmp_path / "nothing")).contents() == Contents()
    with app.test_request_context():
        graph = catalogue_of(Contents())
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 2 * len(DATASETS)
    assert not list(graph.objects(None, DCAT.byteSize))
