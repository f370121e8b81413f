"""The school's policy from the draft to the day that it decides."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update
from uuid_utils.compat import uuid7

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.policy import Policies
from contracts.gradebook.voting import Voting
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar.tables import Term
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import KindOfWork, Mark
from services.gradebook.policy import recording
from services.gradebook.policy.tables import PolicyVersion
from services.gradebook.voting import previews
from services.gradebook.voting.rules.preview import preview
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

DECISION = "протокол № 1 от 28.08.2026"
HALF_UP = [{"mark": 5, "least": "4.5"}, {"mark": 4, "least": "3.5"}, {"mark": 3, "least": "2.5"},
           {"mark": 2, "least": "1.5"}, {"mark": 1, "least": "0"}]  # fmt: skip

TEN = [{"mark": number, "least": f"{number - 1}.5" if number > 1 else "0"} for number in range(10, 0, -1)]


def ask(school: Any, method: Any, actor: Any = None, **command: Any) -> dict[str, Any]:
    return call(school.service, method, actor or school.methodologist, **command)


def drafted(school: Any, **rules: Any) -> dict[str, Any]:
    """A draft with these values of rules: `keeping__edit_days=7`."""
    draft = ask(school, Voting.draft_policy)
    for name, value in rules.items():
        draft = changed(school, draft, name.replace("__", "."), value)
    return draft


def changed(school: Any, draft: dict[str, Any], path: str, value: Any, **more: Any) -> dict[str, Any]:
    return ask(school, Voting.change_draft, path=path, value=value, version=draft["version"], **more)


def adopted(school: Any, begins: int = 0, **rules: Any) -> dict[str, Any]:
    """A version with these values of rules, adopted from so many days after today."""
    draft = drafted(school, **rules)
    return adopt(school, draft, begins)


def adopt(school: Any, draft: dict[str, Any], begins: int = 0) -> dict[str, Any]:
    command = {"valid_from": school.day(begins), "decision": DECISION, "version": draft["version"]}
    return ask(school, Voting.adopt_policy, school.director, **command)


def rule(found: dict[str, Any], path: str) -> dict[str, Any]:
    return next(one for one in found["rules"] if one["path"] == path)


@on_both
def test_a_school_that_voted_nothing_has_the_default_in_words(school: Any) -> None:
    found = ask(school, Policies.policy, school.teacher)
    assert (found["number"], found["valid_from"]) == (0, None)
    marks = rule(found, "keeping.mark_days")
    assert marks["source"]["ru"] == "регламент электронного журнала, п. 3.2"
    assert [one["where"]["ru"] for one in marks["specials"]][1] == "за работы: «Контрольная работа»"
    assert not any(one["differs"] for one in found["rules"])
    assert rule(found, "scales.scale")["words"] == {"ru": "пятибалльная", "en": "five points"}
    assert ask(school, Policies.policy_versions, school.teacher) == {"versions": [], "in_force": 0}
    with pytest.raises(NotFound):
        ask(school, Voting.policy_draft, school.deputy)


@on_both
def test_a_version_goes_from_the_draft_to_the_day_that_it_decides(school: Any) -> None:
    draft = ask(school, Voting.draft_policy)
    assert (draft["number"], draft["version"], draft["faults"]) == (1, 1, [])
    assert not rule(draft, "terms.thresholds")["differs"]
    thresholds = [{"mark": 5, "least": "4.65"}, *HALF_UP[1:]]
    draft = changed(school, draft, "terms.thresholds", thresholds, note=" Пороги  как в прошлом году ")
    assert draft["version"] == 2
    assert draft["changes"][-1]["ru"] == (
        "Порог отметки «5» за период: было 4,5; стало 4,65 (решение педагогического совета)."
    )
    assert rule(draft, "terms.thresholds")["differs"]
    assert draft["note"] == "Пороги  как в прошлом году"
    assert ask(school, Voting.policy_draft, school.deputy) == draft
    found = adopt(school, draft, 5)
    assert (found["number"], found["valid_from"]) == (1, school.day(5).isoformat())
    assert (found["drafted_by"], found["adopted_by"]) == (
        str(school.methodologist.person_id), str(school.director.person_id)
    )  # fmt: skip
    assert DECISION in found["changes"][-1]["ru"]
    assert ask(school, Policies.policy)["number"] == 0
    later = ask(school, Policies.policy, date=school.day(5))
    assert (later["number"], later["valid_from"]) == (1, school.day(5).isoformat())
    assert rule(later, "terms.thresholds")["source"]["ru"] == DECISION
    assert ask(school, Policies.policy, date=school.day(4))["number"] == 0
    assert ask(school, Policies.policy_versions) == {"versions": [found], "in_force": 0}


@on_both
def test_the_draft_begins_with_the_kinds_and_weights_that_the_school_uses(school: Any) -> None:
    school.save(KindOfWork, {"id": uuid7(), "name": "Пересказ", "weight": Decimal("0.5"), "is_answer": False})
    draft = ask(school, Voting.draft_policy)
    assert {"code": "Пересказ", "name": "Пересказ"} in draft["kinds"]
    weights = rule(draft, "means.weight")["specials"]
    assert [(one["kinds"], one["value"]) for one in weights] == [(["control"], "2.5"), (["Пересказ"], "0.5")]
    again = adopt(school, draft)
    assert again["number"] == 1
    second = ask(school, Voting.draft_policy)
    assert (second["number"], second["changes"]) == (2, []), "a new draft begins as the last version"


@on_both
def test_two_people_at_the_same_draft_are_told(school: Any) -> None:
    draft = drafted(school, keeping__edit_days=7)
    with pytest.raises(Conflict) as conflict:
        ask(school, Voting.draft_policy)
    assert conflict.value.rule == "draft-exists"
    old = {**draft, "version": 1}
    with pytest.raises(Stale) as stale:
        changed(school, old, "keeping.edit_days", 8)
    assert stale.value.params["present"] == draft
    with pytest.raises(Stale):
        adopt(school, old)
    with pytest.raises(Stale):
        ask(school, Voting.discard_draft, version=1)
    adopt(school, draft)
    with pytest.raises(Stale) as stale:
        adopt(school, draft)
    assert stale.value.params["present"] is None
    assert [one["number"] for one in ask(school, Policies.policy_versions)["versions"]] == [1]


def test_a_draft_is_discarded_and_an_adopted_version_stays(school: Any) -> None:
    draft = drafted(school)
    ask(school, Voting.discard_draft, version=1)
    assert school.count(PolicyVersion) == 0
    adopt(school, drafted(school))
    for method in (Voting.discard_draft, Voting.change_draft):
        with pytest.raises(Stale):
            ask(school, method, version=draft["version"])
    assert school.count(PolicyVersion) == 1


def test_only_the_methodologist_drafts_and_only_the_director_adopts(school: Any, another_school: Any) -> None:
    draft = drafted(school)
    for actor in (school.director, school.deputy, school.teacher, school.parent):
        for method in (Voting.draft_policy, Voting.change_draft, Voting.discard_draft):
            with pytest.raises(Forbidden):
                ask(school, method, actor, **({} if method is Voting.draft_policy else {"version": 1}))
    command = {"valid_from": school.today, "decision": DECISION, "version": draft["version"]}
    for actor in (school.methodologist, school.deputy, school.teacher):
        with pytest.raises(Forbidden):
            ask(school, Voting.adopt_policy, actor, **command)
    with pytest.raises(Stale):
        ask(school, Voting.adopt_policy, another_school.director, **command)
    for method in (Policies.policy, Policies.policy_versions):
        with pytest.raises(Forbidden):
            ask(school, method, school.parent)
    with pytest.raises(Forbidden):
        ask(school, Voting.policy_draft, school.teacher)


def test_what_cannot_be_carried_out_is_told_at_the_rule_and_not_adopted(school: Any) -> None:
    draft = drafted(school)
    with pytest.raises(Invalid) as refused:
        changed(school, draft, "terms.thresholds", [{"mark": "five", "least": 4.5}])
    assert {fault.field for fault in refused.value.faults} == {
        "terms.thresholds.value.0.mark", "terms.thresholds.value.0.least"
    }  # fmt: skip
    for path in ("terms.nothing", "thresholds", "terms.thresholds.value"):
        with pytest.raises(NotFound):
            changed(school, draft, path, 1)
    marked = {"grades": [1], "value": True}
    draft = changed(school, draft, "scales.marked", True, specials=[marked])
    draft = changed(school, draft, "terms.thresholds", HALF_UP[:-1])
    assert [(one["path"], one["rule"]) for one in draft["faults"]] == [
        ("terms.thresholds.value", "thresholds-open"), ("scales.marked", "no-marks-in-grade-1")
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        adopt(school, draft)
    assert [fault.field for fault in refused.value.faults] == ["terms.thresholds.value", "scales.marked"]


def test_departures_from_the_acts_are_told_and_can_be_adopted(school: Any) -> None:
    draft = drafted(school, keeping__homework_days=30, terms__free_difference=1)
    assert [one["path"] for one in draft["departures"]] == ["keeping.homework_days"]
    assert "п. 3.2" in draft["departures"][0]["words"]["ru"]
    assert draft["faults"] == []
    assert "30-го учебного дня" in rule(draft, "keeping.homework_days")["meaning"]["ru"]
    adopt(school, draft)
    assert ask(school, Policies.policy, school.teacher)["departures"] == draft["departures"]


def test_a_version_begins_before_today_only_where_no_mark_stands(school: Any) -> None:
    school.post(0, "5")
    draft = drafted(school)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Mark).values(date=school.day(-3)))
    with pytest.raises(Invalid) as refused:
        adopt(school, draft, -3)
    assert refused.value.rule == "policy-in-past"
    adopt(school, draft, -2)
    second = drafted(school)
    with pytest.raises(Invalid) as refused:
        adopt(school, second, -2)
    assert refused.value.rule == "policy-before-last"
    assert adopt(school, second, 1)["number"] == 2


def test_of_two_versions_with_the_same_first_day_the_list_says_which_decides(school: Any) -> None:
    adopted(school, 5)
    assert [one["replaced_by"] for one in ask(school, Policies.policy_versions)["versions"]] == [None]
    adopted(school, 5, keeping__edit_days=7)
    drafted(school)
    found = ask(school, Policies.policy_versions, school.teacher)["versions"]
    assert [(one["number"], one["replaced_by"]) for one in found] == [(3, None), (2, None), (1, 2)]
    assert ask(school, Policies.policy, date=school.day(5))["number"] == 2


def test_marks_go_by_the_scale_of_the_version_that_decides_their_day(school: Any) -> None:
    school.end_term(days_ago=1)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Term).where(Term.id == school.later_term_id).values(starts_on=school.today))
    adopted(school, 0, scales__scale="ten", terms__thresholds=TEN, years__thresholds=TEN)
    assert school.post(0, "9")["value"] == "9"
    before = {"lesson_id": school.other_lesson_id, "student_id": school.students[0]}
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.other_lesson_id).values(date=school.day(-1)))
    with pytest.raises(Invalid):
        call(school.service, Marks.post_mark, school.other_teacher, **before, value="9")
    assert call(school.service, Marks.post_mark, school.other_teacher, **before, value="5")["value"] == "5"


def test_no_marks_are_taken_where_the_policy_gives_none(school: Any) -> None:
    draft = drafted(school)
    unmarked = [{"grades": [1], "value": False}, {"grades": [7], "value": False}]
    adopt(school, changed(school, draft, "scales.marked", True, specials=unmarked))
    with pytest.raises(Invalid) as refused:
        school.post(0, "5")
    assert refused.value.rule == "course-unmarked"
    lesson = call(school.service, Lessons.lesson, school.teacher, lesson_id=school.lesson_id)
    assert (lesson["takes_marks"], lesson["takes_homework"]) == (False, True)
    page = call(school.service, Journal.journal_page, school.teacher, course_id=school.course_id,
                term_id=school.term_id)  # fmt: skip
    assert {one["takes_marks"] for one in page["lessons"]} == {False}
    day = call(school.service, Lessons.day, school.teacher, date=school.today)
    assert {one["title"]: one["takes_marks"] for one in day["lessons"]}["Algebra 7A"] is False


def test_no_homework_is_set_where_the_policy_gives_none(school: Any) -> None:
    draft = drafted(school)
    none = [{"grades": [1], "value": 0}, {"subjects": ["Предмет"], "value": 0}]
    adopt(school, changed(school, draft, "load.homework_minutes", 60, specials=none))
    command = {"lesson_id": school.lesson_id, "version": 1, "homework": "№ 5"}
    with pytest.raises(Invalid) as refused:
        call(school.service, Lessons.describe_lesson, school.teacher, **command)
    assert refused.value.rule == "no-homework-here"
    with pytest.raises(Invalid) as refused:
        call(school.service, Homework.set_homework, school.teacher, lesson_id=school.lesson_id, version=0, minutes=10)
    assert refused.value.rule == "no-homework-here"
    lesson = call(school.service, Lessons.lesson, school.teacher, lesson_id=school.lesson_id)
    assert (lesson["takes_marks"], lesson["takes_homework"]) == (True, False)


def test_weights_of_the_version_count_in_the_means_of_the_running_term(school: Any, engine: Engine) -> None:
    school.post(0, "5")
    school.post(0, "2", kind_id=school.control_id)

    def mean() -> str:
        page = call(school.service, Journal.journal_page, school.teacher, course_id=school.course_id,
                    term_id=school.term_id)  # fmt: skip
        found = {one["student_id"]: one["mean"]["value"] for one in page["means"]}
        family = call(school.service, Journal.marks_of, school.parent, student_id=school.students[0])
        (own,) = (one for one in family["subjects"] if one["course_id"] == str(school.course_id))
        assert own["mean"]["value"] == found[str(school.students[0])]
        return str(own["mean"]["value"])

    assert mean() == "2.86"
    draft = drafted(school)
    adopt(school, draft)
    assert mean() == "2.86", "a version that changes nothing changes no mean"
    second = drafted(school)
    weight = {"kinds": ["control"], "subjects": ["Предмет"], "grades": [7], "value": "8"}
    adopt(school, changed(school, second, "means.weight", "1", specials=[weight]), 1)
    assert mean() == "2.86", "a version that has not begun decides nothing"
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(PolicyVersion).where(PolicyVersion.number == 2).values(valid_from=school.today))
    assert mean() == "2.33", "(5 + 2 × 8) / 9"
    page = call(school.service, Journal.journal_page, school.teacher, course_id=school.course_id,
                term_id=school.term_id)  # fmt: skip
    assert weights(page["kinds"])["Контрольная работа"] == "8", "what is shown is what counts"
    week = call(school.service, Journal.diary_week, school.parent, student_id=school.students[0], date=school.today)
    shown = [mark for day in week["days"] for lesson in day["lessons"] for mark in lesson["marks"]]
    assert {mark["kind"]: mark["weight"] for mark in shown} == {"Ответ на уроке": "1", "Контрольная работа": "8"}
    family = call(school.service, Journal.marks_of, school.parent, student_id=school.students[0])
    shown = [mark for subject in family["subjects"] for mark in subject["marks"]]
    assert {mark["kind"]: mark["weight"] for mark in shown} == {"Ответ на уроке": "1", "Контрольная работа": "8"}


@on_both
def test_teachers_choose_the_kinds_of_the_adopted_dictionary(school: Any) -> None:
    before = weights(ask(school, Marks.kinds, school.teacher)["kinds"])
    assert before == {"Ответ на уроке": "1", "Контрольная работа": "2.5"}
    draft = drafted(school)
    quiz = {"code": "quiz", "name": "Опрос", "written": True}
    kinds = [*rule(draft, "kinds")["value"][:1], *rule(draft, "kinds")["value"][-1:], quiz]
    draft = changed(school, draft, "kinds", kinds)
    heavy = [{"kinds": ["quiz"], "value": "3"}, {"kinds": ["control"], "value": "4"}]
    draft = changed(school, draft, "means.weight", "1", specials=heavy)
    draft = changed(school, draft, "keeping.mark_days", 0)
    assert draft["faults"] == []
    adopt(school, draft)
    after = ask(school, Marks.kinds, school.teacher)["kinds"]
    assert weights(after) == {"Ответ на уроке": "1", "Контрольная работа": "4", "Опрос": "3"}
    assert [one["name"] for one in after if one["is_answer"]] == ["Ответ на уроке"]
    adopt(school, drafted(school), 1)
    assert ask(school, Marks.kinds, school.teacher)["kinds"] == after, "no kind is added twice"


def weights(kinds: list[dict[str, Any]]) -> dict[str, str]:
    """Name → weight."""
    return {one["name"]: one["weight"] for one in kinds}


def test_a_school_without_kinds_gets_the_answer_as_its_default(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(delete(KindOfWork))
    adopt(school, drafted(school))
    kinds = ask(school, Marks.kinds, school.teacher)["kinds"]
    assert len(kinds) == 9
    assert [one["name"] for one in kinds if one["is_answer"]] == ["Ответ на уроке"]


def test_a_term_that_has_ended_goes_by_the_version_of_its_last_day(school: Any) -> None:
    school.end_term(2)
    command = {"lesson_id": school.lesson_id, "version": 1, "topic": "Корни"}
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(date=school.day(-2)))
    adopted(school, 0, keeping__term_open_days=0)
    assert call(school.service, Lessons.describe_lesson, school.teacher, **command)["topic"] == "Корни"


def test_a_term_closes_by_the_version_in_force_on_its_last_day(school: Any) -> None:
    school.end_term(2)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(date=school.day(-2)))
    adopted(school, -3, keeping__term_open_days=0)
    command = {"lesson_id": school.lesson_id, "version": 1, "topic": "Корни"}
    with pytest.raises(Conflict) as refused:
        call(school.service, Lessons.describe_lesson, school.teacher, **command)
    assert refused.value.params["date"] == school.day(-2)


def test_versions_cost_no_statement_once_they_are_known(school: Any, engine: Engine) -> None:
    page = {"course_id": school.course_id, "term_id": school.term_id}
    with statements(engine) as without:
        call(school.service, Journal.journal_page, school.teacher, **page)
    adopted(school, 0, keeping__edit_days=7)
    with statements(engine) as first:
        call(school.service, Journal.journal_page, school.teacher, **page)
    with statements(engine) as second:
        call(school.service, Journal.journal_page, school.teacher, **page)
    assert (len(first), len(second)) == (len(without) + 1, len(without))


def test_a_preview_tells_what_changes_for_whom(school: Any) -> None:
    for value, kind in (("5", school.answer_id), ("4", school.control_id)):
        school.post(0, value, kind_id=kind)
    draft = drafted(school, terms__least_marks=[{"lessons_a_week": "0", "marks": 1}])
    found = ask(school, Voting.preview_policy, school.director)
    assert (found["number"], found["grade"], found["grades"], found["records"], found["cut"]) == (
        1,
        None,
        [7],
        1,
        False,
    )
    (shift,) = found["shifts"]
    assert shift == {
        "student_id": str(school.students[0]), "course_id": str(school.course_id), "course": "Algebra 7A",
        "mean_before": "4.29", "mean_after": "4.29", "mark_before": "н/а", "mark_after": "4",
    }  # fmt: skip
    assert "Будут аттестованы: 1; не будут аттестованы: 0." in [one["ru"] for one in found["effects"]]
    assert found["changes"] == draft["changes"]
    assert found["by_grade"] == [
        {"grade": 7, "records": 1, "means": 0, "term_marks": 1, "breaches_appearing": 0, "breaches_disappearing": 0}
    ]
    of_grade = ask(school, Voting.preview_policy, school.director, grade=7)
    assert of_grade == {**found, "grade": 7}
    assert ask(school, Voting.preview_policy, school.director, part=1)["shifts"] == []
    none = ask(school, Voting.preview_policy, grade=9)
    assert (none["grade"], none["records"], none["effects"]) == (9, 0, [])


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the drafts whose previews are computed, each time one is."""
    found: list[int] = []

    def counting(journal: Any, before: Any, after: Any) -> Any:
        found.append(after.version)
        return preview(journal, before, after)

    monkeypatch.setattr(previews, "preview", counting)
    return found


