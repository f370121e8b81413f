"""Composes e-mails from letters: plain text and simple HTML, with headers for automatic mail."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from services.notifications.channels.outcomes import Rejected
from services.notifications.messages.rules.letters import Letter

#: 7-bit encoding, which every server can relay.
POLICY: Final = SMTP.clone(cte_type="7bit")

_templates = Environment(
    loader=PackageLoader("services.notifications.messages"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def compose(
    letter: Letter, *, delivery_id: UUID, to: str, mail_from: str, public_url: str, at: datetime
) -> EmailMessage:
    """Compose the e-mail. Its Message-ID depends on the delivery only, so receivers can detect duplicates.

    Raises `Rejected` if `to` is not an address.
    """
    message = EmailMessage(policy=POLICY)
    name, sender = parseaddr(mail_from)
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = _recipient(to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{delivery_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    values = {"letter": letter, "public_url": public_url}
    message.set_content(_templates.get_template("letter.txt").render(values))
    message.add_alternative(_templates.get_template("letter.html").render(values), subtype="html")
    message["Content-Language"] = letter.language  # set last: setting the contents removes Content-* headers
    return message


def _recipient(address: str) -> Address:
    """The address with its domain encoded for mail servers (школа.рф is xn--80atdl2c.xn--p1ai)."""
    try:
        local, _, domain = address.strip().rpartition("@")
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, IndexError, MessageError):  # the parser's errors for an invalid address
        raise Rejected("bad-address") from None
