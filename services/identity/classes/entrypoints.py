"""Entry points of classes: lists for people, facts that services copy, the timer that announces moves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.identity.classes import Classes, ClassId, ClassIds, MakeClasses, SayGrade
from contracts.identity.people import People, PeopleIds
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, every, rpc
from services.identity.base import HOUR
from services.identity.classes import queries, recording, rules, views
from services.identity.people import queries as people_queries
from services.identity.people import views as people_views
from services.identity.rows import View
from services.identity.schools import queries as schools_queries


class ClassesEntrypoints(Entrypoints):
    """Classes and their students."""

    @rpc(Classes.classes)
    def classes(self, actor: Actor, command: Empty) -> View:
        """Classes by grade and name, each with its number of students today."""
        with self.unit_of_work(actor) as session:
            rows = queries.classes(session, _today(session, actor.tenant))
            return {"classes": [views.school_class(row, students) for row, students in rows]}

    @rpc(Classes.class_list)
    def class_list(self, actor: Actor, command: ClassId) -> View:
        """A class with its present and future students."""
        with self.unit_of_work(actor) as session:
            today = _today(session, actor.tenant)
            school_class = queries.school_class(session, command.class_id)
            return views.class_list(school_class, queries.class_list(session, school_class.id, today), today)

    @rpc(Classes.make_classes)
    def make_classes(self, actor: Actor, command: MakeClasses) -> View:
        """Make those of the classes that are not there; answer all of them."""
        with self.unit_of_work(actor) as session:
            schools_queries.school(session, actor.tenant, lock=True)
            wanted = rules.new_classes((one["name"], one["grade"]) for one in given(command)["classes"])
            known = {rules.class_key(name): class_id for class_id, name in queries.names(session).items()}
            new = [one for key, one in wanted.items() if key not in known]
            made = recording.new_classes(session, actor.tenant, new)
            asked = {*made, *(known[key] for key in wanted.keys() & known.keys())}
            found = queries.classes(session, _today(session, actor.tenant))
            shown = [views.school_class(row, students) for row, students in found if row.id in asked]
            return inbox.answer(session, {"classes": shown})

    @rpc(Classes.say_grade)
    def say_grade(self, actor: Actor, command: SayGrade) -> View:
        """Keep what a person says of the grade of a class of which nothing else states it."""
        said = rules.checked_grade(rules.KnownGrade(command.grade, command.several_grades))
        with self.unit_of_work(actor) as session:
            row = queries.school_class(session, command.class_id, lock=True)
            rules.check_grade_may_be_said(row.name, row.grade)
            if said != views.grade_of(row):
                recording.said_grade(session, actor, row.id, said)
                session.expire(row)
            found = queries.class_with_students(session, row.id, _today(session, actor.tenant))
            return inbox.answer(session, views.school_class(*found))

    @rpc(Classes.class_facts)
    def class_facts(self, actor: Actor, command: ClassIds) -> View:
        """The facts of classes that other services copy."""
        with self.unit_of_work(actor) as session:
            rows = queries.class_facts(session, command.class_ids)
            zone = schools_queries.school(session, actor.tenant).time_zone
            return {"classes": [views.class_fact(row) for row in rows], "time_zone": zone}

    @rpc(People.student_facts)
    def student_facts(self, actor: Actor, command: PeopleIds) -> View:
        """The facts of students that other services copy."""
        with self.unit_of_work(actor) as session:
            students = people_queries.students(session, command.person_ids)
            ids = [student.id for student in students]
            guardians, purposes = people_queries.guardians_of(session, ids), people_queries.purposes(session, ids)
            stays = queries.stays_of(session, ids)
        return {
            "students": [
                people_views.student_fact(
                    row, guardians[row.id], purposes, rules.since_when(row.class_id, stays.get(row.id, ()))
                )
                for row in students
            ]
        }

    @every(seconds=HOUR)
    def announce_moved(self) -> None:
        """Announce students whose enrolment began or ended since the last run."""
        with self.unit_of_work.everywhere() as session:
            schools = schools_queries.schools(session)
        for school in schools:
            with self.unit_of_work.of(school.id) as session:
                recording.announce_moved(session, local_date(now(), school.time_zone))


def _today(session: Session, school_id: UUID) -> date:
    return local_date(now(), schools_queries.school(session, school_id).time_zone)
