"""The catalogue of the open data after DCAT-AP-NO 2.2, which data.norge.no and others read: Turtle and JSON-LD.

Source: https://data.norge.no/specification/dcat-ap-no
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, RDF, SKOS, XSD
from rdflib.term import Node

from portal.home.open_data.files import in_each_language
from portal.home.open_data.shape import ITS_OWN, Dataset, Licence
from portal.home.open_data.shelf import Contents, Written
from portal.kernel.i18n import _l

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = Namespace("http://publications.europa.eu/resource/authority/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
PREFIXES = {
    "adms": ADMS,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dct": DCTERMS,
    "foaf": FOAF,
    "geo": GEO,
    "org": ORG,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}
ORGANISATIONS = "https://organization-catalog.fellesdatakatalog.digdir.no/organizations/"
OPENAPI = "https://spec.openapis.org/oas/v3.1.0"

LICENCES: Mapping[Licence, URIRef] = {
    Licence.NLOD: EU["licence/NLOD_2_0"],
}
MEDIA: Mapping[str, tuple[URIRef, URIRef]] = {
    "csv": (EU["file-type/CSV"], URIRef("https://www.iana.org/assignments/media-types/text/csv")),
    "json": (EU["file-type/JSON"], URIRef("https://www.iana.org/assignments/media-types/application/json")),
}
LANGUAGES = tuple(EU[f"language/{code}"] for code in ("NOB", "NNO", "ENG"))
HOURLY = EU["frequency/HOURLY"]
PUBLIC = EU["access-right/PUBLIC"]


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """The municipality that answers for the data."""

    name: str
    number: str
    """Of the municipality."""
    organisation_number: str
    """Empty when nobody has told it."""
    email: str
    point: tuple[float, float] | None
    """Latitude and longitude, where the register has the municipality."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where things are found, each a whole address; that of a dataset ends with a slash."""

    page: str
    contact: str
    api: str
    api_description: str
    api_docs: str

    def dataset(self, dataset: Dataset) -> str:
        return f"{self.page}{dataset.name}/"

    def file(self, dataset: Dataset, ending: str) -> str:
        return f"{self.page}{dataset.name}.{ending}"