def test_a_preview_is_computed_once_until_a_mark_or_the_draft_changes(
    school: Any, engine: Engine, computed: list[int]
) -> None:
    mark = school.post(0, "5")
    other = school.post(1, "4")
    draft = drafted(school, terms__least_marks=[{"lessons_a_week": "0", "marks": 1}])
    first = ask(school, Voting.preview_policy)
    with statements(engine) as sent:
        assert ask(school, Voting.preview_policy, school.director) == first
        assert ask(school, Voting.preview_policy, part=1)["count"] == first["count"]
    assert len(computed) == 1
    assert len(sent) <= 2 * 9, sent
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).values(topic="Корни", version=Lesson.version + 1))
    ask(school, Voting.preview_policy)
    assert len(computed) == 1, "lessons matter only where rules of keeping the journal differ"
    change = {"mark_id": mark["id"], "value": "2", "reason": "slip", "version": mark["version"]}
    call(school.service, Marks.change_mark, school.teacher, **change)
    changed = ask(school, Voting.preview_policy)
    assert [one["mark_after"] for one in changed["shifts"]] != [one["mark_after"] for one in first["shifts"]]
    withdrawn = {"mark_id": other["id"], "value": None, "reason": "slip", "version": other["version"]}
    call(school.service, Marks.change_mark, school.teacher, **withdrawn)
    assert ask(school, Voting.preview_policy)["records"] == first["records"] - 1
    assert len(computed) == 3
    ask(school, Voting.preview_policy, grade=7)
    value = [{"lessons_a_week": "0", "marks": 2}]
    ask(school, Voting.change_draft, path="terms.least_marks", value=value, version=draft["version"])
    assert ask(school, Voting.preview_policy)["effects"] != changed["effects"]
    assert len(computed) == 5


