"""Thematic plans (КТП): made by heads of subject associations, attached to courses, compared with what was taught."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.reading import FileFaultView
from contracts.roles import METHODOLOGISTS, STAFF
from kernel import fields
from kernel.contract import Command, Done, Empty, Interface, Rpc, View, holders

#: Work on plans: heads of subject associations on those of their subjects, methodologists on all (clause 4.2).
PLANNERS: Final = METHODOLOGISTS | holders("plan_head")

#: Most topics of a plan: five lessons a week and a topic for each are 175.
MOST_TOPICS: Final = 400
#: The grades of a school.
GRADES: Final = validate.Range(1, 11)
#: The longest texts of a topic's row.
LONGEST: Final = {"section": 300, "topic": 500, "hours": 10, "content": 2000, "control": 100, "homework": 1000}
LONGEST_TITLE: Final = 200

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
ATTACHED: Final = "attached"
STATES: Final = (DRAFT, SUBMITTED, ATTACHED)

#: Most bytes of a plan's file.
LARGEST_PLAN: Final = 10 * 1024**2
#: What a column of a plan's file may hold; dates and numbers are read, but no part of the plan.
MEANINGS: Final = (
    "topic", "section", "hours", "content", "control", "homework", "number", "planned", "actual", "notes",
)  # fmt: skip
SHA256: Final = validate.Regexp(r"[0-9a-f]{64}\Z")

_HOURS: Final = {"description": "Lessons, in halves: `2`, `0,5`."}
_VERSION: Final = {"description": "The version this change starts from."}
_MAY: Final = {
    "description": "What the caller may do with it as it stands: `change`, `submit`, `return`, `attach`, `delete`."
}


class FindPlans(Command):
    """The school's plans, or those of a year, subject or grade."""

    year_id = fields.UUID(load_default=None, allow_none=True)
    subject_id = fields.UUID(load_default=None, allow_none=True)
    grade = fields.Int(load_default=None, allow_none=True, validate=GRADES)


class CourseOfPlan(View):
    """A course of a plan's subject, grade and year, and the plan that it goes by."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    plan_id = fields.UUID(required=True, allow_none=True)


class PlanLineView(View):
    """A plan without its topics. `state`: `draft`, `submitted`, or `attached` where courses go by it."""

    id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    subject = fields.Str(required=True)
    grade = fields.Int(required=True)
    year_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    state = fields.Str(required=True)
    version = fields.Int(required=True)
    hours = fields.Str(required=True, metadata={"description": "The sum of its topics' hours. Decimal."})
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)


class PlanInListView(PlanLineView):
    """A plan with the titles of the courses that go by it."""

    courses = fields.List(fields.Str(), required=True)


class PlansView(View):
    """Plans, by subject, grade and title."""

    plans = fields.List(fields.Nested(PlanInListView), required=True)


class PlanId(Command):
    """One plan."""

    plan_id = fields.UUID(required=True)


class TopicView(View):
    """A topic of a plan. `taught`: some lesson has covered it, so that it can be changed, but not left out."""

    id = fields.UUID(required=True)
    section = fields.Str(required=True)
    topic = fields.Str(required=True)
    hours = fields.Str(required=True, metadata={"description": "Decimal."})
    content = fields.Str(required=True)
    control = fields.Str(required=True)
    homework = fields.Str(required=True)
    taught = fields.Bool(load_default=False)


class PlanView(PlanLineView):
    """A plan with its topics in order, and the courses of its subject, grade and year."""

    topics = fields.List(fields.Nested(TopicView), required=True)
    courses = fields.List(fields.Nested(CourseOfPlan), required=True)
    may = fields.List(fields.Str(), required=True, metadata=_MAY)


class TopicCommand(Command):
    """A topic as it is entered; with the `id` of one of the plan's topics it changes that one."""

    id = fields.UUID(load_default=None, allow_none=True)
    section = fields.Str(load_default="", validate=validate.Length(max=LONGEST["section"]))
    topic = fields.Str(required=True, validate=validate.Length(max=LONGEST["topic"]))
    hours = fields.Str(load_default="1", validate=validate.Length(max=LONGEST["hours"]), metadata=_HOURS)
    content = fields.Str(load_default="", validate=validate.Length(max=LONGEST["content"]))
    control = fields.Str(load_default="", validate=validate.Length(max=LONGEST["control"]))
    homework = fields.Str(load_default="", validate=validate.Length(max=LONGEST["homework"]))


class AddPlan(Command):
    """A plan of a subject, grade and year; it begins as a draft."""

    subject_id = fields.UUID(required=True)
    grade = fields.Int(required=True, validate=GRADES)
    year_id = fields.UUID(required=True)
    title = fields.Str(load_default="", validate=validate.Length(max=LONGEST_TITLE))
    topics = fields.List(fields.Nested(TopicCommand), load_default=list, validate=validate.Length(max=MOST_TOPICS))


class ChangePlan(Command):
    """A plan's title and all its topics, in order. One that is left out goes, unless it was taught."""

    plan_id = fields.UUID(required=True)
    title = fields.Str(required=True, validate=validate.Length(max=LONGEST_TITLE))
    topics = fields.List(fields.Nested(TopicCommand), required=True, validate=validate.Length(max=MOST_TOPICS))
    version = fields.Int(required=True, metadata=_VERSION)


class CopyPlan(Command):
    """A new draft with the topics of a plan, for another year or grade."""

    plan_id = fields.UUID(required=True)
    year_id = fields.UUID(required=True)
    grade = fields.Int(load_default=None, allow_none=True, validate=GRADES)


class PlanVersion(Command):
    """One plan as the caller saw it."""

    plan_id = fields.UUID(required=True)
    version = fields.Int(required=True, metadata=_VERSION)


