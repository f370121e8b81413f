"""Composes e-mails from letters: plain text and simple HTML, with headers for automatic mail.

The bytes are put together here, since Python's `EmailMessage` parses and folds every header twice and takes twenty
times as long, and writes long headers differently from version to version. It still checks unusual addresses.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from services.notifications.channels.mail import Mail
from services.notifications.channels.outcomes import Postponed, Rejected
from services.notifications.messages.encoded_words import LONGEST_LINE, encoded
from services.notifications.messages.rules.letters import Letter

#: The longest line of a text that is sent as it is; longer ones, and texts that are not ASCII, are encoded.
LONGEST: Final = 998
#: The longest subject that needs no folding.
LONGEST_SUBJECT: Final = 68
#: A name that may stand in quotation marks as it is.
_QUOTABLE: Final = re.compile(r"[ !#-\[\]-~]{1,60}")
#: An address that needs no parser: a left part of plain characters in any script, and a domain of ASCII labels.
_PLAIN: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")

_templates = Environment(
    loader=PackageLoader("services.notifications.messages"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
TEXT: Final = _templates.get_template("letter.txt")
HTML: Final = _templates.get_template("letter.html")


def compose(letter: Letter, *, delivery_id: UUID, to: str, mail_from: str, address: str, at: datetime) -> Mail:
    """Compose the e-mail; `address` is where it leads. Its Message-ID depends on the delivery only, so receivers can
    detect duplicates.

    Raises `Rejected` if `to` is not an address, and `Postponed` if `mail_from` is none.
    """
    sender, recipient = _sender(mail_from), _address(to)
    boundary = f"=_{delivery_id.hex}"  # "=_" is in no encoded text, and nobody knows the id before it is sent
    text = TEXT.render(letter=letter, address=address)
    html = HTML.render(letter=letter, address=address)
    lines = (
        sender.header,
        f"To: {recipient}",
        f"Subject: {_subject(letter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{delivery_id}@{sender.domain}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
        f"Content-Language: {letter.language}",
        "",
        f"--{boundary}",
        _part("plain", text),
        f"--{boundary}",
        _part("html", html),
        f"--{boundary}--",
        "",
    )
    return Mail(str(delivery_id), sender.address, recipient, "\r\n".join(lines).encode())


@dataclass(frozen=True, slots=True)
class _Sender:
    header: str
    address: str
    domain: str


@lru_cache(maxsize=8)
def _sender(mail_from: str) -> _Sender:
    """The sender's header, address and domain: an installation has one sender.

    Raises `Postponed` if the setting holds no address: letters wait until somebody corrects it.
    """
    name, given = parseaddr(mail_from)
    try:
        address = _address(given)
    except Rejected:
        raise Postponed("bad-sender") from None
    if not address.isascii():
        raise Postponed("bad-sender")
    return _Sender(_named(name, address), address, address.rpartition("@")[2])


def _subject(text: str) -> str:
    """The subject for its header, as one line. Encoding hides every other character with a meaning."""
    text = " ".join(text.splitlines())
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_SUBJECT and "=?" not in text:
        return text
    return encoded(text, len("Subject: "))


def _named(name: str, address: str) -> str:
    """The sender's header."""
    line = "".join(one for one in name if one.isprintable()).strip()
    if not line:
        return f"From: {address}"
    words = f'"{line}"' if _QUOTABLE.fullmatch(line) and "=?" not in line else encoded(line, len("From: "))
    header = f"From: {words}"
    room = LONGEST_LINE - len(header.rpartition("\r\n")[2])
    return f"{header}{' ' if len(address) + 3 <= room else chr(13) + chr(10) + ' '}<{address}>"


def _part(subtype: str, text: str) -> str:
    """A part of the e-mail: its headers and its text.

    An ASCII text is not encoded, since filters take that for an attempt to hide it.
    """
    lines = text.encode().splitlines()
    body, encoding = b"\r\n".join([*lines, b""]), "7bit"
    if not text.isascii() or max(map(len, lines)) > LONGEST:
        body, encoding = encodebytes(body).replace(b"\n", b"\r\n"), "base64"
    headers = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return headers + body.decode()


def _address(given: str) -> str:
    """The address with its domain encoded for mail servers (школа.рф is xn--80atdl2c.xn--p1ai)."""
    local, _, domain = given.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
        return address if _PLAIN.fullmatch(address) else Address(addr_spec=address).addr_spec
    except (ValueError, IndexError, MessageError):  # the parser's errors for an invalid address
        raise Rejected("bad-address") from None
