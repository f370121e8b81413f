"""Pages of the timetable and of changes of a day: who edits what, and what was chosen is never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import lessons, write
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from gateway.composed import timetable as composed
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import School


def of_class(door: Site, school: School) -> tuple[str, dict[str, str]]:
    """The address of 7A's week, and what its form says beside the lessons."""
    year = door.asking(school.teacher).get("/calendar").json["years"][0]["id"]
    place = {"year": year, "class": str(school.class_a)}
    form = {**place, "version": "0", "from_date": str(TODAY + timedelta(days=1)), "date": str(TODAY)}
    return f"/year/timetable?year={year}&class={school.class_a}&date={form['from_date']}", form


def test_a_teacher_enters_lessons_of_the_own_courses_alone(door: Site, school: School) -> None:
    address, form = of_class(door, school)
    own, other = door.visit(school.teacher), door.visit(school.other_teacher)
    shown(own.get(address), 'name="course-1-2"', "Алгебра")
    assert 'name="course-1-2"' not in shown(other.get(address), "Расписание")
    added = {**form, "course-1-2": str(school.algebra)}
    assert send(own, "/year/timetable", **added).status_code == 303
    shown(own.get(address), "Алгебра", 'name="remove-')
    assert 'name="remove-' not in shown(other.get(address), "Алгебра")
    # to a teacher who neither teaches it nor leads a class in it the course is not there
    answer = send(other, "/year/timetable", **{**form, "version": "1", "course-1-3": str(school.algebra)})
    assert answer.status_code == 404
    for actor in (school.mother, school.anna):
        assert door.visit(actor).get(address).status_code == 403


def test_what_was_chosen_stays_where_somebody_was_first_or_something_collides(door: Site, school: School) -> None:
    address, form = of_class(door, school)
    office = door.visit(school.methodologist)
    added = {**form, "course-2-4": str(school.algebra), "week-2-4": "1"}
    shown(office.get("/year/timetable"), "Накладок нет, часы и звонки сходятся.")
    assert send(office, "/year/timetable", **added).status_code == 303
    chosen = f'<option value="{school.algebra}" selected>'
    stale = shown(send(office, "/year/timetable", **{**form, "course-3-5": str(school.algebra)}), chosen, status=412)
    assert "Эту неделю расписания уже изменил другой человек" in stale
    assert re.search(r"Кто и когда изменил: Иванова Мария, \d\d\.\d\d\.\d{4} \d\d:\d\d", stale)
    again = {**added, "version": "1"}
    collides = shown(send(office, "/year/timetable", **again), chosen, "Сохранить всё равно", status=409)
    assert "у одних и тех же учеников два урока" in collides
    shown(send(office, "/year/timetable", **{**form, "version": "1", "from_date": ""}), "Укажите", status=422)
    assert send(office, "/year/timetable", **again, despite="yes").status_code == 303
    whole = f"/year/timetable?date={form['from_date']}"
    assert "Накладок нет" not in shown(office.get(whole), "Накладки")
    edits = shown(office.get("/year/timetable/edits"), "№ 2", "Алгебра")
    assert "отменено" not in edits
    year, undo = form["year"], f"/year/{form['year']}/timetable/undo"
    assert send(office, "/year/timetable/edits", undo, year=year, edit="2").status_code == 303
    shown(office.get("/year/timetable/edits"), "№ 3", "отменяет № 2")
    shown(send(office, "/year/timetable/edits", undo, year=year, edit="2"), "уже отменено", status=409)
    assert "убрать" in shown(office.get(address), "Алгебра")


