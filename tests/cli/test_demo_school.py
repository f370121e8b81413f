"""The demo school is a whole school, the same for a seed, and nothing in it is from the future."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cli.demo import DemoSchool, demo_logins, generate
from cli.demo.model import Term
from cli.demo.year import school_year
from tests.cli.conftest import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def school() -> DemoSchool:
    return generate(TODAY)


def test_it_has_the_people_of_a_whole_school(school):
    roles = Counter(role for person in school.people for role in person.roles)
    assert (roles["director"], roles["deputy"], roles["methodologist"], roles["teacher"]) == (1, 1, 1, 25)
    assert roles["student"] == 300
    assert len({person.id for person in school.people}) == len(school.people)


def test_it_has_twelve_classes_from_the_first_grade_to_the_eleventh(school):
    assert len(school.classes) == 12
    assert {one.grade for one in school.classes} == set(range(1, 12))
    teachers = {person.id for person in school.people if "teacher" in person.roles}
    homerooms = [one.homeroom_teacher_id for one in school.classes]
    assert set(homerooms) <= teachers
    assert len(set(homerooms)) == 12


def test_each_student_has_one_or_two_guardians(school):
    guardians = Counter(tie.student_id for tie in school.guardianships)
    students = {person.id for person in school.people if "student" in person.roles}
    assert set(guardians) == students
    assert set(guardians.values()) == {1, 2}


def test_the_first_grade_has_no_marks_and_every_other_one_has(school):
    grades = {one.id: one.grade for one in school.classes}
    grade_of = {course.id: grades[course.class_id] for course in school.courses}
    lessons = {lesson.id: grade_of[lesson.course_id] for lesson in school.lessons}
    assert {lessons[mark.lesson_id] for mark in school.marks} == set(range(2, 12))
    assert {mark.value for mark in school.marks} <= {"2", "3", "4", "5"}


def test_absences_and_marks_reach_to_yesterday_and_no_further(school):
    dates = {lesson.id: lesson.date for lesson in school.lessons}
    yesterday = TODAY - timedelta(days=1)
    assert max(dates[absence.lesson_id] for absence in school.absences) == yesterday
    assert max(dates[check.lesson_id] for check in school.checks) == yesterday
    assert max(mark.set_on for mark in school.marks) == yesterday
    assert all(dates[mark.lesson_id] <= mark.set_on for mark in school.marks)


def test_four_weeks_lie_behind_with_topics_homework_marks_and_absences_in_each(school):
    grades = {one.id: one.grade for one in school.classes}
    classes = {course.id: course.class_id for course in school.courses}
    past = {lesson.id: lesson for lesson in school.lessons if lesson.date < TODAY}
    by_week: defaultdict[date, list] = defaultdict(list)
    for lesson in past.values():
        by_week[monday_of(lesson.date)].append(lesson)
    whole = [week for week in by_week if week + timedelta(days=7) <= TODAY]
    assert len(whole) >= 4
    for week in whole:
        assert {classes[lesson.course_id] for lesson in by_week[week]} == set(grades)
    assert {monday_of(past[mark.lesson_id].date) for mark in school.marks} >= set(whole)
    assert {monday_of(past[absence.lesson_id].date) for absence in school.absences} >= set(whole)

    given = [lesson for lesson in past.values() if lesson.homework]
    assert {grades[classes[lesson.course_id]] for lesson in given} == set(range(2, 12)), "none in grade 1"
    assert len(given) > len(past) / 3
    assert all(lesson.homework_due > lesson.date for lesson in given)
    texts = [lesson.topic for lesson in past.values()] + [lesson.homework for lesson in given]
    assert [text for text in texts if re.search("[a-z]", text)] == [], "in Russian"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_it_has_a_year_with_terms_subjects_courses_and_a_timetable(school):
    assert (school.year.starts_on.month, school.year.ends_on.month) == (9, 8)
    starts = [term.starts_on for term in school.terms if term.division == "quarters"]
    assert starts == sorted(starts)
    assert all(school.year.starts_on <= term.starts_on < term.ends_on <= school.year.ends_on for term in school.terms)
    taught = {course.subject_id for course in school.courses}
    assert taught == {subject.id for subject in school.subjects}
    assert len(taught) > 15
    assert {slot.course_id for slot in school.timetable} == {course.id for course in school.courses}


def test_there_are_lessons_to_come_and_they_are_only_planned(school):
    ahead = [lesson for lesson in school.lessons if lesson.date >= TODAY]
    assert ahead
    assert {(lesson.topic, lesson.homework) for lesson in ahead} == {("", "")}
    assert all(lesson.topic for lesson in school.lessons if lesson.date < TODAY)


def test_nobody_is_marked_who_was_away_or_not_in_the_course(school):
    lessons = {lesson.id: lesson for lesson in school.lessons}
    courses = {course.id: course for course in school.courses}
    kinds = {kind.id: kind.code for kind in school.kinds}
    away = {(one.lesson_id, one.student_id) for one in school.absences if one.code != "О"}
    for mark in school.marks:
        lesson = lessons[mark.lesson_id]
        assert any(
            member.student_id == mark.student_id and member.covers(mark.set_on)
            for member in courses[lesson.course_id].members
        ) or mark.set_on > lesson.date  # fmt: skip
        if (mark.lesson_id, mark.student_id) in away:
            assert kinds[mark.kind_id] == "control", "only a control work is made up later"
            assert mark.set_on > lesson.date


def test_no_teacher_and_no_class_is_in_two_places_at_once(school):
    courses = {course.id: course for course in school.courses}
    teachers: Counter[tuple] = Counter()
    groups: defaultdict[tuple, list] = defaultdict(list)
    for slot in school.timetable:
        course = courses[slot.course_id]
        teachers.update((teacher, slot.weekday, slot.number) for teacher in course.teacher_ids)
        groups[course.class_id, slot.weekday, slot.number].append(course.group)
    assert set(teachers.values()) == {1}
    assert {tuple(sorted(at, key=str)) for at in groups.values()} == {(None,), (1, 2)}


def test_the_same_seed_gives_the_same_school_and_another_seed_another(school):
    assert generate(TODAY) == school
    other = generate(TODAY, seed=2)
    assert other.school.id != school.school.id
    assert {person.id for person in other.people}.isdisjoint(person.id for person in school.people)


def test_a_day_later_the_past_is_what_it_was(school):
    tomorrow = generate(TODAY + timedelta(days=1))
    assert {person.id for person in tomorrow.people} == {person.id for person in school.people}
    later = {mark.id: mark for mark in tomorrow.marks}
    shared = [mark for mark in school.marks if mark.id in later]
    assert len(shared) > 5000
    assert [mark for mark in shared if later[mark.id] != mark] == []


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 4), date(2027, 7, 10)])
def test_it_can_be_made_on_any_day_of_the_year(today):
    made = generate(today)
    assert made.year.starts_on <= today <= made.year.ends_on
    assert len(demo_logins(made)) == 10


def test_d06_on_every_day_of_the_year_a_term_of_each_division_is_open():
    """Journals of terms that ended are closed: in holidays the last term goes on, so that marks can be tried."""
    usual = {term.key: (term.starts_on, term.ends_on) for term in terms_on(TODAY)}
    first, holidays = date(2026, 9, 1), 0
    for today in (first + timedelta(days=passed) for passed in range(365)):
        terms = terms_on(today)
        for division in ("quarters", "half-years"):
            (present,) = [one for one in terms if one.division == division and one.starts_on <= today <= one.ends_on]
            holidays += present.ends_on > usual[present.key][1]
            others = [one for one in terms if one.division == division and one is not present]
            assert all((one.starts_on, one.ends_on) == usual[one.key] for one in others)
    assert holidays > 200, "those of both divisions"


def terms_on(today: date) -> list[Term]:
    made = school_year(today, 1)
    return [*made.quarters, *made.half_years]


def test_p02_d19_grades_10_and_11_go_by_half_years_beside_the_quarters_of_the_others(school):
    grades = {one.id: one.grade for one in school.classes}
    assert {(grades[course.class_id] >= 10, course.division) for course in school.courses} == {
        (False, "quarters"), (True, "half-years"),
    }  # fmt: skip
    first, second = (term for term in school.terms if term.division == "half-years")
    assert (first.title, second.title) == ("1-е полугодие", "2-е полугодие")
    quarters = [term for term in school.terms if term.division == "quarters"]
    assert [(first.starts_on, first.ends_on), (second.starts_on, second.ends_on)] == [
        (quarters[0].starts_on, quarters[1].ends_on), (quarters[2].starts_on, quarters[3].ends_on),
    ]  # fmt: skip


@pytest.mark.parametrize("today", [date(2026, 11, 12), date(2027, 1, 18), date(2027, 2, 22), date(2027, 4, 12)])
def test_terms_do_not_overlap_and_lessons_keep_to_them_and_off_sundays_and_holidays(today):
    made = generate(today)
    for division, count in (("quarters", 4), ("half-years", 2)):
        terms = sorted((term for term in made.terms if term.division == division), key=lambda term: term.starts_on)
        assert [term.number for term in terms] == list(range(1, count + 1))
        assert all(before.ends_on < after.starts_on for before, after in pairwise(terms))
    grades = {one.id: one.grade for one in made.classes}
    grade_of = {course.id: grades[course.class_id] for course in made.courses}
    assert len(made.lessons) > 500
    for lesson in made.lessons:
        for division in ("quarters", "half-years"):
            terms = [term for term in made.terms if term.division == division]
            assert sum(term.starts_on <= lesson.date <= term.ends_on for term in terms) == 1, lesson.date
        assert lesson.date.isoweekday() <= 6
        grade = grade_of[lesson.course_id]
        assert [
            holiday.title for holiday in made.holidays
            if holiday.starts_on <= lesson.date <= holiday.ends_on and (not holiday.grades or grade in holiday.grades)
        ] == []  # fmt: skip


def test_the_logins_belong_to_people_who_have_to_do_with_each_other(school):
    who = {role: one.person_id for role, one in demo_logins(school).items()}
    children = {tie.student_id for tie in school.guardianships if tie.guardian_id == who["parent"]}
    others = {tie.student_id for tie in school.guardianships if tie.guardian_id == who["other_parent"]}
    taught = {
        member.student_id
        for course in school.courses if who["teacher"] in course.teacher_ids
        for member in course.members
    }  # fmt: skip
    assert len(children) == 2
    assert who["student"] in children & taught
    assert others.isdisjoint(taught)
    assert others.isdisjoint(children)
    assert len(set(who.values())) == len(who)


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 11, 5), date(2027, 1, 20), date(2027, 7, 1)], ids=str)
def test_works_of_a_term_that_ended_stand_beside_the_recorded_weeks(today: date) -> None:
    school = generate(today)
    ended = {one.id: one for one in school.terms if one.ends_on < today}
    assert {one.term_id for one in school.term_marks} <= ended.keys()
    assert bool(school.term_marks) == bool(ended)
    recorded = {(one.course_id, one.date, one.number) for one in school.lessons}
    works = [(one.course_id, one.date, one.number) for one in school.past_lessons]
    assert len(works) == len({*works} - recorded)
    assert len({(one.course_id, one.student_id, one.term_id) for one in school.term_marks}) == len(school.term_marks)
