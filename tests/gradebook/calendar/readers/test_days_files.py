"""Files of days, whichever of the two forms they have."""

from __future__ import annotations

from datetime import date

import pytest

from services.gradebook.calendar.readers.days_files import read_days
from services.gradebook.calendar.rules.days_found import DaysFound, Named
from tests.shared import shared

FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
XML = (
    '<?xml version="1.0" encoding="UTF-8"?><calendar year="2027">'
    '<holidays><holiday id="1" title="Новый год"/></holidays>'
    '<days><day d="01.01" t="1" h="1"/><day d="01.02" t="1" h="1"/><day d="02.20" t="2"/>'
    '<day d="02.22" t="1" f="02.20"/>{more}</days></calendar>'
)
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
{events}
END:VCALENDAR
"""


def event(name: str, first: str, last: str = "", uid: str = "1") -> str:
    ends = f"\nDTEND;VALUE=DATE:{last}" if last else ""
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTART;VALUE=DATE:{first}{ends}\nSUMMARY:{name}\nEND:VEVENT"


def ics(*events: str) -> bytes:
    return ICS.format(events="\n".join(events)).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_d10_a_working_day_calendar_says_itself_what_its_days_are(mark: bytes) -> None:
    content = mark + XML.format(more="").encode().removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>')
    reading = read_days(content, FIRST, LAST, "closed", [5])
    assert reading.faults == ()
    assert reading.value == DaysFound(
        "public",
        (
            Named("Новый год", date(2027, 1, 1), date(2027, 1, 2)),
            Named("Выходной день", date(2027, 2, 22), date(2027, 2, 22)),
        ),
        (),
        ((date(2027, 2, 20), date(2027, 2, 22)),),
        frozenset({date(2027, 2, 20)}),
        2027,
    )


def test_d10_faults_of_a_working_day_calendar_are_told_by_their_places_and_the_rest_is_read() -> None:
    reading = read_days(XML.format(more='<day d="02.30" t="1"/>').encode(), FIRST, LAST, "closed")
    assert [(fault.place, fault.rule) for fault in reading.faults] == [("02.30", "no-such-day")]
    assert reading.value is not None
    assert len(reading.value.days_off) == 2


def test_d10_a_calendar_of_another_year_is_refused_with_both() -> None:
    reading = read_days(XML.format(more="").encode(), date(2025, 9, 1), date(2026, 8, 31), "closed")
    assert reading.value is None
    (fault,) = reading.faults
    assert fault.reason.said("ru") == "Это календарь 2027 года, а учебный год идёт с 01.09.2025 по 31.08.2026."


def test_d10_events_of_whole_days_are_days_off_of_the_chosen_kind() -> None:
    content = ics(
        event("Осенние каникулы", "20261026", "20261102"),
        event("Осенние каникулы", "20261026", "20261102", uid="2"),
        event("Летом раньше", "20260701"),
    )
    reading = read_days(content, FIRST, LAST, "holidays", [5, 6])
    assert reading.faults == ()
    named = Named("Осенние каникулы", date(2026, 10, 26), date(2026, 11, 1))
    assert reading.value == DaysFound("holidays", (named,), (5, 6))


def test_d10_events_that_are_no_days_off_are_told() -> None:
    timed = "BEGIN:VEVENT\nUID:3\nDTSTART:20261005T090000\nDTEND:20261005T100000\nSUMMARY:Собрание\nEND:VEVENT"
    reading = read_days(
        ics(event("Каникулы", "20261026"), timed, event("", "20261012", uid="4")), FIRST, LAST, "holidays"
    )
    assert sorted((fault.rule, fault.place) for fault in reading.faults) == [
        ("no-name", ""), ("part-of-a-day", "Собрание"),
    ]  # fmt: skip
    assert reading.value is not None
    assert [one.name for one in reading.value.days_off] == ["Каникулы"]
    nothing = read_days(ics(timed), FIRST, LAST, "holidays")
    assert nothing.value is None
    assert [fault.rule for fault in nothing.faults] == ["part-of-a-day", "no-days"]


@pytest.mark.parametrize("content", [b"", b"<html><body/></html>", b"Name;Date\n1;2\n", b"<calendar year='2027'/>"])
def test_d10_another_file_is_refused(content: bytes) -> None:
    reading = read_days(content, FIRST, LAST, "holidays")
    assert reading.value is None
    assert reading.faults


def test_a_file_that_can_be_no_calendar_is_told_which_kinds_there_are() -> None:
    (fault,) = read_days(b'"""A program."""\nimport os\n', FIRST, LAST, "holidays").faults
    assert fault.reason.said("ru").endswith("Нужен производственный календарь (XML) или календарь iCalendar (ICS).")
    assert "working-day calendar (XML) or an iCalendar file (ICS)" in fault.reason.said("en")


def test_d10_the_calendar_of_2025_moves_a_saturday_to_a_monday() -> None:
    reading = read_days(shared("calendars/ru-2025.xml").read_bytes(), date(2025, 9, 1), date(2026, 8, 31), "public")
    assert reading.faults == ()
    assert reading.value is not None
    assert (date(2025, 11, 1), date(2025, 11, 3)) in reading.value.moved
