"""Entry points of classes: lists for people, facts that other services copy, the timer that announces moves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.identity.classes import Classes, ClassId, ClassIds
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, every, rpc
from services.identity.base import HOUR
from services.identity.classes import queries, recording, views
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

    @rpc(Classes.class_facts)
    def class_facts(self, actor: Actor, command: ClassIds) -> View:
        """The facts of classes that other services copy."""
        with self.unit_of_work(actor) as session:
            rows = queries.class_facts(session, command.class_ids)
            zone = schools_queries.school(session, actor.tenant).time_zone
            return {"classes": [views.class_fact(row) for row in rows], "time_zone": zone}

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
