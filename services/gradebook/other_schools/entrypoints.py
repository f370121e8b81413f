"""Answers calls about marks of other schools."""

from __future__ import annotations

from sqlalchemy import RowMapping

from contracts.gradebook.journal import JournalPageId
from contracts.gradebook.other_schools import EnterOtherSchool, OtherSchools, WithdrawOtherSchool
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import inbox
from kernel.data.rows import NewRows, update_rows
from kernel.errors import Conflict, refusal_of
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses import views as courses_views
from services.gradebook.courses.rules.naming import one_line
from services.gradebook.marks import views as marks_views
from services.gradebook.marks.rules.marks import change_reason
from services.gradebook.other_schools import entering, queries, rules
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import View, missing
from services.gradebook.term_results import queries as term_results_queries
from services.gradebook.term_results.course_terms import CourseTerm


class OtherSchoolsEntrypoints(Entrypoints):
    """Answers calls about marks of other schools."""

    @rpc(OtherSchools.other_school_marks)
    def other_school_marks(self, actor: Actor, command: JournalPageId) -> View:
        """What was brought along from other schools to a course, and who joined it in the term."""
        with self.unit_of_work(actor) as session:
            found = CourseTerm(session, actor, command.course_id, command.term_id)
            last = courses_permissions.reads_until(actor, found.ties)
            marks = queries.of_course(session, command.course_id)
        zone = policy_queries.zone_of(found.page)
        page, place = found.page, Place(found.page.grade, found.page.subject)
        kinds = marks_views.kinds_in(place, found.kinds_of_work, found.policy).values()
        return {
            "course": courses_views.course(page, courses_queries.teachers_of(page.teachers), found.today),
            "term": next(one._asdict() for one in found.terms if one.id == command.term_id),
            "earlier_terms": [one._asdict() for one in found.terms if one.ends_on < page.term_starts_on],
            "kinds": marks_views.kinds(kinds),
            "students": [{"student_id": one, "since": since} for one, since in found.joined().items()],
            "marks": [_shown(row) for row in marks if last is None or local_date(row["entered_at"], zone) <= last],
            "may_enter": _may_enter(actor, found),
        }

    @rpc(OtherSchools.enter_other_school_marks)
    def enter_other_school_marks(self, actor: Actor, command: EnterOtherSchool) -> View:
        """Enter what a document says of a student, all of it or nothing."""
        rules.check_anything(command.marks, command.term_marks)
        moment = now()
        with self.unit_of_work(actor) as session:
            found = CourseTerm(session, actor, command.course_id, command.term_id, lock=True)
            _check_enters(actor, found)
            since = found.joined().get(command.student_id)
            if since is None:
                raise missing("student", command.student_id)
            found.check_student(command.student_id, found.window())
            shared = {
                "student_id": command.student_id,
                "school": one_line(command.school),
                "document": one_line(command.document),
                "entered_by": actor.person_id,
                "entered_at": moment,
                "withdrawn_by": None,
                "withdrawn_at": None,
                "reason": "",
            }
            standing = queries.terms_with_mark(session, command.course_id, command.student_id)
            of_terms = entering.term_marks(found, command, since, standing)
            entered = [*entering.marks(found, command, since), *of_terms]
            kept = {"school_id": actor.tenant, "course_id": command.course_id, **shared}
            shown = [{**one.shown, "id": one.row["id"], "text": one.row["value"], **shared} for one in entered]
            return inbox.answer(session, {"marks": shown}, NewRows(OtherSchoolMark, [one.row for one in entered], kept))

    @rpc(OtherSchools.withdraw_other_school_mark)
    def withdraw_other_school_mark(self, actor: Actor, command: WithdrawOtherSchool) -> View:
        """Withdraw a mark that was entered wrongly."""
        reason, moment = change_reason(command.reason), now()
        with self.unit_of_work(actor) as session:
            row = queries.one(session, command.mark_id)
            course = courses_queries.course(session, row["course_id"], actor.person_id)
            ties = courses_queries.course_ties(course)
            if not actor.has("methodologist"):
                courses_permissions.check_writes_course(actor, ties, missing("mark", command.mark_id))
            if row["withdrawn_at"] is not None:
                raise Conflict("This mark was withdrawn already.", rule="mark-withdrawn", field="mark_id")
            terms = term_results_queries.terms_of_division(session, course.year_id, course.division)
            term_id = rules.counts_in(row["date"], terms)
            CourseTerm(session, actor, course.id, term_id, lock=True).check_unlocked(row["student_id"])
            done = {"withdrawn_by": actor.person_id, "withdrawn_at": moment, "reason": reason}
            update_rows(session, OtherSchoolMark, [{"id": command.mark_id, **done}])
            return inbox.answer(session, _shown(row) | done)


def _may_enter(actor: Actor, found: CourseTerm) -> bool:
    return refusal_of(lambda: _check_enters(actor, found)) is None


def _check_enters(actor: Actor, found: CourseTerm) -> None:
    """Refuse who neither teaches the course nor is the methodologist, and a closed term (clause 4.2)."""
    if actor.has("methodologist"):
        found.check_open()
    else:
        found.check_writable()


def _shown(row: RowMapping) -> View:
    return {str(name): value for name, value in row.items() if name != "course_id"}
