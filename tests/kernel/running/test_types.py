"""What the type checker knows in an entry point: the session, the command, what others answer, who may be handled."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[3]

HEAD = """
    from typing import Any, assert_type
    from uuid import UUID
    from sqlalchemy.orm import Session
    from contracts.gradebook.marks import MarkPosted, Marks, MarkId, PostMark, PostMarks
    from contracts.identity.classes import Classes
    from kernel.auth import Actor
    from kernel.data.received import Received
    from kernel.running.entrypoints import Entrypoints, on_event, rpc
"""
KNOWN = """
    class MarksEntrypoints(Entrypoints):
        @rpc(Marks.post_mark)
        def post_mark(self, actor: Actor, command: PostMark) -> dict[str, Any]:
            with self.unit_of_work(actor) as session:
                assert_type(session, Session)
            assert_type(command.student_id, UUID)
            assert_type(command.kind_id, UUID | None)
            answer = self.ask(Classes.class_list, class_id=command.lesson_id)
            assert_type(answer.enrolled[0].family_name, str)
            assert_type(answer.grade, int | None)
            return {}

        @on_event(MarkPosted)
        def on_mark_posted(self, received: Received[MarkPosted]) -> None:
            assert_type(received.event.mark_id, UUID)

    class Columns(Entrypoints):
        @rpc(Marks.post_marks)
        def post_marks(self, actor: Actor, command: PostMarks) -> dict[str, Any]:
            assert_type([entry.value for entry in command.marks], list[str])
            return {}
"""
WRONG = {
    "a field that the command has not": (
        """
    class MarksEntrypoints(Entrypoints):
        @rpc(Marks.post_mark)
        def post_mark(self, actor: Actor, command: PostMark) -> dict[str, Any]:
            return {"id": command.studentid}
        """,
        'has no attribute "studentid"',
    ),
    "another method's command": (
        """
    class MarksEntrypoints(Entrypoints):
        @rpc(Marks.post_mark)
        def post_mark(self, actor: Actor, command: MarkId) -> dict[str, Any]:
            return {}
        """,
        "incompatible type",
    ),
    "a field that the answer has not": (
        """
    class MarksEntrypoints(Entrypoints):
        def grade(self) -> Any:
            return self.ask(Classes.class_list).grades
        """,
        'has no attribute "grades"',
    ),
    "a member that the row has not": (
        """
    from services.gradebook.lessons import queries

    class Lessons(Entrypoints):
        def lesson(self, actor: Actor, lesson_id: UUID) -> Any:
            with self.unit_of_work(actor) as session:
                return queries.lesson(session, lesson_id, actor.person_id).nonsense
        """,
        'has no attribute "nonsense"',
    ),
    "another event": (
        """
    class Copies(Entrypoints):
        @on_event(MarkPosted)
        def on_mark_posted(self, received: Received[Any]) -> None:
            received.event_id
        """,
        'has no attribute "event_id"',
    ),
}

pytestmark = pytest.mark.slow


def checked(body: str, folder: Path) -> tuple[str, int]:
    """What mypy says of a module with our settings, and its status."""
    module = folder / "snippet.py"
    module.write_text(textwrap.dedent(HEAD) + textwrap.dedent(body))
    said, crashed, status = api.run(
        [
            str(module),
            "--config-file",
            str(ROOT / "pyproject.toml"),
            "--cache-dir",
            str(ROOT / "var" / "cache" / "mypy"),
        ]
    )
    assert crashed == ""
    return said, status


def test_session_command_answer_and_event_are_known(tmp_path: Path) -> None:
    said, status = checked(KNOWN, tmp_path)
    assert (status, said) == (0, "Success: no issues found in 1 source file\n")


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_there_is_noticed(wrong: str, tmp_path: Path) -> None:
    body, expected = WRONG[wrong]
    said, status = checked(body, tmp_path)
    assert status == 1
    assert expected in said