def test_what_was_just_saved_can_be_taken_back_and_leads_to_the_same_week(door: Site, school: School) -> None:
    _, form = of_class(door, school)
    office = door.visit(school.methodologist)
    week = f"/year/timetable?year={form['year']}&class={school.class_a}&date={form['from_date']}"
    saved = send(office, "/year/timetable", **form, **{"course-1-2": str(school.algebra)})
    assert saved.headers["Location"] == f"{week}&saved=1"
    page = shown(office.get(saved.headers["Location"]), "Расписание сохранено. Уроков добавлено", "Отменить то, что")
    undo = f"/year/{form['year']}/timetable/undo"
    hidden = dict(
        re.findall(r'name="(year|class|date|edit)" value="([^"]+)"', page.partition(undo)[2].partition("</form>")[0])
    )
    assert hidden == {"year": form["year"], "class": str(school.class_a), "date": form["from_date"], "edit": "1"}
    back = send(office, "/year/timetable", undo, **hidden)
    assert back.headers["Location"] == f"{week}&saved=2"
    told = shown(office.get(back.headers["Location"]), "Правка № 1 отменена.", "пустых убрано: ")
    assert "пустых убрано: 0" not in told
    assert "Отменить то, что" not in shown(office.get(f"{week}&saved=1")), "somebody saved something since"


def test_taking_back_from_the_list_of_edits_leads_to_the_week_and_names_what_collides(
    door: Site, school: School
) -> None:
    _, form = of_class(door, school)
    office = door.visit(school.methodologist)
    send(office, "/year/timetable", **form, **{"course-1-2": str(school.algebra)})
    page = shown(office.get("/year/timetable/edits"), "№ 1")
    hidden = dict(re.findall(r'type="hidden" name="(year|class|date|edit)" value="([^"]+)"', page))
    assert hidden == {"year": form["year"], "class": str(school.class_a), "date": form["from_date"], "edit": "1"}
    undo = f"/year/{form['year']}/timetable/undo"
    send(office, "/year/timetable/edits", undo, **hidden)
    send(office, "/year/timetable", **{**form, "version": "2"}, **{"course-1-2": str(school.algebra)})
    again = {**hidden, "edit": "2"}
    what = ("Пока ничего не отменено: снова будут накладки", "2-й урок", "Отменить всё равно")
    asked = shown(send(office, "/year/timetable/edits", undo, **again), *what, status=409)
    assert "Сохранить всё равно" not in asked
    done = send(office, "/year/timetable/edits", undo, **again, despite="yes")
    assert done.headers["Location"].startswith(f"/year/timetable?year={form['year']}&class={school.class_a}&date=")


def test_an_edit_of_several_weeks_leads_to_its_day() -> None:
    edit = {"before": [{"course_id": "a"}], "after": [{"course_id": "b"}], "from_date": "2026-12-01"}
    algebra, choir = {"class_id": "7", "teacher_ids": ["i"]}, {"class_id": None, "teacher_ids": ["i"]}
    other = {"class_id": "8", "teacher_ids": ["p"]}
    day = {"date": "2026-12-01"}
    assert composed.week_of_edit(edit, {"a": algebra, "b": algebra}) == {**day, "class": "7"}
    assert composed.week_of_edit(edit, {"a": algebra, "b": choir}) == {**day, "teacher": "i"}
    assert composed.week_of_edit(edit, {"a": algebra, "b": other}) == day
    assert composed.week_of_edit({**edit, "from_date": None}, {}) == {}


def test_whether_a_week_is_odd_or_even_stands_beside_the_date_and_in_the_choice(door: Site, school: School) -> None:
    address, _ = of_class(door, school)
    office = door.visit(school.methodologist)
    seen = set()
    for ahead in (0, 7):
        day = TODAY + timedelta(days=ahead)
        page = shown(office.get(f"{address.rpartition('&')[0]}&date={day}"), "Недели учебного года считаются")
        (word,) = re.findall(r'id="parity"[^>]*>(чётная|нечётная) неделя<', page)
        plural = {"чётная": "чётные недели", "нечётная": "нечётные недели"}[word]
        assert f">{plural}, как {day:%d.%m}</option>" in page
        shown(office.get(f"/week/classes/{school.class_a}?date={day}"), f", {word} неделя")
        seen.add(word)
    assert len(seen) == 2


