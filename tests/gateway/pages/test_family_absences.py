"""What families read of absences: those of a term beside the marks, and the meaning of a code in the diary."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from babel.dates import format_date
from uuid_utils.compat import uuid7

from tests.gateway.pages.test_absence import note
from tests.gateway.pages.test_pages import shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School


def panel(door: Site, school: School, who: str) -> str:
    """The words of the absences on Anna's page of marks."""
    page = shown(door.visit(getattr(school, who)).get(f"/marks/{school.anna.person_id}"))
    found = re.search(r'<section class="panel" id="absences".*?</section>', page, re.DOTALL)
    assert found, "there are no absences"
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split())


@pytest.mark.parametrize("who", ["mother", "anna"])
def test_the_absences_of_a_term_are_counted_and_read_by_day(door: Site, school: School, who: str) -> None:
    anna, boris = str(id_of(school.anna)), str(id_of(school.boris))
    assert panel(door, school, who).endswith("Опоздания и пропуски В этом учебном периоде их нет.")
    earlier = TODAY - timedelta(days=3)
    lesson = school.add_lesson(uuid7(), school.algebra, earlier, 2)
    note(door, school, {"student_id": anna, "code": "О", "minutes": 7}, {"student_id": boris, "code": "Н"})
    ill = {"absences": [{"student_id": anna, "code": "Б"}]}
    answer = door.asking(school.homeroom_a).put(f"/lessons/{lesson}/check", json=ill)
    assert answer.status_code == 200, answer.text
    found = panel(door, school, who)
    assert "Пропущено уроков: 1. Опозданий: 1." in found
    late, missed = found.index("опоздание, 7 мин"), found.index("2-й урок – отсутствует по болезни")
    assert found.index(format_date(TODAY, "d MMMM", locale="ru")) < late < missed
    assert found.index(format_date(earlier, "d MMMM", locale="ru")) < missed
    assert "неизвестна" not in found, "another student's absence"


def test_the_page_asks_as_often_however_many_absences_there_are(door: Site, school: School) -> None:
    anna, client = str(id_of(school.anna)), door.visit(school.mother)
    note(door, school, {"student_id": anna, "code": "Б"})
    shown(client.get(f"/marks/{anna}"))
    asked = []
    for days in (0, 1):
        for number in range(3, 3 + 3 * days):
            lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=2), number)
            body = {"absences": [{"student_id": anna, "code": "Н"}]}
            assert door.asking(school.homeroom_a).put(f"/lessons/{lesson}/check", json=body).status_code == 200
        door.bus.calls.clear()
        shown(client.get(f"/marks/{anna}"))
        asked.append(sorted(method for method, _ in door.bus.calls))
    assert asked[0] == asked[1]
    assert asked[1].count("attendance.absences_of") == asked[1].count("attendance.codes") == 1


def test_the_diary_says_in_words_what_a_code_means(door: Site, school: School) -> None:
    note(door, school, {"student_id": str(id_of(school.anna)), "code": "Б"})
    page = door.visit(school.anna).get(f"/diary/{school.anna.person_id}?date={TODAY}")
    assert "отсутствует по болезни" in words(page)