class ReturnPlan(PlanVersion):
    """A submitted plan that becomes a draft again."""

    note = fields.Str(load_default="", validate=validate.Length(max=500), metadata={"description": "What to mend."})


class AttachPlan(PlanVersion):
    """The courses that go by a plan from now on: all of them, so that one that is left out no longer does."""

    course_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=200))


class AskHistory(Command):
    """A plan's history; with `version` also what the plan was then."""

    plan_id = fields.UUID(required=True)
    version = fields.Int(load_default=None, allow_none=True)


class PlanRevisionView(View):
    """One change of a plan: what was done, by whom, and how many topics were added, changed and removed."""

    version = fields.Int(required=True)
    what = fields.Str(
        required=True,
        metadata={"description": "`made`, `imported`, `copied`, `changed`, `submitted`, `returned`, `attached`."},
    )
    note = fields.Str(required=True)
    added = fields.Int(required=True)
    changed = fields.Int(required=True)
    removed = fields.Int(required=True)
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)


class PastPlanView(View):
    """What a plan was at an earlier version."""

    version = fields.Int(required=True)
    title = fields.Str(required=True)
    topics = fields.List(fields.Nested(TopicView), required=True)


class PlanHistoryView(View):
    """Every change of a plan, first to last."""

    plan_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    revisions = fields.List(fields.Nested(PlanRevisionView), required=True)
    past = fields.Nested(PastPlanView, load_default=None, allow_none=True)


class AssociationView(View):
    """A subject, the heads of its association, and whether the caller works on its plans."""

    subject_id = fields.UUID(required=True)
    subject = fields.Str(required=True)
    head_ids = fields.List(fields.UUID(), required=True)
    mine = fields.Bool(required=True)


class AssociationsView(View):
    """The school's subjects, by name."""

    subjects = fields.List(fields.Nested(AssociationView), required=True)


class SetSubjects(Command):
    """The subjects on whose plans a head of a subject association works: all of them."""

    person_id = fields.UUID(required=True)
    subject_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=200))


class NamedColumn(Command):
    """What people say that a column of a file holds; an empty meaning says that it is not to be read."""

    letters = fields.Str(required=True, validate=validate.Regexp(r"[A-Z]{1,3}\Z"))
    meaning = fields.Str(required=True, validate=validate.OneOf(("", *MEANINGS)))


class ReadPlanFile(Command):
    """A plan's file that was handed in, with what people say of its columns beyond their headings."""

    file = fields.Str(required=True, validate=SHA256, metadata={"description": "SHA-256 of its content."})
    columns = fields.List(fields.Nested(NamedColumn), load_default=list, validate=validate.Length(max=100))


class ImportPlan(ReadPlanFile):
    """A draft made of a plan's file, read as with these columns."""

    subject_id = fields.UUID(required=True)
    grade = fields.Int(required=True, validate=GRADES)
    year_id = fields.UUID(required=True)
    title = fields.Str(load_default="", validate=validate.Length(max=LONGEST_TITLE))


class SeenColumnView(View):
    """A column of a file: its heading, what it was read as (null: it was not), and some of its values."""

    letters = fields.Str(required=True)
    heading = fields.Str(required=True)
    meaning = fields.Str(required=True, allow_none=True)
    samples = fields.List(fields.Str(), required=True)


class TopicReadView(View):
    """A topic as the file has it, and its place there."""

    place = fields.Str(required=True)
    section = fields.Str(required=True)
    topic = fields.Str(required=True)
    hours = fields.Str(required=True)
    content = fields.Str(required=True)
    control = fields.Str(required=True)
    homework = fields.Str(required=True)


class PlanReadingView(View):
    """What a file would become, and its faults; `refused` where there is no plan in it."""

    file = fields.Str(required=True)
    refused = fields.Bool(required=True)
    hours = fields.Str(required=True)
    topics = fields.List(fields.Nested(TopicReadView), required=True)
    columns = fields.List(fields.Nested(SeenColumnView), required=True)
    faults = fields.List(fields.Nested(FileFaultView), required=True)


class Plans(Interface, service="gradebook"):
    """Thematic plans."""

    plans = Rpc(FindPlans, PlansView, "Thematic plans of the school.", STAFF)
    plan = Rpc(PlanId, PlanView, "A thematic plan with its topics.", STAFF)
    add_plan = Rpc(AddPlan, PlanView, "Begin a thematic plan.", PLANNERS)
    change_plan = Rpc(ChangePlan, PlanView, "Change a thematic plan.", PLANNERS)
    copy_plan = Rpc(CopyPlan, PlanView, "Copy a thematic plan into another year or grade.", PLANNERS)
    submit_plan = Rpc(PlanVersion, PlanView, "Submit a draft to the methodologist.", PLANNERS)
    return_plan = Rpc(ReturnPlan, PlanView, "Make a submitted plan a draft again.", PLANNERS)
    attach_plan = Rpc(AttachPlan, PlanView, "Say which courses go by a submitted plan.", METHODOLOGISTS)
    delete_plan = Rpc(PlanVersion, Done, "Delete a draft.", PLANNERS)
    plan_history = Rpc(AskHistory, PlanHistoryView, "Every change of a thematic plan.", STAFF)
    read_plan_file = Rpc(ReadPlanFile, PlanReadingView, "Read a file of a thematic plan; write nothing.", PLANNERS)
    import_plan = Rpc(ImportPlan, PlanView, "Make a draft of a file of a thematic plan.", PLANNERS)
    associations = Rpc(Empty, AssociationsView, "Subjects and the heads of their associations.", STAFF)
    set_subjects = Rpc(SetSubjects, AssociationsView, "Say which subjects a head is responsible for.", METHODOLOGISTS)