def test_whether_the_week_of_a_typed_first_day_is_odd_or_even_is_told_once_the_form_was_sent(
    door: Site, school: School
) -> None:
    _, form = of_class(door, school)
    office = door.visit(school.methodologist)
    told = []
    for ahead in (1, 8):
        typed = {**form, "from_date": str(TODAY + timedelta(days=ahead)), "more": "1-2"}
        page = shown(send(office, "/year/timetable", **typed))
        told += re.findall(r'id="parity-from"[^>]*>(чётная|нечётная) неделя<', page)
    assert sorted(told) == ["нечётная", "чётная"]
    for other in ("", "nonsense", "1900-01-01"):
        shown(send(office, "/year/timetable", **{**form, "from_date": other, "more": "1-2"}), 'id="parity-from"')


def test_a_place_takes_several_new_lessons_in_one_save(door: Site, school: School) -> None:
    address, form = of_class(door, school)
    office = door.visit(school.methodologist)
    subject = call(school.town.gradebook, Subjects.add_subject, school.methodologist, name="Информатика")["id"]
    of_class_a = {"year_id": form["year"], "class_id": school.class_a, "subject_id": subject}
    one, two = (
        call(school.town.gradebook, Courses.make_course, school.methodologist, **of_class_a, group_name=name)["id"]
        for name in ("группа 1", "группа 2")
    )
    asked = {**form, "course-1-2": one, "week-1-2": "1"}
    page = shown(send(office, "/year/timetable", **asked, more="1-2"), f'<option value="{one}" selected>')
    assert page.count('name="course-1-2-2"') == 1
    assert 'data-unsaved="yes"' in page
    assert 'name="course-1-3-2"' not in page
    further = shown(send(office, "/year/timetable", **asked, **{"course-1-2-2": two}, more="1-2"), "3-я запись")
    assert 'name="course-1-2-3"' in further
    both = {**asked, "course-1-2-2": two, "course-1-2-3": "", "course-1-2-10": two, "course-1-2-x": two}
    assert send(office, "/year/timetable", **both).status_code == 303
    page = shown(office.get(address), "группа 1", "группа 2", "нечётные недели")
    assert page.count('name="remove-') == 2


def test_the_new_lessons_of_a_place_are_known_by_the_ends_of_their_names() -> None:
    names = ("1-2", "1-2-3", "1-3-2", "1-2-10", "x", "1")
    assert [one[0] for one in composed.weekdays_and_numbers(names)] == ["1-2", "1-2-3", "1-3-2"]
    assert composed.new_entries(names, "") == {"1-2": ["1-2", "1-2-2", "1-2-3"], "1-3": ["1-3", "1-3-2"]}
    assert composed.new_entries((), "5-1") == {"5-1": ["5-1", "5-1-2"]}
    full = ["1-2", *(f"1-2-{ordinal}" for ordinal in range(2, composed.MOST_AT_A_PLACE + 1))]
    assert composed.new_entries(full, "1-2") == {"1-2": full}


def test_what_changed_many_lessons_at_once_is_told_by_their_number_first(door: Site, school: School) -> None:
    _, form = of_class(door, school)
    office = door.visit(school.methodologist)
    few = {f"course-{weekday}-4": str(school.algebra) for weekday in range(1, 6)}
    many = {f"course-{weekday}-{number}": str(school.algebra) for weekday in range(1, 4) for number in (5, 6, 7)}
    assert send(office, "/year/timetable", **form, **few, despite="yes").status_code == 303
    assert "<details" not in shown(office.get("/year/timetable/edits"))
    assert send(office, "/year/timetable", **{**form, "version": "1"}, **many, despite="yes").status_code == 303
    assert shown(office.get("/year/timetable/edits"), "<summary>Уроков: 9</summary>").count("<details") == 1


