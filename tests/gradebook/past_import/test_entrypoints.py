"""A file of a school's past: looked at, its names matched, taken, all of it or nothing, and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from contracts.gradebook.courses import Courses
from contracts.gradebook.past_import import PastImports
from contracts.gradebook.term_marks import TermMarks
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar.tables import Term
from services.gradebook.past_import.tables import PastImport, PastTermMark
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision
from tests.formats.made import exported
from tests.gradebook.past_import.conftest import DOCUMENT, NAMES, PRINTED, Past, new
from tests.gradebook.past_import.files import ALGEBRA, FIRST_MARK, card
from tests.kit.calls import statements
from tests.kit.people import TODAY, id_of
from tests.kit.town import Town

ANNA, BORIS, VERA = NAMES


def counts(read: dict[str, Any]) -> tuple[int, int, int]:
    found = read.get("counts", read)
    return found["added"], found["stands"], found["differs"]


def rules(read: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["place"], one["rule"]) for one in read["faults"]]


def rows(past: Past, cls: Any) -> list[Any]:
    with past.town.gradebook.unit_of_work.of(past.id) as session:
        return list(session.scalars(select(cls)).all())


def taught(past: Past) -> str:
    """Algebra was taught to all."""
    return past.course(past.subject("Алгебра"), *NAMES)


def test_a_file_is_looked_at_and_nothing_is_written(past: Past) -> None:
    file = past.cards({ANNA: ALGEBRA, "Клен Б.": ALGEBRA})
    read = past.read(file)
    assert (read["year_id"], read["class_id"], read["class_name"]) == (str(past.year_id), str(past.class_id), "8А")
    assert (read["printed_year"], read["printed_class"], read["refused"]) == (PRINTED, "8А", False)
    names = ("kind", "name", "place", "marks", "found", "means")
    assert [tuple(one[name] for name in names) for one in read["names"]] == [
        ("student", ANNA, FIRST_MARK, 5, "same", "known"), ("student", "Клен Б.", "Лист1!C13", 5, "alike", "known"),
        ("subject", "Алгебра", FIRST_MARK, 10, "unknown", None),
    ]  # fmt: skip
    assert (read["open"], counts(read), read["marks"], read["faults"]) == (1, (0, 0, 0), [], [])
    again = past.read(file, new(read))
    assert (again["open"], counts(again), again["counts"]["subjects"], again["counts"]["courses"]) == (
        0,
        (10, 0, 0),
        1,
        1,
    )
    assert again["courses"] == [
        {"title": "Алгебра 8А", "is_new": True, "students": 2, "added": 10, "stands": 0, "differs": 0}
    ]
    assert again["marks"][0] == {
        "place": FIRST_MARK, "student": ANNA, "title": "Алгебра 8А", "term": "1-я четверть", "kind": "term",
        "outcome": "added", "text": "4", "present": None, "date": None,
    }  # fmt: skip
    assert rows(past, TermMark) == rows(past, PastImport) == []
    assert past.call(Courses.courses, year_id=past.year_id)["courses"] == []


def test_a_file_is_taken_with_what_is_missing_and_the_family_sees_its_marks(past: Past) -> None:
    file = past.cards({ANNA: {**ALGEBRA, "Музыка": ("", "", "5", "", "")}, BORIS: ALGEBRA})
    done = past.take(file, new(past.read(file)))
    assert (counts(done), done["courses"], done["subjects"]) == ((11, 0, 0), 2, 2)
    assert past.marks() == {
        ("Алгебра 8А", 1, "term"): "4", ("Алгебра 8А", 2, "term"): "3", ("Алгебра 8А", 3, "term"): "4",
        ("Алгебра 8А", 4, "term"): "5", ("Алгебра 8А", 4, "year"): "4", ("Музыка 8А", 3, "term"): "5",
    }  # fmt: skip
    found = past.call(TermMarks.student_term_marks, past.mother, student_id=id_of(past.students[ANNA]))
    assert {mark["comment"] for one in found["subjects"] for mark in one["marks"]} == {DOCUMENT}
    (course,) = [one for one in past.call(Courses.courses, year_id=past.year_id)["courses"] if "Алг" in one["title"]]
    assert (course["grade"], course["division"], course["class_id"]) == (8, "quarters", str(past.class_id))
    history = past.call(
        TermMarks.term_mark_history, course_id=course["id"], term_id=past.terms[0],
        student_id=id_of(past.students[ANNA]),
    )  # fmt: skip
    assert [(one["value"], one["reason"], one["set_by"]) for one in history["revisions"]] == [
        ("4", DOCUMENT, str(past.methodologist.person_id))
    ]


def test_nobody_is_told_of_marks_of_a_time_that_is_over(past: Past) -> None:
    taught(past)
    past.town.carry()
    past.take(past.cards({ANNA: ALGEBRA}))
    assert past.town.carry() == 0


def test_the_same_file_twice_changes_nothing(past: Past) -> None:
    taught(past)
    file = past.cards({ANNA: ALGEBRA})
    assert counts(past.take(file)) == (5, 0, 0)
    again = past.take(file)
    assert (counts(again), again["import_id"]) == ((0, 5, 0), None)
    assert (len(rows(past, TermMarkRevision)), len(rows(past, PastImport))) == (5, 1)


def test_another_mark_that_stands_is_named_and_stays(past: Past) -> None:
    taught(past)
    past.take(past.cards({ANNA: {"Алгебра": ("5", "3", "", "", "")}}))
    file = past.cards({ANNA: ALGEBRA})
    read = past.read(file)
    assert (counts(read), rules(read)) == ((3, 1, 1), [(FIRST_MARK, "mark-differs")])
    assert read["faults"][0]["ru"] == "У нас уже стоит 5, в файле 4: наша отметка остаётся."
    first = read["marks"][0]
    assert (first["outcome"], first["text"], first["present"]) == ("differs", "4", "5")
    past.take(file)
    assert past.marks()["Алгебра 8А", 1, "term"] == "5"


def test_what_names_meant_is_remembered_for_the_next_file(past: Past) -> None:
    subject_id, name = past.subject("Английский язык"), "Иноземная речь"
    past.course(subject_id, *NAMES)
    file = past.cards({"Осенева Анна": {name: ("4", "", "", "", "")}})
    assert [one["means"] for one in past.read(file)["names"]] == [None, None]
    said = [
        {"kind": "subject", "name": name, "means": "known", "id": subject_id},
        {"kind": "student", "name": "Осенева Анна", "means": "known", "id": id_of(past.students[ANNA])},
    ]
    past.take(file, said)
    read = past.read(past.cards({"Осенева Анна": {name: ("4", "5", "", "", "")}}))
    assert [(one["found"], one["means"]) for one in read["names"]] == [("remembered", "known")] * 2
    assert counts(read) == (1, 1, 0)


def test_two_of_one_name_are_named_and_asked(past: Past) -> None:
    past.student(ANNA + " Петровна")
    past.student(ANNA + " Ильинична")
    past.tell()
    taught(past)
    read = past.read(past.cards({ANNA: ALGEBRA}))
    (student, _) = read["names"]
    assert (student["found"], len(student["alike"]), student["means"], read["open"]) == ("several", 3, None, 1)
    with pytest.raises(Invalid, match="who and what it is") as refused:
        past.take(past.cards({ANNA: ALGEBRA}))
    assert refused.value.rule == "names-open"
    assert rows(past, TermMark) == []


def test_two_cards_of_one_name_are_told_apart_by_their_places(past: Past) -> None:
    taught(past)
    file = past.hand_in(exported([*card(ANNA, ALGEBRA, year=PRINTED), *card(ANNA, ALGEBRA, year=PRINTED)]))
    read = past.read(file)
    students = [one for one in read["names"] if one["kind"] == "student"]
    assert [one["name"] for one in students] == [f"{ANNA} (Лист1!B6)", f"{ANNA} (Лист1!B13)"]
    both = [
        {"kind": "student", "name": one["name"], "means": "known", "id": id_of(past.students[ANNA])} for one in students
    ]
    with pytest.raises(Invalid, match="cannot be one person") as refused:
        past.read(file, both)
    assert (refused.value.rule, refused.value.field) == ("one-person-twice", "names.1.id")
    assert counts(past.take(file, [both[0], {**both[1], "means": "none", "id": None}])) == (5, 0, 0)


def test_a_year_that_is_not_kept_and_a_class_that_is_not_there_are_asked_for(past: Past) -> None:
    old = past.read(past.cards({ANNA: ALGEBRA}, year="2001/2002"))
    assert (old["year_id"], old["printed_year"], old["names"]) == (None, "2001/2002", [])
    file = past.cards({ANNA: ALGEBRA}, name="5В")
    other = past.read(file)
    assert (other["year_id"], other["class_id"], other["printed_class"]) == (str(past.year_id), None, "5В")
    with pytest.raises(Invalid, match="which class"):
        past.take(file, shown="x")
    assert past.read(file, class_id=past.class_id)["class_name"] == "8А"
    with pytest.raises(NotFound):
        past.read(file, class_id=past.id)
    with pytest.raises(NotFound):
        past.read(file, year_id=past.id)
    assert rows(past, TermMark) == []


def test_a_file_of_another_kind_is_refused_and_nothing_is_written(past: Past) -> None:
    file = past.hand_in(exported([["Расписание"], ["Понедельник", "Алгебра"]]))
    read = past.read(file)
    assert (read["refused"], rules(read)) == (True, [("", "not-report-cards")])
    with pytest.raises(Invalid) as refused:
        past.take(file, shown="x", class_id=past.class_id)
    assert refused.value.rule == "no-marks"
    with pytest.raises(Invalid, match="hand it in again"):
        past.read("0" * 64)


def test_what_was_looked_at_is_what_is_taken(past: Past) -> None:
    taught(past)
    file = past.cards({ANNA: ALGEBRA})
    digest = past.read(file)["shown"]
    past.take(past.cards({ANNA: {"Алгебра": ("5", "", "", "", "")}}))
    with pytest.raises(Stale) as refused:
        past.take(file, shown=digest)
    assert refused.value.params["present"]["counts"]["differs"] == 1
    assert len(rows(past, TermMark)) == 1


def test_the_methodologist_alone_looks_takes_and_undoes(past: Past) -> None:
    taught(past)
    file = past.cards({ANNA: ALGEBRA})
    done = past.take(file)
    for actor in (past.teacher, past.director, past.mother, past.students[ANNA]):
        for method, command in (
            (PastImports.read_past_file, {"file": file}),
            (PastImports.take_past_file, {"file": file, "shown": "x", "document": "x"}),
            (PastImports.past_imports, {}),
            (PastImports.undo_past_import, {"import_id": done["import_id"]}),
        ):
            with pytest.raises(Forbidden):
                past.call(method, actor, **command)


def test_marks_of_a_class_are_handed_in_where_nobody_misses_one(past: Past) -> None:
    taught(past)
    past.take(past.cards({ANNA: ALGEBRA, BORIS: ALGEBRA}))

    def states() -> dict[str, str]:
        found = past.call(TermMarks.class_term_marks, class_id=past.class_id, term_id=past.terms[0])
        return {one["title"]: one["state"] for one in found["courses"]}

    assert states() == {"Алгебра 8А": "open"}
    done = past.take(past.cards({VERA: ALGEBRA}))
    assert states() == {"Алгебра 8А": "set"}
    past.undo(done["import_id"])
    assert states() == {"Алгебра 8А": "open"}


def test_an_import_is_listed_and_undone_as_a_whole_and_taken_anew(past: Past) -> None:
    taught(past)
    file = past.cards({ANNA: ALGEBRA})
    done = past.take(file)
    (listed,) = past.call(PastImports.past_imports)["imports"]
    assert (listed["document"], listed["class_name"], listed["marks"], listed["undone_at"]) == (DOCUMENT, "8А", 5, None)
    undone = past.undo(done["import_id"])
    assert undone["undone_by"] == str(past.methodologist.person_id)
    assert past.marks() == {}
    assert {one.value for one in rows(past, TermMark)} == {None}, "the history says so"
    assert [one.version for one in rows(past, TermMarkRevision)].count(2) == 5
    with pytest.raises(Exception, match="undone already"):
        past.undo(done["import_id"])
    assert counts(past.take(file)) == (5, 0, 0)
    assert len(past.marks()) == 5
    assert len(rows(past, PastTermMark)) == 10


def test_each_mark_that_cannot_be_taken_is_told_by_its_cell(past: Past) -> None:
    music, algebra = past.subject("Музыка"), past.subject("Алгебра")
    past.course(music, BORIS, group=", группа 1")
    past.course(algebra, *NAMES)
    file = past.cards({ANNA: {"Алгебра": ("0", "3", "", "", "5 с плюсом"), "Музыка": ("5", "", "", "", "")}})
    read = past.read(file)
    assert rules(read) == [
        (FIRST_MARK, "no-such-term-mark"), ("Лист1!G6", "no-such-term-mark"), ("Лист1!C7", "not-in-course"),
    ]  # fmt: skip
    assert (counts(read), read["counts"]["refused"]) == ((1, 0, 0), 3)
    assert (
        read["faults"][2]["ru"] == "Ученика не было на курсе «Алгебра 8А, группа 1» в этом периоде: отметка не взята."
    )


def test_a_mark_belongs_to_the_group_in_which_the_student_was(past: Past) -> None:
    english = past.subject("Английский язык")
    past.course(english, ANNA, group=", группа 1")
    past.course(english, BORIS, group=", группа 2")
    name = "Иностранный язык (английский)"
    read = past.read(past.cards({ANNA: {name: ("5", "", "", "", "")}, BORIS: {name: ("4", "", "", "", "")}}))
    assert [(one["title"], one["added"]) for one in read["courses"]] == [
        ("Алгебра 8А, группа 1", 1), ("Алгебра 8А, группа 2", 1),
    ]  # fmt: skip
    assert [one["found"] for one in read["names"] if one["kind"] == "subject"] == ["alike"]


def test_who_was_in_no_course_of_the_subject_joins_that_of_the_class(past: Past) -> None:
    algebra = past.course(past.subject("Алгебра"), BORIS)
    past.take(past.cards({ANNA: ALGEBRA}))
    assert len(past.marks()) == 5
    found = past.call(Courses.course, course_id=algebra)
    assert {one["student_id"] for one in found["members"]} == {
        str(past.students[one].person_id) for one in (ANNA, BORIS)
    }


def test_marks_of_a_term_that_is_not_over_are_set_in_the_journal(past: Past) -> None:
    taught(past)
    with past.town.gradebook.unit_of_work.of(past.id) as session:
        session.execute(update(Term).where(Term.id == past.terms[3]).values(ends_on=TODAY))
    read = past.read(past.cards({ANNA: ALGEBRA}))
    assert (counts(read), rules(read)) == ((3, 0, 0), [("Лист1!F6", "term-not-over"), ("Лист1!G6", "term-not-over")])


def locked(past: Past) -> None:
    """The first quarter's marks of all are locked."""
    place = {"class_id": past.class_id, "term_id": past.terms[0]}
    past.call(TermMarks.check_term_marks, **place)
    past.call(TermMarks.lock_term_marks, **place)


