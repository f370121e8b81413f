"""An e-mail as channels take it: its envelope, and its bytes put together once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to one recipient. `data` is what is sent: headers and body, with CRLF at the ends of lines.

    `name` is the left part of its Message-ID. The recipient's domain is encoded; a left part that is not ASCII
    stands in the headers in UTF-8.
    """

    name: str
    sender: str
    recipient: str = field(repr=False)
    data: bytes = field(repr=False)

    @property
    def international(self) -> bool:
        """Whether it needs a server with SMTPUTF8 (RFC 6531)."""
        return not self.recipient.isascii()
