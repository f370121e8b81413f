"""What taking a file of the past adds: its marks at the courses and terms of ours, and what stands in the way.

Marks that stand are never overwritten: another one of the file is named beside it. What was locked stays as it is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.past_import import ADDED, DIFFERS, NONE, STANDS, STUDENT, SUBJECT
from contracts.gradebook.term_marks import CERTIFICATE, TERM, YEAR
from formats.result import Fault
from kernel.errors import Invalid
from kernel.phrases import Phrase
from services.gradebook.calendar.rules.year_calendar import Term
from services.gradebook.marks.rules import cells
from services.gradebook.past_import.rules.figures import DayFigure, Figure, Printed
from services.gradebook.past_import.rules.names import Meanings, Named
from services.gradebook.past_import.rules.terms import term_at, term_of
from services.gradebook.policy.rules.first_grade import grade_takes_marks
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.term_marks.rules import kinds, setting

NOT_IN_COURSE: Final = Phrase(
    ru="Ученика не было на курсе «{course}» в этом периоде: отметка не взята.",
    en="The student was not in the course “{course}” in this term: the mark is left out.",
)
NO_SUCH_TERM: Final = Phrase(
    ru="У курса «{course}» нет периода «{term}»: отметка не взята.",
    en="The course “{course}” has no term “{term}”: the mark is left out.",
)
NO_TERMS: Final = Phrase(
    ru="У учебного года нет периодов, по которым идёт курс «{course}»: отметка не взята.",
    en="The year has no terms by which the course “{course}” goes: the mark is left out.",
)
NOT_OVER: Final = Phrase(
    ru="Период «{term}» идёт до {day}: его отметки выставляют в журнале.",
    en="The term “{term}” goes on until {day}: its marks are set in the journal.",
)
NO_MARK: Final = Phrase(
    ru="«{text}» – не отметка за период: здесь бывают {choices}.",
    en="“{text}” is no term mark: here they are {choices}.",
)
NO_SUCH_KIND: Final = Phrase(
    ru="Такой отметки в этом классе не бывает: экзамен – в 9-м классе, аттестат – в 9-м и 11-м.",
    en="This grade has no such mark: an exam is in grade 9, the certificate in grades 9 and 11.",
)
WITHOUT_MARKS: Final = Phrase(
    ru="В этом классе по этому предмету отметок не ставят: отметка не взята.",
    en="No marks are given in this subject of this grade: the mark is left out.",
)
GRADE_UNKNOWN: Final = Phrase(
    ru="Неизвестно, какая параллель у курса «{course}», а в 1-м классе отметок нет: отметка не взята.",
    en="It is not known of which grade “{course}” is, and grade 1 has no marks: the mark is left out.",
)
IS_LOCKED: Final = Phrase(
    ru="Отметки курса «{course}» за «{term}» заблокированы: отметка не взята.",
    en="The marks of the course “{course}” for “{term}” are locked: the mark is left out.",
)
#: The place of what is said of a file as a whole.
_WHOLE_FILE: Final = ""
#: The kinds of marks that every student of a course gets.
_OF_ALL: Final = (TERM, YEAR, CERTIFICATE)
STANDS_ELSE: Final = Phrase(
    ru="У нас уже стоит {present}, в файле {text}: наша отметка остаётся.",
    en="With us stands {present}, in the file {text}: ours stays.",
)
OUTSIDE_YEAR: Final = Phrase(
    ru="{day} не в этом учебном году: отметка не взята.",
    en="{day} does not lie in this academic year: the mark is left out.",
)
DAY_NOT_OVER: Final = Phrase(
    ru="{day} ещё не прошло: отметки этого дня ставят в журнале.",
    en="{day} is not over: its marks are set in the journal.",
)
UNREADABLE: Final = Phrase(
    ru="Запись «{text}» не читается: это не отметка и не код посещаемости.",
    en="“{text}” cannot be read: it is neither a mark nor an absence.",
)
ABSENCES: Final = Phrase(
    ru="Пропуски и опоздания из файла не берутся: {count}. Отметки рядом с ними взяты.",
    en="Absences of the file are not taken: {count}. Marks beside them are.",
)
TWICE: Final = Phrase(
    ru="В файле вторая отметка на том же месте, другая: взята первая, {text}.",
    en="The file has a second, other mark at the same place: the first one is taken, {text}.",
)


#: A first and a last day.
Span = tuple[date, date]


class Course(NamedTuple):
    """A course of the year."""

    id: UUID
    title: str
    subject_id: UUID
    subject: str
    class_id: UUID | None
    group_name: str
    division: str
    grade: int | None
    #: Whether its grade is known, or that it is not the first.
    grade_known: bool


class Stay(NamedTuple):
    """A student's time in a course, both days included; it lasts where `until` is None."""

    since: date
    until: date | None

    def meets(self, first: date, last: date) -> bool:
        """Whether it is on any of these days."""
        return self.since <= last and (self.until is None or self.until >= first)


