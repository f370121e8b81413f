"""How a request is received: what of it has come, and how long its sender may still take.

The servers gather a request before it gets one of their threads or turns, so that half a request keeps nobody else
waiting. Nothing here reads, writes or waits.
"""

from __future__ import annotations

from typing import Final

#: Most bytes of a body that is gathered beforehand: all that JSON and forms may have. A longer one is read as it comes.
GATHERED: Final = 1024 * 1024
#: Most bytes of request line and headers together.
HEAD: Final = 64 * 1024
#: Seconds for request line and headers together, from the opening of the connection or the last answer.
HEAD_SECONDS: Final = 10.0
#: Seconds that a client may fall behind with a body, or with taking an answer, and the bytes a second that catch up.
#: 8 kbit/s is a fifth of what the slowest mobile networks carry.
BODY_SECONDS: Final = 20.0
RATE: Final = 1024
#: What is still read after an answer that ends the connection: most bytes, seconds, and seconds of a pause.
LEAVING: Final = 256 * 1024 * 1024
LEAVING_SECONDS: Final = 30.0
LEAVING_PAUSE: Final = 2.0

#: Headers after which only the server that reads the body can say where it ends, or when it comes.
_OTHERWISE: Final = frozenset({b"transfer-encoding", b"expect"})


class Patience:
    """The seconds for which a client may still keep us waiting: bytes that come or go give some back."""

    def __init__(self, seconds: float = BODY_SECONDS, rate: float = RATE) -> None:
        self._most = self._left = seconds
        self._rate = rate

    @property
    def seconds(self) -> float:
        """Seconds to wait at most. Raises TimeoutError where none is left."""
        if self._left <= 0:
            raise TimeoutError("too slow")
        return self._left

    def is_over(self, seconds: float) -> bool:
        """Whether nothing would be left after so many seconds without a byte."""
        return seconds >= self._left

    def spend(self, seconds: float, moved: int) -> None:
        """It took so many seconds until so many bytes had come or gone."""
        self._left = min(self._most, self._left - seconds + moved / self._rate)


#: The rate of what gives no seconds back.
NEVER: Final = float("inf")


class Receiving:
    """One request on its way: a server adds what comes, until it is whole, to be read as it comes, or too late."""

    def __init__(self, now: float) -> None:
        self.came = bytearray()
        #: Whether the head is complete and the rest is the reader's matter: a long body, or a head to be refused.
        self.is_open = False
        #: The status of the refusal of what is no head by its size.
        self.refusal: int | None = None
        self._length: int | None = None
        self._patience = Patience(HEAD_SECONDS, NEVER)
        self._since = now

    @property
    def is_whole(self) -> bool:
        """Whether head and body are there."""
        return self._length is not None and len(self.came) >= self._length

    def waited(self, now: float) -> float:
        """Seconds since something came."""
        return now - self._since

    def is_late(self, now: float) -> bool:
        """Whether the sender has taken too long."""
        return self._patience.is_over(self.waited(now))

    def add(self, part: bytes, now: float) -> None:
        """More of it came."""
        self._patience.spend(self.waited(now), len(part))
        self._since = now
        seen = len(self.came)
        self.came += part if seen else part.lstrip(b"\r\n")  # empty lines before a request are none of it (RFC 9112)
        if self._length is None and not self.is_open:
            self._look_for_head(max(seen - 3, 0))

    def _look_for_head(self, seen: int) -> None:
        end = self.came.find(b"\r\n\r\n", seen)
        head = bytes(self.came if end < 0 else self.came[:end])
        if len(head) > HEAD:
            self.refusal = 431 if b"\r\n" in head else 414
        elif head.count(b"\n") != head.count(b"\r\n"):
            self.is_open = True  # its lines end wrongly: whoever parses it says so
        elif end >= 0:
            self._begin_body(end + 4, length_of_body(head))

    def _begin_body(self, begins: int, length: int | None) -> None:
        self._patience = Patience()
        if length is None or length > GATHERED:
            self.is_open = True
        else:
            self._length = begins + length


def length_of_body(head: bytes) -> int | None:
    """The length that headers state, 0 where they state none, None where only whoever reads the body can tell."""
    found = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() in _OTHERWISE:
            return None
        if name.lower() == b"content-length":
            found.append(value.strip(b" \t"))
    if not found:
        return 0
    if len(found) > 1 or not found[0].isdigit() or len(found[0]) > 12:
        return None
    return int(found[0])


class Leaving:
    """A connection after its last answer: what still comes is read for a while, lest the answer be lost."""

    def __init__(self, now: float) -> None:
        self._left = LEAVING
        self._until, self._pause_until = now + LEAVING_SECONDS, now + LEAVING_PAUSE

    def add(self, size: int, now: float) -> None:
        """More of it came."""
        self._left -= size
        self._pause_until = now + LEAVING_PAUSE

    def is_over(self, now: float) -> bool:
        """Whether nothing more is waited for."""
        return self._left <= 0 or now >= min(self._until, self._pause_until)