def test_another_schools_preview_is_never_shown(school: Any, another_school: Any, computed: list[int]) -> None:
    school.post(0, "5")
    for each in (school, another_school):
        drafted(each, terms__least_marks=[{"lessons_a_week": "0", "marks": 1}])
    assert ask(school, Voting.preview_policy)["records"] == 1
    assert ask(another_school, Voting.preview_policy)["records"] == 0
    assert len(computed) == 2


def test_a_preview_tells_what_would_be_entered_too_late(school: Any, engine: Engine) -> None:
    call(school.service, Lessons.describe_lesson, school.teacher, lesson_id=school.lesson_id, version=1, topic="Корни")
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(date=school.day(-1)))
    drafted(school, keeping__topic_days=10)
    found = ask(school, Voting.preview_policy, school.director, grade=7)
    assert [one["ru"] for one in found["effects"]] == [
        "Появятся просроченные записи: 0; перестанут быть просроченными: 1."
    ]
    with statements(engine) as sent:
        ask(school, Voting.preview_policy, school.director, grade=7)
    assert len(sent) <= 10, sent
    with statements(engine) as of_school:
        ask(school, Voting.preview_policy, school.director)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).values(version=Lesson.version + 1))
    with statements(engine) as again:
        ask(school, Voting.preview_policy, school.director)
    assert len(of_school) == len(again) <= 13, again