def test_what_several_courses_want_at_once_is_told_once_with_all_of_them() -> None:
    place = {"weekday": 1, "number": 2, "week": ""}
    entries = [{"id": name, "course_id": name, **place} for name in "abc"]
    pairs = [
        {"clash": "classroom", "one": one, "other": other, "shared": ["152"]} for one, other in combinations(entries, 2)
    ]
    apart = {"clash": "students", "one": entries[0], "other": entries[1], "shared": ["anna", "boris", "vera", "gleb"]}
    titles = [{"id": name, "title": f"Алгебра 10{name}"} for name in "abc"]
    room, students = composed.clashes([*pairs, apart], titles, {"152": "152"})
    assert (room.titles, room.shared) == (["Алгебра 10a", "Алгебра 10b", "Алгебра 10c"], ("152",))
    assert (students.titles, students.shared) == (["Алгебра 10a", "Алгебра 10b"], ())


def test_lessons_that_meet_in_odd_weeks_alone_are_told_so(door: Site, school: School) -> None:
    _, form = of_class(door, school)
    office = door.visit(school.methodologist)
    send(office, "/year/timetable", **form, **{"course-1-2": str(school.algebra), "week-1-2": "1"})
    again = {**form, "version": "1", "course-1-2": str(school.algebra)}
    shown(send(office, "/year/timetable", **again), "2-й урок (только в нечётные недели)", status=409)
    assert send(office, "/year/timetable", **again, despite="yes").status_code == 303
    shown(office.get(f"/year/timetable?date={form['from_date']}"), "2-й урок (только в нечётные недели)")
    send(office, "/year/timetable", **{**again, "version": "2", "course-1-2": "", "course-1-3": str(school.algebra)})
    every = send(office, "/year/timetable", **{**form, "version": "3", "course-1-3": str(school.algebra)})
    assert "2-й урок (только" not in shown(every, "3-й урок", status=409)


def test_what_several_courses_want_in_odd_weeks_is_told_apart_from_what_they_want_always() -> None:
    place = {"weekday": 1, "number": 2}
    weeks = {"a": "", "b": "", "c": "2"}
    entries = [{"id": name, "course_id": name, "week": week, **place} for name, week in weeks.items()]
    pairs = [
        {"clash": "classroom", "one": one, "other": other, "shared": ["152"]} for one, other in combinations(entries, 2)
    ]
    found = composed.clashes(pairs, [{"id": name, "title": name} for name in weeks], {"152": "152"})
    assert [(one.week, set(one.titles)) for one in found] == [("", {"a", "b"}), ("2", {"a", "b", "c"})]


def test_a_lesson_that_would_never_be_held_is_named_before_it_is_saved(door: Site, school: School) -> None:
    api, pages = door.asking(school.methodologist), door.visit(school.methodologist)
    year = api.get("/calendar").json["years"][0]
    form = {"year": year["id"], "class": str(school.class_a), "version": "0", "from_date": TODAY.isoformat(),
            "course-7-2": str(school.algebra)}  # fmt: skip
    never = "Алгебра: урок в день недели, когда у класса по календарному графику уроков нет"
    asked = send(pages, "/year/timetable", **form)
    shown(asked, "Пока ничего не сохранено: это не сойдётся", never, "Сохранить всё равно", status=409)
    assert send(pages, "/year/timetable", **form, despite="yes").status_code == 303
    shown(pages.get("/year/timetable"), never)


