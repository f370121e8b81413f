"""A connection to RabbitMQ that is kept alive: one thread reads it, any thread may write to it.

Works with native threads (the gateway) and with green ones (services, after eventlet's monkey-patching) alike.
kombu opens the connection (`kernel.bus.broker`) and declares what is on it; the two methods that move bytes, reading
and `publish`, are ours: kombu's take twice the CPU for each message (docs/decisions.md).
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import Final

import amqp
import structlog
from amqp import spec
from amqp.exceptions import AMQPError

from kernel.bus.broker import SILENCE, Connection, brokers, open_connection
from kernel.clock import Pause
from kernel.errors import Unavailable

log = structlog.get_logger()

#: Seconds within which the broker has to answer what is declared on a new connection. A queue without a leader
#: answers never, while heartbeats go on arriving.
SETUP_TIMEOUT: Final = 15
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 3.0
#: Seconds between two looks at the heartbeat while nothing arrives.
TICK: Final = 2.0

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
        #: Of several brokers in the URL each try takes the next. kombu's own switch is not used: it keeps port, virtual
        #: host and the name on the certificate of the broker before where the next address leaves them out.
        self._addresses = cycle(brokers(url))
        self._prepare = prepare
        self._on_lost = on_lost
        self._begin = begin
        self._connection: Connection | None = None
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
        connection = open_connection(
            next(self._addresses), self.name, on_blocked=self._note_blocked, on_unblocked=self._note_unblocked
        )
        try:
            with _cut_after(SETUP_TIMEOUT, connection.sock):
                self._set_up(connection)
        except Exception as error:
            with self._lock:
                self._broken(error)  # where it was in use already
            connection.collect()
            raise
        log.info("broker_connected", link=self.name)

    def _set_up(self, connection: Connection) -> None:
        channel = connection.channel()
        self._prepare(channel)
        # a write that stalls as long as this means that the network is gone
        connection.sock.settimeout(SILENCE)
        with self._lock:
            self._connection, self._channel, self._socket = connection, channel, connection.sock
            self.generation += 1
            self.blocked = False
            self.connected = True
            self._begin(channel)  # whoever is woken by what arrives now waits for the lock

    def _read_until_lost(self) -> None:
        connection, sock = self._connection, self._socket
        if connection is None or sock is None:
            return
        try:
            with self._lock:
                connection.handle_what_arrived()  # behind the broker's answers to what was set up
            while not self._closing.is_set() and self.connected:
                self._read(connection, sock)
        except Exception as error:  # noqa: BLE001  # as above
            with self._lock:
                self._broken(error)
        self._hang_up(connection)

    def _hang_up(self, connection: Connection) -> None:
        with self._lock, suppress(*DOWN):
            if self.connected:
                self.connected, self._channel = False, None
                self._on_lost()
                connection.close()
            else:
                connection.collect()

    def _read(self, connection: Connection, sock: socket.socket) -> None:
        """Take what has arrived, without the lock while waiting for it."""
        readable, _, _ = select.select([sock, self._hears], [], [], TICK)
        with self._lock:
            if sock in readable and self.connected:
                connection.read_what_arrived()
            if self.connected and (sock not in readable or self._until_tick.over()):
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
