"""Who asks and for what: two schools of one town, an asker of every role in the first, things of four kinds of people.

The askers are Anna's: her mother, her algebra teacher, the homeroom teacher of her class 7A. Hers are the `own` things;
Boris of the same class is of another family, Gleb of another class, with teachers of his own; the second school has the
same people and things again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from cli.building import courses, write
from contracts.attendance.checks import Checks
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.homework import FILES, Homework
from contracts.gradebook.marks import Marks
from contracts.gradebook.openings import Openings
from contracts.gradebook.other_schools import OtherSchools
from contracts.gradebook.plans import Plans
from contracts.gradebook.voting import Voting
from contracts.identity.bundles import Bundles
from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from contracts.notifications.deliveries import Deliveries
from contracts.printing.documents import Documents
from contracts.roles import OPERATOR, ROLES
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Rpc
from kernel.files import kinds
from kernel.files.store import Place, take
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.past_import.tables import PastImport
from services.identity.people import tables as people_tables
from services.identity.sessions.tables import SignIn
from tests.gateway.access.systems import System
from tests.identity.small_bundle import SmallBundle
from tests.kit.calls import call
from tests.kit.files import handed_in
from tests.kit.people import PASSWORD, TODAY, add_operator, id_of
from tests.kit.town import School

OWN, OTHER_FAMILY, OTHER_CLASS, OTHER_SCHOOL = "own", "other family", "other class", "other school"
#: Who asks → the role held. A homeroom teacher's role is teacher; a parent may not have consented to the portal.
ASKERS: Final[Mapping[str, str]] = {
    **{role: role for role in ROLES},
    "homeroom teacher": "teacher",
    "parent without consent": "parent",
    OPERATOR: OPERATOR,
}
#: A bundle that is tried only: no school of the tests changes by it.
BUNDLE: Final = SmallBundle().zip()
HANDED_IN: Final = {"bundle": hashlib.sha256(BUNDLE).hexdigest(), "dry_run": True}
#: How lessons are opened.
OPENED: Final = {"until": now() + timedelta(days=1), "reason": "Болезнь учителя"}
#: A thematic plan's file.
PLAN_CONTENT: Final = "Тема;Часы\nДроби;2\n".encode()
PLAN_FILE: Final = hashlib.sha256(PLAN_CONTENT).hexdigest()

#: A file of days off.
DAYS_CONTENT: Final = b'<calendar year="2026"><days><day d="06.12" t="1"/></days></calendar>'
DAYS_FILE: Final = hashlib.sha256(DAYS_CONTENT).hexdigest()

#: A file of a lesson.
HOMEWORK_CONTENT: Final = b"%PDF-1.7\n%%EOF\n"
HOMEWORK_FILE: Final = hashlib.sha256(HOMEWORK_CONTENT).hexdigest()


#: What a document of another school says, of the days before the student came.
BROUGHT: Final = {
    "school": "Школа № 5",
    "document": "справка № 12",
    "marks": [{"date": str(TODAY - timedelta(days=95)), "text": "4"}],
}


@dataclass(frozen=True, kw_only=True)
class Things:
    """What a request may name. Each has an id of its own, so that it is found in an answer, or missed."""

    school: UUID = field(default_factory=uuid7)
    school_class: UUID = field(default_factory=uuid7)
    year: UUID = field(default_factory=uuid7)
    term: UUID = field(default_factory=uuid7)
    kind: UUID = field(default_factory=uuid7)
    course: UUID = field(default_factory=uuid7)
    lesson: UUID = field(default_factory=uuid7)
    #: Of the lesson.
    opening: UUID = field(default_factory=uuid7)
    classroom: UUID = field(default_factory=uuid7)
    mark: UUID = field(default_factory=uuid7)
    #: A mark that the student brought along from another school.
    brought: UUID = field(default_factory=uuid7)
    student: UUID = field(default_factory=uuid7)
    guardian: UUID = field(default_factory=uuid7)
    teacher: UUID = field(default_factory=uuid7)
    #: Someone of staff who asks for nothing: roles and passwords may be changed.
    colleague: UUID = field(default_factory=uuid7)
    #: A letter to the guardian about the mark.
    delivery: UUID = field(default_factory=uuid7)
    print_job: UUID = field(default_factory=uuid7)
    bundle_import: UUID = field(default_factory=uuid7)
    #: The methodologist's.
    credential_order: UUID = field(default_factory=uuid7)
    #: The head of an association, who is responsible for Anna's algebra alone.
    head: UUID = field(default_factory=uuid7)
    #: Of the course.
    subject: UUID = field(default_factory=uuid7)
    #: A draft of the subject.
    plan: UUID = field(default_factory=uuid7)
    #: Files of the lesson: one that it has, one that was taken away.
    homework_file: UUID = field(default_factory=uuid7)
    removed_file: UUID = field(default_factory=uuid7)
    #: A file of the past that was taken.
    past_import: UUID = field(default_factory=uuid7)


class Lyceum(School):
    """A school where 7B has chemistry by a teacher of its own; with a deputy, a head of an association, a colleague."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.deputy, self.plan_head = self.person("deputy"), self.person("plan_head")
        self.chemist, self.colleague = self.person("teacher"), self.person("teacher")
        self.chemistry, self.chemistry_lesson = uuid7(), uuid7()
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            year_id = session.get_one(courses_tables.Course, (self.id, self.algebra)).year_id
        taught = courses.Taught(self.chemistry, "Химия", self.class_b, (id_of(self.chemist),), (id_of(self.gleb),))
        rows = courses.courses(year_id, TODAY - timedelta(days=90), [taught])
        write(self.town.gradebook.unit_of_work, self.id, rows)
        self.add_lesson(self.chemistry_lesson, self.chemistry, TODAY, 4)
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            given = lessons_tables.Lesson.id.in_([self.lesson, self.chemistry_lesson])
            session.execute(update(lessons_tables.Lesson).where(given).values(homework="№ 5"))
        self.consent(self.glebs_mother, self.gleb, "email", granted=True)


