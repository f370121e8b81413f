"""What the cells of a timetable say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.timetable.readers.timetable_cells import LONGEST_CELL, LessonCell, LessonPart, lesson_cell


def parts(text: str, rooms: str = "", teachers: str = "") -> list[tuple[str, str, str]]:
    """Subject, group and room of each part."""
    cell = lesson_cell(text, rooms, teachers)
    assert cell.matched
    return [(part.subject, part.group, part.room) for part in cell.parts]


@pytest.mark.parametrize("text", ["", " ", "-", "—", "–", "...", "___", "\n- "])
def test_an_empty_cell_and_a_dash_are_no_lesson(text: str) -> None:
    assert lesson_cell(text, "12") == LessonCell((), matched=True)


@pytest.mark.parametrize(
    ("text", "rooms", "subject", "room"),
    [
        ("Алгебра", "", "Алгебра", ""),
        ("  Русский\nязык ", " 318 ", "Русский язык", "318"),
        ("Физическая  культура", "Сп.зал  2", "Физическая культура", "Сп.зал 2"),
        ("«Разговоры о важном»", "327", "«Разговоры о важном»", "327"),
        ("Практикум (по выбору)", "—", "Практикум (по выбору)", ""),
        ("Алгебра 1/2", "", "Алгебра 1/2", ""),
        ("Труд (м/д)", "", "Труд (м/д)", ""),
        ("Четвертные задачи", "", "Четвертные задачи", ""),
        ("Числовые ряды", "", "Числовые ряды", ""),
        ("Алгебра, ", "", "Алгебра", ""),
        ("Родной русский/литература", "318", "Родной русский/литература", "318"),
    ],
)
def test_one_subject_is_a_lesson_of_the_whole_class(text: str, rooms: str, subject: str, room: str) -> None:
    assert lesson_cell(text, rooms).parts == (LessonPart(subject, room=room),)


def test_two_rooms_for_one_subject_are_two_subgroups() -> None:
    expected = [("Английский язык", "1", "426"), ("Английский язык", "2", "436")]
    for rooms in ("426/436", "426 / 436", "426, 436", "426;436", "426\n436", "426//436"):
        assert parts("Английский язык ", rooms) == expected
    assert [room for *_, room in parts("Алгебра", "152/215/404/405")] == ["152", "215", "404", "405"]


def test_two_subjects_are_two_subgroups() -> None:
    assert parts("Англ. яз. / Информ.") == [("Англ. яз.", "1", ""), ("Информ.", "2", "")]
    assert parts("Французский/Испанский язык", "426/241") == [
        ("Французский", "1", "426"),
        ("Испанский язык", "2", "241"),
    ]
    assert parts("Англ. яз./") == [("Англ. яз.", "", "")]


def test_rooms_that_cannot_be_told_apart_stay_with_each_subject() -> None:
    cell = lesson_cell("Информатика/Химия", "415/416/332")
    assert not cell.matched
    assert [(part.subject, part.group, part.room) for part in cell.parts] == [
        ("Информатика", "1", "415, 416, 332"),
        ("Химия", "2", "415, 416, 332"),
    ]


def test_teachers_beside_a_cell_divide_it_as_rooms_do() -> None:
    cell = lesson_cell("Технология", "142/317", "Осина А.Б. / Клён В.Г.")
    assert cell.matched
    assert [(part.group, part.room, part.teacher) for part in cell.parts] == [
        ("1", "142", "Осина А.Б."),
        ("2", "317", "Клён В.Г."),
    ]
    one = lesson_cell("Технология", "142/317", "Осина А.Б.")
    assert one.matched
    assert [part.teacher for part in one.parts] == ["Осина А.Б.", "Осина А.Б."]
    assert not lesson_cell("Технология", "142/317", "Осина А.Б./Клён В.Г./Дуб Е.Ж.").matched


@pytest.mark.parametrize(
    "text",
    [
        "Алгебра\nОсина А.Б.\nкаб. 12",
        "Алгебра Осина А. Б., каб.12",
        "Осина А.Б. Алгебра (12)",
        "Алгебра к. 12 Осина А.Б.",
    ],
)
def test_teacher_and_room_in_the_cell_itself(text: str) -> None:
    (part,) = lesson_cell(text).parts
    assert (part.subject, part.group, part.room) == ("Алгебра", "", "12")
    assert part.teacher in ("Осина А.Б.", "Осина А. Б.")


@pytest.mark.parametrize(
    ("text", "subject", "teacher"),
    [
        ("Алгебра А.А. Иванова", "Алгебра", "А.А. Иванова"),
        ("Алгебра\nА. А. Осиненко", "Алгебра", "А. А. Осиненко"),
        ("Русский язык А.А. Ивановский", "Русский язык", "А.А. Ивановский"),
        ("Иванова А.А. Алгебра", "Алгебра", "Иванова А.А."),
        ("Клён А.А. Алгебра", "Алгебра", "Клён А.А."),
        ("Алгебра А.А. Шульц", "Алгебра", "А.А. Шульц"),
        ("Музыка А. А. Гринь", "Музыка", "А. А. Гринь"),
        ("Английский А.А. Иванова", "Английский", "А.А. Иванова"),
        ("Немецкий А.А. Иванова", "Немецкий", "А.А. Иванова"),
        ("Шмидт А.А. Немецкий", "Немецкий", "Шмидт А.А."),
        ("Шмидт А.А. Английский", "Английский", "Шмидт А.А."),
        ("Гринь А.А.\nАнглийский", "Английский", "Гринь А.А."),
        ("Английский Шульц А.А.", "Английский", "Шульц А.А."),
        ("Шмидт А.А. Петрова Анна Ивановна", "", "Шмидт А.А., Петрова Анна Ивановна"),
        ("Физика А.А. Осина Б.Б. Клён", "Физика", "А.А. Осина, Б.Б. Клён"),
        ("Иванова А.А. Осина Б.Б.", "", "Иванова А.А., Осина Б.Б."),
        ("Клён А.А. Осина Б.Б.", "", "Клён А.А., Осина Б.Б."),
        ("Физика Осина А.А. Каб. 5", "Физика", "Осина А.А."),
    ],
)
def test_initials_between_two_words_belong_to_the_surname(text: str, subject: str, teacher: str) -> None:
    (part,) = lesson_cell(text).parts
    assert (part.subject, part.teacher) == (subject, teacher)


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("Алгебра 215", "215"),
        ("Алгебра кабинет № 7а", "7а"),
        ("Алгебра ауд. 3", "3"),
        ("Алгебра (каб. 12)", "12"),
        ("Алгебра 10", ""),
        ("Алгебра (5)", ""),
        ("Алгебра 2025", ""),
    ],
)
def test_a_room_in_a_cell_has_its_word_or_three_digits_at_the_end(text: str, room: str) -> None:
    (part,) = lesson_cell(text).parts
    assert part.room == room
    assert (part.subject == "Алгебра") == bool(room)


def test_the_room_in_the_cell_is_nearer_than_the_one_beside_it() -> None:
    assert parts("Алгебра каб. 12", "14") == [("Алгебра", "", "12")]
    (part,) = lesson_cell("Алгебра Осина А.Б.", "14", "Клён В.Г.").parts
    assert (part.teacher, part.room) == ("Осина А.Б.", "14")


def test_subgroups_that_are_named_keep_their_names() -> None:
    assert parts("Информ. (2 гр) к. 15\nАнгл. (1 подгр.) к. 12") == [("Информ.", "2", "15"), ("Англ.", "1", "12")]
    assert parts("Информ. (2 гр)\n \nАнгл. (1 гр)\n") == [("Информ.", "2", ""), ("Англ.", "1", "")]
    assert parts("Англ. 1 группа / Информ. 2 группа") == [("Англ.", "1", ""), ("Информ.", "2", "")]
    assert parts("Труд (мальчики)/Труд (девочки)", "142") == [("Труд", "мальчики", "142"), ("Труд", "девочки", "142")]
    assert parts("Англ. 2-я гр.") == [("Англ.", "2", "")]


def test_lines_are_one_lesson_where_not_each_names_a_subgroup() -> None:
    assert parts("Англ. (1 гр)\nязык") == [("Англ. язык", "1", "")]


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("История (нечёт.) / Право (чёт.)", ["1", "2"]),
        ("История нечетная неделя / Право четная неделя", ["1", "2"]),
        ("История 1 нед. / Право 2 нед.", ["1", "2"]),
        ("История (2-я неделя) / Право (1-я неделя)", ["2", "1"]),
        ("История числ. / Право знам.", ["1", "2"]),
        ("История числитель / Право знаменатель", ["1", "2"]),
        ("История нечетн / Право четн", ["1", "2"]),
        ("История нечётн / Право чётн", ["1", "2"]),
        ("История нечётная / Право чётная", ["1", "2"]),
        ("История нечет / Право чет", ["1", "2"]),
        ("ИСТОРИЯ НЕЧ / ПРАВО ЧЕТ", ["1", "2"]),
    ],
)
@pytest.mark.parametrize("rooms", ["", "318", "318/319"])
def test_lessons_of_odd_and_even_weeks_are_the_whole_class(text: str, weeks: list[str], rooms: str) -> None:
    found = lesson_cell(text, rooms).parts
    assert [(part.subject.casefold(), part.group, part.week) for part in found] == [
        ("история", "", weeks[0]),
        ("право", "", weeks[1]),
    ]


def test_a_week_of_one_subject_alone() -> None:
    assert lesson_cell("Право (чёт)").parts == (LessonPart("Право", week="2"),)
    assert lesson_cell("Право").parts[0].week == ""


TEXT = st.text("абвАБВ 12/\n.,()-", max_size=LONGEST_CELL)


@given(TEXT, TEXT, TEXT)
def test_every_part_is_written_in_its_cell(text: str, rooms: str, teachers: str) -> None:
    cell = lesson_cell(text, rooms, teachers)
    for part in cell.parts:
        assert set(part.subject) <= set(text) | {" "}
        assert set(part.room) <= set(text + rooms + ", ")
    groups = [part.group for part in cell.parts]
    assert len(groups) <= 1 or all(groups) or all(part.week for part in cell.parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Физкультура с/з", [("Физкультура с/з", "", "", "")]),
        ("Англ. яз. 1 п/г", [("Англ. яз.", "1", "", "")]),
        ("Англ. яз. Иванова А.А. 212 / Петрова Б.Б. 214",
         [("Англ. яз.", "1", "Иванова А.А.", "212"), ("Англ. яз.", "2", "Петрова Б.Б.", "214")]),
        ("Алгебра Иванова А.А", [("Алгебра", "", "Иванова А.А", "")]),
        ("Алгебра каб. 12/14", [("Алгебра", "", "", "12/14")]),
        ("а/" * 40, [("а/" * 40, "", "", "")]),
    ],
)  # fmt: skip
def test_cells_as_schools_write_them(text: str, parts: list[tuple[str, str, str, str]]) -> None:
    found = lesson_cell(text)
    assert [(one.subject, one.group, one.teacher, one.room) for one in found.parts] == parts
    assert found.matched


def weeks(text: str) -> list[tuple[str, str, str]]:
    """Subject, group and week of each part."""
    found = lesson_cell(text)
    assert found.problem == ""
    return [(part.subject, part.group, part.week) for part in found.parts]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Химия/Биология (чет/нечет)", "Биология", "Химия"),
        ("Химия, Биология (1 нед./2 нед.)", "Химия", "Биология"),
        ("Химия\nБиология (числ., знам.)", "Химия", "Биология"),
        ("ОБЖ (1 неделя) / Труд (2 неделя)", "ОБЖ", "Труд"),
        ("1 нед. Химия\n2 нед. Биология", "Химия", "Биология"),
        ("Алгебра (нечёт.)/Геометрия (чёт.)", "Алгебра", "Геометрия"),
        ("Химия чет., Биология нечет.", "Биология", "Химия"),
        ("Химия чёт Биология нечёт", "Биология", "Химия"),
        ("II неделя Химия / I неделя Право", "Право", "Химия"),
        ("верхняя: Химия; нижняя: Право", "Химия", "Право"),
        ("Химия (неделя 1)\nПраво (неделя 2)", "Химия", "Право"),
        ("по нечётным неделям Химия, по чётным неделям Право", "Химия", "Право"),
        ("Химия (верхн.)\nПраво (нижн.)", "Химия", "Право"),
        ("числитель Химия знаменатель Право", "Химия", "Право"),
    ],
)
def test_p12_alternating_weeks_in_the_notations_of_schools(text: str, first: str, second: str) -> None:
    assert sorted(weeks(text), key=lambda part: part[2]) == [(first, "", "1"), (second, "", "2")]


@pytest.mark.parametrize(
    "text",
    [
        "Химия 3 неделя",
        "Химия 1 и 2 неделя",
        "Химия 1-4 нед.",
        "Алгебра / Физика чёт",
        "Химия ч/н",
        "Химия (нед.)",
        "Химия/Биология (чет/каждую)",
        "Химия/Право/Труд (чет/нечет)",
    ],
)
def test_p12_weeks_that_are_not_understood_leave_the_cell_out(text: str) -> None:
    assert lesson_cell(text) == LessonCell(problem="weeks")


@pytest.mark.parametrize("text", ["Числовые ряды", "Четвертные задачи", "Нижегородоведение", "Числа и фигуры"])
def test_p12_subjects_that_only_begin_like_a_word_of_weeks(text: str) -> None:
    assert weeks(text) == [(text, "", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Англ.яз. 1гр-201, 2гр-305", [("Англ.яз.", "1", "201"), ("Англ.яз.", "2", "305")]),
        ("Англ.яз. 1 гр: 201; 2 гр: 305", [("Англ.яз.", "1", "201"), ("Англ.яз.", "2", "305")]),
        ("Англ. 1 гр. каб. 201\n2 гр. каб. 305", [("Англ.", "1", "201"), ("Англ.", "2", "305")]),
        ("1гр Англ 201, 2гр Нем 305", [("Англ", "1", "201"), ("Нем", "2", "305")]),
        ("Англ 1 п/г, Нем 2 п/г", [("Англ", "1", ""), ("Нем", "2", "")]),
        ("Информатика\nАнглийский", [("Информатика", "1", ""), ("Английский", "2", "")]),
        ("ИНФОРМАТИКА\nАНГЛИЙСКИЙ", [("ИНФОРМАТИКА", "1", ""), ("АНГЛИЙСКИЙ", "2", "")]),
        ("Информатика каб. 5\nТруд каб. 6", [("Информатика", "1", "5"), ("Труд", "2", "6")]),
        ("Английский 201/305", [("Английский", "", "201/305")]),
        ("Физика", [("Физика", "", "")]),
    ],
)
def test_p13_groups_and_subjects_of_one_cell(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize("text", ["Англ 1,2 гр.", "Англ. 1/2 гр.", "Англ 1 и 2 группы", "Англ 1гр 2гр", "Труд (гр. А)"])
def test_p13_groups_that_are_not_understood_leave_the_cell_out(text: str) -> None:
    assert lesson_cell(text) == LessonCell(problem="groups")


@pytest.mark.parametrize("text", ["Алгебра\nТеория чисел", "Ментальная арифметика\nШахматы"])
def test_p13_lines_that_may_be_two_subjects_leave_the_cell_out(text: str) -> None:
    assert lesson_cell(text) == LessonCell(problem="lines")


@pytest.mark.parametrize(
    "text",
    ["Русский\nязык", "Физическая\nКультура", "Физ.\nКультура", "Литературное\nЧтение", "Родная\nЛитература",
     "ОСНОВЫ\nБЕЗОПАСНОСТИ", "Разговоры\nо важном", "Английский\nЯзык", "Окружающий\nМир"],
)  # fmt: skip
def test_p13_lines_of_one_subject_stay_one(text: str) -> None:
    assert parts(text) == [(text.replace("\n", " "), "", "")]


@pytest.mark.parametrize(
    "text",
    ["окно", "Окно", "нет", "нет урока", "нет уроков", "обед", "ОБЕД", "Большая перемена", "выходной", "х", "завтрак."],
)
def test_p15_words_for_no_lesson_are_an_empty_cell(text: str) -> None:
    assert lesson_cell(text) == LessonCell()


@pytest.mark.parametrize(
    "text",
    ["ПРАЗДНИЧНЫЙ ДЕНЬ", "Праздник", "Праздник осени", "Каникулы", "День здоровья", "методический день", "карантин"],
)
def test_p15_words_that_may_be_no_lesson_are_told(text: str) -> None:
    assert lesson_cell(text) == LessonCell(problem="day-off")


@pytest.mark.parametrize("text", ["Окно в Европу", "Нет наркотикам", "Обед в русской литературе", "День за днём"])
def test_p15_subjects_that_begin_with_such_a_word_are_subjects(text: str) -> None:
    assert parts(text) == [(text, "", "")]
