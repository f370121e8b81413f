"""The gradebook's part of a bundle: fetched in pages, written whole or not at all, told to identity."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import pytest
from sqlalchemy import Engine, select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.bundles import BundleImported, Bundles
from contracts.identity.schools import TIME_ZONE
from kernel import context
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import Rpc
from kernel.data import jobs
from kernel.data.outbox import OutboxRow
from kernel.errors import Conflict, Stale, Unavailable
from kernel.texts import Text
from services.gradebook.bundles.recording import takeover
from services.gradebook.bundles.tables import BundlePart
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.policy import tables as policy_tables
from services.gradebook.policy.rules.defaults import policy_with
from tests.kit.calls import call, deliver, statements
from tests.kit.jobs import carry_out_due, make_due
from tests.kit.town import Outside
from tests.kit.voting import adopt

YEAR = {"type": "year", "year_id": None, "title": "2025/26", "starts_on": "2025-09-01", "ends_on": "2026-08-31"}


def yesterday() -> date:
    """Asked when it is needed: a run may go on past midnight."""
    return local_date(now(), TIME_ZONE) - timedelta(days=1)


SPACE = UUID("6a1f5c9e-0f0e-4b7e-9a38-6f7f0d2a0001")


def identifier(name: str) -> str:
    return str(uuid5(SPACE, name))


class Pages:
    """A bundle as identity hands it over: two rows to a page, to the gradebook's part of one import."""

    def __init__(self) -> None:
        year, class_id = identifier("year"), identifier("7A")
        term = {"type": "term", "year_id": year, "title": "I", "starts_on": "2025-09-01", "ends_on": "2025-10-26"}
        course = {"subject_id": identifier("algebra"), "year_id": year, "class_id": class_id, "grade": 7}
        self.rows: dict[str, list[dict[str, Any]]] = {
            "sessions": [{"id": year, **YEAR}, {"id": identifier("I"), **term}],
            "subjects": [{"id": identifier("algebra"), "name": "Algebra"}],
            "courses": [
                {"id": identifier("course"), "title": "Algebra 7A", "teacher_ids": [identifier("teacher")], **course}
            ],
            "members": [self.member("anna"), self.member("boris"), self.member("vera")],
            "kinds": [{"id": identifier("control"), "name": "Control work", "weight": "2"}],
            "works": [self.work("w1", "2025-09-10", "control"), self.work("w2", "2025-09-12", None)],
            "marks": [self.mark("w1", "anna", "5"), self.mark("w1", "boris", "3"), self.mark("w2", "anna", "4")],
        }
        self.finished = False
        #: What the gradebook said last that it leaves out.
        self.left_out: list[dict[str, Any]] = []
        #: (done, total) of each time that the gradebook told how far it is.
        self.told: list[tuple[int, int]] = []
        #: After so many of them somebody asks to stop.
        self.goes_on_for = 1000

    def keep_term_open(self) -> None:
        """The lessons were yesterday, year and term have not ended: what was imported can be changed by hand."""
        for span in self.rows["sessions"]:
            span["ends_on"] = (yesterday() + timedelta(days=30)).isoformat()
        for work in self.rows["works"]:
            work["date"] = yesterday().isoformat()

    def member(self, student: str, since: str = "2025-09-01", until: str | None = None) -> dict[str, Any]:
        return {
            "course_id": identifier("course"), "student_id": identifier(student), "since": since, "until": until,
        }  # fmt: skip

    def work(self, name: str, day: str, kind: str | None) -> dict[str, Any]:
        return {
            "id": identifier(name), "course_id": identifier("course"), "date": day, "title": name,
            "kind_id": kind and identifier(kind), "min": "1", "max": "5", "source_id": name,
        }  # fmt: skip

    def mark(self, work: str, student: str, value: str | None, **more: Any) -> dict[str, Any]:
        return {
            "id": identifier(f"{work}:{student}"), "work_id": identifier(work), "student_id": identifier(student),
            "value": value, "status": "fully graded", "comment": "", "date": None, **more,
        }  # fmt: skip

    def __call__(self, method: Rpc, **command: Any) -> dict[str, Any]:
        if self.finished:
            raise Conflict("The import is finished.", rule="import-finished")
        loaded = method.load(command)
        if method is Bundles.import_progress:
            self.told.append((loaded["done"], loaded["total"]))
            self.goes_on_for -= 1
            return {"goes_on": self.goes_on_for >= 0}
        if method is Bundles.import_left_out:
            self.left_out = [dict(one) for one in loaded["faults"]]
            return {}
        rows, start = self.rows[loaded["kind"]], 2 * loaded["page"]
        return {"rows": rows[start : start + 2], "more": len(rows) > start + 2}


