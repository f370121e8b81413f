"""The page on which a timetable is taken from a file: its names matched, what would change shown, then taken."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from cli.building.fet import fet
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from contracts.identity.classes import Classes
from contracts.identity.people import People
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.gradebook.timetable_import.files import SHEET, changed_sheet, sheet
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import School

PAGE = "/year/timetable/import"
DAY = (TODAY + timedelta(days=1)).isoformat()


def year_of(client: FlaskClient) -> str:
    found = re.search(r'<option value="([0-9a-f-]+)" selected', client.get(PAGE).text)
    assert found is not None
    return found[1]


def handed_in(client: FlaskClient, content: bytes, name: str = "расписание.xlsx", **more: str) -> Any:
    form = {"year": year_of(client), "from_date": DAY, **more}
    return send(client, PAGE, PAGE, file=(io.BytesIO(content), name), **form)


def looked_at(client: FlaskClient, content: bytes) -> str:
    """The page that shows a file."""
    sent = handed_in(client, content)
    assert sent.status_code == 303, sent.text
    return str(shown(client.get(sent.headers["Location"]), "Расписание из файла"))


class _Form(HTMLParser):
    """The fields of a page's forms, and what they show."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        ticked = "checked" in about and about["name"].startswith("class-")
        if tag == "input" and (about.get("type", "text") in ("hidden", "date", "text") or ticked):
            self.fields[about["name"]] = about.get("value", "")
        elif tag == "select":
            self._select = about["name"]
        elif tag == "option" and ("selected" in about or self._select not in self.fields):
            self.fields[self._select] = about["value"]


def form_of(page: str) -> dict[str, str]:
    """What the form of the page would send as it is shown."""
    fields = _Form(page.partition("<main")[2]).fields
    return {name: value for name, value in fields.items() if name not in ("csrf_token", "request_key")}


def field_of(form: dict[str, str], name: str) -> str:
    """The field of a name's select."""
    return next(
        field.removesuffix("-name") for field, value in form.items() if field.endswith("-name") and value == name
    )


def test_a_file_is_shown_with_everything_that_is_missing_as_new_and_then_taken(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    page = looked_at(client, sheet())
    for text in (
        "новое: 5А", "у нас такого нет", "Новых уроков в неделю: <strong>7</strong>", "создано классов: <strong>2",
        "Будет создано предметов: <strong>3</strong>", "Англ. яз. 5А, группа 1", "Взять расписание",
        "пн, 1-й урок: Матем. 5А – новое: каб. 214",
    ):  # fmt: skip
        assert text in page, text
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(page))
    assert taken.status_code == 303, taken.text
    told = shown(client.get(taken.headers["Location"]), "Расписание взято из файла. Уроков в неделю: новых – 7")
    assert "Уроков в неделю без учителя: 7." in told
    classes = {one["name"]: one for one in call(school.identity, Classes.classes, school.teacher)["classes"]}
    assert classes["5А"]["grade"] == 5
    subjects = call(school.town.gradebook, Subjects.subjects, school.methodologist)["subjects"]
    assert {"Матем.", "Физ-ра", "Англ. яз."} <= {one["name"] for one in subjects}
    again = looked_at(client, changed_sheet())
    assert "Названы так же, как у нас: 2" in again
    assert "Изменится уроков в неделю: <strong>1</strong>" in again
    assert "Останется как есть уроков в неделю: <strong>4</strong>" in again
    assert "каб. 214 → каб. 216" in again


def test_what_a_file_made_is_offered_to_go_with_it_and_what_stays_is_named(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(looked_at(client, sheet())))
    assert taken.status_code == 303, taken.text
    courses = call(school.town.gradebook, Courses.courses, school.methodologist)["courses"]
    school.town.carry()  # the gradebook hears of the classes by an event
    (one,) = (course for course in courses if course["title"] == "Матем. 5А")
    renamed = {"course_id": one["id"], "version": one["version"], "title": "Математика 5А"}
    call(school.town.gradebook, Courses.change_course, school.methodologist, **renamed)
    year = year_of(client)
    page = shown(
        client.get("/year/timetable/edits"), "Убрать и созданные файлом курсы, предметы и кабинеты:", " checked"
    )
    assert page.count('name="with-made"') == 1
    undo = {"year": year, "edit": "1", "with-made": "yes"}
    asked = send(client, "/year/timetable/edits", f"/year/{year}/timetable/undo", **undo)
    if asked.status_code == 409:
        assert '<input type="hidden" name="with-made" value="yes">' in asked.text
        asked = send(client, "/year/timetable/edits", f"/year/{year}/timetable/undo", **undo, despite="yes")
    assert asked.status_code == 303
    told = shown(client.get(asked.headers["Location"]), "Убрано созданного файлом:")
    assert "Остаётся: с тех пор изменено вручную: Математика 5А." in told
    assert "Остаётся: от этого зависит другое: Матем." in told
    assert 'name="with-made"' not in shown(client.get("/year/timetable/edits"))


