"""The SMTP port against a real mail server: what is final, what passes, and a server that is away."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, closing
from urllib.parse import quote

import pytest

from servers.process import free_ports
from services.notifications.channels.mail import Mail
from services.notifications.channels.outcomes import Away, Postponed, Rejected
from services.notifications.channels.smtp import Relay, SmtpOutlet
from tests.notifications.channels.letters import letter


@pytest.fixture
def outlet_to():
    """Makes outlets, and closes them before the server that they talk to stops."""
    with ExitStack() as made:
        yield lambda url: made.enter_context(closing(SmtpOutlet(Relay.parse(url), "example.org")))


def test_letters_go_over_one_connection(mail_server, outlet_to):
    outlet = outlet_to(mail_server.url)
    for to in ("anna@example.org", "boris@example.org"):
        outlet.send(letter(to))
    outlet.close()
    assert mail_server.recipients == ["anna@example.org", "boris@example.org"]
    assert mail_server.seen["connections"] == 1
    assert mail_server.letters[0].get_content() == "Оценка: 4\r\n"


def test_an_outlet_that_nothing_was_sent_by_connects_to_nobody(mail_server, outlet_to):
    outlet_to(mail_server.url).close()
    assert mail_server.seen["connections"] == 0


@pytest.mark.parametrize("stage", ["at_recipient", "at_data"])
@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        ("550 5.1.1 no such user", Rejected, "rejected-550"),
        ("554 5.7.1 we do not want it", Rejected, "rejected-554"),
        ("451 4.7.1 greylisted", Postponed, "postponed-451"),
        ("452 4.2.2 mailbox full", Postponed, "postponed-452"),
    ],
)
def test_a_refusal_is_of_that_letter_and_the_next_goes_out(mail_server, stage, reply, kind, reason, outlet_to):
    getattr(mail_server, stage)["boris@example.org"] = reply
    outlet = outlet_to(mail_server.url)
    with pytest.raises(kind) as refused:
        outlet.send(letter("boris@example.org"))
    outlet.send(letter("anna@example.org"))
    outlet.close()
    assert refused.value.reason == reason
    assert mail_server.recipients == ["anna@example.org"]
    assert mail_server.seen["connections"] == 1


def test_what_the_server_says_of_an_address_is_not_kept(mail_server, outlet_to):
    mail_server.at_recipient["boris@example.org"] = "550 boris@example.org: unknown"
    with pytest.raises(Rejected) as refused:
        outlet_to(mail_server.url).send(letter("boris@example.org"))
    assert "boris" not in repr(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("mail_server", [{"enable_SMTPUTF8": True}], indirect=True)
def test_a_non_ascii_address_goes_to_a_server_that_takes_it(mail_server, outlet_to):
    outlet = outlet_to(mail_server.url)
    for to in ("анна@example.org", "boris@example.org"):
        outlet.send(letter(to))
    outlet.close()
    assert mail_server.recipients == ["анна@example.org", "boris@example.org"]
    assert mail_server.letters[0]["To"] == "анна@example.org"
    assert mail_server.letters[0]["Subject"] == "Оценка"


@pytest.mark.parametrize("mail_server", [{"enable_SMTPUTF8": False}], indirect=True)
def test_a_non_ascii_address_is_refused_for_good_where_the_server_takes_none(mail_server, outlet_to):
    outlet = outlet_to(mail_server.url)
    with pytest.raises(Rejected) as refused:
        outlet.send(letter("анна@example.org"))
    outlet.send(letter("boris@example.org"))
    outlet.close()
    assert refused.value.reason == "address-unsupported"
    assert mail_server.recipients == ["boris@example.org"]
    assert mail_server.seen["connections"] == 1


def test_a_line_that_begins_with_a_dot_arrives_as_it_was(mail_server, outlet_to):
    plain = letter()
    data = b"To: anna@example.org\r\nSubject: x\r\n\r\n.\r\n..hidden\r\nend\r\n"
    outlet_to(mail_server.url).send(Mail(plain.name, plain.sender, plain.recipient, data))
    assert mail_server.letters[0].get_content() == ".\r\n..hidden\r\nend\r\n"


def test_nothing_of_a_letter_is_shown():
    assert "anna" not in repr(letter())


def test_a_server_that_does_not_take_our_address_is_asked_once(mail_server, outlet_to):
    mail_server.at_sender = "550 5.7.1 not you"
    outlet = outlet_to(mail_server.url)
    for _ in range(2):
        with pytest.raises(Away) as away:
            outlet.send(letter())
        assert away.value.reason == "sender-550"
    outlet.close()
    assert mail_server.seen["connections"] == 1


def test_a_server_that_is_away_is_tried_once_and_again_by_the_next_outlet(mail_server, outlet_to):
    mail_server.stop()
    outlet = outlet_to(mail_server.url)
    with pytest.raises(Away) as away:
        outlet.send(letter())
    assert away.value.reason == "server-ConnectionRefusedError"
    mail_server.start()
    with pytest.raises(Away):
        outlet.send(letter())
    assert mail_server.seen["connections"] == 0
    outlet_to(mail_server.url).send(letter())
    assert mail_server.recipients == ["anna@example.org"]


def test_a_server_that_turns_us_away_at_the_door_is_away(outlet_to):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_once, args=(listener, b"421 4.3.2 shutting down\r\n"))
        thread.start()
        with pytest.raises(Away) as away:
            outlet_to(f"smtp://127.0.0.1:{listener.getsockname()[1]}").send(letter())
        thread.join()
    assert away.value.reason == "server-421"


def _answer_once(listener: socket.socket, greeting: bytes) -> None:
    connection, _ = listener.accept()
    connection.sendall(greeting)
    connection.close()


def test_a_connection_that_breaks_is_made_again_for_the_next_letter(mail_server, outlet_to):
    outlet = outlet_to(mail_server.url)
    outlet.send(letter())
    mail_server.stop()
    mail_server.start()
    with pytest.raises(Postponed) as lost:
        outlet.send(letter())
    assert lost.value.reason in {"connection-lost", "postponed-421"}
    outlet.send(letter("boris@example.org"))
    outlet.close()
    assert mail_server.recipients == ["anna@example.org", "boris@example.org"]


def test_a_server_that_closes_with_421_is_connected_to_again(mail_server, outlet_to):
    mail_server.at_recipient["boris@example.org"] = "421 4.3.2 closing"
    outlet = outlet_to(mail_server.url)
    with pytest.raises(Postponed):
        outlet.send(letter("boris@example.org"))
    outlet.send(letter())
    outlet.close()
    assert mail_server.recipients == ["anna@example.org"]
    assert mail_server.seen["connections"] == 2


def test_login_goes_over_starttls(starttls_server, outlet_to):
    url = f"smtp+starttls://school:{quote('p@ss:word/', safe='')}@127.0.0.1:{starttls_server.port}"
    outlet_to(url).send(letter())
    assert starttls_server.recipients == ["anna@example.org"]


def test_a_wrong_password_is_the_servers_no_and_not_the_letters(starttls_server, outlet_to):
    url = f"smtp+starttls://school:wrong@127.0.0.1:{starttls_server.port}"
    with pytest.raises(Away) as away:
        outlet_to(url).send(letter())
    assert away.value.reason == "server-535"


def test_without_starttls_nothing_goes_out_in_the_clear(mail_server, outlet_to):
    url = f"smtp+starttls://127.0.0.1:{mail_server.port}"
    with pytest.raises(Away) as away:
        outlet_to(url).send(letter())
    assert away.value.reason == "server-SMTPNotSupportedError"
    assert mail_server.letters == []


def test_smtps_is_spoken_from_the_first_byte(tls_server, outlet_to):
    outlet_to(f"smtps://127.0.0.1:{tls_server.port}").send(letter())
    assert tls_server.recipients == ["anna@example.org"]


def test_a_certificate_that_is_not_trusted_ends_the_talk(tls_server, monkeypatch, tmp_path, outlet_to):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(Away) as away:
        outlet_to(f"smtps://127.0.0.1:{tls_server.port}").send(letter())
    assert away.value.reason == "server-SSLCertVerificationError"
    assert tls_server.letters == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", Relay("mail.example.org", 25, "smtp", "", "")),
        ("smtp://127.0.0.1:1025", Relay("127.0.0.1", 1025, "smtp", "", "")),
        ("smtps://u:p%40ss@mail.example.org", Relay("mail.example.org", 465, "smtps", "u", "p@ss")),
        ("smtp+starttls://u:p@[::1]", Relay("::1", 587, "smtp+starttls", "u", "p")),
    ],
)
def test_a_mail_servers_url_is_read(url, expected):
    relay = Relay.parse(url)
    assert relay == expected
    assert relay.password == expected.password


@pytest.mark.parametrize(
    "url",
    [
        "http://u:secret@mail.example.org",
        "mail.example.org:25",
        "smtp://",
        "smtp://u:secret/x@h",
        "smtp://[u",
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError) as refused:
        Relay.parse(url)
    assert "secret" not in str(refused.value)


def test_a_password_is_not_shown():
    assert "secret" not in repr(Relay.parse("smtps://u:secret@mail.example.org"))


def test_nobody_listens_where_nothing_was_started(outlet_to):
    url = f"smtp://127.0.0.1:{free_ports(1)[0]}"
    with pytest.raises(Away):
        outlet_to(url).send(letter())
