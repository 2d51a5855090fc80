"""A virus scanner of a few lines that speaks clamd's INSTREAM, finds the EICAR string, and misbehaves as the test says."""

import socketserver
import threading

from tests.factories.files import EICAR


class _Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.asked.set()
        if self.server.behaviour == "hangs up":
            return
        assert self._exactly(10) == b"zINSTREAM\0"
        body = b""
        while length := int.from_bytes(self._exactly(4), "big"):
            body += self._exactly(length)
        self.server.seen.append(body)
        if self.server.behaviour == "is silent":
            self.server.closing.wait()
        elif self.server.behaviour == "stumbles":
            self.request.sendall(b"stream: Can't allocate memory ERROR\0")
        else:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in body else b"stream: OK\0")

    def _exactly(self, count):
        read = b""
        while len(read) < count:
            more = self.request.recv(count - len(read))
            if not more:
                raise ConnectionError("The other side has gone.")
            read += more
        return read


class VirusScanner(socketserver.ThreadingTCPServer):
    """Listens on a port of its own until it is closed; `seen` is what it was given."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.url = f"tcp://127.0.0.1:{self.server_address[1]}"
        self.behaviour = ""
        self.seen = []
        self.asked, self.closing = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A line that is broken off is no error of the scanner's."""

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()
