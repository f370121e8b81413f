"""A letter as an e-mail that mail programs and machines understand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.mail import Mail
from services.notifications.channels.outcomes import Postponed, Rejected
from services.notifications.messages.mime import HTML, TEXT, compose
from services.notifications.messages.rules.letters import Letter, write

DELIVERY = UUID("01970000-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
ADDRESS = "https://school.example/diary/1?a=1&b=2"
HOMEWORK = {"title": "Физика", "date": date(2026, 3, 5), "homework": "§ 12\n<b>задача</b> & 3", "due": None}


def composed(letter: Letter, to: str = "anna@example.org", mail_from: str = "Лицей <journal@school.example>") -> Mail:
    """The e-mail as a channel takes it. Every server can read its lines."""
    mail = compose(letter, delivery_id=DELIVERY, to=to, mail_from=mail_from, address=ADDRESS, at=AT)
    lines = mail.data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert mail.data.isascii() or mail.international
    return mail


def read(mail: Mail) -> EmailMessage:
    """The e-mail as the other side reads it."""
    message = message_from_bytes(mail.data, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def sent(language: str = "ru", student: str = "Смирнова Анна", to: str = "anna@example.org", **notice: object):
    return read(composed(write("homework_set", HOMEWORK | notice, language=language, student=student), to))


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
        "Подробности — в дневнике:\n"
        "https://school.example/diary/1?a=1&b=2\n"
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
    assert '<a href="https://school.example/diary/1?a=1&amp;b=2">Подробности — в дневнике</a>' in html
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


@pytest.mark.parametrize(
    "subject",
    ["New mark", "=?utf-8?q?hidden?=", "Mark\r\nBcc: all@example.org", "a\x0bb", "long " * 40 + "x", "п" * 200],
)
def test_a_subject_is_read_as_it_was_written_and_is_one_header(subject):
    mail = composed(replace(write("homework_set", HOMEWORK, language="en", student="Ann"), subject=subject))
    assert read(mail)["Subject"] == " ".join(subject.split())
    assert read(mail)["Bcc"] is None
    assert max(map(len, mail.data.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


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


@pytest.mark.parametrize(
    "to", ["anna@example.org", "o'neil+school@a-b.example.org", '"anna b"@example.org', "Anna@EXAMPLE.org", " a@b.org "]
)
def test_an_address_is_in_the_envelope_and_in_the_header_as_it_was_given(to):
    mail = composed(write("homework_set", HOMEWORK, language="ru", student="Анна"), to)
    assert (mail.sender, mail.recipient, read(mail)["To"]) == ("journal@school.example", to.strip(), to.strip())


def test_a_non_ascii_left_part_stays_and_needs_a_server_that_takes_it():
    mail = composed(write("homework_set", HOMEWORK, language="ru", student="Анна"), "анна@школа.рф")
    assert mail.international
    assert mail.recipient == read(mail)["To"] == "анна@xn--80atdl2c.xn--p1ai"
    assert read(mail)["From"] == "Лицей <journal@school.example>"


def test_a_sender_is_written_as_mail_servers_know_it():
    letter = write("homework_set", HOMEWORK, language="ru", student="Анна")
    mail = composed(letter, mail_from="Дневник <journal@школа.рф>")
    assert mail.sender == "journal@xn--80atdl2c.xn--p1ai"
    assert read(mail)["From"] == "Дневник <journal@xn--80atdl2c.xn--p1ai>"


@pytest.mark.parametrize("sender", ["journal@a..b", "дневник@школа.рф"])
def test_with_a_sender_that_no_server_takes_letters_wait(sender):
    with pytest.raises(Postponed) as postponed:
        composed(write("homework_set", HOMEWORK, language="ru", student="Анна"), mail_from=f"Дневник <{sender}>")
    assert postponed.value.reason == "bad-sender"


def test_a_text_of_ascii_is_not_hidden_from_filters():
    message = sent("en", student="Ann", title="Physics", homework="No. 5", date=date(2026, 3, 5))
    body = message.get_body(("plain",))
    assert body is not None
    assert body["Content-Transfer-Encoding"] == "7bit"
    assert "No. 5" in part(message, "plain")


def test_a_line_that_no_server_takes_arrives_whole():
    long = "x" * 2000
    assert long in part(sent("en", student="Ann", title="Physics", homework=long), "plain")
    assert sent(title="слово " * 60)["Subject"] == f"Домашнее задание: {'слово ' * 60}(Смирнова Анна)"


#: What people may write: in lines, in any letters, and with what means something in an e-mail.
WRITTEN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)) | st.sampled_from('=?_. -<>\r\n\t@"\\'), max_size=90
)


@given(student=WRITTEN, title=WRITTEN, homework=WRITTEN, language=st.sampled_from(("ru", "en")))
def test_a_letter_reads_as_the_one_that_the_library_would_write(student, title, homework, language):
    letter = write(
        "homework_set", HOMEWORK | {"title": title, "homework": homework}, language=language, student=student
    )
    ours, theirs = read(composed(letter)), read_from_library(letter)
    assert ours["Subject"] == letter.subject
    headers = [(name, value) for name, value in theirs.items() if name not in UNLIKE]
    assert sorted(headers) == sorted((name, value) for name, value in ours.items() if name not in UNLIKE)
    for kind in ("plain", "html"):
        assert part(ours, kind) == part(theirs, kind)


#: The boundary is in the type, and the library loses some characters of a subject that it folds.
UNLIKE = {"Content-Type", "Subject"}


def read_from_library(letter: Letter) -> EmailMessage:
    """The same letter written by `EmailMessage`, as letters were until they were put together by hand."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = "Лицей <journal@school.example>"
    message["To"] = "anna@example.org"
    message["Subject"] = letter.subject
    message["Date"] = "Thu, 05 Mar 2026 09:30:00 +0000"
    message["Message-ID"] = f"<{DELIVERY}@school.example>"
    message["Auto-Submitted"] = "auto-generated"
    values = {"letter": letter, "address": ADDRESS}
    message.set_content(TEXT.render(values))
    message.add_alternative(HTML.render(values), subtype="html")
    message["Content-Language"] = letter.language
    again = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(again, EmailMessage)
    return again
