"""A timetable taken from a file in a browser: names matched, what would change looked at, taken, and taken back."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from cli.building.fet import fet
from contracts.gradebook.subjects import Subjects
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.gradebook.timetable_import.files import SHEET, sheet
from tests.kit.calls import call
from tests.kit.town import School


def test_a_spreadsheet_is_matched_looked_at_taken_and_taken_back(
    visitor: Visitor, door: Site, school: School, tmp_path: Path
) -> None:
    call(school.town.gradebook, Subjects.add_subject, school.methodologist, name="Математика")
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto("/year/timetable/import")
    assert visitor.barriers_on_every_device("timetable-import") == []
    page.get_by_label("Файл", exact=True).set_input_files(
        {"name": "расписание.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and more"}
    )
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_role("alert")).to_contain_text("Это не расписание: нужна таблица (XLSX)")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("timetable-import-refused") == []
    file = tmp_path / "расписание.xlsx"
    file.write_bytes(sheet([*SHEET, [None, 3, None, "12", "Матем.", "215"]]))
    page.get_by_label("Файл", exact=True).set_input_files(file)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.locator("main")).to_contain_text("Указан кабинет «12», но урока нет.")
    expect(page.get_by_label("У нас, Матем.").locator("option:checked")).to_have_text("Математика")
    expect(page.get_by_role("row", name="Матем.")).to_contain_text("похоже")
    assert visitor.barriers_on_every_device("timetable-import-file") == []
    page.get_by_label("У нас, Физ-ра").select_option(label="пропустить его уроки")
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("alert")).to_contain_text("Вы изменили соответствие названий или дату")
    expect(page.get_by_label("У нас, Физ-ра")).to_have_value("none")
    expect(page.locator("main")).to_contain_text("Пропущено уроков, как вы указали: 1")
    visitor.complaints.clear()  # as above
    page.get_by_label("У нас, Физ-ра").select_option(label="новое: Физ-ра")
    page.get_by_role("button", name="Показать, что изменится").click()
    page.get_by_role("row", name="5А Новых").get_by_text("показать").click()
    expect(page.get_by_role("row", name="5А Новых")).to_contain_text("пн, 1-й урок: Математика 5А – новое: каб. 214")
    assert visitor.barriers_on_every_device("timetable-import-changes") == []
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание взято из файла. Уроков в неделю: новых – 8")
    page.get_by_label("Класс", exact=True).select_option("5А")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("cell").filter(has_text="Математика 5А").first).to_contain_text("каб. 214")
    page.get_by_role("link", name="Кто менял расписание").click()
    expect(page.get_by_label("Убрать и созданные файлом курсы, предметы и кабинеты")).to_be_checked()
    assert visitor.barriers_on_every_device("timetable-edits-of-a-file") == []
    page.get_by_role("button", name="Отменить № 1").click()
    expect(page.get_by_role("status").filter(has_text="Убрано созданного файлом")).to_be_visible()
    visitor.goto("/year/timetable/import")
    page.get_by_label("Файл", exact=True).set_input_files(file)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_role("row", name="Матем.")).to_contain_text("как в прошлом файле")
    page.get_by_label("5А", exact=True).uncheck()
    page.get_by_role("button", name="Показать, что изменится").click()
    expect(page.get_by_label("5А", exact=True)).not_to_be_checked()
    expect(page.get_by_label("5Б", exact=True)).to_be_checked()
    expect(page.get_by_role("row", name="5А Новых")).to_have_count(0)
    assert visitor.barriers_on_every_device("timetable-import-some-classes") == []
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание взято из файла. Уроков в неделю: новых – 4")


def test_what_a_file_does_not_say_is_entered_by_hand_in_its_cell(
    visitor: Visitor, door: Site, school: School, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto("/year/timetable/import")
    file = tmp_path / "расписание.xlsx"
    rows = [[None, None, "5В", None], ["ПОНЕДЕЛЬНИК", 1, "Алгебра", "12"], [None, 2, "Химия", "415/416/332"]]
    file.write_bytes(sheet([*rows, [None, 2, "Химия", "12"]]))
    page.get_by_label("Файл", exact=True).set_input_files(file)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_role("region", name="Замечания к файлу")).to_contain_text("5В, пн, 2-й урок")
    assert visitor.barriers_on_every_device("timetable-import-by-hand") == []
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("status").last).to_contain_text("Осталось поправить вручную: 1.")
    page.get_by_role("link", name="5В, пн, 2-й урок").first.click()
    expect(page.locator("td:target")).to_contain_text("Химия")
    assert visitor.barriers_on_every_device("timetable-cell-by-hand") == []


def test_teachers_and_bells_of_a_file_are_looked_at_completed_and_taken(
    visitor: Visitor, door: Site, school: School, tmp_path: Path
) -> None:
    page = visitor.page
    school.person("parent", name="Юрова Юна Юрьевна")
    visitor.sign_in(school.methodologist)
    visitor.goto("/year/timetable/import")
    file = tmp_path / "расписание.fet"
    lessons = [
        ("7А", "Химия", "Яшина Я.Ю.", 1, 1, ""), ("7А", "Физика", "Нестерова", 1, 2, ""),
        ("7А", "Труд", "Юрова Юна Юрьевна", 2, 1, ""), ("7А", "Музыка", "Яшина Яна Юрьевна", 2, 2, ""),
    ]  # fmt: skip
    file.write_bytes(fet(lessons, hours=["8:00-8:40", "8:50-9:30"]))
    page.get_by_label("Файл", exact=True).set_input_files(file)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_label("Фамилия, Юрова Юна Юрьевна")).to_have_value("Юрова")
    expect(page.get_by_role("row", name="Нестерова")).to_contain_text("Из файла не понять, где фамилия.")
    expect(page.get_by_role("row", name="Нестерова")).to_contain_text("впервые: занятие № 2")
    expect(page.locator(".parts [aria-current]")).to_have_text("Расписание")
    parts = page.get_by_role("row", name="Нестерова").locator(".name-parts input")
    beside = [box["y"] for box in (one.bounding_box() for one in parts.all()) if box]
    assert beside == [beside[0]] * 3, "the parts of a name side by side"
    expect(page.get_by_label("Взять и эти звонки")).to_be_checked()
    assert visitor.barriers_on_every_device("timetable-import-teachers") == []
    page.get_by_label("У нас, Яшина Я.Ю.").select_option(label="новый учитель")
    same = page.get_by_label("Если такое имя уже есть, Яшина Я.Ю.")
    same.select_option(label="тот же человек, что Яшина Яна Юрьевна")
    page.get_by_label("У нас, Яшина Яна Юрьевна").select_option(label="новый учитель")
    page.get_by_role("button", name="Показать, что изменится").click()
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("row", name="Юрова").first).to_contain_text("такой человек в школе уже есть, но не учитель")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("timetable-import-namesake") == []
    page.get_by_label("Если такое имя уже есть, Юрова Юна Юрьевна").select_option(label="другой человек с таким именем")
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание взято из файла. Уроков в неделю: новых – 4")
    expect(page.locator("main")).to_contain_text("Звонки взяты из файла.")