def test_hours_other_than_by_the_curriculum_are_named_before_saving(door: Site, school: School) -> None:
    api, pages = door.asking(school.methodologist), door.visit(school.methodologist)
    address, form = of_class(door, school)
    courses = api.get(f"/years/{form['year']}/timetable?class_id={school.class_a}").json["courses"]
    (subject,) = [one["subject"] for one in courses if one["id"] == str(school.algebra)]
    (subject_id,) = [one["id"] for one in api.get("/subjects").json["subjects"] if one["name"] == subject]
    hours = {"hours": [{"subject_id": subject_id, "grade": 7, "hours": "1.5"}], "version": 0}
    office = school.methodologist
    call(school.town.gradebook, Subjects.set_curriculum, office, year_id=UUID(form["year"]), **hours)
    some = {"course-1-2": str(school.algebra), "course-1-3": str(school.algebra), "week-1-3": "1"}
    assert send(pages, "/year/timetable", **form, **some).status_code == 303
    (removed,) = re.findall(
        r'name="(remove-[^"]+)"[^>]*>[^<]*<span[^>]*> Алгебра, понедельник, 3', pages.get(address).text
    )
    taken = send(pages, "/year/timetable", **{**form, "version": "1"}, **{removed: "yes", "course-2-3": ""})
    told = "Алгебра: будет 1 ч в неделю, по учебному плану 1,5"
    shown(taken, "это не сойдётся", "Часы не по учебному плану: 1", told, "Сохранить всё равно", status=409)
    more = {f"course-{weekday}-4": str(school.algebra) for weekday in (2, 3)}
    too_many = send(pages, "/year/timetable", **{**form, "version": "1"}, **more)
    shown(too_many, "Алгебра: будет 3,5 ч в неделю, по учебному плану 1,5", status=409)
    again = {**form, "version": "1", removed: "yes", "despite": "yes"}
    assert send(pages, "/year/timetable", **again).status_code == 303
    shown(pages.get(f"/year/timetable?date={form['from_date']}"), "Алгебра: в расписании 1 ч в неделю")


def test_classrooms_are_named_once_and_a_taken_one_stays(door: Site, school: School) -> None:
    office = door.visit(school.methodologist)
    assert send(office, "/year/classrooms", new="9\n10").status_code == 303
    shown(send(office, "/year/classrooms", new="11\n 9 "), "Кабинет «9» уже есть", "11", status=422)
    rooms = {one["name"]: one["id"] for one in door.asking(school.methodologist).get("/classrooms").json["classrooms"]}
    assert list(rooms) == ["9", "10"]
    _, form = of_class(door, school)
    assert (
        send(office, "/year/timetable", **{**form, "course-1-1": str(school.algebra), "room-1-1": "9"}).status_code
        == 303
    )
    kept = {f"name-{key}": name for name, key in rooms.items()}
    refused = send(office, "/year/classrooms", **kept, **{f"remove-{rooms['9']}": "yes"})
    shown(refused, "занят в расписании", status=409)
    assert send(office, "/year/classrooms", **kept, **{f"remove-{rooms['10']}": "yes"}).status_code == 303
    assert 'value="10"' not in shown(office.get("/year/classrooms"), 'value="9"')


def test_changes_of_a_day_name_who_is_taken_before_saving(door: Site, school: School) -> None:
    office = door.visit(school.director)
    lesson, other = str(school.lesson), str(school.shared_lesson)
    page = shown(office.get(f"/changes?date={TODAY}"), "Алгебра", "Английский")
    assert f'name="what-{lesson}"' in page
    moved = {f"what-{lesson}": "moved", f"date-{lesson}": str(TODAY), f"number-{lesson}": "3", f"version-{lesson}": "0"}
    told = shown(send(office, "/changes", date=str(TODAY), **moved), "у учеников в это время другой урок", status=409)
    assert 'value="3"' in told
    nothing = {f"what-{other}": "", f"version-{other}": "0"}
    answer = send(office, "/changes", date=str(TODAY), **nothing)
    assert answer.status_code == 303
    assert send(office, "/changes", date=str(TODAY), **moved, despite="yes").status_code == 303
    shown(office.get(f"/changes?date={TODAY}"), "Перенесён сюда с")
    shown(office.get(f"/week/classes/{school.class_a}?date={TODAY}"), "перенесён на", "перенесён сюда с")
    stale = {f"what-{lesson}": "cancelled", f"version-{lesson}": "0"}
    told = shown(send(office, "/changes", date=str(TODAY), **stale), "уже изменил другой человек", status=412)
    assert "Кто и когда изменил: Иванова Мария, " in told
    for actor in (school.teacher, school.mother):
        assert door.visit(actor).get("/changes").status_code == 403