@pytest.fixture
def pages(service: Any) -> Pages:
    service.ask = made = Pages()
    return made


@pytest.fixture
def school_id() -> UUID:
    return uuid4()


def imported(service: Any, school_id: UUID, *, dry_run: bool = False) -> dict[str, Any]:
    """Bring the event, and return what the gradebook announces in answer."""
    import_id = uuid7()
    deliver(service, BundleImported(import_id=import_id, dry_run=dry_run), school_id)
    carry_out_due(service)
    announced = [body for body in answers(service, school_id) if body["import_id"] == str(import_id)]
    assert len(announced) == 1
    return announced[0]


def answers(service: Any, school_id: UUID) -> list[dict[str, Any]]:
    """What the gradebook told identity."""
    told = select(OutboxRow.body).where(OutboxRow.tenant_id == school_id, OutboxRow.event == "bundle_grades_imported")
    with service.unit_of_work.of(school_id) as session:
        return [msgspec.json.decode(body) for body in session.scalars(told)]


def values(service: Any, school_id: UUID) -> dict[tuple[str, str], tuple[str | None, int]]:
    """(work, student) → value and version of every mark."""
    names = {identifier(name): name for name in ("w1", "w2", "w3", "anna", "boris", "vera")}
    with service.unit_of_work.of(school_id) as session:
        rows = session.scalars(select(marks_tables.Mark))
        return {(names[str(row.work_id)], names[str(row.student_id)]): (row.value, row.version) for row in rows}


def column_of(service: Any, school_id: UUID, column: Any) -> list[Any]:
    with service.unit_of_work.of(school_id) as session:
        return list(session.scalars(select(column)))


NEW = {
    "sessions": [2, 0, 0, 0], "subjects": [1, 0, 0, 0], "courses": [1, 0, 0, 0], "members": [4, 0, 0, 0],
    "kinds": [1, 0, 0, 0], "works": [2, 0, 0, 0], "marks": [3, 0, 0, 0],
}  # fmt: skip


def test_a_bundle_is_written_whole_and_counted(service: Any, pages: Pages, school_id: UUID) -> None:
    answer = imported(service, school_id)
    assert (answer["counts"], answer["failure"]) == (NEW, None)
    assert values(service, school_id) == {
        ("w1", "anna"): ("5", 1), ("w1", "boris"): ("3", 1), ("w2", "anna"): ("4", 1),
    }  # fmt: skip
    assert column_of(service, school_id, courses_tables.CourseTeacher.teacher_id) == [UUID(identifier("teacher"))]
    assert sorted(column_of(service, school_id, lessons_tables.Lesson.date)) == [date(2025, 9, 10), date(2025, 9, 12)]
    assert set(column_of(service, school_id, marks_tables.MarkRevision.reason)) == {"import"}
    assert set(column_of(service, school_id, marks_tables.MarkRevision.changed_by)) == {None}


