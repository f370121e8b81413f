"""What the lessons of a file become, and how their week differs from the timetable."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.gradebook.timetable.readers.timetable import TimetableLesson
from services.gradebook.timetable.rules.edits import NewEntry
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable_import.rules import matching, weeks
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Meanings, Said
from services.gradebook.timetable_import.rules.names import names_in
from services.gradebook.timetable_import.rules.weeks import Course, EntryChange, Held, NewCourse, Slot, Wanted
from tests.gradebook.timetable_import.rules.lessons import lesson, new_ids

A, B, ALGEBRA, CHOIR, ROOM, OTHER_ROOM, ANNA, PETER, OLGA = (UUID(int=at) for at in range(1, 10))
COURSE, OTHER = UUID(int=20), UUID(int=21)
NEW = UUID(int=1000)
DAY, LAST = date(2026, 11, 2), date(2027, 5, 31)
OURS = {
    "class": [Ours(A, "5А"), Ours(B, "5Б")],
    "subject": [Ours(ALGEBRA, "Алгебра"), Ours(CHOIR, "Хор")],
    "teacher": [Ours(ANNA, "Анна"), Ours(PETER, "Пётр"), Ours(OLGA, "Ольга")],
    "classroom": [Ours(ROOM, "214"), Ours(OTHER_ROOM, "215")],
}


def meanings(lessons: Iterable[TimetableLesson], **said: Said) -> Meanings:
    """What the names of lessons mean; teachers have no more than a family name here."""
    names = names_in(lessons)
    told = {
        named: Said("known", one.id) for named in names for one in OURS[named.kind] if one.name == named.name
    }  # fmt: skip
    told |= {named: said[named.kind] for named in names if named not in told and named.kind in said}
    return matching.meanings(names, OURS, {}, told, new_ids(5000))


def course(course_id: UUID = COURSE, group: str = "", *teachers: UUID, **more: Any) -> Course:
    about = {"class_id": A, "subject_id": ALGEBRA, "title": "Алгебра 5А", "kept_here": True, **more}
    return Course(id=course_id, group_name=group, teachers=frozenset(teachers), **about)


def wanted(
    lessons: Iterable[TimetableLesson], *courses: Course, pattern: str = "группа {number}", **said: Said
) -> Wanted:
    lessons = list(lessons)
    return weeks.wanted_week(lessons, meanings(lessons, **said), courses, pattern, new_ids())


def test_a_lesson_belongs_to_the_course_of_its_class_and_subject():
    found = wanted([lesson(at="1.1", room="214", teacher="Анна")], course(COURSE, "", ANNA), course(OTHER, class_id=B))
    assert found == Wanted(
        (A,), [], {COURSE: [ANNA]}, {}, {Slot(COURSE, 1, 1, ""): Held(ROOM, None)}, 0, []
    )  # fmt: skip
    assert (found.without_teacher(), found.without_classroom()) == (0, 0)


def test_a_course_that_is_not_there_is_made_once():
    lessons = [lesson(at="1.1", teacher="Пётр"), lesson(at="2.1", teacher="Анна, Пётр"), lesson("5Б", at="1.1")]
    found = wanted(lessons, course(subject_id=CHOIR))
    assert found.courses == [NewCourse(NEW, A, ALGEBRA, ""), NewCourse(UUID(int=1001), B, ALGEBRA, "")]
    assert found.teachers == {NEW: [PETER, ANNA], UUID(int=1001): []}
    assert found.joining == {}
    assert found.entries == {
        Slot(NEW, 1, 1, ""): Held(None, PETER),
        Slot(NEW, 2, 1, ""): Held(None, None),
        Slot(UUID(int=1001), 1, 1, ""): Held(None, None),
    }
    assert (found.without_teacher(), found.without_classroom()) == (1, 3)


def test_who_holds_a_lesson_joins_the_course_and_holds_it_alone():
    lessons = [lesson(at="1.1", teacher="Пётр"), lesson(at="2.1"), lesson(at="3.1", teacher="Анна")]
    found = wanted(lessons, course(COURSE, "", ANNA))
    assert (found.teachers, found.joining) == ({COURSE: [ANNA, PETER]}, {COURSE: [PETER]})
    assert [held.teacher_id for held in found.entries.values()] == [PETER, None, ANNA]
    assert found.without_teacher() == 0


def test_a_group_is_the_one_of_its_name_or_number_and_else_made():
    one, two = course(COURSE, "группа 1"), course(OTHER, "2 подгруппа")
    lessons = [lesson(group=group) for group in ("1", "2", "3", "физ-мат", "химия, 1", "Физ-мат")]
    found = wanted(lessons, one, two)
    assert [slot.course_id.int for slot in found.entries] == [20, 21, 1000, 1001, 1002]
    assert [new.group_name for new in found.courses] == ["группа 3", "физ-мат", "химия, группа 1"]
    assert len(found.repeated) == 1
    assert wanted([lesson(group="1")], course(COURSE, "")).courses == [NewCourse(NEW, A, ALGEBRA, "группа 1")]
    assert [new.group_name for new in wanted([lesson(group="1")], pattern="{number}").courses] == ["1"]
    assert [new.group_name for new in wanted([lesson()], one).courses] == [""]


def test_groups_of_an_import_which_have_no_names_are_found_by_their_teachers():
    one = course(COURSE, "", ANNA, kept_here=False)
    two = course(OTHER, "", PETER, kept_here=False)
    found = wanted([lesson(group="1", teacher="Пётр"), lesson(group="2", teacher="Анна")], one, two)
    assert ([slot.course_id for slot in found.entries], found.courses) == ([OTHER, COURSE], [])
    assert wanted([lesson(teacher="Пётр")], one, two).entries == {Slot(OTHER, 1, 1, ""): Held(None, None)}
    assert wanted([lesson()], one, two).entries == {Slot(COURSE, 1, 1, ""): Held(None, None)}
    assert [new.group_name for new in wanted([lesson(group="1", teacher="Ольга")], one).courses] == ["группа 1"]
    named = course(COURSE, "группа 1")
    assert wanted([lesson(group="1", teacher="Пётр")], named, two).entries.keys() == {Slot(COURSE, 1, 1, "")}
    ours, named = course(COURSE, "", PETER), course(COURSE, "химия", PETER, kept_here=False)
    for other in (ours, named):
        assert len(wanted([lesson(group="1", teacher="Пётр")], other).courses) == 1


def test_lessons_of_a_class_or_subject_that_means_nothing_are_left_out_and_counted():
    lessons = [lesson(), lesson("6Я"), lesson(subject="Ритмика"), lesson("7Я", "Ритмика")]
    found = wanted(lessons, course(), **{"class": Said("none"), "subject": Said("none")})
    assert (found.class_ids, len(found.entries), found.left_out) == ((A,), 1, 3)
    assert wanted(lessons, course()).left_out == 0, "what is open is not left out yet"


def test_new_classes_and_subjects_have_courses_too():
    found = wanted([lesson("6Я", "Ритмика")], **{"class": Said("new"), "subject": Said("new")})
    assert found.courses == [NewCourse(NEW, UUID(int=5000), UUID(int=5001), "")]
    assert found.class_ids == (UUID(int=5000),)


def test_a_course_has_one_lesson_at_a_time():
    twice = [lesson(at="1.1", room="214"), lesson(at="1.1", room="215"), lesson(at="1.1/1"), lesson(at="2.1/1")]
    found = wanted([*twice, lesson(at="2.1"), lesson(at="2.1/2"), lesson(at="2.1/1")], course())
    assert found.entries == {
        Slot(COURSE, 1, 1, ""): Held(ROOM, None), Slot(COURSE, 2, 1, ""): Held(None, None),
    }  # fmt: skip
    assert found.repeated == ["5А 1.1", "5А 1.1/1", "5А 2.1", "5А 2.1/1"]


def test_odd_and_even_weeks_that_are_the_same_are_every_week():
    lessons = [
        lesson(at="1.1/1"),
        lesson(at="1.1/2"),
        lesson(at="2.1/2"),
        lesson(at="3.1/2", room="214"),
        lesson(at="3.1/1"),
    ]
    assert wanted(lessons, course()).entries == {
        Slot(COURSE, 1, 1, ""): Held(None, None),
        Slot(COURSE, 2, 1, "2"): Held(None, None),
        Slot(COURSE, 3, 1, "2"): Held(ROOM, None),
        Slot(COURSE, 3, 1, "1"): Held(None, None),
    }


def entry(weekday: int, number: int = 1, **more: Any) -> Entry:
    about = {"id": UUID(int=100 * weekday + number), "course_id": COURSE, "week": "", "valid_from": date(2026, 9, 1)}
    return Entry(weekday=weekday, number=number, **{**about, **more})


def test_an_entry_at_the_same_place_stays_and_the_others_change_or_go():
    found = wanted([lesson(at="1.1", room="214"), lesson(at="2.1", room="214"), lesson(at="4.1")], course())
    stays, moves, goes = entry(1, classroom_id=ROOM), entry(2, classroom_id=OTHER_ROOM), entry(3, classroom_id=ROOM)
    differing = weeks.difference(found, [stays, moves, goes], DAY, LAST)
    assert (differing.staying, differing.removed) == ([stays], [moves, goes])
    assert differing.added == [NewEntry(COURSE, 2, 1, "", ROOM, None), NewEntry(COURSE, 4, 1, "", None, None)]
    assert differing.changes == [
        EntryChange("changed", Slot(COURSE, 2, 1, ""), Held(OTHER_ROOM, None), Held(ROOM, None)),
        EntryChange("dropped", Slot(COURSE, 3, 1, ""), Held(ROOM, None), None),
        EntryChange("added", Slot(COURSE, 4, 1, ""), None, Held(None, None)),
    ]


def test_an_entry_stays_only_if_it_holds_from_the_day_to_the_end_of_the_year():
    found = wanted([lesson(at="1.1")], course())

    def stays(**more: Any) -> bool:
        return bool(weeks.difference(found, [entry(1, **more)], DAY, LAST).staying)

    assert stays(valid_from=DAY)
    assert stays(valid_until=LAST)
    assert not stays(valid_from=date(2026, 11, 3))
    assert not stays(valid_until=date(2027, 5, 30))
    assert not stays(week="1")


def test_the_only_teacher_of_a_course_holds_its_lessons_named_or_not():
    found = wanted([lesson(at="1.1", teacher="Анна")], course(COURSE, "", ANNA))
    assert weeks.difference(found, [entry(1, teacher_id=ANNA)], DAY, LAST).changes == []
    both = wanted([lesson(at="1.1", teacher="Анна")], course(COURSE, "", ANNA, PETER))
    assert weeks.difference(both, [entry(1, teacher_id=ANNA)], DAY, LAST).changes == []
    (change,) = weeks.difference(both, [entry(1)], DAY, LAST).changes
    assert (change.before, change.after) == (Held(None, None), Held(None, ANNA))


def test_a_file_without_classrooms_or_teachers_leaves_those_that_are_there():
    present = [entry(1, classroom_id=ROOM, teacher_id=PETER), entry(2, classroom_id=ROOM, teacher_id=PETER)]
    about = course(COURSE, "", ANNA, PETER)

    def held(*lessons: TimetableLesson) -> list[Held]:
        found = weeks.with_what_it_leaves_open(wanted(lessons, about), present, lessons)
        return list(found.entries.values())

    assert held(lesson(at="1.1"), lesson(at="3.1")) == [Held(ROOM, PETER), Held(None, None)]
    assert held(lesson(at="1.1"), lesson(at="3.1", room="215")) == [Held(ROOM, PETER), Held(OTHER_ROOM, None)]
    assert held(lesson(at="1.1"), lesson(at="3.1", teacher="Анна")) == [Held(ROOM, None), Held(None, ANNA)]


def test_a_lesson_keeps_its_classroom_where_the_file_says_none_for_it():
    """Who entered it by hand does not lose it to a file that names classrooms for other lessons only."""
    present = [entry(1, classroom_id=ROOM), entry(2, classroom_id=ROOM), entry(3), entry(4, classroom_id=ROOM)]
    lessons = [
        lesson(at="1.1"), lesson(at="2.1", room="215"), lesson(at="3.1"), lesson(at="4.1/1"), lesson(at="5.1")
    ]  # fmt: skip
    found = weeks.with_what_it_leaves_open(wanted(lessons, course()), present, lessons)
    odd = Slot(COURSE, 4, 1, "1")
    assert [held.classroom_id for held in found.entries.values()] == [ROOM, OTHER_ROOM, None, ROOM, None]
    assert found.kept_rooms == {Slot(COURSE, 1, 1, ""): ROOM, odd: ROOM}
    differing = weeks.difference(found, present, DAY, LAST)
    assert {one.weekday for one in differing.staying} == {1, 3}


def test_odd_and_even_weeks_that_the_file_says_alike_keep_the_classroom_of_every_week():
    lessons = [lesson(at="1.1/1"), lesson(at="1.1/2")]
    found = weeks.with_what_it_leaves_open(wanted(lessons, course()), [entry(1, classroom_id=ROOM)], lessons)
    assert found.entries == {Slot(COURSE, 1, 1, ""): Held(ROOM, None)}


def test_a_classroom_of_the_file_that_means_none_is_none():
    lessons = [lesson(at="1.1", room="Двор")]
    found = wanted(lessons, course(), classroom=Said("none"))
    assert weeks.with_what_it_leaves_open(found, [entry(1, classroom_id=ROOM)], lessons).entries == {
        Slot(COURSE, 1, 1, ""): Held(None, None)
    }
