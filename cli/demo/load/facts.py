"""Facts about the demo school that several services' parts use."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from cli.demo.model import Course, DemoSchool, Guardianship, Lesson, Person, id_of
from kernel.auth import Actor

#: The revision that the demo's rows, and the copies of them, begin with.
FIRST_REVISION = 1
#: The local time at which a day's marks are entered.
MARKS_ENTERED = time(15, 30)
LANGUAGE = "ru"


class Facts:
    """The demo school with lookups and derived values."""

    def __init__(self, school: DemoSchool, moment: datetime) -> None:
        """`moment` is the time of loading; records of later times are entered at `moment`."""
        self.school = school
        self.moment = moment
        self.zone = ZoneInfo(school.school.time_zone)
        self.people: dict[UUID, Person] = {person.id: person for person in school.people}
        self.courses: dict[UUID, Course] = {course.id: course for course in school.courses}
        #: The days with records, and the next ones.
        self.days = {one.date for one in school.lessons} | {one.date for one in school.day_changes}
        self._staff = {person.key: person for person in school.people if "student" not in person.roles}
        self._stands_in = {
            (one.course_id, one.date, one.number): one.teacher_id for one in school.day_changes if one.teacher_id
        }
        self.grades = {one.id: one.grade for one in school.classes}
        #: Class → its homeroom teacher.
        self.leads = {one.id: one.homeroom_teacher_id for one in school.classes}
        self.students = [person for person in school.people if "student" in person.roles]
        self.class_of = {
            one.student_id: one.class_id
            for one in school.enrolments
            if one.since <= school.today and (one.until is None or one.until >= school.today)
        }
        self._ends = {bell.number: bell.ends for bell in school.bells}
        self._purposes: defaultdict[tuple[UUID, UUID], list[str]] = defaultdict(list)
        for consent in school.consents:
            self._purposes[consent.student_id, consent.guardian_id].append(consent.purpose)

    def id_of(self, key: str) -> UUID:
        """The id of a row that is not in the generated school, from its key."""
        return id_of(key, self.school.seed)

    def at(self, day: date, clock: time) -> datetime:
        """The moment of a local time at school, but not later than the time of loading."""
        return min(datetime.combine(day, clock, self.zone), self.moment)

    def end_of(self, lesson: Lesson) -> datetime:
        """The end of a lesson, but not later than the time of loading."""
        return self.at(lesson.date, self._ends[lesson.number])

    def actor(self, key: str) -> Actor:
        """A member of staff who gives commands."""
        person = self._staff[key]
        return Actor(self.school.school.id, person.id, roles=frozenset(person.roles))

    def teachers_of(self, lesson: Lesson) -> tuple[UUID, ...]:
        """Who holds a lesson: whoever stands in, or the teachers of its course; and these all the same."""
        usual = self.courses[lesson.course_id].teacher_ids
        stands_in = self._stands_in.get((lesson.course_id, lesson.date, lesson.number))
        return usual if stands_in is None else (stands_in, *usual)

    def purposes(self, tie: Guardianship) -> list[str]:
        """The purposes to which a guardian has consented for a student."""
        return sorted(self._purposes[tie.student_id, tie.guardian_id])
