"""A connection to RabbitMQ that is kept alive: one thread reads it, any thread may write to it.

Works with native threads (the gateway) and with green ones (services, after eventlet's monkey-patching) alike.
py-amqp is used as it is; kombu's layers above it cost as much CPU again for each message (docs/decisions.md).
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import amqp
import structlog
from amqp import spec
from amqp.exceptions import AMQPError

from kernel.clock import Pause
from kernel.errors import Unavailable

log = structlog.get_logger()

HEARTBEAT: Final = 10
CONNECT_TIMEOUT: Final = 5
#: Seconds that the network may leave our bytes unacknowledged before the connection is given up.
SILENCE: Final = 10
#: Seconds within which the broker has to answer what is declared on a new connection. A queue without a leader
#: answers never, while heartbeats go on arriving.
SETUP_TIMEOUT: Final = 15
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 3.0
#: Seconds between two looks at the heartbeat while nothing arrives.
TICK: Final = 2.0

READ_AHEAD: Final = 65536

DOWN: Final = (AMQPError, OSError)


class Link:
    """One connection with one channel, made again when it breaks."""

    def __init__(
        self,
        url: str,
        name: str,
        prepare: Callable[[amqp.Channel], None],
        on_lost: Callable[[], None] = lambda: None,
        begin: Callable[[amqp.Channel], None] = lambda channel: None,
    ) -> None:
        """`prepare` declares what is needed on each new channel, `begin` then starts consumers.

        `on_lost` is told when a connection broke.

        `name` is what RabbitMQ's own pages show.
        """
        self.name = name
        #: Counts connections: a delivery of an earlier one cannot be acknowledged any more.
        self.generation = 0
        self.connected = False
        #: Set while the broker takes no messages (memory or disk alarm).
        self.blocked = False
        self._url = url
        self._prepare = prepare
        self._on_lost = on_lost
        self._begin = begin
        self._connection: amqp.Connection | None = None
        self._channel: amqp.Channel | None = None
        #: Kept here: py-amqp connects anew where it is asked for the socket of a connection that the broker closed.
        self._socket: socket.socket | None = None
        self._lock = threading.RLock()
        self._until_tick = Pause(TICK)
        self._thread: threading.Thread | None = None
        #: Wakes the reader, which alone may read the connection, and so alone can hang up.
        self._bell, self._hears = socket.socketpair()
        self._closing = threading.Event()

    def start(self) -> None:
        """Connect, and stay so, in a thread of its own. Returns at once."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """Hang up in order. What was written is on its way; what is unacknowledged goes back to its queue."""
        self._closing.set()
        with suppress(OSError):  # a reader that was between two tries has ended already, and closed the bell
            self._bell.send(b"!")
        if self._thread is not None:
            self._thread.join(timeout)

    @contextmanager
    def writing(self) -> Iterator[amqp.Channel]:
        """The channel, for this thread alone. Raises `Unavailable` while there is no connection."""
        with self._lock:
            channel = self._channel
            if channel is None or not self.connected:
                raise Unavailable("The message broker cannot be reached.", rule="broker-away")
            try:
                yield channel
            except DOWN as error:
                self._broken(error)
                raise Unavailable("The message broker cannot be reached.", rule="broker-away") from error

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            try:
                self._connect()
            except Exception as error:  # noqa: BLE001  # a link without its thread would be deaf for ever
                log.warning("broker_away", link=self.name, error=type(error).__name__, again_in=round(pause, 1))
                self._closing.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            self._read_until_lost()
        self._bell.close()
        self._hears.close()

    def _connect(self) -> None:
        connection = amqp.Connection(**connection_arguments(self._url, self.name))
        connection.on_blocked = self._note_blocked
        connection.on_unblocked = self._note_unblocked
        try:
            connection.connect()
            with _cut_after(SETUP_TIMEOUT, connection.transport.sock):
                self._set_up(connection)
        except Exception as error:
            with self._lock:
                self._broken(error)  # where it was in use already
            connection.collect()
            raise
        log.info("broker_connected", link=self.name)

    def _set_up(self, connection: amqp.Connection) -> None:
        channel = connection.channel()
        self._prepare(channel)
        transport = connection.transport
        transport._quick_recv = _ReadAhead(transport.sock, transport._quick_recv)
        # a frame or a write that stalls as long as this means that the network is gone
        transport.sock.settimeout(SILENCE)
        with self._lock:
            self._connection, self._channel, self._socket = connection, channel, transport.sock
            self.generation += 1
            self.blocked = False
            self.connected = True
            self._begin(channel)  # whoever is woken by what arrives now waits for the lock

    def _read_until_lost(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            while not self._closing.is_set() and self.connected:
                self._read(connection)
        except Exception as error:  # noqa: BLE001  # as above
            with self._lock:
                self._broken(error)
        self._hang_up(connection)

    def _hang_up(self, connection: amqp.Connection) -> None:
        with self._lock, suppress(*DOWN):
            if self.connected:
                self.connected, self._channel = False, None
                self._on_lost()
                connection.close()
            else:
                connection.collect()

    def _read(self, connection: amqp.Connection) -> None:
        """Take what has arrived, without the lock while waiting for it."""
        ahead: _ReadAhead = connection.transport._quick_recv
        if not ahead.waiting():
            readable, _, _ = select.select([connection.transport.sock, self._hears], [], [], TICK)
            if connection.transport.sock not in readable:
                with self._lock:
                    connection.heartbeat_tick()
                return
        with self._lock:
            # one frame at a time: drain_events goes on to wait for a whole method, and we hold the lock
            connection.blocking_read()
            while self.connected and ahead.waiting():
                connection.blocking_read()
            if self._until_tick.over():
                self._until_tick.begin()
                connection.heartbeat_tick()

    def _broken(self, error: Exception) -> None:
        """Called with the lock held, by whoever noticed first; the reader then clears up."""
        if not self.connected:
            return
        self.connected = False
        self._channel = None
        log.warning("broker_lost", link=self.name, error=type(error).__name__)
        with suppress(OSError):
            assert self._socket is not None
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the reader
        self._on_lost()

    def _note_blocked(self, _reason: str) -> None:
        self.blocked = True
        log.warning("broker_blocked", link=self.name)

    def _note_unblocked(self) -> None:
        self.blocked = False
        log.info("broker_unblocked", link=self.name)


@contextmanager
def _cut_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """End the connection, for whoever reads it, where the block takes longer than `seconds`."""

    def cut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def publish(
    channel: amqp.Channel, message: amqp.Message, exchange: str, routing_key: str, *, mandatory: bool = True
) -> None:
    """Send a message; a `mandatory` one that reaches no queue is returned.

    `Channel.basic_publish` would read the connection in between, which is its reader's to do.
    """
    channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, routing_key, mandatory, False), message)


def connection_arguments(url: str, name: str) -> dict[str, Any]:
    """py-amqp's arguments for an `amqp://` or `amqps://` URL."""
    parts = urlsplit(url)
    secure = parts.scheme == "amqps"
    return {
        "host": f"{parts.hostname}:{parts.port or (5671 if secure else 5672)}",
        "userid": unquote(parts.username or "guest"),
        "password": unquote(parts.password or "guest"),
        "virtual_host": unquote(parts.path[1:]) or "/",
        "ssl": secure,
        "heartbeat": HEARTBEAT,
        "connect_timeout": CONNECT_TIMEOUT,
        "socket_settings": {socket.TCP_USER_TIMEOUT: SILENCE * 1000},
        "client_properties": {"connection_name": name},
    }


class _ReadAhead:
    """Reads from the socket in large pieces: py-amqp asks for each frame in three small ones."""

    def __init__(self, sock: Any, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._pending: Callable[[], int] = getattr(sock, "pending", lambda: 0)  # what TLS has decrypted already
        self._buffer = b""
        self._position = 0

    def __call__(self, count: int) -> bytes:
        """At least one byte and at most `count`; empty when the other side has hung up."""
        if self._position >= len(self._buffer):
            self._buffer, self._position = self._receive(READ_AHEAD), 0
        start = self._position
        self._position = start + count
        return self._buffer[start : self._position]

    def waiting(self) -> bool:
        """Whether bytes are here that select does not know of."""
        return self._position < len(self._buffer) or self._pending() > 0
