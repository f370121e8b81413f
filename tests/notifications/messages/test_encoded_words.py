"""Headers decode to what was written, word for word, by the letter of RFC 2047, on every version of Python."""

from __future__ import annotations

import random
import re
from base64 import b64decode
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.demo import names
from services.notifications.messages.encoded_words import encoded
from services.notifications.messages.mime import compose
from services.notifications.messages.rules.letters import write

_WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=")
MARK = {"date": date(2026, 3, 5), "kind": "", "value": "5", "previous": "2"}
AT = datetime(2026, 3, 5, tzinfo=UTC)
OWN = "Лицей <journal@school.example>"


def strictly(header: str) -> str:
    """A header's text: each line no longer than allowed and ASCII, each encoded word whole characters by itself."""
    lines = header.split("\r\n")
    assert header.isascii()
    assert max(map(len, lines)) <= 76
    assert all(line.startswith(" ") and line.strip() for line in lines[1:])
    words = re.split(r"\s+", " ".join(lines).partition(": ")[2].strip())
    if not any("=?" in word for word in words):
        return " ".join(words)
    read = []
    for word in words:
        found = _WORD.fullmatch(word)
        assert found, f"{word} is no encoded word"
        assert len(word) <= 75
        read.append(b64decode(found[1], validate=True).decode())
    return "".join(read)


def headers(kind: str, title: str, student: str, mail_from: str = OWN) -> dict[str, str]:
    """The composed letter's raw headers by name."""
    letter = write(kind, {**MARK, "title": title}, language="ru", student=student)
    mail = compose(
        letter, delivery_id=UUID(int=1), to="a@example.org", mail_from=mail_from, address="https://a.b", at=AT
    )
    raw = mail.data.partition(b"\r\n\r\n")[0].decode()
    unfolded = re.split(r"\r\n(?=\S)", raw)
    # what the library of this Python reads, too, on versions whose decoding is right
    assert message_from_bytes(mail.data, policy=default)["Subject"] == letter.subject
    return {line.partition(":")[0]: line for line in unfolded}


@pytest.mark.parametrize(
    ("kind", "title", "student", "subject"),
    [
        (
            "mark_changed", "Геометрия 7 «В»", "Петрова-Водкина Анна-Мария Константиновна",
            "Изменена оценка: Геометрия 7 «В» (Петрова-Водкина Анна-Мария Константиновна)",
        ),
        (
            "mark_posted", "Русский язык 10А", "Мухаммедрахимов Ян Ариф оглы",
            "Новая оценка: Русский язык 10А (Мухаммедрахимов Ян Ариф оглы)",
        ),
    ],
)  # fmt: skip
def test_p38_space_lost_in_subject_stays(kind: str, title: str, student: str, subject: str) -> None:
    assert strictly(headers(kind, title, student)["Subject"]) == subject


def test_p38_thousands_of_real_subjects_are_read_word_for_word() -> None:
    chance = random.Random(38)
    families = [word for word in _words(names) if len(word) > 2]
    titles = ("Геометрия 7 «В»", "Основы безопасности и защиты Родины 10А", "Труд (технология), 5Б", "Алгебра")
    for _ in range(3000):
        student = " ".join(chance.sample(families, chance.randint(1, 4)))
        notice, language = {**MARK, "title": chance.choice(titles)}, chance.choice(("ru", "en"))
        subject = write("mark_changed", notice, language=language, student=student).subject
        assert strictly(f"Subject: {encoded(subject, len('Subject: '))}") == subject


def _words(module: object) -> list[str]:
    """Every Russian word of the demonstration school's names."""
    texts = re.findall(r"[А-ЯЁ][а-яё]+", str(vars(module)))
    return sorted(set(texts))


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200), st.integers(0, 30))
def test_any_text_is_read_as_it_was_written(text: str, taken: int) -> None:
    name = "X" * max(0, taken - 2)
    assert strictly(f"{name}: {encoded(text, len(name) + 2)}") == text


@pytest.mark.parametrize(
    "name",
    ["Лицей", "Муниципальное бюджетное общеобразовательное учреждение «Лицей № 131» города Казани", "Lyceum No. 1",
     "Lyceum (of letters), the first and only one of so very long a name that it fits no line"],
)  # fmt: skip
def test_the_senders_name_is_read_as_it_was_written(name: str) -> None:
    sender = headers("mark_posted", "Алгебра", "Ли Ян", f'"{name}" <journal@school.example>')["From"]
    words, _, address = sender.rpartition("<")
    assert address == "journal@school.example>"
    assert strictly(words.rstrip()).strip('"') == name
