"""The worker of gunicorn whose threads wait for no client: its loop gathers requests and sends the rest of answers.

gunicorn's own gives a connection a thread as soon as its first bytes come, and lets it wait there for the rest, for
ever; and its loop stands still for up to two seconds until a client takes note that a connection is closed.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any, Final

from gunicorn import http
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import TConn, ThreadWorker

from gateway.door import unreadable
from gateway.door.receiving import Leaving, Patience, Receiving

#: Connections at most. One more, and whoever has kept us waiting the longest is left. Most systems let a process have
#: 1,024 files.
CONNECTIONS: Final = 800
#: Most bytes that are kept of all connections together, of requests and of answers.
KEPT_IN_ALL: Final = 64 * 1024 * 1024
#: Most bytes of an answer that the loop sends; a thread waits until no more are left. Most answers are shorter.
UNSENT: Final = 4 * 1024 * 1024
#: Threads of uploads for each of the others. They wait for slow lines most of the time.
UPLOADS: Final = 4
#: Seconds between looks for whoever is too slow.
LOOK: Final = 0.25
#: Seconds for which a stopping worker waits for requests that are on their way.
STOPPING: Final = 2.0
_PIECE: Final = 64 * 1024
#: What gunicorn refuses for its size → the status of the answer.
_STATUSES: Final = {LimitRequestLine: 414, LimitRequestHeaders: 431}


class Line(socket.socket):
    """A visitor's connection in a thread. It breaks off where the visitor is waited for too long in all."""

    def __init__(self, **of: Any) -> None:
        super().__init__(**of)
        self.patience = Patience()
        #: Whether the answer is the last: what of a long body nobody has read would have to be read before the next.
        self.ends = False
        #: What of the answer the client has not taken yet.
        self.unsent = bytearray()

    def pieces(self) -> Iterator[bytes]:
        """What comes, as it comes."""
        while piece := self._receive():
            yield piece

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send what the client takes at once. Where much is left, wait; the loop sends the end."""
        self.unsent += data
        self.send_some()
        while len(self.unsent) > UNSENT:
            with self._waiting() as spend:
                sent = self.send(self.unsent, flags)
                spend(sent)
            del self.unsent[:sent]

    def send_some(self) -> int:
        """Send what the client takes at once; returns the number of bytes."""
        self.setblocking(False)
        try:
            sent = self.send(self.unsent)
        except BlockingIOError:
            return 0
        del self.unsent[:sent]
        return sent

    def _receive(self) -> bytes:
        with self._waiting() as spend:
            piece = self.recv(_PIECE)
            spend(len(piece))
        return piece

    @contextmanager
    def _waiting(self) -> Iterator[Callable[[int], None]]:
        """Wait in the block as long as there is patience; what is given says how many bytes have moved."""
        began = time.monotonic()
        try:
            self.settimeout(self.patience.seconds)
            yield lambda moved: self.patience.spend(time.monotonic() - began, moved)
        except TimeoutError:  # for gunicorn as if the client had left
            raise ConnectionResetError(errno.ECONNRESET, "too slow") from None


class Sending:
    """An answer of which a part was not taken at once."""

    def __init__(self, then: Callable[[], None], now: float) -> None:
        self.then = then
        self._patience = Patience()
        self._since = now

    def moved(self, size: int, now: float) -> None:
        """The client took so much."""
        self._patience.spend(now - self._since, size)
        self._since = now

    def is_late(self, now: float) -> bool:
        """Whether the client has taken too little for too long."""
        return self._patience.is_over(now - self._since)


class Worker(ThreadWorker):
    """Gathers requests in its loop, closes who is too slow, and answers unreadable requests with a problem document.

    Bodies of uploads are too long to be gathered: threads of their own read them, so that pages never wait for those.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._receiving: dict[TConn, Receiving] = {}
        self._sending: dict[TConn, Sending] = {}
        self._leaving: dict[TConn, Leaving] = {}
        self._looked = 0.0

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The threads of whole requests; those of uploads lie beside them."""
        self._uploads = ThreadPoolExecutor(self.cfg.threads * UPLOADS)
        pool: ThreadPoolExecutor = super().get_thread_pool()
        return pool

    def enqueue_req(self, conn: TConn) -> None:
        """A new connection."""
        conn.sock = Line(fileno=conn.sock.detach())
        conn.initialized = True  # no TLS, and a parser for each request
        self._receive(conn, b"")

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """A thread has answered."""
        goes_on = not fs.cancelled() and fs.exception() is None and fs.result()
        if goes_on:
            self._send(conn, lambda: self._receive(conn, conn.parser.unreader.take_buffered()))
        else:
            self._send(conn, lambda: self._leave(conn))

    def murder_pending(self) -> None:
        """Look after every turn of the loop for connections that have to go."""
        while self.nr_conns >= self.worker_connections:
            longest = next(chain(self._leaving, self._receiving, self._sending), None)
            if longest is None:
                break
            self._close(longest)
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            self._close_late(now)
            self._close_large()

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Answer in a thread. Returns whether the connection goes on."""
        if conn.sock.ends:
            req.force_close()
        goes_on: bool = super().handle_request(req, conn)
        return goes_on

    def handle_error(self, _request: Any, client: socket.socket, _address: Any, error: Exception) -> None:
        """Answer a request that cannot be parsed; nothing is logged of its contents."""
        status = _STATUSES.get(type(error), 400)
        client.sendall(unreadable.answer_to(status, type(error).__name__))

    def _receive(self, conn: TConn, began: bytes) -> None:
        """Wait for a request; its beginning came behind the one before."""
        conn.sock.setblocking(False)
        self._receiving[conn] = Receiving(time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_part, conn))
        if began:
            self._add(conn, began)

    def _on_part(self, conn: TConn, _socket: Any) -> None:
        part = _read(conn)
        if part == b"":
            self._close(conn)
        elif part is not None:
            self._add(conn, part)

    def _add(self, conn: TConn, part: bytes) -> None:
        request = self._receiving[conn]
        request.add(part, time.monotonic())
        if request.refusal is not None:
            self._refuse(conn, request.refusal, "head")
        elif request.is_whole:
            self._hand_over(conn, self.tpool, (bytes(request.came),))
        elif request.is_open:
            conn.sock.ends = True
            self._hand_over(conn, self._uploads, chain((bytes(request.came),), conn.sock.pieces()))

    def _hand_over(self, conn: TConn, pool: ThreadPoolExecutor, pieces: Any) -> None:
        """Give the request a thread. Of a whole one there is nothing to wait for."""
        self._forget(conn)
        conn.sock.patience = Patience()
        conn.parser = http.get_parser(self.cfg, pieces, conn.client)
        conn.data_ready = True
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda answered: self.method_queue.defer(self.finish_request, conn, answered))

    def _refuse(self, conn: TConn, status: int, why: str) -> None:
        self._forget(conn)
        conn.sock.unsent += unreadable.answer_to(status, why)
        self._send(conn, lambda: self._leave(conn))

    def _send(self, conn: TConn, then: Callable[[], None]) -> None:
        """Send what is left of the answer, and then go on."""
        try:
            conn.sock.send_some()
        except OSError:
            self._close(conn)
            return
        if conn.sock.unsent:
            self._sending[conn] = Sending(then, time.monotonic())
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._on_taken, conn))
        else:
            then()

    def _on_taken(self, conn: TConn, _socket: Any) -> None:
        sending = self._sending[conn]
        try:
            sending.moved(conn.sock.send_some(), time.monotonic())
        except OSError:
            self._close(conn)
            return
        if not conn.sock.unsent:
            self._forget(conn)
            sending.then()

    def _leave(self, conn: TConn) -> None:
        """Read what still comes, until the client closes too: closing first could lose it the answer."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._leaving[conn] = Leaving(time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_rest, conn))

    def _on_rest(self, conn: TConn, _socket: Any) -> None:
        part = _read(conn)
        if part == b"":
            self._close(conn)
        elif part is not None:
            self._leaving[conn].add(len(part), time.monotonic())

    def _close_late(self, now: float) -> None:
        for conn, request in list(self._receiving.items()):
            if request.is_late(now):
                if request.came:
                    self._refuse(conn, 408, "late")
                else:
                    self._close(conn)
            elif not self.alive and not request.came and request.waited(now) >= STOPPING:
                self._close(conn)
        over = [conn for conn, leaving in self._leaving.items() if leaving.is_over(now)]
        over += [conn for conn, sending in self._sending.items() if sending.is_late(now)]
        for conn in over:
            self._close(conn)

    def _close_large(self) -> None:
        kept = {conn: len(request.came) for conn, request in self._receiving.items()}
        kept |= {conn: len(conn.sock.unsent) for conn in self._sending}
        in_all = sum(kept.values())
        while in_all > KEPT_IN_ALL:
            largest = max(kept, key=kept.__getitem__)
            in_all -= kept.pop(largest)
            self._close(largest)

    def _forget(self, conn: TConn) -> None:
        """The loop waits for nothing more from the connection."""
        for waiting in (self._receiving, self._sending, self._leaving):
            if waiting.pop(conn, None) is not None:
                self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()


def _read(conn: TConn) -> bytes | None:
    """What has come; b"" where the client has closed, None where nothing came."""
    try:
        part: bytes = conn.sock.recv(_PIECE)
    except BlockingIOError:
        return None
    except OSError:
        return b""
    return part
