"""Real servers on loopback for the tests of what leaves the house."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def web_server(answer, address="127.0.0.1", secure=None):
    """Run a server whose every request is answered by answer(handler); yields its port and the requests it has seen."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self)
            answer(self)

        do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the base class calls

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_):
            """A client that hangs up in the middle is what these tests are about."""

    seen = []
    server = Server((address, 0), Handler)
    if secure:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(body=b"", status=200, **headers):
    """Make an answer of a status, headers and a body."""

    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer
