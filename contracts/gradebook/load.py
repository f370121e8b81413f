"""The load of a lesson's students: homework that is due on a day, control works that are held on it."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.homework import MOST_MINUTES
from contracts.gradebook.lessons import LONGEST_TOPIC, LessonId
from contracts.roles import JOURNAL
from kernel import fields
from kernel.contract import Interface, Rpc, View


class AskLoad(LessonId):
    """The load on the day at which a lesson's homework is due, as if it were due on `due` and took `minutes`.

    Without `due` the next lesson of the course counts; without `minutes` and `topic` those that are saved. A topic may
    say that the lesson holds a control work.
    """

    due = fields.Date(load_default=None, allow_none=True)
    minutes = fields.Int(load_default=None, allow_none=True, validate=validate.Range(1, MOST_MINUTES))
    topic = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_TOPIC))


class SentencesView(View):
    """Sentences in each language."""

    ru = fields.List(fields.Str(), required=True)
    en = fields.List(fields.Str(), required=True)


class LoadedView(View):
    """Homework that is due on the day, or a control work that is held on it, in a course of the lesson's students.

    `minutes` is null for a control work, and where the teacher has given no estimate.
    """

    title = fields.Str(required=True)
    minutes = fields.Int(required=True, allow_none=True)


class LoadView(View):
    """The load of the most burdened of a lesson's students on a day, over all their courses and groups.

    `homework` and `control_works` are those of other lessons than this one; `control_works` are of the day and, where
    the lesson holds one itself, of the lesson's own. `day` is null where no further lesson is planned and no day was
    given. Nothing is refused: `warnings` tell what exceeds the school's limits.
    """

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the lesson's course."})
    day = fields.Date(required=True, allow_none=True)
    minutes = fields.Int(required=True, metadata={"description": "Of all homework that is due on the day."})
    limit = fields.Int(required=True, allow_none=True, metadata={"description": "Null if the grade is not known."})
    homework = fields.List(fields.Nested(LoadedView), required=True)
    control_works = fields.List(fields.Nested(LoadedView), required=True)
    told = fields.Nested(SentencesView, required=True)
    warnings = fields.Nested(SentencesView, required=True)


class Load(Interface, service="gradebook"):
    """The load of a lesson's students."""

    homework_load = Rpc(
        AskLoad, LoadView, "Homework and control works of a lesson's students on the day that homework is due.", JOURNAL
    )