class Catalogue:
    """The catalogue as a graph; everything in it has an address, so that it is written the same way each time."""

    def __init__(self, publisher: Publisher, addresses: Addresses, contents: Contents) -> None:
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)
        self._addresses, self._contents = addresses, contents
        self._publisher = self._agent(publisher)
        self._contact = self._point(publisher)
        self._place = self._location(publisher)
        self._uri = URIRef(f"{addresses.page}katalog")
        self._name = publisher.name

    def describe(self, datasets: Sequence[Dataset]) -> Graph:
        """Return the graph of these datasets, of the API beside them, and of the catalogue that has them all."""
        about = self._about(
            self._uri,
            DCAT.Catalog,
            _l("Åpne data fra %(name)s", name=self._name),
            _l("Det innbyggerne i kommunen mener, foreslår og gjør sammen med andre, som data alle kan bruke."),
        )
        about[FOAF.homepage] = self._typed(self._addresses.page, FOAF.Document)
        about[DCTERMS.license] = self._typed(LICENCES[Licence.NLOD], DCTERMS.LicenseDocument)
        about[DCTERMS.spatial] = self._place
        about[DCAT.themeTaxonomy] = EU["data-theme"]
        if self._contents.datasets:
            newest = max(each.at for each in self._contents.datasets.values())
            about[DCTERMS.modified] = Literal(newest.replace(microsecond=0))
        self._say(self._uri, about)
        for language in LANGUAGES:
            self.graph.add((self._uri, DCTERMS.language, language))
        service = self._service(datasets)
        self.graph.add((self._uri, DCAT.service, service))
        for dataset in datasets:
            self.graph.add((self._uri, DCAT.dataset, self._dataset(dataset, service)))
        return self.graph

    def _dataset(self, dataset: Dataset, service: URIRef) -> URIRef:
        uri = URIRef(self._addresses.dataset(dataset))
        about = self._about(uri, DCAT.Dataset, dataset.title, dataset.description)
        about |= {
            DCTERMS.spatial: self._place,
            DCTERMS.accessRights: self._typed(PUBLIC, DCTERMS.RightsStatement),
            DCTERMS.accrualPeriodicity: self._typed(HOURLY, DCTERMS.Frequency),
            DCAT.landingPage: self._typed(self._addresses.dataset(dataset), FOAF.Document),
        }
        written = self._contents.datasets.get(dataset.name)
        if written:
            about[DCTERMS.modified] = Literal(written.at.replace(microsecond=0))
        self._say(uri, about)
        for theme in dataset.themes:
            self.graph.add((uri, DCAT.theme, self._typed(EU[f"data-theme/{theme}"], SKOS.Concept)))
        for keyword in dataset.keywords:
            self._tell(uri, DCAT.keyword, keyword)
        for ending in MEDIA:
            self.graph.add((uri, DCAT.distribution, self._distribution(dataset, ending, service, written)))
        return uri

    def _distribution(self, dataset: Dataset, ending: str, service: URIRef, written: Written | None) -> URIRef:
        address = self._addresses.file(dataset, ending)
        uri, file = URIRef(f"{address}#fil"), URIRef(address)
        format_, media = MEDIA[ending]
        about: dict[Node, Node] = {
            RDF.type: DCAT.Distribution,
            DCAT.accessURL: file,
            DCAT.downloadURL: file,
            DCAT.accessService: service,
            DCTERMS.format: self._typed(format_, DCTERMS.MediaTypeOrExtent),
            DCAT.mediaType: self._typed(media, DCTERMS.MediaType),
            **self._terms(dataset, URIRef(f"{address}#vilkar")),
            DCATAP.availability: self._typed(EU["planned-availability/STABLE"], SKOS.Concept),
            ADMS.status: self._typed(EU["distribution-status/COMPLETED"], SKOS.Concept),
            FOAF.page: self._typed(self._addresses.dataset(dataset), FOAF.Document),
        }
        if written:
            about[DCTERMS.modified] = Literal(written.at.replace(microsecond=0))
            about[DCAT.byteSize] = Literal(written.sizes[ending], datatype=XSD.nonNegativeInteger)
            about[SPDX.checksum] = self._checksum(URIRef(f"{address}#sjekksum"), written.hashes[ending])
        self._say(uri, about)
        self._tell(uri, DCTERMS.title, dataset.title)
        return uri

    def _terms(self, dataset: Dataset, uri: URIRef) -> Mapping[Node, Node]:
        """Return the licence of the file, or a statement at `uri` that each row has its own."""
        if dataset.licence is not None:
            return {DCTERMS.license: self._typed(LICENCES[dataset.licence], DCTERMS.LicenseDocument)}
        self.graph.add((uri, RDF.type, DCTERMS.RightsStatement))
        self._tell(uri, DCTERMS.description, ITS_OWN)
        return {DCTERMS.rights: uri}

    def _service(self, datasets: Sequence[Dataset]) -> URIRef:
        uri = URIRef(f"{self._addresses.api}#tjeneste")
        about = self._about(
            uri,
            DCAT.DataService,
            _l("API for åpne data fra %(name)s", name=self._name),
            _l("De samme dataene, side for side og med filtre, som JSON. Du trenger ingen nøkkel."),
        )
        about |= {
            DCAT.endpointURL: URIRef(self._addresses.api),
            DCAT.endpointDescription: URIRef(self._addresses.api_description),
            DCAT.landingPage: self._typed(self._addresses.api_docs, FOAF.Document),
            DCTERMS.conformsTo: self._typed(OPENAPI, DCTERMS.Standard),
            DCTERMS.accessRights: self._typed(PUBLIC, DCTERMS.RightsStatement),
            DCTERMS.license: self._typed(LICENCES[Licence.NLOD], DCTERMS.LicenseDocument),
        }
        self._say(uri, about)
        for dataset in datasets:
            self.graph.add((uri, DCAT.servesDataset, URIRef(self._addresses.dataset(dataset))))
        return uri

    def _about(self, uri: URIRef, kind: Node, title: Any, description: Any) -> dict[Node, Node]:
        """Return what catalogue, dataset and service all must say; their titles and descriptions are told at once."""
        self._tell(uri, DCTERMS.title, title)
        self._tell(uri, DCTERMS.description, description)
        return {
            RDF.type: kind,
            DCTERMS.identifier: Literal(str(uri)),
            DCTERMS.publisher: self._publisher,
            DCAT.contactPoint: self._contact,
        }

    def _agent(self, publisher: Publisher) -> URIRef:
        number = publisher.organisation_number
        uri = URIRef(f"{ORGANISATIONS}{number}" if number else f"{self._addresses.page}#utgiver")
        about: dict[Node, Node] = {
            RDF.type: ORG.Organization,
            FOAF.name: Literal(publisher.name, lang="nb"),
            DCTERMS.type: self._typed("http://purl.org/adms/publishertype/LocalAuthority", SKOS.Concept),
        }
        if number:
            about[DCTERMS.identifier] = Literal(number)
        self.graph.add((uri, RDF.type, FOAF.Agent))  # some readers know no subclasses
        self._say(uri, about)
        return uri

    def _point(self, publisher: Publisher) -> URIRef:
        uri = URIRef(f"{self._addresses.page}#kontakt")
        about: dict[Node, Node] = {
            RDF.type: VCARD.Organization,
            VCARD.fn: Literal(publisher.name, lang="nb"),
            VCARD.hasURL: URIRef(self._addresses.contact),
        }
        if publisher.email:
            about[VCARD.hasEmail] = URIRef(f"mailto:{publisher.email}")
        self.graph.add((uri, RDF.type, VCARD.Kind))
        self._say(uri, about)
        return uri

    def _location(self, publisher: Publisher) -> URIRef:
        uri = URIRef(f"{self._addresses.page}#sted")
        about: dict[Node, Node] = {
            RDF.type: DCTERMS.Location,
            SKOS.prefLabel: Literal(publisher.name, lang="nb"),
            DCTERMS.identifier: Literal(publisher.number),
            DCTERMS.isPartOf: self._typed(EU["country/NOR"], DCTERMS.Location),
        }
        if publisher.point:
            latitude, longitude = publisher.point
            about[DCAT.centroid] = Literal(f"POINT({longitude} {latitude})", datatype=GEO.wktLiteral)
        self._say(uri, about)
        return uri

    def _checksum(self, uri: URIRef, value: str) -> URIRef:
        about: dict[Node, Node] = {
            RDF.type: SPDX.Checksum,
            SPDX.algorithm: SPDX.checksumAlgorithm_sha256,
            SPDX.checksumValue: Literal(value, datatype=XSD.hexBinary),
        }
        self._say(uri, about)
        return uri

    def _typed(self, address: str, kind: Node) -> URIRef:
        """Return what an address names, and say what kind of thing it is: some readers ask for no more than that."""
        uri = URIRef(address)
        self.graph.add((uri, RDF.type, kind))
        return uri

    def _tell(self, uri: Node, name: Node, text: Any) -> None:
        for language, told in in_each_language(text).items():
            self.graph.add((uri, name, Literal(told, lang=language)))

    def _say(self, uri: Node, about: Mapping[Node, Node]) -> None:
        for name, value in about.items():
            self.graph.add((uri, name, value))


def as_turtle(graph: Graph) -> bytes:
    """Return the catalogue as Turtle."""
    return graph.serialize(format="turtle", encoding="utf-8")


def as_json_ld(graph: Graph) -> bytes:
    """Return the catalogue as JSON-LD whose words are told in itself, so that no reader has to fetch them."""
    return graph.serialize(format="json-ld", auto_compact=True, encoding="utf-8")
