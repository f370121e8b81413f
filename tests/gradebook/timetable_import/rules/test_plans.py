"""What taking a file would do."""

from datetime import date
from uuid import UUID

from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.timetable.readers.timetable import Timetable, TimetableLesson
from services.gradebook.timetable.rules.conflicts import Needs
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable_import.rules import plans
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Said
from services.gradebook.timetable_import.rules.names import Named
from services.gradebook.timetable_import.rules.plans import Asked, Plan, School
from services.gradebook.timetable_import.rules.weeks import Course
from tests.gradebook.timetable_import.rules.lessons import lesson, new_ids

A, B, ALGEBRA, SINGING, HALL, ROOM, ANNA, PETER, OF_A, OF_B, CHOIR = (UUID(int=at) for at in range(1, 12))
SEPTEMBER, DAY, LAST = date(2026, 9, 1), date(2026, 11, 2), date(2027, 5, 31)


def school(*entries: Entry) -> School:
    """5А and 5Б with an algebra each, and a choir across classes."""
    courses = (
        Course(OF_A, A, ALGEBRA, "", "Алгебра 5А", kept_here=True, teachers=frozenset({ANNA})),
        Course(OF_B, B, ALGEBRA, "", "Наша алгебра", kept_here=True, teachers=frozenset()),
        Course(CHOIR, None, SINGING, "хор", "Хор", kept_here=True, teachers=frozenset({PETER})),
    )
    ours = {
        "class": [Ours(A, "5А"), Ours(B, "5Б")], "subject": [Ours(ALGEBRA, "Алгебра")],
        "teacher": [Ours(ANNA, "Осина", "А", "Б"), Ours(PETER, "Клён", "П", "П")],
        "classroom": [Ours(HALL, "Зал"), Ours(ROOM, "12")],
    }  # fmt: skip
    needs = {one.id: Needs(one.teachers, class_id=one.class_id, group=one.group_name) for one in courses}
    return School(ours, {}, {one.id: one for one in courses}, needs, entries, frozenset({HALL}), LAST)


def plan(of: School, *lessons: TimetableLesson, **said: Said) -> Plan:
    told = {Named(kind, name): one for name, one in said.items() for kind in ("subject", "class")}
    return plans.plan_of(Timetable(lessons), of, Asked(DAY, told, "группа {number}"), new_ids())


def entry(number: int, course_id: UUID, weekday: int = 1, room: UUID | None = None) -> Entry:
    return Entry(UUID(int=100 + number), course_id, weekday, number, "", SEPTEMBER, None, room)


def test_only_the_classes_that_the_file_names_get_another_week() -> None:
    of_a, moved, of_b, choir = entry(1, OF_A), entry(2, OF_A), entry(3, OF_B), entry(4, CHOIR)
    found = plan(school(of_a, moved, of_b, choir), lesson(at="1.1"), lesson(at="1.5"))
    assert (found.difference.staying, found.difference.removed) == ([of_a], [moved])
    assert found.edit.before == (moved,)
    ended, new = found.edit.after
    assert (ended.id, ended.valid_until) == (moved.id, date(2026, 11, 1))
    assert (new.number, new.valid_from, new.valid_until) == (5, DAY, None)
    assert found.names.keys() == {Named("class", "5А"), Named("subject", "Алгебра")}


def test_a_file_that_says_what_there_is_changes_nothing() -> None:
    found = plan(school(entry(1, OF_A)), lesson(at="1.1"))
    assert (found.edit.before, found.edit.after, found.difference.changes) == ((), (), [])
    assert not found.clashes