class At(NamedTuple):
    """The place of a mark: one student's of a kind, at a term of a course."""

    course_id: UUID
    student_id: UUID
    term_id: UUID
    kind: str


class DayAt(NamedTuple):
    """The place of a mark of a day: in the first lesson of the course on the day (`nth` 0), or in a later one."""

    course_id: UUID
    student_id: UUID
    on: date
    nth: int


class Present(NamedTuple):
    """What stands at a place; without value a mark was taken back there, and one of `version` 0 has no row here."""

    value: str | None
    version: int


@dataclass(frozen=True, slots=True)
class School:
    """What there is: a class, and its year with courses, members and marks."""

    class_id: UUID
    starts_on: date
    ends_on: date
    terms: Sequence[Term]
    today: date
    courses: Sequence[Course]
    #: Course and student → when the student was in it.
    stays: Mapping[tuple[UUID, UUID], Sequence[Stay]]
    present: Mapping[At, Present]
    #: Course, term and kind whose marks are locked.
    locked: Collection[tuple[UUID, UUID, str]]
    #: Last day of a term, or the day of a mark → the policy that decides it.
    policies: Mapping[date, Policy]
    #: Subject → its name.
    subjects: Mapping[UUID, str]
    #: Makes a course of a subject that the class has none of, by its id and name.
    made: Callable[[UUID, str], Course]
    #: Course and day → its lessons that are held, in their order.
    lessons: Mapping[tuple[UUID, date], Sequence[UUID]] = field(default_factory=dict)
    #: Lesson and student → the mark there.
    day_marks: Mapping[tuple[UUID, UUID], Present] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taking:
    """A mark of the file and what becomes of it."""

    figure: Figure | DayFigure
    at: At | DayAt
    course: Course
    #: None of a mark of a day.
    term: Term | None
    text: str
    outcome: str
    present: Present | None = None
    #: The student becomes a member of the course, as one was never in it.
    joins: bool = False
    #: The lesson of a mark of a day; None where it is made.
    lesson: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file would do."""

    means: Meanings
    marks: list[Taking] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: Subject → the course that is made for it.
    new_courses: dict[UUID, Course] = field(default_factory=dict)
    #: Marks of names that mean none, and absences, which are not taken; each by its place.
    left_out: Counter[str] = field(default_factory=Counter)
    absences: Counter[str] = field(default_factory=Counter)

    @property
    def added_terms(self) -> list[tuple[At, Taking, Term]]:
        """The marks of terms that are added."""
        return [(one.at, one, one.term) for one in self.added if isinstance(one.at, At) and one.term is not None]

    @property
    def added_days(self) -> list[tuple[DayAt, Taking]]:
        """The marks of days that are added."""
        return [(one.at, one) for one in self.added if isinstance(one.at, DayAt)]

    @property
    def new_lessons(self) -> list[tuple[UUID, date, int]]:
        """Course, day and which one of the day: the lessons that are made for marks of days."""
        return sorted({(at.course_id, at.on, at.nth) for at, one in self.added_days if one.lesson is None})

    @property
    def added(self) -> list[Taking]:
        """The marks that are added."""
        return [one for one in self.marks if one.outcome == ADDED]

    @property
    def members(self) -> dict[UUID, set[UUID]]:
        """Course → its new students: of one that is made those who have a mark in it; else who joins it by a mark."""
        found: dict[UUID, set[UUID]] = {}
        for one in self.added:
            if one.joins:
                found.setdefault(one.course.id, set()).add(one.at.student_id)
        return found

    @property
    def made_courses(self) -> list[Course]:
        """The courses that are made: those to which marks are added."""
        wanted = {one.course.id for one in self.added}
        return [one for one in self.new_courses.values() if one.id in wanted]


class NotTaken(Exception):
    """Raised to leave a mark out, with the rule and the sentence that say why."""

    def __init__(self, rule: str, phrase: Phrase, **values: object) -> None:
        super().__init__(rule)
        self.rule, self.sentence = rule, phrase(**values)


def plan_of(printed: Printed, school: School, means: Meanings) -> Plan:
    """What becomes of each mark of a file (practice).

    It belongs to the course of its subject in which the student was in the term, or on the day; a subject of which the
    class has no course gets one, of those who have a mark in it. A mark that stands already stays.
    """
    plan = Plan(means)
    found: dict[At | DayAt, Taking] = {}
    for figure in printed.everything:
        student, subject = (means.of[Named(*one)] for one in ((STUDENT, figure.student), (SUBJECT, figure.subject)))
        if NONE in (student.means, subject.means):
            plan.left_out[figure.place] += 1
        elif student.id is not None and subject.id is not None:
            try:
                one = _taking(figure, school, plan, student.id, subject.id)
                if one is not None and _is_first(one, found):
                    found[one.at] = one
                    plan.marks.append(one)
            except NotTaken as refusal:
                plan.faults.append(Fault(figure.place, refusal.rule, refusal.sentence))
    plan.faults.extend(_differing(plan.marks))
    if plan.absences.total():
        plan.faults.append(Fault(_WHOLE_FILE, "absences-left-out", ABSENCES(count=plan.absences.total())))
    return plan


def _is_first(one: Taking, found: Mapping[At | DayAt, Taking]) -> bool:
    """Whether no mark of the file has the place yet. Raises `NotTaken` where another one has it."""
    first = found.get(one.at)
    if first is not None and first.text != one.text:
        raise NotTaken("mark-twice", TWICE, text=first.text)
    return first is None


def _differing(marks: Iterable[Taking]) -> Iterator[Fault]:
    for one in marks:
        if one.outcome == DIFFERS and one.present is not None:
            said = STANDS_ELSE(present=one.present.value, text=one.text)
            yield Fault(one.figure.place, "mark-differs", said)


def _taking(
    figure: Figure | DayFigure, school: School, plan: Plan, student_id: UUID, subject_id: UUID
) -> Taking | None:
    """A mark at its place; None for one that says nothing. Raises `NotTaken`."""
    if isinstance(figure, DayFigure):
        return _of_day(figure, school, plan, student_id, subject_id)
    return _of_term(figure, school, plan, student_id, subject_id)


def _of_term(figure: Figure, school: School, plan: Plan, student_id: UUID, subject_id: UUID) -> Taking | None:
    def span(course: Course) -> Span | None:
        term = term_of(figure.term, school.terms, course.division)
        return None if term is None else (term.starts_on, term.ends_on)

    course, joins = _course(school, plan, student_id, subject_id, span)
    term = _term(figure, school, course)
    _note_new(school, plan, course)
    last = term_of("", school.terms, course.division)
    if figure.kind not in kinds.kinds_at(course.grade, last_term=last is not None and last.id == term.id):
        if figure.kind == CERTIFICATE:  # exports print the mark of the year once more in grades without certificate
            return None
        raise NotTaken("no-such-kind-of-mark", NO_SUCH_KIND)
    if term.ends_on >= school.today:
        raise NotTaken("term-not-over", NOT_OVER, term=term.title, day=term.ends_on)
    text = _term_mark(figure, course, _policy(school, course, term.ends_on))
    at = At(course.id, student_id, term.id, figure.kind)
    present = school.present.get(at)
    outcome = _outcome(present, text)
    if outcome == ADDED and (course.id, term.id, figure.kind) in school.locked:
        raise NotTaken("term-marks-locked", IS_LOCKED, course=course.title, term=term.title)
    return Taking(figure, at, course, term, text, outcome, present, joins)


def _of_day(figure: DayFigure, school: School, plan: Plan, student_id: UUID, subject_id: UUID) -> Taking | None:
    """A mark of a day at its lesson; None for a cell of absences alone, which are counted. Raises `NotTaken`."""
    if not school.starts_on <= figure.on <= school.ends_on:
        raise NotTaken("day-outside-year", OUTSIDE_YEAR, day=figure.on)
    if figure.on >= school.today:
        raise NotTaken("day-not-over", DAY_NOT_OVER, day=figure.on)
    course, joins = _course(school, plan, student_id, subject_id, lambda _: (figure.on, figure.on))
    _note_new(school, plan, course)
    policy, place = _policy(school, course, figure.on), Place(course.grade, course.subject)
    try:
        written = cells.cell_written(figure.text, scale_at(policy, place))
    except Invalid:
        raise NotTaken("cell-unreadable", UNREADABLE, text=figure.text) from None
    plan.absences[figure.place] += written.absence is not None
    if written.value is None:
        return None
    lessons = school.lessons.get((course.id, figure.on), ())
    lesson = lessons[figure.nth] if figure.nth < len(lessons) else None
    present = school.day_marks.get((lesson, student_id)) if lesson else None
    outcome = _outcome(present, written.value)
    term = term_at(school.terms, course.division, figure.on)
    if outcome == ADDED and term is not None and (course.id, term.id, TERM) in school.locked:
        raise NotTaken("term-marks-locked", IS_LOCKED, course=course.title, term=term.title)
    at = DayAt(course.id, student_id, figure.on, figure.nth)
    return Taking(figure, at, course, None, written.value, outcome, present, joins, lesson)


def _outcome(present: Present | None, text: str) -> str:
    if present is None or present.value is None:
        return ADDED
    return STANDS if present.value == text else DIFFERS


def _policy(school: School, course: Course, day: date) -> Policy:
    """The policy that decides a day. Raises `NotTaken` where no marks are given in the course then."""
    policy = school.policies[day]
    if not course.grade_known:
        raise NotTaken("grade-unknown", GRADE_UNKNOWN, course=course.title)
    marked = policy.scales.marked.at(Place(course.grade, course.subject)).value
    if not grade_takes_marks(course.grade) or not marked:
        raise NotTaken("course-unmarked", WITHOUT_MARKS)
    return policy


def _term_mark(figure: Figure, course: Course, policy: Policy) -> str:
    """The mark as the journal shows it. Raises `NotTaken` where it is none of the place."""
    place = Place(course.grade, course.subject)
    try:
        return setting.term_mark_text(figure.text, policy, place, "text")
    except Invalid:
        choices = ", ".join(setting.choices(policy, place))
        raise NotTaken("no-such-term-mark", NO_MARK, text=figure.text, choices=choices) from None


def _course(
    school: School, plan: Plan, student_id: UUID, subject_id: UUID, span_in: Callable[[Course], Span | None]
) -> tuple[Course, bool]:
    """Where a mark of some days belongs, and whether the student joins the course by it. Raises `NotTaken`.

    Of several courses it is the one that was joined last. Who was in none of them in the whole year is in the one of
    the whole class. `span_in` says which days they are in a course; None where it has no such term.
    """
    own = [one for one in school.courses if one.subject_id == subject_id and _may_hold(one, school, student_id)]
    if not own:
        name = school.subjects.get(subject_id) or plan.means.new[subject_id]
        return plan.new_courses.get(subject_id) or school.made(subject_id, name), True
    spans = [(one, span) for one in own if (span := span_in(one)) is not None]
    if not spans:
        return own[0], False
    there = [
        (stay.since, one)
        for one, span in spans
        for stay in school.stays.get((one.id, student_id), ())
        if stay.meets(*span)
    ]
    if there:
        return max(there, key=lambda pair: (pair[0], pair[1].id))[1], False
    whole = next((one for one, _ in spans if one.class_id == school.class_id and not one.group_name), None)
    if whole is None or any(_was_in(one, school, student_id) for one in own):
        raise NotTaken("not-in-course", NOT_IN_COURSE, course=(whole or own[0]).title)
    return whole, True


def _note_new(school: School, plan: Plan, course: Course) -> None:
    if all(one.id != course.id for one in school.courses):
        plan.new_courses.setdefault(course.subject_id, course)


def _was_in(course: Course, school: School, student_id: UUID) -> bool:
    """Whether a student was in a course on any day of the year."""
    stays = school.stays.get((course.id, student_id), ())
    return any(one.meets(school.starts_on, school.ends_on) for one in stays)


def _may_hold(course: Course, school: School, student_id: UUID) -> bool:
    """Whether a course is one of the class, or one across classes in which the student was."""
    return course.class_id == school.class_id or (course.id, student_id) in school.stays


def _term(figure: Figure, school: School, course: Course) -> Term:
    found = term_of(figure.term, school.terms, course.division)
    if found is None and figure.term:
        raise NotTaken("no-such-term", NO_SUCH_TERM, course=course.title, term=figure.term)
    if found is None:
        raise NotTaken("no-terms", NO_TERMS, course=course.title)
    return found


def digest_of(plan: Plan) -> str:
    """What taking a plan would do, in short: the same for the same, whatever ids new things get (practice)."""
    made = {one.id: one.subject for one in plan.new_courses.values()}
    lines = sorted(
        f"{made.get(one.at.course_id, one.at.course_id)} {one.at.student_id} {' '.join(map(str, one.at[2:]))} "
        f"{one.text} {one.outcome} {one.present.version if one.present else 0}"
        for one in plan.marks
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def complete(plan: Plan, school: School, students: Collection[UUID]) -> dict[tuple[UUID, UUID, str], bool]:
    """Course, term and kind to which marks are added → whether no student misses one then (practice).

    `students` are those of the class, of whom those are expected who were in the course at the term's end. Nobody
    misses a mark of an exam.
    """
    added, members = plan.added_terms, plan.members
    marked = {at for at, one in school.present.items() if one.value is not None} | {at for at, _, _ in added}
    found = {}
    for at, one, term in added:
        last = term.ends_on
        there = {
            student
            for student in students
            if student in members.get(one.course.id, ())
            or any(stay.meets(last, last) for stay in school.stays.get((one.course.id, student), ()))
        }
        expected = there if at.kind in _OF_ALL else set()
        found[at.course_id, at.term_id, at.kind] = all(
            at._replace(student_id=student) in marked for student in expected
        )
    return found


def counted(plan: Plan) -> Counter[str]:
    """Outcome → how many marks of the file have it (practice)."""
    return Counter(one.outcome for one in plan.marks)
