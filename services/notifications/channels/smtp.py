"""Sends e-mail by SMTP and distinguishes final failures, temporary failures and an unavailable server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from services.notifications.channels.mail import Mail
from services.notifications.channels.outcomes import Away, NotSent, Postponed, Rejected

#: What a server is told of a letter with a non-ASCII address.
INTERNATIONAL: Final = ("SMTPUTF8", "BODY=8BITMIME")
#: Time limit of one step of the dialogue, in seconds.
TIMEOUT: Final = 20
_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server that relays our letters."""

    host: str
    port: int
    scheme: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Relay:
        """Parse `smtp://host:port`, `smtps://user:password@host` or `smtp+starttls://…`.

        Raises ValueError. Its message leaves out the URL, which may hold a password.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in _PORTS:
            raise ValueError(f"A mail server's URL starts with one of {', '.join(_PORTS)} and names a host.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise ValueError("A mail server's URL holds a user and a password of ASCII characters only.")
        return cls(host, port or _PORTS[parts.scheme], parts.scheme, user, password)


class SmtpOutlet:
    """One connection to a mail server, opened for the first letter and reopened when it breaks.

    Once the server is unavailable, it is not tried again: the remaining letters wait for the next outlet.
    """

    def __init__(self, relay: Relay, hostname: str) -> None:
        """`hostname` is our name in the EHLO command."""
        self._relay = relay
        self._hostname = hostname
        self._server: smtplib.SMTP | None = None
        self._away: Away | None = None

    def send(self, mail: Mail) -> None:
        """Send one e-mail: when this returns, the server has answered 250. Raises `NotSent`."""
        if self._away is not None:
            raise self._away
        server = self._connected()
        try:
            server.ehlo_or_helo_if_needed()
            if mail.international and not server.has_extn("smtputf8"):
                raise Rejected("address-unsupported")
            options = INTERNATIONAL if mail.international else ()
            server.sendmail(mail.sender, mail.recipient, mail.data, options)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refusal(next(iter(refused.recipients.values()))[0]) from None
        except smtplib.SMTPSenderRefused as refused:  # the server refuses our sender, so it would refuse every letter
            raise self._unavailable(f"sender-{refused.smtp_code}") from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            server.close()
            raise Postponed("connection-lost") from None

    def close(self) -> None:
        """End the session and close the connection; a failure here loses no letter."""
        if self._server is None or self._server.sock is None:
            return
        try:
            self._server.quit()
        except (smtplib.SMTPException, OSError):
            self._server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None or self._server.sock is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        server: smtplib.SMTP | None = None
        try:
            server = self._open()
            if self._relay.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._relay.user:
                server.login(self._relay.user, self._relay.password)
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            raise self._unavailable(_connect_reason(error)) from None
        return server

    def _open(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(relay.host, relay.port, self._hostname, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(relay.host, relay.port, self._hostname, timeout=TIMEOUT)

    def _unavailable(self, reason: str) -> Away:
        self._away = Away(reason)
        return self._away


def _refusal(code: int) -> NotSent:
    return Rejected(f"rejected-{code}") if 500 <= code < 600 else Postponed(f"postponed-{code}")


def _connect_reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"server-{error.smtp_code}"
    return f"server-{type(error).__name__}"
