"""A connection to RabbitMQ that reconnects: one thread reads it, any thread may write to it.

It works with native threads (the gateway) and with green ones (services, after eventlet's monkey-patching).
kombu opens the connection (`kernel.bus.broker`) and declares exchanges and queues; reading and `publish` are our own,
because kombu's take twice the CPU for each message (docs/decisions.md).
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

#: Seconds within which the broker has to answer the declarations on a new connection. For a queue without a leader
#: it never answers, while heartbeats keep arriving.
SETUP_TIMEOUT: Final = 15
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 3.0
#: Seconds between two checks of the heartbeat.
TICK: Final = 2.0

DOWN: Final = (AMQPError, OSError)


class Link:
    """One connection with one channel, reopened when it breaks."""

    def __init__(
        self,
        url: str,
        name: str,
        prepare: Callable[[amqp.Channel], None],
        on_lost: Callable[[], None] = lambda: None,
        begin: Callable[[amqp.Channel], None] = lambda channel: None,
    ) -> None:
        """`prepare` declares exchanges and queues on each new channel, then `begin` starts consumers.

        `on_lost` is called when a connection ends. RabbitMQ's management pages show the connection as `name`.
        """
        self.name = name
        #: Counts connections: deliveries of an earlier one can no longer be acknowledged.
        self.generation = 0
        self.connected = False
        #: True while the broker accepts no messages (memory or disk alarm).
        self.blocked = False
        #: Each attempt takes the next broker of the URL. kombu's own failover is not used: where the next address
        #: omits port, virtual host or the certificate's host name, it keeps those of the previous broker.
        self._addresses = cycle(brokers(url))
        self._prepare = prepare
        self._on_lost = on_lost
        self._begin = begin
        self._connection: Connection | None = None
        self._channel: amqp.Channel | None = None
        #: Kept here because py-amqp reconnects when asked for the socket of a connection that the broker closed.
        self._socket: socket.socket | None = None
        self._lock = threading.RLock()
        self._until_tick = Pause(TICK)
        self._thread: threading.Thread | None = None
        #: Wakes the reader: only it may read the connection, so only it can close it.
        self._bell, self._hears = socket.socketpair()
        self._closing = threading.Event()

    def start(self) -> None:
        """Start a thread that connects, reads, and reconnects when needed. Returns at once."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """Close the connection after what was written; unacknowledged deliveries return to their queues."""
        self._closing.set()
        with suppress(OSError):  # a reader that was between two attempts may have ended and closed the bell
            self._bell.send(b"!")
        if self._thread is not None:
            self._thread.join(timeout)

    @contextmanager
    def writing(self) -> Iterator[amqp.Channel]:
        """The channel, locked for this thread. Raises `Unavailable` while there is no connection."""
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
            except Exception as error:  # noqa: BLE001  # without this thread the link would never reconnect
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
                self._broken(error)  # in case it was in use already
            connection.collect()
            raise
        log.info("broker_connected", link=self.name)

    def _set_up(self, connection: Connection) -> None:
        channel = connection.channel()
        self._prepare(channel)
        # a write that stalls for so long means that the network has failed
        connection.sock.settimeout(SILENCE)
        with self._lock:
            self._connection, self._channel, self._socket = connection, channel, connection.sock
            self.generation += 1
            self.blocked = False
            self.connected = True
            self._begin(channel)  # threads woken by the first deliveries wait for the lock

    def _read_until_lost(self) -> None:
        connection, sock = self._connection, self._socket
        if connection is None or sock is None:
            return
        try:
            with self._lock:
                connection.handle_what_arrived()  # frames received together with the last answer to the setup
            while not self._closing.is_set() and self.connected:
                self._read(connection, sock)
        except Exception as error:  # noqa: BLE001  # without this thread the link would never reconnect
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
        """Wait for input without holding the lock, then read and handle it."""
        readable, _, _ = select.select([sock, self._hears], [], [], TICK)
        with self._lock:
            if sock in readable and self.connected:
                connection.read_what_arrived()
            if self.connected and (sock not in readable or self._until_tick.over()):
                self._until_tick.begin()
                connection.heartbeat_tick()

    def _broken(self, error: Exception) -> None:
        """Mark the connection as lost, with the lock held. Any thread may call it; the reader then cleans up."""
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
    """Shut the socket down where the block takes longer than `seconds`, so that reading it fails."""

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
    """Send a message; the broker returns a `mandatory` one that no queue receives.

    `Channel.basic_publish` would also read from the connection, which only the reader may do.
    """
    channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, routing_key, mandatory, False), message)
