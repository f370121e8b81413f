"""Plans that come as files: read without writing, columns named, taken as a draft; and real ones."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.gradebook.plans import LARGEST_PLAN, Plans
from kernel.clock import now
from kernel.errors import Forbidden, Invalid
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import Place, take
from tests.formats.made import xlsx
from tests.gradebook.plans.conftest import Planning
from tests.gradebook.plans.readers.plans import text_table
from tests.shared import shared

GOOD = [["№", "Тема урока", "Часы", "Д/з"], [1, "Дроби", 2, "№ 1"], [2, "Доли", "много", ""]]


@pytest.fixture(autouse=True)
def _store(planning: Planning, tmp_path: Path) -> None:
    planning.school.service.files = FolderStore(tmp_path / "files")


def handed_in(planning: Planning, content: bytes) -> str:
    place = Place(Plans.service, planning.school.id)
    allowed = {kinds.ZIP, kinds.TEXT}
    store = planning.school.service.files
    return take(store, place, [content], largest=LARGEST_PLAN, allowed=allowed, field="file").sha256


def of_what(planning: Planning, **more: Any) -> dict[str, Any]:
    return {"subject_id": planning.subject_id, "grade": 7, "year_id": planning.school.year_id, **more}


def test_a_file_is_looked_at_and_then_taken_as_a_draft(planning: Planning) -> None:
    file = handed_in(planning, xlsx(GOOD))
    read = planning.ask(Plans.read_plan_file, file=file)
    assert [(one["place"], one["topic"], one["hours"], one["homework"]) for one in read["topics"]] == [
        ("План!B2", "Дроби", "2", "№ 1"), ("План!B3", "Доли", "1", ""),
    ]  # fmt: skip
    assert (read["hours"], read["refused"]) == ("3", False)
    assert [(one["place"], one["ru"]) for one in read["faults"]] == [
        ("План!C3", "Часы «много» не читаются: взят 1 час.")
    ]
    assert [one["meaning"] for one in read["columns"]] == ["number", "topic", "hours", "homework"]
    assert planning.ask(Plans.plans)["plans"] == [], "nothing is written yet"
    plan = planning.ask(Plans.import_plan, file=file, **of_what(planning, title="Из файла"))
    assert (plan["title"], plan["state"], [one["topic"] for one in plan["topics"]]) == (
        "Из файла", "draft", ["Дроби", "Доли"],
    )  # fmt: skip
    assert planning.ask(Plans.plan_history, plan_id=plan["id"])["revisions"][0]["what"] == "imported"


def test_columns_are_named_by_hand_and_read_again(planning: Planning) -> None:
    file = handed_in(planning, text_table([["Что делаем", "Сколько"], ["Дроби", "2"]]))
    refused = planning.ask(Plans.read_plan_file, file=file)
    assert (refused["refused"], [one["meaning"] for one in refused["columns"]]) == (True, [None, None])
    with pytest.raises(Invalid) as nothing:
        planning.ask(Plans.import_plan, file=file, **of_what(planning))
    assert nothing.value.rule == "no-plan"
    columns = [{"letters": "A", "meaning": "topic"}, {"letters": "B", "meaning": "hours"}]
    plan = planning.ask(Plans.import_plan, file=file, columns=columns, **of_what(planning))
    assert [(one["topic"], one["hours"]) for one in plan["topics"]] == [("Дроби", "2")]


def test_a_file_of_another_school_or_of_nobody_is_not_there(planning: Planning, another_school: Any) -> None:
    file = handed_in(planning, xlsx(GOOD))
    theirs = Planning(another_school)
    theirs.school.service.files = planning.school.service.files
    for asking, name in ((theirs, file), (planning, "0" * 64)):
        with pytest.raises(Invalid) as refused:
            asking.ask(Plans.read_plan_file, file=name)
        assert refused.value.rule == "file-missing"


def test_only_planners_hand_files_in_and_heads_for_their_own_subjects(planning: Planning) -> None:
    file = handed_in(planning, xlsx(GOOD))
    for actor in (planning.school.teacher, planning.school.director, planning.school.parent):
        with pytest.raises(Forbidden):
            planning.ask(Plans.read_plan_file, actor, file=file)
    with pytest.raises(Forbidden) as refused:
        planning.ask(Plans.import_plan, planning.other_head, file=file, **of_what(planning))
    assert refused.value.rule == "not-your-subject"


def test_files_are_forgotten_after_a_day(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    file = handed_in(planning, xlsx(GOOD))
    planning.school.service.delete_unneeded_files()
    assert planning.ask(Plans.read_plan_file, file=file)["topics"]
    later = now() + timedelta(days=2)
    monkeypatch.setattr("services.gradebook.handed_in.now", lambda: later)
    planning.school.service.delete_unneeded_files()
    with pytest.raises(Invalid):
        planning.ask(Plans.read_plan_file, file=file)


def test_a_plan_of_a_real_school_becomes_a_draft(planning: Planning) -> None:
    file = handed_in(planning, shared("plans/ktp_informatika_10.xlsx").read_bytes())
    read = planning.ask(Plans.read_plan_file, file=file)
    unread = [one["letters"] for one in read["columns"] if one["meaning"] is None]
    assert unread == ["A", "E", "F"], "the numbers have no heading, and notes stand beside the plan"
    columns = [{"letters": "A", "meaning": "number"}]
    again = planning.ask(Plans.read_plan_file, file=file, columns=columns)
    assert [one["letters"] for one in again["columns"] if one["meaning"] is None] == ["E", "F"]
    plan = planning.ask(Plans.import_plan, file=file, columns=columns, **of_what(planning))
    assert (len(plan["topics"]), plan["topics"][0]["topic"]) == (8, "Условные вычисления.")


@pytest.mark.parametrize("case", ["k1", "k2", "k3", "k4", "k5"])
def test_plans_that_another_journal_is_tested_with_become_drafts(planning: Planning, case: str) -> None:
    (found,) = [
        one for one in json.loads(shared("cases/ktp_import.json").read_text("utf-8"))["cases"] if one["id"] == case
    ]
    content = found["csv"].encode() if "csv" in found else text_table(found["table"])
    read = planning.ask(Plans.read_plan_file, file=handed_in(planning, content))
    expected = found["expect"]
    if isinstance(expected, str):
        assert read["refused"]
        assert [one["ru"] for one in read["faults"]]
        return
    plan = planning.ask(Plans.import_plan, file=read["file"], **of_what(planning))
    if "lessons" in expected:
        assert len(plan["topics"]) == expected["lessons"]
    if "topic" in expected:
        assert plan["topics"][0]["topic"] == expected["topic"]