def test_new_courses_and_classes_have_names() -> None:
    found = plan(
        school(), lesson("6Я", "Ритмика", group="1"), lesson("5Б"), **{"6Я": Said("new"), "Ритмика": Said("new")}
    )
    (new,) = found.wanted.courses
    assert (found.titles[new.id], found.titles[OF_B]) == ("Ритмика 6Я, группа 1", "Наша алгебра")
    assert (found.class_names[new.class_id], found.class_names[A]) == ("6Я", "5А")
    assert (found.subject_names[new.subject_id], found.subject_names[ALGEBRA]) == ("Ритмика", "Алгебра")
    assert (found.class_of[new.id], found.class_of[OF_B], found.class_of[CHOIR]) == (new.class_id, B, None)


def test_what_would_fall_together_is_counted_where_the_file_has_a_part_in_it() -> None:
    others = (entry(1, OF_B, room=ROOM), entry(1, CHOIR, room=ROOM))
    assert plan(school(*others), lesson(at="1.2", room="12")).clashes == {}, (
        "what fell together before is not the file's"
    )
    assert plan(school(*others), lesson(at="1.1", room="12")).clashes == {"classroom": 1, "together": 1}
    named = plan(school(*others), lesson(at="1.1", room="12")).falling
    assert {(what, *sorted(one.course_id for one in (pair.one, pair.other))) for what, pair in named} == {
        ("classroom", *sorted((OF_A, CHOIR))), ("together", *sorted((OF_A, OF_B))),
    }  # fmt: skip
    assert plan(school(*others), lesson(at="1.1", room="Зал")).clashes == {}
    staying = (entry(1, OF_A, room=ROOM), entry(1, CHOIR, room=ROOM))
    assert plan(school(*staying), lesson(at="1.1", room="12")).clashes == {"classroom": 1}
    assert plan(school(entry(1, OF_A, room=ROOM)), lesson(at="1.1", room="Зал")).clashes == {}, "the old one goes"
    gone = (entry(2, OF_A, room=ROOM), entry(2, CHOIR, room=ROOM))
    assert plan(school(*gone), lesson(at="1.1", room="12")).clashes == {}


def test_teachers_of_new_courses_and_those_who_join_are_in_one_place_at_a_time() -> None:
    joined = plan(school(entry(1, CHOIR)), lesson(at="1.1", teacher="Клён П.П."))
    assert joined.clashes == {"teacher": 1}
    alone = plan(school(entry(1, CHOIR)), lesson("5Б", at="1.1", teacher="Клён П.П."))
    assert alone.clashes == {"teacher": 1}
    groups = [lesson("5А", "Труд", at="1.1", group=group) for group in ("1", "2")]
    assert plan(school(), *groups, Труд=Said("new")).clashes == {}
    lessons = (lesson("5А", "Труд", at="1.1", teacher="Клён П.П."), lesson("5А", "Труд", at="1.1", group="1"))
    new = plan(school(entry(1, CHOIR)), *lessons, Труд=Said("new"))
    assert new.clashes == {"teacher": 1, "students": 1}


def test_two_classes_that_have_one_subject_in_one_room_or_with_one_teacher_have_it_together() -> None:
    lessons = [lesson(name, at="1.1", room="12", teacher="Осина А.Б.") for name in ("5А", "5Б")]
    assert plan(school(), *lessons).clashes == {"together": 2}
    other = [lesson("5А", at="1.1", room="12"), lesson("5Б", "Труд", at="1.1", room="12")]
    assert plan(school(), *other, Труд=Said("new")).clashes == {"classroom": 1}
    twice = [lesson("5А", at="1.1", group=group) for group in ("", "1")]
    assert plan(school(), *twice).clashes == {"students": 1}


def test_who_joins_a_course_teaches_it_from_the_day_or_from_an_earlier_time() -> None:
    were = [Teaching(ANNA, None, SEPTEMBER), Teaching(PETER, SEPTEMBER, SEPTEMBER), Teaching(A, date(2027, 1, 1), None)]
    assert plans.joined(were, [ANNA, PETER, A, B], DAY) == [
        Teaching(ANNA, None), Teaching(PETER, SEPTEMBER), Teaching(A, DAY), Teaching(B, DAY),
    ]  # fmt: skip