def test_locked_marks_stay_and_what_was_locked_since_is_not_undone(past: Past) -> None:
    taught(past)
    done = past.take(past.cards({name: {"Алгебра": ("4", "", "", "", "")} for name in NAMES}))
    locked(past)
    with past.town.gradebook.unit_of_work.of(past.id) as session:
        session.execute(delete(PastTermMark))
        session.execute(delete(TermMarkRevision))
        session.execute(delete(TermMark).where(TermMark.student_id == past.students[ANNA].person_id))
    read = past.read(past.cards({ANNA: ALGEBRA}))
    assert (counts(read), rules(read)) == ((4, 0, 0), [(FIRST_MARK, "term-marks-locked")])
    assert done["added"] == 3


@pytest.mark.parametrize("what", ["locked", "changed", "year"])
def test_what_something_later_stands_on_is_not_undone(past: Past, what: str) -> None:
    taught(past)
    done = past.take(past.cards({name: {"Алгебра": ("4", "5", "4", "4", "")} for name in NAMES}))
    if what == "locked":
        locked(past)
    elif what == "changed":
        with past.town.gradebook.unit_of_work.of(past.id) as session:
            session.execute(update(TermMark).values(version=2))
    else:
        past.take(past.cards({BORIS: {"Алгебра": ("", "", "", "", "4")}}))
    with pytest.raises(Conflict) as refused:
        past.undo(done["import_id"])
    assert refused.value.rule == {"locked": "locked-since", "changed": "changed-since", "year": "rests-on-it"}[what]
    assert len(past.marks()) == 4