class World:
    """The askers and the things, in a system that the tests share."""

    def __init__(self, system: System) -> None:
        self.system = system
        town = system.signing_in.town
        here, elsewhere = Lyceum(town), Lyceum(town)
        for school in (here, elsewhere):
            with town.identity.unit_of_work.of(school.id) as session:
                # everybody belongs to one school alone: its director issues their credentials
                session.execute(update(people_tables.Person).values(human_id=None))
        self.askers: dict[str, Actor] = {
            "director": here.director, "deputy": here.deputy, "methodologist": here.methodologist,
            "teacher": here.teacher, "homeroom teacher": here.homeroom_a, "plan_head": here.plan_head,
            "parent": here.mother, "parent without consent": here.father, "student": here.anna,
            OPERATOR: add_operator(town.identity),
        }  # fmt: skip
        self.logins = {name: system.signing_in.login(actor) for name, actor in self.askers.items()}
        for school_id in (here.id, elsewhere.id, None):
            handed_in(town.identity.files, school_id, BUNDLE)
        for school_id in (here.id, elsewhere.id):
            place = Place(Plans.service, school_id)
            for content in (DAYS_CONTENT, PLAN_CONTENT):
                take(town.gradebook.files, place, [content], largest=1000, allowed={kinds.TEXT}, field="file")
            at_homework = Place(FILES, school_id)
            take(town.gradebook.files, at_homework, [HOMEWORK_CONTENT], largest=1000, allowed={kinds.PDF}, field="file")
        system.carry()  # consents are known before the marks that are told
        marks = {school.id: self._lived_day(school) for school in (here, elsewhere)}
        system.carry()
        own, other_school = self._things(here, marks[here.id]), self._things(elsewhere, marks[elsewhere.id])
        self.things: dict[str, Things] = {
            OWN: own,
            OTHER_FAMILY: self._of_boris(here, own, marks[here.id]),
            OTHER_CLASS: self._of_gleb(here, own, marks[here.id]),
            OTHER_SCHOOL: other_school,
        }
        #: Ids of nothing at all.
        self.nothing = Things()

    def token(self, asker: str, *, seconds: int = 300) -> str:
        """An access token of a new session, expired where `seconds` are negative."""
        return self.system.signing_in.token(replace(self.askers[asker], session_id=uuid7()), seconds=seconds)

    @cached_property
    def ended_tokens(self) -> dict[str, str]:
        """Asker → the token of a session that has ended."""
        sessions = {asker: uuid7() for asker in ASKERS}
        self.system.end_sessions(*sessions.values())
        return {
            asker: self.system.signing_in.token(replace(self.askers[asker], session_id=ended), seconds=3600)
            for asker, ended in sessions.items()
        }

    def refresh_token(self) -> str:
        """A refresh token that nobody has used."""
        opened = self._call(Sessions.open_session, None, login=self.logins["director"], password=PASSWORD)
        return str(opened["refresh_token"])

    def session_of(self, person_id: UUID) -> UUID:
        """A session of this person that has just begun; of nobody, an id of nothing."""
        begun, moment = uuid7(), now()
        with self.system.services["identity"].unit_of_work.everywhere() as session:
            account_of = select(people_tables.Person.account_id).where(people_tables.Person.id == person_id)
            account_id = session.scalar(account_of)
            if account_id is not None:
                expires_at = moment + timedelta(days=1)
                session.add(SignIn(id=begun, account_id=account_id, started_at=moment, expires_at=expires_at))
        return begun

    def _call(self, method: Rpc, actor: Actor | None, **command: Any) -> dict[str, Any]:
        return call(self.system.services[method.service], method, actor, **command)

    def _lived_day(self, school: Lyceum) -> dict[UUID | None, UUID]:
        """Lessons are checked, and three students get a mark: student → mark."""
        given = [
            (school.teacher, school.lesson, school.anna), (school.teacher, school.lesson, school.boris),
            (school.chemist, school.chemistry_lesson, school.gleb),
        ]  # fmt: skip
        for homeroom, lesson in ((school.homeroom_a, school.lesson), (school.homeroom_b, school.chemistry_lesson)):
            self._call(Checks.check_lesson, homeroom, lesson_id=lesson, absences=[])
        return {
            student.person_id: UUID(
                self._call(Marks.post_mark, teacher, lesson_id=lesson, student_id=student.person_id, value="5")["id"]
            )
            for teacher, lesson, student in given
        }

    def _things(self, school: Lyceum, marks: Mapping[UUID | None, UUID]) -> Things:
        """Anna's."""
        (year,) = self._call(Calendar.calendar, school.director)["years"]
        (kind,) = self._call(Marks.kinds, school.director)["kinds"]
        rooms = self._call(Classrooms.set_classrooms, school.methodologist, classrooms=[{"name": "214"}])
        page = {"course_id": school.algebra, "term_id": year["terms"][0]["id"]}
        self._call(Voting.draft_policy, school.methodologist)
        opened = self._call(Openings.open_lessons, school.methodologist, of="lesson", of_id=school.lesson, **OPENED)
        return Things(
            school=school.id, school_class=school.class_a, year=UUID(year["id"]), term=UUID(page["term_id"]),
            kind=UUID(kind["id"]), course=school.algebra, lesson=school.lesson,
            opening=UUID(opened["id"]),
            brought=self._brought(school, school.algebra, school.anna),
            mark=marks[school.anna.person_id], classroom=UUID(rooms["classrooms"][0]["id"]),
            student=id_of(school.anna), guardian=id_of(school.mother), teacher=id_of(school.teacher),
            colleague=id_of(school.colleague), head=id_of(school.plan_head),
            delivery=self._letter(school, school.mother),
            print_job=UUID(self._call(Documents.order_journal_page, school.methodologist, **page)["id"]),
            bundle_import=UUID(self._call(Bundles.start_import, school.methodologist, **HANDED_IN)["id"]),
            credential_order=self._order(school), **self._plan(school, school.algebra, headed=True),
            **self._files(school.teacher, school.lesson), past_import=self._past(school, UUID(year["id"])),
        )  # fmt: skip

    def _past(self, school: Lyceum, year_id: UUID) -> UUID:
        """A file of the past that was taken, of which no mark stands."""
        row = {
            "id": uuid7(), "year_id": year_id, "class_id": school.class_a, "class_name": "7А", "file": DAYS_FILE,
            "document": "Табель", "taken_by": id_of(school.methodologist), "taken_at": now(),
        }  # fmt: skip
        write(school.town.gradebook.unit_of_work, school.id, [(PastImport, [row])])
        return row["id"]

    def _brought(self, school: Lyceum, course_id: UUID, student: Actor) -> UUID:
        """A mark of another school."""
        (year,) = self._call(Calendar.calendar, school.director)["years"]
        place = {"course_id": course_id, "term_id": year["terms"][0]["id"], "student_id": student.person_id}
        document = {**BROUGHT, **place}
        (mark,) = self._call(OtherSchools.enter_other_school_marks, school.methodologist, **document)["marks"]
        return UUID(mark["id"])

    def _files(self, teacher: Actor, lesson: UUID) -> dict[str, UUID]:
        """A file that a lesson has, and one that was taken away from it."""
        found = {}
        for thing, name in (("homework_file", "Задание.pdf"), ("removed_file", "Прочее.pdf")):
            given = self._call(Homework.add_file, teacher, lesson_id=lesson, file=HOMEWORK_FILE, name=name)
            found[thing] = UUID(given["files"][-1]["id"])
        self._call(Homework.remove_file, teacher, file_id=found["removed_file"])
        return found

    def _plan(self, school: Lyceum, course_id: UUID, *, headed: bool = False) -> dict[str, UUID]:
        """The subject of a course, and a plan of it, which the head of an association works on if it is `headed`."""
        with school.town.gradebook.unit_of_work.of(school.id) as session:
            course = session.get_one(courses_tables.Course, (school.id, course_id))
            subject_id, year_id = course.subject_id, course.year_id
        if headed:
            own = {"person_id": id_of(school.plan_head), "subject_ids": [subject_id]}
            self._call(Plans.set_subjects, school.methodologist, **own)
        of_what = {"subject_id": subject_id, "grade": 7, "year_id": year_id, "topics": [{"topic": "Степень"}]}
        self._attach(school, self._call(Plans.add_plan, school.methodologist, **of_what), course_id)
        draft = self._call(Plans.add_plan, school.methodologist, **of_what)
        return {"subject": subject_id, "plan": UUID(draft["id"])}

    def _attach(self, school: Lyceum, plan: dict[str, Any], course_id: UUID) -> None:
        """The course goes by the plan."""
        of_plan = {"plan_id": plan["id"]}
        submitted = self._call(Plans.submit_plan, school.methodologist, **of_plan, version=plan["version"])
        version, courses = submitted["version"], [course_id]
        self._call(Plans.attach_plan, school.methodologist, **of_plan, version=version, course_ids=courses)

    def _order(self, school: Lyceum) -> UUID:
        chosen = {"person_ids": [id_of(school.colleague)], "replace": True}
        return UUID(self._call(Credentials.order_credentials, school.methodologist, **chosen)["id"])

    def _of_boris(self, school: Lyceum, own: Things, marks: Mapping[UUID | None, UUID]) -> Things:
        return replace(
            own, student=id_of(school.boris), guardian=id_of(school.other_mother), mark=marks[school.boris.person_id],
            delivery=self._letter(school, school.other_mother),
        )  # fmt: skip

    def _of_gleb(self, school: Lyceum, own: Things, marks: Mapping[UUID | None, UUID]) -> Things:
        return replace(
            own, school_class=school.class_b, course=school.chemistry, lesson=school.chemistry_lesson,
            mark=marks[school.gleb.person_id], student=id_of(school.gleb), guardian=id_of(school.glebs_mother),
            brought=self._brought(school, school.chemistry, school.gleb),
            teacher=id_of(school.chemist), delivery=self._letter(school, school.glebs_mother),
            **self._plan(school, school.chemistry), **self._files(school.chemist, school.chemistry_lesson),
        )  # fmt: skip

    def _letter(self, school: Lyceum, guardian: Actor) -> UUID:
        """The letter about the mark of the guardian's child; one about homework may come beside it."""
        found = self._call(Deliveries.deliveries, school.director)["deliveries"]
        about = ("mark_posted", str(guardian.person_id))
        (letter,) = [one["id"] for one in found if (one["kind"], one["recipient_id"]) == about]
        return UUID(letter)
