"""The guarded client against real servers on loopback: who may be asked, and where the connection goes."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask

from portal.config import Settings
from portal.kernel.outgoing import OutgoingFailed, OutgoingRefused, request
from tests.kernel.servers import make_certificate, send, server_context, web_server


def get(url, *allowed, **options):
    return request("GET", url, allow_list=allowed, **options)


def leads_to(*addresses):
    return lambda _host, _port: addresses


def never(_host, _port):
    raise AssertionError("the name must not be looked up")


# What may be asked


def test_a_listed_server_is_asked_and_its_whole_answer_given():
    with web_server(send('{"ok": "blåbær"}'.encode(), Content_Type="application/json")) as (port, seen):
        answer = get(f"http://127.0.0.1:{port}/a?b=1", f"127.0.0.1:{port}", headers={"X-Mine": "1"})
    assert answer.status == 200
    assert answer.headers["content-TYPE"] == "application/json"
    assert answer.json() == {"ok": "blåbær"}
    assert "blåbær" in answer.text
    assert (seen[0].path, seen[0].headers["X-Mine"], seen[0].headers["Host"]) == ("/a?b=1", "1", f"127.0.0.1:{port}")


def test_a_body_is_sent():
    received = []

    def answer(handler):
        received.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        send()(handler)

    with web_server(answer) as (port, _):
        request("POST", f"http://127.0.0.1:{port}/", content=b"x" * 100_000, allow_list=[f"127.0.0.1:{port}"])
    assert received == [b"x" * 100_000]


def test_an_error_answer_is_an_answer():
    with web_server(send(b"gone", status=410)) as (port, _):
        assert get(f"http://127.0.0.1:{port}/", "127.0.0.1").status == 410


def test_the_list_comes_from_the_settings_and_allow_adds_to_it(tmp_path):
    app = Flask(__name__)
    app.config["PORTAL"] = Settings(
        data_dir=tmp_path, database_url="", base_url="", secret_key="", subject_key="", keys_dir=tmp_path,
        outgoing_allow=("127.0.0.1:1",),
    )  # fmt: skip
    with app.app_context(), web_server(send(b"hei")) as (port, _):
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(OutgoingRefused, match="not in the list"):
            request("GET", url)
        assert request("GET", url, allow=[f"127.0.0.1:{port}"]).content == b"hei"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://other.example/", "partner.example"),
        ("https://partner.example.other.example/", "partner.example"),
        ("https://sub.partner.example/", "partner.example"),
        ("https://partner.example:8443/", "partner.example"),
        ("http://partner.example/", "partner.example"),
        ("http://partner.example:443/", "partner.example"),
        ("http://partner.example:8080/", "partner.example:8081"),
        ("https://127.0.0.1:9/", "partner.example"),
        ("http://127.0.0.1:9/", "127.0.0.1:8"),
        ("http://[::1]:9/", "127.0.0.1"),
        ("https://0x7f.1/", "127.0.0.1"),
        ("https://2130706433/", "127.0.0.1"),
        ("https://[::ffff:127.0.0.1]/", "127.0.0.1"),
        ("https://93.184.216.34:8443/", "93.184.216.34"),
        ("https://partner.example@127.0.0.1/", "partner.example"),
        ("https://user:secret@partner.example/", "partner.example"),
        ("https://partner.example\\@127.0.0.1/", "partner.example"),
        ("file:///etc/passwd", "partner.example"),
        ("gopher://partner.example/", "partner.example"),
        ("//partner.example/", "partner.example"),
        ("https:///", "partner.example"),
        ("https://partner.example\r\nHost: x/", "partner.example"),
        ("https://0177.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1:99999/", "127.0.0.1"),
        ("https://partner.example/", "https://partner.example"),
        ("https://partner.example/", "partner.example:x"),
        ("https://partner.example/", ""),
        ("", "partner.example"),
    ],
)
def test_what_is_not_listed_is_refused_before_its_name_is_looked_up(url, allowed):
    with pytest.raises(OutgoingRefused):
        get(url, allowed, resolve=never)


def test_a_secret_in_an_address_is_not_repeated_in_the_refusal():
    with pytest.raises(OutgoingRefused) as refusal:
        get("https://user:hemmelig@partner.example/", "partner.example", resolve=never)
    assert "hemmelig" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://partner.example/", "partner.example"),
        ("https://PARTNER.example:443/", "Partner.Example:443"),
        ("http://partner.example/", "partner.example:80"),
        ("https://partner.example:8443/", "partner.example:8443"),
        ("https://blåbær.example/", "blåbær.example"),
        ("https://xn--blbr-roah.example/", "blåbær.example"),
    ],
)
def test_what_is_listed_is_looked_up(url, allowed):
    looked_up = []

    def resolve(host, port):
        looked_up.append((host, port))
        return ["10.0.0.5"]

    with pytest.raises(OutgoingRefused, match=r"10\.0\.0\.5"):
        get(url, allowed, resolve=resolve)
    assert len(looked_up) == 1


# Private addresses


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fe80::1%1",
        "2a00::1%1",
        "ff02::1",
        "0x7f.1",
        "2130706433",
        "not an address",
    ],
)
@pytest.mark.parametrize("others", [(), ("93.184.216.34",)])
def test_a_name_that_leads_to_a_private_address_is_refused_also_among_public_ones(address, others):
    with pytest.raises(OutgoingRefused, match="not a public address"):
        get("https://partner.example/", "partner.example", resolve=leads_to(*others, address))


@pytest.mark.parametrize("spelling", ["0x7f.1", "2130706433", "127.1", "0x7f000001"])
def test_another_spelling_of_loopback_is_refused_though_it_is_listed(spelling):
    with pytest.raises(OutgoingRefused, match=r"leads to 127\.0\.0\.1"):
        get(f"https://{spelling}/", spelling)


def test_a_name_leads_to_a_private_address_when_that_is_listed_too():
    with web_server(send(b"inne")) as (port, seen):
        url = f"http://intern.example:{port}/"
        answer = get(url, f"intern.example:{port}", "127.0.0.1", resolve=leads_to("127.0.0.1"))
        with pytest.raises(OutgoingRefused):
            get(url, f"intern.example:{port}", "127.0.0.2", f"127.0.0.1:{port + 1}", resolve=leads_to("127.0.0.1"))
    assert answer.content == b"inne"
    assert [handler.headers["Host"] for handler in seen] == [f"intern.example:{port}"]


def test_localhost_in_the_list_allows_loopback_by_name():
    with web_server(send(b"her")) as (port, _):
        assert get(f"http://localhost:{port}/", "localhost").content == b"her"
        assert get(f"http://localhost:{port}/", f"localhost:{port}").content == b"her"


def test_a_redirect_is_not_followed():
    with (
        web_server(send(b"secret")) as (private_port, private_seen),
        web_server(send(status=302, Location=f"http://127.0.0.1:{private_port}/")) as (port, _),
    ):
        answer = get(f"http://127.0.0.1:{port}/", "127.0.0.1")
    assert (answer.status, answer.headers["Location"]) == (302, f"http://127.0.0.1:{private_port}/")
    assert private_seen == []


def test_a_name_that_changes_its_address_after_the_check_changes_nothing():
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with web_server(send(b"checked")) as (port, _):
        trap = ThreadingHTTPServer(("127.0.0.2", port), BaseHTTPRequestHandler)  # never serves: a request there hangs
        with trap:
            answer = get(
                f"http://partner.example:{port}/",
                f"partner.example:{port}",
                f"127.0.0.1:{port}",
                resolve=lambda *_: next(answers),
            )
    assert answer.content == b"checked"
    assert next(answers) == ["127.0.0.2"]  # it was asked once only


def test_the_next_address_is_tried_when_one_is_dead():
    with web_server(send(b"alive")) as (port, _):
        answer = get(
            f"http://partner.example:{port}/", f"partner.example:{port}", "127.0.0.1", "127.0.0.9",
            resolve=leads_to("127.0.0.9", "127.0.0.1"),
        )  # fmt: skip
    assert answer.content == b"alive"


def test_proxies_in_the_environment_are_not_used(monkeypatch):
    with web_server(send(b"proxy")) as (proxy_port, proxy_seen), web_server(send(b"direct")) as (port, _):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy_port}")
        assert get(f"http://127.0.0.1:{port}/", "127.0.0.1").content == b"direct"
    assert proxy_seen == []


# Secure connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"), "partner.example")


@pytest.fixture
def secure_server(certificate):
    names = []
    context = server_context(certificate)
    context.sni_callback = lambda _connection, name, _context: names.append(name)
    with web_server(send(b"secret"), secure=context) as (port, seen):
        yield port, seen, names


def test_a_secure_server_is_known_by_its_name_though_the_connection_goes_to_an_address(
    certificate, secure_server, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port, seen, names = secure_server
    answer = get(
        f"https://partner.example:{port}/", f"partner.example:{port}", "127.0.0.1", resolve=leads_to("127.0.0.1")
    )
    assert answer.content == b"secret"
    assert names == ["partner.example"]
    assert seen[0].headers["Host"] == f"partner.example:{port}"


@pytest.mark.parametrize(
    ("name", "trusted"), [("other.example", True), ("partner.example", False)], ids=["wrong name", "unknown authority"]
)
def test_a_certificate_that_is_wrong_ends_it(name, trusted, certificate, secure_server, monkeypatch):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port, seen, _ = secure_server
    with pytest.raises(OutgoingFailed, match="No secure connection"):
        get(f"https://{name}:{port}/", f"{name}:{port}", "127.0.0.1", resolve=leads_to("127.0.0.1"))
    assert seen == []


def test_a_server_that_speaks_no_tls_ends_it():
    with web_server(send(b"plain")) as (port, _), pytest.raises(OutgoingFailed, match="No secure connection"):
        get(f"https://127.0.0.1:{port}/", "127.0.0.1")