def test_an_import_of_another_school_is_as_if_there_were_none(past: Past, town: Town) -> None:
    taught(past)
    done = past.take(past.cards({ANNA: ALGEBRA}))
    other = Past(town)
    assert other.call(PastImports.past_imports)["imports"] == []
    with pytest.raises(NotFound):
        other.undo(done["import_id"])
    with pytest.raises(Invalid, match="hand it in again"):
        other.read(past.cards({ANNA: ALGEBRA}))
    assert len(past.marks()) == 5


def test_the_number_of_statements_is_the_same_for_one_mark_and_for_many(past: Past) -> None:
    taught(past)
    few = past.cards({ANNA: {"Алгебра": ("4", "", "", "", "")}})
    many = past.cards({name: {**ALGEBRA, "Музыка": ("5", "5", "5", "5", "5")} for name in NAMES})
    said = new(past.read(many))

    def asked(work: Callable[[], Any]) -> int:
        with statements(past.town.gradebook.unit_of_work.engine) as found:
            work()
        return len(found)

    past.read(few)
    assert asked(lambda: past.read(few)) == asked(lambda: past.read(many, said))
    one, all_of_it = asked(lambda: past.take(few)), asked(lambda: past.take(past.cards(dict.fromkeys(NAMES, ALGEBRA))))
    assert all_of_it <= one + 2, "two tables more, as the class's marks are handed in then"