def test_classrooms_that_stay_as_the_file_names_none_are_shown(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    send(client, PAGE, f"{PAGE}/taken", **form_of(looked_at(client, sheet())))
    rows = [list(row) for row in SHEET]
    rows[3][3] = None
    page = looked_at(client, sheet(rows))
    assert "Уроков в неделю, у которых останется прежний кабинет: в файле его нет: <strong>1</strong>" in page
    assert "Матем. 5А, вт, 1-й урок: каб. 214" in page.partition("Кабинеты, которые останутся: 1")[2]
    assert "Кабинеты, которые останутся" not in looked_at(client, sheet())


def test_what_a_file_would_make_collide_is_listed_before_it_is_taken(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    rows = [list(row) for row in SHEET]
    rows[1][5] = "каб. 214"
    page = looked_at(client, sheet(rows))
    count = "Пар уроков, в которых кабинет занят дважды: <strong>1</strong>"
    told = page.partition(count)[2].partition("</li>\n</ul>")[0].partition("</details>")[0]
    assert "какие" in told
    assert "пн, 1-й урок: Матем. 5А · Физ-ра 5Б (каб. 214)" in " ".join(told.split())
    assert "какие" not in looked_at(client, sheet([SHEET[0], SHEET[1]])), "nothing falls together"


def test_many_collisions_of_a_file_stand_in_parts(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    days = ("ПОНЕДЕЛЬНИК", "ВТОРНИК", "СРЕДА", "ЧЕТВЕРГ", "ПЯТНИЦА", "СУББОТА")
    lessons = [
        [day if number == 1 else None, number, "Матем.", "214", "Физ-ра", "214"]
        for day in days
        for number in range(1, 10)
    ]
    page = looked_at(client, sheet([SHEET[0], *lessons]))
    told = page.partition("кабинет занят дважды: <strong>54</strong>")[2]
    assert told.count("Матем. 5А · Физ-ра 5Б") == 54
    first, _, second = told.partition("<summary>51–54<")
    assert "<summary>1–50<" in first
    assert (first.count("5А · Физ-ра"), second.count("5А · Физ-ра")) == (50, 4)


def test_a_file_is_taken_for_the_classes_that_are_ticked(door: Site, school: School) -> None:
    """Who is a teacher of other classes alone is not entered."""
    client = door.visit(school.methodologist)
    call(school.identity, Classes.make_classes, school.methodologist, classes=[{"name": "6А"}, {"name": "6Б"}])
    school.town.carry()
    activities = [
        ("6А", "Алгебра", "Новикова Ольга Павловна", 1, 1, "301"), ("6Б", "Химия", "Зуев Пётр Ильич", 1, 1, "302")
    ]  # fmt: skip
    page = looked_at(client, fet(activities))
    form = form_of(page)
    box = re.findall(r'type="checkbox" id="(class-\d)" name="class-\d" value="([^"]+)" checked>', page)
    assert len(box) == 2
    other = box[1][0]
    del form[other]
    early = send(client, PAGE, f"{PAGE}/taken", **form)
    shown(early, "Вы изменили соответствие названий", status=422)
    page = shown(send(client, PAGE, f"{PAGE}/names", **form), "Алгебра")
    assert f'id="{other}"' in page
    assert len(re.findall(r"id=\"class-.\" .* checked", page)) == 1
    assert "Новых уроков в неделю: <strong>1</strong>" in page
    assert "Будет внесено учителей: <strong>1</strong>" in page
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(page))
    assert taken.status_code == 303, taken.text
    people = call(school.identity, People.people, school.methodologist, role="teacher", limit=200)["people"]
    assert "Новикова" in {one["family_name"] for one in people}
    assert "Зуев" not in {one["family_name"] for one in people}
    for boxes, count in (("none", 0), ("all", 2)):
        page = shown(send(client, PAGE, f"{PAGE}/names", **form, boxes=boxes))
        assert len(re.findall(r'id="class-\d" name="class-\d" value="[^"]+" checked', page)) == count
    assert 'value="Зуев Пётр Ильич"' in page
    assert "Химия" in page


def test_what_a_file_does_not_say_leads_to_the_cell_where_it_is_entered_by_hand(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    rows = [
        [None, None, "5А", None],
        ["ПОНЕДЕЛЬНИК", 1, "Алгебра", "12"],
        [None, 2, "Химия", "415/416/332"],
        [None, 2, "Химия", "12"],
        [None, 3, None, "14"],
    ]
    page = looked_at(client, sheet(rows))
    assert "Где файл неясен, урок или его кабинет пропущен" in page
    assert "#cell-" not in page, "the class is not there yet"
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(page))
    assert taken.headers["Location"].endswith("#faults"), taken.text
    told = shown(client.get(taken.headers["Location"]), "Осталось поправить вручную: 1.", "5А, пн, 2-й урок")
    (link,) = set(re.findall(r'href="(/year/timetable\?[^"]*#cell-1-2)"', told))
    assert 'id="cell-1-2"' in shown(client.get(html.unescape(link)), "Алгебра 5А")


def test_what_names_mean_is_chosen_and_shown_before_it_is_taken(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    call(school.town.gradebook, Subjects.add_subject, school.methodologist, name="Алгебра")
    page = looked_at(client, fet([("7А", "Алгебра", "Иванова М.", 1, 1, "12"), ("7Б", "Алг.", "Клён К.", 1, 2, "12")]))
    assert "похожих несколько: выберите" in page, "all people of the school are called alike"
    form = form_of(page)
    algebra = field_of(form, "Алг.")
    assert form[algebra] not in ("", "new", "none"), "it is alike"
    form[algebra] = "none"
    early = send(client, PAGE, f"{PAGE}/taken", **form)
    page = shown(early, "Вы изменили соответствие названий или дату", status=422)
    assert "Пропущено уроков, как вы указали: <strong>1</strong>" in page
    form = form_of(page)
    assert form[algebra] == "none", "what was chosen is still there"
    looked = shown(send(client, PAGE, f"{PAGE}/names", **form), "Пропущено уроков, как вы указали")
    assert form_of(looked) == form
    assert send(client, PAGE, f"{PAGE}/taken", **form_of(looked)).status_code == 303
    year = year_of(client)
    found = call(
        school.town.gradebook, Timetable.timetable, school.teacher, year_id=year, date=DAY, class_id=school.class_a
    )
    assert [(one["weekday"], one["number"]) for one in found["entries"]] == [(1, 1)]


def test_a_subject_that_is_open_is_asked_for(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    for name in ("Английский", "Английская литература"):
        call(school.town.gradebook, Subjects.add_subject, school.methodologist, name=f"{name} А")
    page = looked_at(client, fet([("7А", "Анг. А", "", 1, 1, "12")]))
    assert "Прежде чем взять файл, укажите, что это: 1." not in page
    page = looked_at(client, fet([("7А", "А", "", 1, 1, "12"), ("7А", "Английский.", "", 1, 2, "12")]))
    form = form_of(page)
    form[field_of(form, "А")] = ""
    page = shown(send(client, PAGE, f"{PAGE}/names", **form), "Прежде чем взять файл, укажите, что это: 1.")
    assert "Взять расписание" not in page
    form = form_of(page)
    refused = send(client, PAGE, f"{PAGE}/taken", **form)
    shown(refused, "Укажите для каждого класса и предмета из файла, что это", status=422)


def test_many_new_names_are_folded_up_and_sent_all_the_same(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    page = looked_at(client, fet([("7А", f"Предмет {at}", "", at % 5 + 1, at // 5 + 1, "12") for at in range(11)]))
    assert "У нас таких ещё нет, будут созданы: 11" in page
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(page))
    shown(client.get(taken.headers["Location"]), "Уроков в неделю: новых – 11")


def test_a_timetable_that_somebody_changed_first_is_shown_again(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    page = looked_at(client, sheet())
    entry = {"course_id": school.algebra, "weekday": 1, "number": 7}
    call(
        school.town.gradebook, Timetable.edit_timetable, school.methodologist, year_id=year_of(client), version=0,
        from_date=DAY, add=[entry],
    )  # fmt: skip
    late = shown(send(client, PAGE, f"{PAGE}/taken", **form_of(page)), "Кто-то уже изменил расписание", status=412)
    assert "Ниже – то, что файл изменил бы сейчас." in late
    assert send(client, PAGE, f"{PAGE}/taken", **form_of(late)).status_code == 303


def test_a_file_of_another_kind_is_refused_in_words(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    for content, told in (
        (b"%PDF-1.7 ...", "Это не расписание: нужна таблица (XLSX), выгрузка из «aSc Расписания» (XML) или файл FET."),
        (b"", "Файл пуст."),
    ):
        shown(handed_in(client, content), told, 'id="file"', status=422)
    shown(handed_in(client, sheet(), from_date=""), "Укажите, с какого дня.", status=422)
    shown(handed_in(client, sheet(), year="?"), "Выберите из списка.", status=422)
    page = looked_at(client, b"import os")
    assert "Расписание бывает таблицей XLSX, выгрузкой из «aSc Расписания» (XML) или проектом FET." in page
    assert "Взять расписание" not in page
    year = year_of(client)
    gone = client.get(f"{PAGE}?year={year}&from_date={DAY}&file={'0' * 64}")
    shown(gone, "Файла уже нет", 'id="file"', status=422)
    shown(client.get(f"{PAGE}?year={year}&file={'0' * 64}"), "Укажите, с какого дня.", status=422)
    outside = client.get(f"{handed_in(client, sheet()).headers['Location']}".replace(DAY, "2001-09-01"))
    shown(outside, "Расписание года действует", status=422)


def test_a_school_without_a_year_is_told_what_comes_first(door: Site, school: School) -> None:
    director = door.visit(school.director)
    assert director.get(PAGE).status_code == 403


def teachers_of(school: School, query: str) -> list[str]:
    found = call(school.identity, People.people, school.methodologist, role="teacher", query=query)
    return [one["name"] for one in found["people"]]


def holders(school: School, client: FlaskClient, class_id: Any) -> list[tuple[int, list[str]]]:
    """(number, names of the teachers of the course) of the week's lessons of a class."""
    found = call(
        school.town.gradebook, Timetable.timetable, school.teacher, year_id=year_of(client), date=DAY, class_id=class_id
    )
    ids = {one["id"]: one["teacher_ids"] for one in found["courses"]}
    asked = sorted({key for them in ids.values() for key in them})
    names = call(school.identity, People.names, school.methodologist, person_ids=asked)["people"]
    known = {one["id"]: one["name"] for one in names}
    return sorted((one["number"], [known[key] for key in ids[one["course_id"]]]) for one in found["entries"])


def test_teachers_who_are_not_there_are_entered_and_teach_what_the_file_says(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    lessons = [("7А", "Химия", "Яшина Я.Ю.", 1, 1, ""), ("7А", "Физика", "Ли", 1, 2, ""), ("7А", "Труд", "", 1, 3, "")]
    page = looked_at(client, fet(lessons))
    for text in (
        "Будет внесено учителей: <strong>1",
        "Уроков в неделю без учителя: <strong>2",
        "не понять, где фамилия",
    ):
        assert text in page, text
    form = form_of(page)
    yashina, li = field_of(form, "Яшина Я.Ю."), field_of(form, "Ли")
    parts = ("family_name", "given_name", "patronymic")
    assert [form[f"{yashina}-{part}"] for part in parts] == ["Яшина", "Я.", "Ю."]
    assert (form[yashina], form[li]) == ("new", "")
    form |= {f"{yashina}-given_name": "Яна", f"{yashina}-patronymic": "Юрьевна", li: "new"}
    page = shown(send(client, PAGE, f"{PAGE}/names", **form), "Будет внесено учителей: <strong>2")
    form = form_of(page)
    assert form[f"{yashina}-given_name"] == "Яна", "what was typed is still there"
    refused = shown(send(client, PAGE, f"{PAGE}/taken", **form), "Укажите имя или инициал", status=422)
    assert teachers_of(school, "Яшина") == [], "all or nobody"
    form = form_of(refused) | {f"{li}-given_name": "Лю"}
    assert form[f"{yashina}-given_name"] == "Яна"
    assert send(client, PAGE, f"{PAGE}/taken", **form).status_code == 303
    assert holders(school, client, school.class_a) == [(1, ["Яшина Яна Юрьевна"]), (2, ["Ли Лю"]), (3, [])]
    again = looked_at(client, fet([("7А", "Химия", "Яшина Я.Ю.", 1, 1, "")]))
    assert "как в прошлом файле" in again
    assert "Будет внесено учителей" not in again


def test_two_names_of_one_teacher_are_asked_about_and_entered_once(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    file = fet([
        ("7А", "Химия", "Яшина Я.Ю.", 1, 1, ""), ("7А", "Физика", "Яшина Яна Юрьевна", 1, 2, ""),
        ("7А", "Труд", "Юдин Ю.Ю.", 1, 3, ""), ("7А", "Музыка", "Юдин Ю. Ю.", 1, 4, ""),
    ])  # fmt: skip
    page = looked_at(client, file)
    assert "Будет внесено учителей: <strong>1" in page, "the two that may be one are open, two spellings are one"
    assert "тот же человек, что Яшина Яна Юрьевна" in page
    form = form_of(page)
    short, whole = field_of(form, "Яшина Я.Ю."), field_of(form, "Яшина Яна Юрьевна")
    assert (form[short], form[whole]) == ("", "")
    assert form[f"{field_of(form, 'Юдин Ю. Ю.')}-namesake"] == "same"
    form |= {short: "new", whole: "new"}
    page = shown(send(client, PAGE, f"{PAGE}/names", **form), "Будет внесено учителей: <strong>3")
    asked = shown(send(client, PAGE, f"{PAGE}/taken", **form_of(page)), "возможно, один человек", status=422)
    form = form_of(asked) | {f"{short}-namesake": "same"}
    assert send(client, PAGE, f"{PAGE}/taken", **form).status_code == 303
    assert teachers_of(school, "Яшина") == ["Яшина Яна Юрьевна"]
    assert teachers_of(school, "Юдин") == ["Юдин Ю. Ю."]
    yashina, yudin = ["Яшина Яна Юрьевна"], ["Юдин Ю. Ю."]
    assert holders(school, client, school.class_a) == [(1, yashina), (2, yashina), (3, yudin), (4, yudin)]


def test_somebody_of_the_school_with_the_same_name_is_asked_about_and_a_namesake_entered(
    door: Site, school: School
) -> None:
    client = door.visit(school.methodologist)
    school.person("parent", name="Юрова Юна Юрьевна")
    form = form_of(looked_at(client, fet([("7А", "Химия", "Юрова Юна Юрьевна", 1, 1, "")])))
    field = field_of(form, "Юрова Юна Юрьевна")
    asked = shown(send(client, PAGE, f"{PAGE}/taken", **form), "уже есть, но не учитель", status=422)
    form = form_of(asked)
    assert form[f"{field}-namesake"] == ""
    assert send(client, PAGE, f"{PAGE}/taken", **form | {f"{field}-namesake": "other"}).status_code == 303
    assert teachers_of(school, "Юрова") == ["Юрова Юна Юрьевна"]


def test_bells_of_a_file_are_ticked_where_none_are_kept_and_not_where_they_are(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)

    def at(hour: str) -> bytes:
        return fet([("7А", "Химия", "", 1, 1, "")], hours=[hour])

    page = looked_at(client, at("8:00-8:40"))
    assert re.search(r'name="bells" value="\d+" checked', page)
    taken = send(client, PAGE, f"{PAGE}/taken", **form_of(page), bells=_version(page))
    assert "Звонки взяты из файла." in client.get(taken.headers["Location"]).text
    page = looked_at(client, at("8:10-8:50"))
    assert re.search(r'name="bells" value="\d+">', page), "bells are kept already"
    assert "08:00–08:40" in page
    assert send(client, PAGE, f"{PAGE}/names", **form_of(page), bells=_version(page)).text.count(" checked") == 2, (
        "the class"
    )
    refused = looked_at(client, at("9:00-8:40"))
    assert "Урок 1 заканчивается раньше, чем начинается" in refused
    assert 'name="bells"' not in refused
    assert "Это те же звонки" in looked_at(client, at("8:00-8:40"))


def _version(page: str) -> str:
    found = re.search(r'name="bells" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_file_for_a_later_year_ticks_the_class_that_is_called_so_then(door: Site, school: School) -> None:
    year_id, span = uuid7(), (TODAY + timedelta(days=265), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {uuid7(): span}))
    client = door.visit(school.methodologist)
    rows = [
        [None, None, '8 "А" класс', None, '7 "Б" класс', None],
        ["ПОНЕДЕЛЬНИК", 1, "Алгебра", "214", "Алгебра", "5"],
    ]
    sent = handed_in(client, sheet(rows), year=str(year_id), from_date=span[0].isoformat())
    page = shown(
        client.get(sent.headers["Location"]), "8А (сейчас 7А)", "так не называется ни один класс",
        "укажите, что это: 1",
    )  # fmt: skip
    assert "новое: 7Б" not in page
    assert f'value="{school.class_a}" checked' in page
