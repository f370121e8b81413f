"""A student moves to the other class: what teachers and family see of the marks from before."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from uuid_utils.compat import uuid7

from cli.building import courses, write
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import shown
from tests.gateway.rest.test_sheet import AWAY
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School

DAYS = (9, 8, 7)


@pytest.fixture
def moved(door: Site, school: School) -> UUID:
    """Anna had 5, 5, 4 in the algebra of 7А, where she missed a lesson; she is in 7Б now: its algebra."""
    lessons = [school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=day), 1) for day in DAYS]
    teacher, homeroom = door.asking(school.teacher), door.asking(school.homeroom_a)
    for lesson_id, value in zip(lessons, "554", strict=True):
        posted = teacher.post("/marks", json={"lesson_id": lesson_id, "student_id": id_of(school.anna), "value": value})
        assert posted.status_code == 201, posted.text
    missed = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=6), 1)
    absence = {"student_id": id_of(school.anna), "code": "Б"}
    assert homeroom.put(f"/lessons/{missed}/check", json={"absences": [absence]}).status_code == 200
    course_id = _moved_to_7b(school)
    lesson_id = school.add_lesson(uuid7(), course_id, TODAY, 4)
    posted = door.asking(school.other_teacher).post(
        "/marks", json={"lesson_id": lesson_id, "student_id": id_of(school.anna), "value": "3"}
    )
    assert posted.status_code == 201, posted.text
    return course_id


def _moved_to_7b(school: School) -> UUID:
    """Until five days ago in 7А, since four days ago in 7Б."""
    course_id, anna = uuid7(), id_of(school.anna)
    school.move(school.anna, school.class_b)
    school.tell()
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        like = session.execute(select(Course.subject_id, Course.year_id).where(Course.id == school.algebra)).one()
        ended = update(CourseMember).where(CourseMember.course_id == school.algebra, CourseMember.student_id == anna)
        session.execute(ended.values(until=TODAY - timedelta(days=5)))
    course = {"id": course_id, "title": "Алгебра, 7Б", "class_id": school.class_b, **like._asdict()}
    member = courses.member(course_id, UUID(str(anna)), TODAY - timedelta(days=4))
    taught = {"course_id": course_id, "teacher_id": school.other_teacher.person_id}
    rows = [(Course, [course]), (CourseTeacher, [taught]), (CourseMember, [member])]
    write(school.town.gradebook.unit_of_work, school.id, rows)
    return course_id


def test_p36_the_new_journal_shows_what_was_brought_and_counts_it_with_absences(
    door: Site, school: School, moved: UUID
) -> None:
    sheet = door.asking(school.other_teacher).get(f"/courses/{moved}/sheet?term_id={school.term}").json
    (row,) = sheet["rows"]
    assert (row["mean"], row["missed"], row["late"]) == ("4.25", 1, 0)
    page = shown(
        door.visit(school.other_teacher).get(f"/journal/{moved}?term={school.term}"), "Принесённые", "Алгебра, 7А"
    )
    assert '<td class="sum" data-figure="brought">5 5 4</td>' in page
    day = (TODAY - timedelta(days=5)).strftime("%d.%m.%Y")
    assert day in page, "the last day in the old class"


def test_p36_the_old_journal_closes_the_students_row(door: Site, school: School, moved: UUID) -> None:
    address = f"/courses/{school.algebra}/sheet?term_id={school.term}"
    rows = door.asking(school.teacher, **{"Accept-Language": "ru"}).get(address).json["rows"]
    whys = {row["student_id"]: row["why"] and row["why"]["detail"] for row in rows}
    closed = whys.pop(str(id_of(school.anna)))
    assert closed.startswith("Ученик перешёл в «Алгебра, 7Б»")
    assert set(whys.values()) == {None}
    page = shown(door.visit(school.teacher).get(f"/journal/{school.algebra}?term={school.term}"))
    assert "Принесённые" not in page


def test_p36_the_figure_says_where_each_mark_comes_from(door: Site, school: School, moved: UUID) -> None:
    place = f"/journal/{moved}/students/{id_of(school.anna)}/term-mark?term={school.term}"
    page = shown(door.visit(school.mother).get(place), "4,25")
    assert page.count("из: Алгебра, 7А") == 3


def test_p36_the_family_has_the_subject_once(door: Site, school: School, moved: UUID) -> None:
    page = shown(door.visit(school.mother).get(f"/marks/{id_of(school.anna)}"), "4,25")
    names = re.findall('<th scope="row"><a [^>]*>Алгебра', page)
    assert (len(names), page.count("из: Алгебра, 7А")) == (1, 3)


def test_while_attendance_is_away_no_total_is_told_that_lacks_what_was_before(
    door: Site, school: School, moved: UUID
) -> None:
    door.bus.away["attendance"] = AWAY
    sheet = door.asking(school.other_teacher).get(f"/courses/{moved}/sheet?term_id={school.term}").json
    assert (sheet["missing"], sheet["rows"][0]["missed"], sheet["rows"][0]["mean"]) == (["absences"], None, "4.25")


def test_the_mean_of_who_was_never_in_the_course_leads_to_how_it_came_about(door: Site, school: School) -> None:
    """Marks that an import brought for a student who is no member have a row in the journal all the same."""
    given = {"lesson_id": str(school.lesson), "student_id": id_of(school.anna), "value": "5"}
    answered(door.asking(school.teacher).post("/marks", json=given), 201)
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        mine = CourseMember.course_id == school.algebra, CourseMember.student_id == school.anna.person_id
        session.execute(delete(CourseMember).where(*mine))
    client = door.visit(school.teacher)
    grid = shown(client.get(f"/journal/{school.algebra}?term={school.term}"), 'data-figure="mean"')
    way = f"/journal/{school.algebra}/students/{id_of(school.anna)}/term-mark?term={school.term}"
    assert f'href="{way}"' in grid
    shown(client.get(way), "Смирнова Анна", "5,00")