def test_changes_of_some_days_are_read_together(door: Site, school: School) -> None:
    office = door.visit(school.methodologist)
    lesson = str(school.lesson)
    until = TODAY + timedelta(days=6)
    told = "всё идёт по расписанию"
    shown(office.get(f"/changes?date={TODAY}&until={until}"), told)
    cancelled = {f"what-{lesson}": "cancelled", f"version-{lesson}": "0", f"reason-{lesson}": "мороз"}
    send(office, "/changes", date=str(TODAY), **cancelled)
    page = shown(office.get(f"/changes?date={TODAY}&until={until}"), "2. Алгебра", "отменён", "мороз")
    assert f'href="/changes?date={TODAY}"' in page
    assert f'name="until" value="{until}"' in page
    shown(office.get(f"/changes?date={TODAY}&until={until}&class={school.class_b}"), told)
    before = TODAY - timedelta(days=1)
    shown(office.get(f"/changes?date={TODAY}&until={before}"), "Последний день раньше первого", status=422)


def test_buttons_lead_to_the_school_days_beside_a_day(door: Site, school: School) -> None:
    office = door.visit(school.methodologist)
    sunday = TODAY + timedelta(days=7 - TODAY.isoweekday())
    page = shown(office.get(f"/changes?date={sunday}&class={school.class_a}"), "следующий учебный день")
    for day in (sunday - timedelta(days=1), sunday + timedelta(days=1)):
        assert f'href="/changes?date={day}&amp;class={school.class_a}"' in page


def test_changes_of_a_day_say_who_has_a_lesson_then_and_who_reads_the_reason(door: Site, school: School) -> None:
    school.add_lesson(uuid7(), school.english, TODAY, 2)
    office = door.visit(school.methodologist)
    page = shown(office.get(f"/changes?date={TODAY}"), "Причину видят семьи и вся школа")

    def choice(lesson: UUID, who: UUID) -> str:
        (options,) = re.findall(rf'name="teacher-{lesson}".*?</select>', page, re.DOTALL)
        (found,) = re.findall(rf'<option value="{who}"[^>]*>(.*?)</option>', options)
        return str(found)

    assert choice(school.lesson, school.other_teacher.person_id).endswith("(занят)")
    assert "занят" not in choice(school.shared_lesson, school.teacher.person_id)


def test_the_lessons_of_a_large_school_stand_in_parts_and_those_of_one_class_together(
    door: Site, school: School
) -> None:
    """Whoever saves a part comes back to it."""
    day = TODAY + timedelta(days=4)
    rows = [lessons.lesson(uuid7(), school.algebra, day, number) for number in range(30)]
    write(door.town.gradebook.unit_of_work, school.id, lessons.lessons(rows))
    office = door.visit(school.methodologist)

    def shown_lessons(page: str) -> list[str]:
        return re.findall(r'name="what-([^"]+)"', page)

    seen = []
    for part, span in ((1, "1–12"), (2, "13–24"), (3, "25–30")):
        page = shown(office.get(f"/changes?date={day}&part={part}"), f"Уроки {span} из 30")
        assert ('rel="next"' in page, 'rel="prev"' in page) == (part < 3, part > 1)
        seen += shown_lessons(page)
    assert len(set(seen)) == len(seen) == 30
    assert shown_lessons(shown(office.get(f"/changes?date={day}&part=99"))) == seen[24:]
    assert shown_lessons(shown(office.get(f"/changes?date={day}&part=x"))) == seen[:12]
    assert len(shown_lessons(shown(office.get(f"/changes?date={day}&class={school.class_a}")))) == 30
    cancelled = {f"what-{seen[13]}": "cancelled", f"version-{seen[13]}": "0"}
    address = f"/changes?date={day}&part=2"
    answer = send(office, address, "/changes", date=str(day), part="2", **cancelled)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert "is-cancelled" in shown(office.get(address))
