"""Answers calls about voting a policy: drafting a version, seeing what it would change, adopting it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from contracts.gradebook.voting import AdoptPolicy, ChangeDraft, DraftVersion, PreviewPolicy, Voting
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.data import inbox
from kernel.errors import Conflict
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.threads import off_hub
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy import recording as policy_recording
from services.gradebook.policy import views as policy_views
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules import checks
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.rows import View
from services.gradebook.voting import previews, queries, recording, views
from services.gradebook.voting.rules import drafting, scale_changes


class VotingEntrypoints(Entrypoints):
    """Answers calls about voting a policy: drafting a version, seeing what it would change, adopting it."""

    @rpc(Voting.policy_draft)
    def policy_draft(self, actor: Actor, command: Empty) -> View:
        """The draft with its faults; those who keep the school's data may read it."""
        with self.unit_of_work(actor) as session:
            known = queries.known(session)
            if known.draft is None:
                raise views.no_draft()
            return _view(known, known.draft)

    @rpc(Voting.draft_policy)
    def draft_policy(self, actor: Actor, command: Empty) -> View:
        """Draft a version that begins as what was adopted last, so that it changes nothing yet."""
        with self.unit_of_work(actor) as session:
            known = queries.known(session)
            if known.draft is None:
                number = known.last.version + 1
                policy = drafting.drafted(known.last, queries.kinds(session), number)
                made, known = policy_recording.new_draft(session, actor, policy), queries.known(session)
                if made and known.draft is not None:
                    return inbox.answer(session, _view(known, known.draft))
            raise Conflict(
                "A version is drafted already: go on with it, or discard it first.", rule="draft-exists", field="number"
            )

    @rpc(Voting.change_draft)
    def change_draft(self, actor: Actor, command: ChangeDraft) -> View:
        """Change a rule of the draft, its note, or both."""
        with self.unit_of_work(actor) as session:
            known, row = _to_change(session, command.version)
            policy = before = policy_queries.policy_of_version(row, known.zone)
            if command.path:
                specials = [_special(one) for one in command.specials]
                policy = drafting.with_rule(policy, command.path, command.value, specials)
            note = row.note if command.note is None else command.note.strip()
            if policy != before or note != row.note:
                policy_recording.changed_draft(session, actor, row, policy, note)
                known = queries.known(session)
            return inbox.answer(session, _view(known, known.draft or row))

    @rpc(Voting.discard_draft)
    def discard_draft(self, actor: Actor, command: DraftVersion) -> View:
        """Discard the draft."""
        with self.unit_of_work(actor) as session:
            _, row = _to_change(session, command.version)
            policy_recording.discarded_draft(session, row)
            return inbox.answer(session, {})

    @rpc(Voting.preview_policy)
    def preview_policy(self, actor: Actor, command: PreviewPolicy) -> View:
        """What the draft would change in marks of the present term, and in what is entered too late.

        Of the school or of a grade: the statements are as many. The figures are computed outside of them, and kept
        while they stay the same, so that the next part of a list costs no computing.
        """
        with self.unit_of_work(actor) as session:
            known = queries.known(session)
            if known.draft is None:
                raise views.no_draft()
            draft = policy_queries.policy_of_version(known.draft, known.zone)
            courses = queries.courses(session, known.today)
            grades = sorted({course.grade for course in courses if _takes_marks(course.grade, known.present, draft)})
            chosen = [course for course in courses if command.grade in (None, course.grade)]
            most = queries.MOST_OF_SCHOOL if command.grade is None else queries.MOST_OF_GRADE
            asked = previews.asked(session, known, draft, chosen, most) if chosen else None
        effect = None if asked is None else asked.known or off_hub(previews.effect_of, asked)
        return views.preview(draft, known.last, grades, command.grade, effect, command.part)

    @rpc(Voting.adopt_policy)
    def adopt_policy(self, actor: Actor, command: AdoptPolicy) -> View:
        """Adopt the draft from a day on; it never changes any more."""
        with self.unit_of_work(actor) as session:
            known, row = _to_change(session, command.version)
            decision = command.decision.strip()
            policy = replace(
                policy_queries.policy_of_version(row, known.zone), valid_from=command.valid_from, adopted_by=decision
            )
            marked, earlier = queries.last_marked(session), [known.usual, *known.adopted]
            checks.check_adoption(known.adopted, policy, known.today, marked)
            terms = queries.terms_from(session, command.valid_from)
            scale_changes.check_scale_change(earlier, policy, terms, marked)
            policy_recording.adopted(session, actor, row, command.valid_from, decision)
            recording.named_kinds(session, actor.tenant, policy)
            (saved,) = (one for one in policy_queries.versions(session) if one.id == row.id)
            return inbox.answer(session, policy_views.version(saved, known.last, policy))


def _to_change(session: Session, version: int) -> tuple[queries.Known, VersionRow]:
    """The draft, which nobody else changes now. Raises `Stale` where it is not the one that was seen."""
    row = policy_queries.draft(session, lock=True)
    known = queries.known(session)
    if row is None or known.draft is None:
        raise views.changed_first(None)
    if row.version != version:
        raise views.changed_first(_view(known, known.draft))
    return known, row


def _view(known: queries.Known, row: VersionRow) -> View:
    return views.draft(row, known.last, policy_queries.policy_of_version(row, known.zone))


def _special(given: object) -> dict[str, object]:
    """A special rule as the policy's document has it."""
    one = dict(given)  # type: ignore[call-overload]  # what a schema loaded is a mapping
    return {"scope": {name: one[name] for name in ("grades", "subjects", "kinds")}, "value": one["value"]}


def _takes_marks(grade: int, *policies: Policy) -> bool:
    return any(policy.scales.marked.at(Place(grade)).value for policy in policies)
