"""A letter as an e-mail that mail programs and machines understand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest

from services.notifications.channels.outcomes import Rejected
from services.notifications.messages.mime import compose
from services.notifications.messages.rules.letters import write

DELIVERY = UUID("01970000-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
HOMEWORK = {"title": "Физика", "date": date(2026, 3, 5), "homework": "§ 12\n<b>задача</b> & 3", "due": None}


def sent(language: str = "ru", student: str = "Смирнова Анна", to: str = "anna@example.org", **notice: object):
    """The e-mail as the other side reads it."""
    letter = write("homework_set", HOMEWORK | notice, language=language, student=student)
    message = compose(
        letter, delivery_id=DELIVERY, to=to, mail_from="Лицей <journal@school.example>",
        public_url="https://school.example/?a=1&b=2", at=AT,
    )  # fmt: skip
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_headers_say_who_when_and_that_a_machine_wrote_it():
    message = sent()
    assert message["From"] == "Лицей <journal@school.example>"
    assert message["To"] == "anna@example.org"
    assert message["Subject"] == "Домашнее задание: Физика (Смирнова Анна)"
    assert message["Date"] == "Thu, 05 Mar 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ru"


def test_the_message_id_is_the_deliverys_so_that_a_doubled_letter_is_recognised():
    assert sent()["Message-ID"] == f"<{DELIVERY}@school.example>" == sent("en")["Message-ID"]


def test_the_text_says_everything_in_plain_words():
    assert part(sent(), "plain") == (
        "Смирнова Анна\n"
        "Физика, 05.03.2026\n"
        "\n"
        "Домашнее задание\n"
        "\n"
        "§ 12\n"
        "<b>задача</b> & 3\n"
        "\n"
        "Подробности — в дневнике: https://school.example/?a=1&b=2\n"
        "\n"
        "-- \n"
        "Вы получили это письмо, потому что дали школе согласие на уведомления по электронной почте. "
        "Отозвать его можно в школе.\n"
    )


def test_what_people_wrote_is_escaped_in_html():
    html = part(sent(student="<script>alert(1)</script>", title="A & B"), "html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;задача&lt;/b&gt; &amp; 3" in html
    assert 'href="https://school.example/?a=1&amp;b=2"' in html
    assert '<html lang="ru">' in html


def test_a_letter_without_detail_and_quote_has_no_empty_places():
    text = part(sent(homework=""), "plain")
    assert "Домашнее задание отменено\n\nПодробности" in text
    assert "border-left" not in part(sent(homework=""), "html")


def test_english_is_marked_as_english():
    message = sent("en")
    assert message["Content-Language"] == "en"
    assert "Homework" in part(message, "plain")


def test_what_people_wrote_adds_no_header():
    message = sent(student="Анна\r\nBcc: all@example.org")
    assert message["Bcc"] is None
    assert message["Subject"].endswith("(Анна Bcc: all@example.org)")


def test_a_cyrillic_domain_is_written_as_mail_servers_know_it():
    assert sent(to="anna@школа.рф")["To"] == "anna@xn--80atdl2c.xn--p1ai"


@pytest.mark.parametrize(
    "to",
    ["", "anna", "@b.org", "anna@", "an na@b.org", "anna@a..b", "a@b@c", "anna@b.org\r\nBcc: x@y.z",
     "anna@" + "x" * 70 + ".org", "anna@b.org, boris@b.org"],
)  # fmt: skip
def test_an_address_that_is_none_is_rejected_without_repeating_it(to):
    with pytest.raises(Rejected) as rejected:
        sent(to=to)
    assert rejected.value.reason == "bad-address"
    assert rejected.value.__suppress_context__
