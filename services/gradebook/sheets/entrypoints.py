"""Answers calls for the journal's grid: shows it, and changes many of its cells, each by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from contracts.gradebook.journal import JournalPageAsOf, JournalPageId
from contracts.gradebook.sheets import NOBODY, EnterCells, Sheets
from contracts.gradebook.term_marks import TERM
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.brought import queries as brought_queries
from services.gradebook.brought import views as brought_views
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses import views as courses_views
from services.gradebook.journal import framing
from services.gradebook.journal import rules as journal_rules
from services.gradebook.journal import views as journal_views
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks import views as marks_views
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import View
from services.gradebook.sheets import entering, framed, permissions, queries, views
from services.gradebook.sheets.rules.shades import Span
from services.gradebook.term_marks import queries as term_marks_queries


class SheetsEntrypoints(Entrypoints):
    """Answers calls for the journal's grid: shows it, and changes many of its cells, each by itself."""

    @rpc(Sheets.sheet)
    def sheet(self, actor: Actor, command: JournalPageAsOf) -> View:
        """The grid of a course for a term."""
        as_of = journal_rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            page = queries.page(session, command.course_id, command.term_id, actor.person_id, as_of)
            head = permissions.reads_as_head(actor, heads=bool(page.heads))
            ties, span = framing.readable(session, actor, page, command.term_id, anyhow=head)
            found = queries.marks(session, actor.tenant, page.id, *span, as_of)
            lessons = queries.lessons(session, page.id, *span, as_of)
            members = queries.members(session, page.id, command.term_id)
            today = policy_queries.today_of(page, as_of)
            policy = policy_queries.policy_on(session, page, min(today, page.term_ends_on))
            kinds = marks_queries.kinds_of(page.kinds)
            times: defaultdict[UUID, list[Span]] = defaultdict(list)
            for member in members:
                times[member.student_id].append(Span(member.since, member.until))
            owed = list(marks_queries.owed_of(page.owed).values())
            placed = views.placed(lessons, times, found, kinds, marks_queries.settings_of(page.settings), owed)
            brought = brought_queries.brought_to(session, page, members, *span, as_of)
            entered = queries.entered(session, placed.doubled) if placed.others else ()
            heads = framed.Heads(session, actor, page, ties, as_of)
            shown = [heads.column(one) for one in placed.columns]
            term_marks = _of_term(term_marks_queries.set_in_course(session, page.id, as_of), command.term_id)
        place = Place(page.grade, page.subject)
        given = zip(placed.students, placed.given, strict=True)
        means = journal_views.means_of_rows(given, brought, kinds, policy, place)
        in_place = marks_views.kinds_in(place, kinds, policy)
        moved = framed.moved(page, brought.movement, times, today, has_openings=heads.has_openings)
        return {
            "course": courses_views.course(page, courses_queries.teachers_of(page.teachers), today),
            "term": {
                "id": page.term_id,
                "title": page.term_title,
                "starts_on": page.term_starts_on,
                "ends_on": page.term_ends_on,
                "division": page.division,
            },
            "today": today,
            "may_write": as_of is None and courses_permissions.may_write_course(actor, ties),
            "absences": NOBODY if as_of else framed.whose_absences(actor, ties, policy, place, members),
            "kinds": views.kinds(in_place.values(), policy, page.grade, page.subject),
            "columns": shown,
            "rows": framed.rows(
                actor, page, policy, members, zip(placed.students, means, strict=True), term_marks, moved
            ),
            "brought": brought_views.brought(brought, in_place),
            "marks": views.cells(placed, entered),
            "owed": views.owed_in(placed, owed, lessons),
            "shades": views.shaded(placed.columns, placed.students, times),
            "holidays": views.holidays(page),
            "as_of": journal_views.as_of(as_of),
        }

    @rpc(Sheets.lessons_before)
    def lessons_before(self, actor: Actor, command: JournalPageId) -> View:
        """The lessons of a term that students had in the courses which they left for this one."""
        with self.unit_of_work(actor) as session:
            page = queries.page(session, command.course_id, command.term_id, actor.person_id)
            head = permissions.reads_as_head(actor, heads=bool(page.heads))
            _, span = framing.readable(session, actor, page, command.term_id, anyhow=head)
            students = {one.student_id for one in queries.members(session, page.id, command.term_id)}
            found = brought_queries.lessons_before(session, page.id, students, *span)
        return {"students": [{"student_id": one, "lesson_ids": lesson_ids} for one, lesson_ids in found.items()]}

    @rpc(Sheets.enter_cells)
    def enter_cells(self, actor: Actor, command: EnterCells) -> View:
        """Set, change and take back the marks of many cells of a course, each by itself."""
        with self.unit_of_work(actor) as session:
            answers, rows = entering.carry_out(session, actor, command)
            return inbox.answer(session, {"answers": answers}, *rows)


def _of_term(marks: Iterable[term_marks_queries.SetMark], term_id: UUID) -> dict[UUID, str | None]:
    """Student → the term mark that is set."""
    return {one.student_id: one.value for one in marks if (one.term_id, one.kind) == (term_id, TERM)}
