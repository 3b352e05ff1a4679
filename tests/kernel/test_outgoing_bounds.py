"""The guarded client against servers that send too much, too slowly or rubbish."""

import gzip
import socket
import threading
import time
import zlib

import pytest

from portal.kernel.outgoing import OutgoingFailed, OutgoingRefused, request
from tests.kernel.servers import send, web_server


def get(url, *allowed, **options):
    return request("GET", url, allow_list=allowed, **options)


# How much


def test_an_answer_of_exactly_the_limit_is_taken_and_one_byte_more_is_not():
    with web_server(send(b"x" * 1000)) as (port, _):
        url = f"http://127.0.0.1:{port}/"
        assert len(get(url, "127.0.0.1", max_bytes=1000).content) == 1000
        with pytest.raises(OutgoingFailed, match="larger than 999 bytes"):
            get(url, "127.0.0.1", max_bytes=999)


def test_an_endless_answer_without_length_is_cut():
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with web_server(answer) as (port, _), pytest.raises(OutgoingFailed, match="larger"):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1", max_bytes=100_000)


def test_a_packed_answer_is_unpacked():
    with web_server(send(gzip.compress(b"hei " * 100, mtime=0), Content_Encoding="gzip")) as (port, seen):
        answer = get(f"http://127.0.0.1:{port}/", "127.0.0.1", max_bytes=400)
    assert answer.content == b"hei " * 100
    assert seen[0].headers["Accept-Encoding"] == "gzip"


def test_a_packed_bomb_is_cut_before_it_unfolds(monkeypatch):
    unfolded = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, bits):
            self._real = real(bits)

        def decompress(self, data, limit):
            part = self._real.decompress(data, limit)
            unfolded.append(len(part))
            return part

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    bomb = gzip.compress(bytes(50_000_000))
    with web_server(send(bomb, Content_Encoding="gzip")) as (port, _), pytest.raises(OutgoingFailed, match="larger"):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1", max_bytes=100_000)
    assert sum(unfolded) == 100_001


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("br", b"x"),
        ("deflate", zlib.compress(b"x")),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0)),
        ("gzip", b"not packed"),
        ("gzip", gzip.compress(b"x" * 1000, mtime=0)[:-4]),
        ("gzip", gzip.compress(b"x", mtime=0) + gzip.compress(b"y", mtime=0)),
    ],
)
def test_an_answer_packed_in_another_way_or_broken_is_refused(packing, body):
    with web_server(send(body, Content_Encoding=packing)) as (port, _), pytest.raises(OutgoingFailed):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1")


def test_endless_headers_are_cut():
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")

    with web_server(answer) as (port, _), pytest.raises(OutgoingFailed, match="as a web server should"):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1")


# How long


def hang(handler):
    handler.rfile.read()


def drip(what, pieces, pause=0.02):
    """Send an answer piece by piece, so that every wait is short and the whole would take seconds."""

    def answer(handler):
        handler.wfile.write(what)
        for piece in pieces:
            time.sleep(pause)
            handler.wfile.write(piece)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        hang,
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n", [b"x"] * 300),
        drip(b"HTTP/1.1 200 OK\r\nX: ", [b"x"] * 300 + [b"\r\nContent-Length: 0\r\n\r\n"]),
        drip(b"", [b"HTTP/1.1 100 Continue\r\n\r\n"] * 300 + [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]),
    ],
    ids=["no answer", "body in drops", "headers in drops", "one interim answer after another"],
)
def test_a_slow_answer_is_cut_at_the_deadline(answer):
    with web_server(answer) as (port, _), pytest.raises(OutgoingFailed, match=r"within 0\.3 seconds"):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1", timeout=0.3)


def test_a_server_that_does_not_read_is_cut_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(OutgoingFailed, match="within"):
            request(
                "POST", f"http://127.0.0.1:{port}/", content=bytes(30_000_000), allow_list=["127.0.0.1"], timeout=0.3
            )


def test_a_server_that_never_shakes_hands_is_cut_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OutgoingFailed, match="within"):
        get(f"https://127.0.0.1:{silent.getsockname()[1]}/", "127.0.0.1", timeout=0.3)


def test_a_name_server_that_hangs_is_cut_at_the_deadline():
    released = threading.Event()
    try:
        with pytest.raises(OutgoingFailed, match="within"):
            get("https://partner.example/", "partner.example", timeout=0.1, resolve=lambda *_: released.wait(30) and [])
    finally:
        released.set()


# What goes wrong


def test_a_name_without_address_is_said_so():
    def resolve(_host, _port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(OutgoingFailed, match=r"The name partner\.example was not found"):
        get("https://partner.example/", "partner.example", resolve=resolve)
    with pytest.raises(OutgoingFailed, match="has no address"):
        get("https://partner.example/", "partner.example", resolve=lambda *_: [])


def test_a_name_that_no_name_can_be_is_said_so():
    name = "a" * 64 + ".example"
    with pytest.raises(OutgoingFailed):
        get(f"https://{name}/", name)


def test_a_server_that_is_down_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OutgoingFailed, match="No connection"):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1")


@pytest.mark.parametrize("rubbish", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"])
def test_an_answer_that_is_rubbish_is_said_so(rubbish):
    with web_server(lambda handler: handler.wfile.write(rubbish)) as (port, _), pytest.raises(OutgoingFailed):
        get(f"http://127.0.0.1:{port}/", "127.0.0.1")


def test_a_line_break_in_a_header_is_refused():
    with web_server(send()) as (port, seen):
        with pytest.raises(OutgoingRefused):
            get(f"http://127.0.0.1:{port}/", "127.0.0.1", headers={"X-Mine": "a\r\nX-Other: b"})
        assert seen == []


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_not_json_is_said_so(body):
    with web_server(send(body)) as (port, _):
        answer = get(f"http://127.0.0.1:{port}/", "127.0.0.1")
    with pytest.raises(OutgoingFailed, match="isn't JSON"):
        answer.json()