def test_the_time_zone_stays_the_schools(school: Any) -> None:
    adopted(school)
    zone = ask(school, Policies.policy)["time_zone"]
    with school.service.unit_of_work.of(school.id) as session:
        recording.renewed_time_zone(session, school.id, "Asia/Omsk")
    found = ask(school, Policies.policy, date=school.day(1) + timedelta(days=1))
    assert (found["number"], found["time_zone"], zone != "Asia/Omsk") == (1, "Asia/Omsk", True)


@on_both
def test_the_scale_of_marks_changes_with_a_new_term(school: Any) -> None:
    """The terms are from -100 to 20 and from 21 to 200."""
    school.post(0, "5")
    draft = drafted(school, scales__scale="ten", terms__thresholds=TEN, years__thresholds=TEN)
    for begins in (0, 5, 20, 22):
        with pytest.raises(Invalid) as refused:
            adopt(school, draft, begins)
        assert refused.value.rule == "scale-in-term"
    assert [one["valid_from"] for one in ask(school, Policies.policy_versions)["versions"]] == [None]
    assert adopt(school, draft, 21)["number"] == 1
    assert adopted(school, 30, keeping__edit_days=7)["number"] == 2, "the scale stays"


@on_both
def test_terms_keep_to_the_day_on_which_another_scale_begins(school: Any) -> None:
    """The terms are from -100 to 20 and from 21 to 200, and the scale begins with the second."""
    adopted(school, 21, scales__scale="ten", terms__thresholds=TEN, years__thresholds=TEN)
    before = ask(school, Calendar.schedule, year_id=school.year_id)
    first, second = before["terms"]
    command = {"year_id": school.year_id, "division": first["division"], "version": before["version"]}

    def moved(ends: int, begins: int) -> dict[str, Any]:
        terms = [
            {"id": first["id"], "title": "I", "starts_on": first["starts_on"], "ends_on": school.day(ends)},
            {"id": second["id"], "title": "II", "starts_on": school.day(begins), "ends_on": second["ends_on"]},
        ]
        return ask(school, Calendar.set_terms, terms=terms, **command)

    for ends, begins, title, place in ((21, 22, "I", "terms.0"), (10, 11, "II", "terms.1")):
        with pytest.raises(Invalid) as refused:
            moved(ends, begins)
        assert (refused.value.rule, refused.value.field) == ("scale-in-term", f"{place}.starts_on")
        assert f"“{title}” would be under way on {school.day(21)}, when the scale of marks “ten points” begins" in str(
            refused.value
        )
    assert ask(school, Calendar.schedule, year_id=school.year_id) == before
    assert moved(19, 23)["version"] == before["version"] + 1