def test_the_same_bundle_again_changes_nothing(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    before = values(service, school_id)
    answer = imported(service, school_id)
    assert answer["counts"] == {kind: [0, 0, created, 0] for kind, (created, *_) in NEW.items()}
    assert values(service, school_id) == before
    assert len(column_of(service, school_id, lessons_tables.LessonRevision.version)) == 2


def test_a_rehearsal_counts_and_writes_nothing(service: Any, pages: Pages, school_id: UUID) -> None:
    answer = imported(service, school_id, dry_run=True)
    assert (answer["counts"], answer["failure"]) == (NEW, None)
    for table in (
        calendar_tables.Year,
        courses_tables.Course,
        marks_tables.Work,
        marks_tables.Mark,
        marks_tables.KindOfWork,
    ):
        assert column_of(service, school_id, table) == []


@pytest.mark.parametrize(
    ("value", "more", "field", "words"),
    [
        ("7", {}, "score", "Line item w2: There is no mark 7 on the scale 1–5"),
        ("4", {"comment": "x" * 501}, "comment", "Line item w2: a comment has more than 500 letters"),
    ],
)
def test_bad_data_cost_their_row_and_are_told_by_line_item(
    service: Any, pages: Pages, school_id: UUID, value: str, more: dict[str, Any], field: str, words: str
) -> None:
    pages.rows["marks"].append(pages.mark("w2", "boris", value, line=7, **more))
    answer = imported(service, school_id)
    assert (answer["failure"], answer["counts"]["marks"]) == (None, [3, 0, 0, 0])
    (told,) = pages.left_out
    assert (told["file"], told["line"], told["field"]) == ("results.csv", 7, field)
    assert words in str(Text.from_wire(told["text"]))
    assert identifier("boris") not in str(told)


def test_of_two_results_of_a_student_in_a_line_item_the_first_is_kept(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.rows["marks"].append(pages.mark("w1", "anna", "4") | {"id": identifier("twin")})
    assert imported(service, school_id)["failure"] is None
    assert [one["rule"] for one in pages.left_out] == ["mark-exists"]
    assert values(service, school_id)[("w1", "anna")] == ("5", 1)


def test_marks_in_grade_one_are_left_out(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["courses"][0]["grade"] = 1
    assert imported(service, school_id)["failure"] is None
    assert {one["rule"] for one in pages.left_out} == {"no-marks-in-grade-1"}
    assert values(service, school_id) == {}


def test_a_column_of_another_scale_is_left_out_with_its_results(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["works"][1] |= {"min": "0", "max": "100", "line": 3}
    pages.rows["marks"][2]["value"] = "95.5"
    assert imported(service, school_id)["counts"]["marks"] == [2, 0, 0, 0]
    (told,) = pages.left_out
    assert (told["file"], told["line"], told["rule"]) == ("lineItems.csv", 3, "other-scale")


def test_a_weight_that_is_none_is_told_and_the_present_one_stays(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["kinds"][0]["weight"] = "-3"
    assert imported(service, school_id)["failure"] is None
    assert [(one["file"], one["rule"]) for one in pages.left_out] == [("categories.csv", "weight-out-of-range")]


def test_of_very_many_rows_that_are_left_out_as_many_are_told_as_a_person_reads(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    for number in range(600):
        pages.rows["marks"].append(pages.mark("w2", f"student {number}", "9"))
    imported(service, school_id)
    assert (len(pages.left_out), pages.left_out[-1]["rule"]) == (501, "too-many-faults")


def test_a_mark_that_the_bundle_changed_or_lost_keeps_its_history(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    pages.rows["marks"] = [pages.mark("w1", "anna", "4"), pages.mark("w2", "anna", "4")]
    answer = imported(service, school_id)
    assert answer["counts"]["marks"] == [0, 1, 1, 1]
    assert values(service, school_id) == {
        ("w1", "anna"): ("4", 2), ("w1", "boris"): (None, 2), ("w2", "anna"): ("4", 1),
    }  # fmt: skip
    assert len(column_of(service, school_id, marks_tables.MarkRevision.version)) == 5
    assert imported(service, school_id)["counts"]["marks"] == [0, 0, 2, 0]


def test_a_mark_taken_back_by_a_bundle_comes_again_with_another(service: Any, pages: Pages, school_id: UUID) -> None:
    whole = list(pages.rows["marks"])
    imported(service, school_id)
    pages.rows["marks"] = whole[:1]
    imported(service, school_id)
    pages.rows["marks"] = whole
    imported(service, school_id)
    assert values(service, school_id)[("w1", "boris")] == ("3", 3)


def test_a_bundle_without_results_takes_no_mark_back(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    before = values(service, school_id)
    pages.rows["marks"] = []
    assert imported(service, school_id)["counts"]["marks"] == [0, 0, 0, 0]
    assert values(service, school_id) == before


def test_a_correction_kept_here_stays_until_the_bundle_says_something_new(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.keep_term_open()
    imported(service, school_id)
    teacher = Actor(school_id, UUID(identifier("teacher")), uuid7(), uuid7(), frozenset({"teacher"}))
    command = {"mark_id": identifier("w1:boris"), "value": "4", "reason": "counted again", "version": 1}
    call(service, Marks.change_mark, teacher, **command)
    imported(service, school_id)
    assert values(service, school_id)[("w1", "boris")] == ("4", 2)
    pages.rows["marks"][1]["value"] = "2"
    imported(service, school_id)
    assert values(service, school_id)[("w1", "boris")] == ("2", 3)


def test_d06_an_import_brings_marks_of_a_closed_term_which_nobody_changes_by_hand(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    imported(service, school_id)
    teacher = Actor(school_id, UUID(identifier("teacher")), uuid7(), uuid7(), frozenset({"teacher"}))
    command = {"mark_id": identifier("w1:boris"), "value": "4", "reason": "counted again", "version": 1}
    with pytest.raises(Conflict) as refused:
        call(service, Marks.change_mark, teacher, **command)
    assert refused.value.rule == "term-closed"
    pages.rows["marks"][1]["value"] = "2"
    imported(service, school_id)
    assert values(service, school_id)[("w1", "boris")] == ("2", 2)


def test_nobody_is_told_of_imported_marks(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    with service.unit_of_work.of(school_id) as session:
        assert session.scalars(select(OutboxRow.event)).all() == ["bundle_grades_imported"]


def test_who_left_the_bundle_left_the_course_yesterday(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    pages.rows["members"].pop()
    pages.rows["courses"][0]["teacher_ids"] = [identifier("other teacher")]
    answer = imported(service, school_id)
    assert answer["counts"]["members"] == [1, 0, 2, 2]
    rows = {str(row.student_id): row for row in column_of(service, school_id, courses_tables.CourseMember)}
    assert rows[identifier("anna")].until is None
    assert rows[identifier("vera")].until == yesterday()
    assert column_of(service, school_id, courses_tables.CourseTeacher.teacher_id) == [UUID(identifier("other teacher"))]


def test_what_people_said_of_an_imported_course_outlasts_the_next_import(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    imported(service, school_id)
    gone, course_id = pages.rows["courses"][0]["teacher_ids"][0], UUID(pages.rows["courses"][0]["id"])
    last_day = yesterday()
    with service.unit_of_work.of(school_id) as session:
        said = {"hours_a_week": Decimal("1.5"), "group_name": "группа 1", "kept_here": True, "version": 2}
        of_course = update(courses_tables.Course).where(courses_tables.Course.id == course_id)
        session.execute(of_course.values(**said))
        replaced = update(courses_tables.CourseTeacher).where(courses_tables.CourseTeacher.teacher_id == UUID(gone))
        session.execute(replaced.values(until=last_day))
        vera = update(courses_tables.CourseMember).where(
            courses_tables.CourseMember.student_id == UUID(identifier("vera"))
        )
        session.execute(vera.values(until=last_day))
    pages.rows["courses"][0] |= {"title": "Алгебра и анализ", "teacher_ids": [identifier("other teacher")]}
    imported(service, school_id)
    (course,) = column_of(service, school_id, courses_tables.Course)
    assert (course.title, course.version) == ("Алгебра и анализ", 3)
    assert (course.hours_a_week, course.group_name, course.kept_here) == (Decimal("1.5"), "группа 1", True)
    teachers = column_of(service, school_id, courses_tables.CourseTeacher)
    assert {(str(row.teacher_id), row.until) for row in teachers} == {
        (gone, last_day), (identifier("other teacher"), None),
    }  # fmt: skip
    members = column_of(service, school_id, courses_tables.CourseMember)
    assert {row.until for row in members if str(row.student_id) == identifier("vera")} == {last_day}


def test_p03_who_appears_without_a_date_came_today_and_keeps_that_day(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    for row in pages.rows["members"]:
        row["dated"] = False
    vera = pages.rows["members"].pop()
    imported(service, school_id)
    pages.rows["members"].append(vera)
    imported(service, school_id)
    imported(service, school_id)
    since = {str(row.student_id): row.since for row in column_of(service, school_id, courses_tables.CourseMember)}
    today = yesterday() + timedelta(days=1)
    assert since == {
        identifier("anna"): date(2025, 9, 1),
        identifier("boris"): date(2025, 9, 1),
        identifier("vera"): today,
    }


def test_a_time_that_ended_ends_once_and_its_last_day_may_be_its_first(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.rows["members"][2]["since"] = yesterday().isoformat()
    imported(service, school_id)
    pages.rows["members"].pop()
    assert imported(service, school_id)["counts"]["members"] == [0, 0, 3, 1]
    assert imported(service, school_id)["counts"]["members"] == [0, 0, 3, 0]
    (row,) = [row for row in column_of(service, school_id, courses_tables.CourseMember) if row.until]
    assert (row.since, row.until) == (yesterday(), yesterday())


def test_who_was_to_join_and_left_the_bundle_before_was_never_there(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.rows["members"][2]["since"] = "2999-01-01"
    imported(service, school_id)
    pages.rows["members"].pop()
    imported(service, school_id)
    assert len(column_of(service, school_id, courses_tables.CourseMember)) == 2


def test_a_student_who_came_twice_was_in_the_course_twice(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["members"] = [
        pages.member("anna", "2025-10-01"), pages.member("anna", "2025-09-01", "2025-09-15"),
    ]  # fmt: skip
    imported(service, school_id)
    times = {(row.since, row.until) for row in column_of(service, school_id, courses_tables.CourseMember)}
    assert times == {(date(2025, 9, 1), date(2025, 9, 15)), (date(2025, 10, 1), None)}


def test_a_bundle_of_this_year_says_nothing_of_last_years(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    before = values(service, school_id)
    for kind in ("courses", "members", "works", "marks", "sessions"):
        pages.rows[kind] = []
    imported(service, school_id)
    assert values(service, school_id) == before
    assert [row.until for row in column_of(service, school_id, courses_tables.CourseMember)] == [None] * 3
    assert len(column_of(service, school_id, calendar_tables.Term)) == 1


def test_a_term_that_its_year_lost_is_removed(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    second = pages.rows["sessions"][1] | {"id": identifier("II"), "title": "II"}
    pages.rows["sessions"][1] = second
    assert imported(service, school_id)["counts"]["sessions"] == [1, 0, 1, 1]
    assert column_of(service, school_id, calendar_tables.Term.title) == ["II"]


def test_p02_terms_and_courses_get_the_division_that_the_bundle_says(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    imported(service, school_id)
    (before,) = column_of(service, school_id, courses_tables.Course)
    assert before.division == ""
    first = pages.rows["sessions"][1] | {"division": "quarters"}
    half = first | {"id": identifier("half"), "title": "half", "ends_on": "2025-12-30", "division": "half-years"}
    pages.rows["sessions"][1:] = [first, half]
    pages.rows["courses"][0]["division"] = "half-years"
    answer = imported(service, school_id)
    assert (answer["counts"]["sessions"], answer["counts"]["courses"]) == ([1, 1, 1, 0], [0, 1, 0, 0])
    assert {(row.title, row.division) for row in column_of(service, school_id, calendar_tables.Term)} == {
        ("I", "quarters"), ("half", "half-years"),
    }  # fmt: skip
    (course,) = column_of(service, school_id, courses_tables.Course)
    assert course.division == "half-years"


def change(service: Any, school_id: UUID, method: Rpc, **command: Any) -> dict[str, Any]:
    """A change of the calendar by the methodologist."""
    methodologist = Actor(school_id, uuid7(), uuid7(), uuid7(), frozenset({"methodologist"}))
    return call(service, method, methodologist, year_id=identifier("year"), **command)


def test_d10_terms_entered_by_hand_stay_unless_the_bundle_has_their_division(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.rows["sessions"][1]["division"] = "quarters"
    imported(service, school_id)
    half = {"title": "I полугодие", "starts_on": "2025-09-01", "ends_on": "2025-12-30"}
    change(service, school_id, Calendar.set_terms, division="half-years", terms=[half], version=2)
    day = {"kind": "closed", "name": "Карантин", "first": "2025-09-10", "last": "2025-09-10"}
    change(service, school_id, Calendar.change_days, days_off=[day], version=3)
    assert imported(service, school_id)["counts"]["sessions"] == [0, 0, 2, 0]
    titles = column_of(service, school_id, calendar_tables.Term.title)
    assert sorted(titles) == ["I", "I полугодие"]
    own = pages.rows["sessions"][1] | {"id": identifier("half"), "title": "1", "division": "half-years"}
    pages.rows["sessions"].append(own)
    assert imported(service, school_id)["counts"]["sessions"] == [1, 0, 2, 1]
    assert sorted(column_of(service, school_id, calendar_tables.Term.title)) == ["1", "I"]
    assert column_of(service, school_id, calendar_tables.DayOff.name) == ["Карантин"]


def test_d10_who_began_to_change_a_year_before_an_import_changed_it_is_told(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    imported(service, school_id)
    assert column_of(service, school_id, calendar_tables.Year.version) == [2]
    imported(service, school_id)
    assert column_of(service, school_id, calendar_tables.Year.version) == [2]
    pages.rows["sessions"][0] = pages.rows["sessions"][0] | {"title": "2025/2026"}
    imported(service, school_id)
    assert column_of(service, school_id, calendar_tables.Year.version) == [3]
    pages.rows["sessions"][1] = pages.rows["sessions"][1] | {"ends_on": "2025-10-20"}
    imported(service, school_id)
    assert column_of(service, school_id, calendar_tables.Year.version) == [4]
    with pytest.raises(Stale):
        change(service, school_id, Calendar.change_days, short_days=[{"date": "2025-09-10"}], version=3)


def test_p02_a_bundle_whose_terms_of_one_division_overlap_is_not_written(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.rows["sessions"].append(pages.rows["sessions"][1] | {"id": identifier("II"), "title": "II"})
    answer = imported(service, school_id)
    assert answer["failure_text"]["rule"] == "terms-overlap"
    assert column_of(service, school_id, calendar_tables.Term) == []


def test_a_bundle_whose_term_would_be_under_way_when_another_scale_begins_is_not_written(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    """The term ends on 26 October, and the school goes over to ten points on the next day."""
    imported(service, school_id)
    office = Actor(school_id, uuid7(), uuid7(), uuid7(), frozenset({"methodologist", "director"}))
    adopt(service, policy_with("ten", TIME_ZONE), date(2025, 10, 27), office, office)
    assert imported(service, school_id)["failure"] is None
    next_term = pages.rows["sessions"][1] | {
        "id": identifier("II"), "title": "II", "starts_on": "2025-10-27", "ends_on": "2025-12-26"
    }  # fmt: skip
    pages.rows["sessions"].append(next_term)
    assert imported(service, school_id)["counts"]["sessions"] == [1, 0, 2, 0]
    for span, moved in ((1, {"ends_on": "2025-10-27"}), (2, {"starts_on": "2025-10-20"})):
        kept = pages.rows["sessions"][1:]
        pages.rows["sessions"][1] = kept[0] | {"ends_on": "2025-10-19"}
        pages.rows["sessions"][2] = kept[1] | {"starts_on": "2025-11-05"}
        pages.rows["sessions"][span] = pages.rows["sessions"][span] | moved
        assert imported(service, school_id)["failure_text"]["rule"] == "scale-in-term"
        pages.rows["sessions"][1:] = kept
    ends = column_of(service, school_id, calendar_tables.Term.ends_on)
    assert sorted(ends) == [date(2025, 10, 26), date(2025, 12, 26)]


def test_a_year_that_a_bundle_brings_first_keeps_to_the_day_of_a_scale_too(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    office = Actor(school_id, uuid7(), uuid7(), uuid7(), frozenset({"methodologist", "director"}))
    adopt(service, policy_with("ten", TIME_ZONE), date(2025, 10, 1), office, office)
    assert imported(service, school_id)["failure_text"]["rule"] == "scale-in-term"
    assert column_of(service, school_id, calendar_tables.Year) == []


def test_a_line_item_stays_in_its_lesson_and_marks_entered_here_are_no_business_of_the_bundle(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    pages.keep_term_open()
    imported(service, school_id)
    teacher = Actor(school_id, UUID(identifier("teacher")), uuid7(), uuid7(), frozenset({"teacher"}))
    place = {"course_id": identifier("course"), "date": yesterday().isoformat(), "number": 1, "works_anyway": True}
    lesson = call(service, Lessons.add_lesson, teacher, **place)
    entered = {"lesson_id": lesson["id"], "student_id": identifier("vera"), "value": "5"}
    posted = call(service, Marks.post_mark, teacher, **entered)
    answer = imported(service, school_id)
    assert (answer["counts"]["works"], answer["counts"]["marks"]) == ([0, 0, 2, 0], [0, 0, 3, 0])
    history = call(service, Marks.mark_history, teacher, mark_id=posted["id"])
    assert [state["value"] for state in history["revisions"]] == ["5"]
    pages.rows["works"][0]["date"] = (yesterday() - timedelta(days=1)).isoformat()
    assert imported(service, school_id)["counts"]["works"] == [0, 1, 1, 0]


def test_line_items_of_a_day_share_the_lesson_that_is_there(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["works"].append(pages.work("w3", "2025-09-10", "control"))
    imported(service, school_id)
    assert len(column_of(service, school_id, lessons_tables.Lesson.id)) == 2
    assert len(column_of(service, school_id, marks_tables.Work.id)) == 3


def test_the_scale_of_the_bundle_becomes_the_schools(service: Any, pages: Pages, school_id: UUID) -> None:
    for work in pages.rows["works"]:
        work["min"], work["max"] = "0", "10"
    pages.rows["marks"][0]["value"] = "10"
    imported(service, school_id)
    assert values(service, school_id)[("w1", "anna")] == ("10", 1)
    (setting,) = column_of(service, school_id, policy_tables.Setting)
    assert (setting.lowest, setting.highest, "зач" in setting.tokens) == (0, 10, True)


def test_a_weight_that_a_bundle_does_not_name_stays(service: Any, pages: Pages, school_id: UUID) -> None:
    imported(service, school_id)
    pages.rows["kinds"][0]["weight"] = None
    assert imported(service, school_id)["counts"]["kinds"] == [0, 0, 1, 0]
    weights = {row.name: row.weight for row in column_of(service, school_id, marks_tables.KindOfWork)}
    assert weights["Control work"] == 2


def test_an_import_that_identity_finished_is_a_duplicate(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.finished = True
    deliver(service, BundleImported(import_id=uuid7(), dry_run=False), school_id)
    carry_out_due(service)
    assert answers(service, school_id) == []


def test_a_fault_on_the_way_is_left_to_be_tried_again(service: Any, school_id: UUID) -> None:
    def away(method: Rpc, **command: Any) -> Any:
        raise Unavailable("The service identity is away.")

    service.ask = away
    deliver(service, BundleImported(import_id=uuid7(), dry_run=False), school_id)
    with pytest.raises(Unavailable):
        carry_out_due(service)
    service.ask = Pages()
    make_due(service)
    assert carry_out_due(service) == 1
    assert len(values(service, school_id)) == 3


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction writes the marks of one column."""
    monkeypatch.setattr("services.gradebook.bundles.recording.marks.CHUNK", 1)


@pytest.mark.usefixtures("small_chunks")
def test_how_far_it_is_is_told_before_each_chunk(service: Any, pages: Pages, school_id: UUID) -> None:
    pages.rows["works"].append(pages.work("w3", "2025-09-15", None))
    imported(service, school_id)
    first, *steps, last = pages.told
    assert (first, last) == ((0, 0), (3, 3))
    assert [total for _, total in steps] == [3, 3, 3]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


@pytest.mark.usefixtures("small_chunks")
def test_what_is_stopped_keeps_what_it_wrote_and_goes_on_from_there(
    service: Any, pages: Pages, school_id: UUID
) -> None:
    event = BundleImported(import_id=uuid7(), dry_run=False)
    pages.goes_on_for = 2
    deliver(service, event, school_id)
    carry_out_due(service)
    written = len(values(service, school_id))
    assert 0 < written < 3, "one column of two"
    assert answers(service, school_id) == []
    make_due(service)
    assert carry_out_due(service) == 0, "nobody has resumed it"
    pages.goes_on_for = 1000
    deliver(service, event, school_id)
    told_before = len(pages.told)
    carry_out_due(service)
    assert pages.told[told_before + 1] == (written, 3)
    (answer,) = answers(service, school_id)
    assert (answer["counts"], answer["failure"]) == (NEW, None), "as if it had not been stopped"
    assert len(column_of(service, school_id, marks_tables.MarkRevision.version)) == 3


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("step", range(2, 5))
def test_of_a_process_that_dies_at_any_step_nothing_is_lost_or_doubled(
    service: Any, pages: Pages, school_id: UUID, step: int
) -> None:
    class Dies(BaseException):
        """Nothing catches it, as nothing is told of a kill."""

    def dying(method: Rpc, **command: Any) -> Any:
        if method is Bundles.import_progress and len(pages.told) + 1 == step:
            raise Dies
        return pages(method, **command)

    service.ask = dying
    deliver(service, BundleImported(import_id=uuid7(), dry_run=False), school_id)
    job = jobs.claim(service.unit_of_work, takeover.BUNDLES, now())
    assert job is not None
    with context.handling(context.Call(tenant_id=school_id)), pytest.raises(Dies):
        service.take_bundle_over(job)
    service.ask = pages
    jobs.release_all(service.unit_of_work, takeover.BUNDLES)  # the claim lapses
    carry_out_due(service)
    (answer,) = answers(service, school_id)
    assert (answer["counts"], answer["failure"]) == (NEW, None)
    assert len(values(service, school_id)) == 3
    assert len(column_of(service, school_id, marks_tables.MarkRevision.version)) == 3


def test_a_part_that_fails_again_and_again_is_told_as_a_failure(
    service: Any, pages: Pages, school_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gradebook.bundles.recording.takeover.fetched", lambda *_: 1 / 0)
    deliver(service, BundleImported(import_id=uuid7(), dry_run=False), school_id)
    for _ in range(len(jobs.PAUSES) + 1):
        make_due(service)
        with pytest.raises(ZeroDivisionError):
            carry_out_due(service)
    (answer,) = answers(service, school_id)
    assert (answer["counts"], answer["failure_text"]["rule"]) == ({}, "not-written")
    assert column_of(service, school_id, BundlePart) == []


def test_two_schools_with_the_same_ids_keep_their_own(service: Any, pages: Pages, school_id: UUID) -> None:
    other = uuid4()
    imported(service, school_id)
    pages.rows["marks"] = pages.rows["marks"][:1]
    imported(service, other)
    assert len(values(service, school_id)) == 3
    assert len(values(service, other)) == 1


def test_thirty_marks_cost_as_many_statements_as_three(
    service: Any, pages: Pages, school_id: UUID, engine: Engine
) -> None:
    def cost(where: UUID) -> int:
        with statements(engine) as seen:
            deliver(service, BundleImported(import_id=uuid7(), dry_run=False), where)
            carry_out_due(service)
        return len(seen)

    for_three = cost(school_id)
    for name in (str(number) for number in range(27)):
        pages.rows["members"].append(pages.member(name))
        pages.rows["marks"].append(pages.mark("w1", name, "4"))
    assert cost(uuid4()) == for_three


def test_pages_are_fetched_before_the_transaction_begins(service: Any, pages: Pages, school_id: UUID) -> None:
    service.ask = outside = Outside(service)
    imported(service, school_id)
    assert outside.asked == {"identity.import_part", "identity.import_progress"}
