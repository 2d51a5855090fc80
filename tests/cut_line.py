"""A line to a real server that a test can cut and mend: the server itself goes on, for all others who use it."""

import contextlib
import selectors
import socket
import threading
from urllib.parse import urlsplit


class CutLine:
    """A TCP relay on a port of its own. While it is cut, connections are refused and those under way are broken.

    `carried` counts the bytes that went over it, in both directions.
    """

    def __init__(self, url):
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._lock = threading.Lock()
        self._open = set()
        self._listener = None
        self._port = 0
        self.carried = 0
        self._left = None
        self.mend()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    @property
    def is_cut(self):
        return self._listener is None

    def cut_after(self, count):
        """Cut by itself once so many more bytes have gone to the server."""
        self._left = count

    def mend(self):
        """Accept connections again, on the same port as before."""
        listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self):
        """Refuse new connections and break the open ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            broken = list(self._open)
        for connection in broken:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener):
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near):
        with near, socket.create_connection(self._target) as far, selectors.DefaultSelector() as ready:
            with self._lock:
                self._open |= {near, far}
            try:
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                with contextlib.suppress(OSError):
                    while self._pass_on(ready, near):
                        pass
            finally:
                with self._lock:
                    self._open -= {near, far}

    def _pass_on(self, ready, near):
        for key, _events in ready.select():
            data = key.fileobj.recv(65536)
            if not data:
                return False
            key.data.sendall(data)
            with self._lock:
                self.carried += len(data)
            if key.fileobj is near:
                self._count(len(data))
        return True

    def _count(self, sent):
        with self._lock:
            if self._left is None:
                return
            self._left -= sent
            if self._left > 0:
                return
            self._left = None
        self.cut()
