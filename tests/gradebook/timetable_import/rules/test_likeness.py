"""What a name of a file is likely to mean."""

from uuid import UUID

import pytest

from services.gradebook.timetable_import.rules.likeness import Likeness, Ours, most_alike, new_name, same_key

NOT, FAINT, SHORT, SAME = Likeness


def ours(*names: str | tuple[str, ...]) -> list[Ours]:
    return [Ours(UUID(int=at), *((one,) if isinstance(one, str) else one)) for at, one in enumerate(names)]


def found(kind: str, name: str, *names: str | tuple[str, ...]) -> tuple[Likeness, list[str]]:
    """How like which of these names are."""
    known = ours(*names)
    likeness, ids = most_alike(kind, name, known)
    assert list(ids) == sorted(ids)
    return likeness, [known[one.int].name for one in ids]


@pytest.mark.parametrize(
    "name",
    ["5А", "5а", "5 А", "5-А", "5–а", "5A", '5 "А"', "5 «А» класс", "5А кл.", "5-й А", "5.а", " 5 ‐ А "],
)
def test_a_class_is_the_same_in_whatever_letters_and_marks(name):
    assert found("class", name, "5Б", "5А", "15А", "5") == (SAME, ["5А"])
    assert found("class", "5А", "5Б", name) == (SAME, [name])


@pytest.mark.parametrize(
    ("name", "known"), [("10-й класс", "10"), ("10 класс", "10"), ("11й", "11 класс"), ("Хор", "хор")]
)
def test_a_class_may_have_no_letter(name, known):
    assert found("class", name, "1", known) == (SAME, [known])


@pytest.mark.parametrize("name", ["5Б", "6А", "5АБ", "5", "", "«»"])
def test_a_class_is_never_guessed_by_a_similar_one(name):
    assert found("class", name, "5А", "«»", "") == (NOT, [])


def test_two_classes_of_one_name_are_told_both():
    assert found("class", "5А", "5А", "5 A", "5Б") == (SAME, ["5А", "5 A"])


SUBJECTS = (
    "Физическая культура", "Английский язык", "Русский язык", "Литература", "Обществознание", "Информатика",
    "Математика", "Алгебра", "Изобразительное искусство", "Основы безопасности и защиты Родины",
    "Основы духовно-нравственной культуры народов России", "История", "Иностранный язык", "Практикум по химии",
    "Практикум по физике", "Естественнонаучный эксперимент", "Разговоры о важном", "МХК",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "likeness", "known"),
    [
        ("математика", SAME, ["Математика"]),
        ("  «Разговоры  о важном»", SAME, ["Разговоры о важном"]),
        ("Матeматика", SAME, ["Математика"]),  # with a Latin e
        ("Физ-ра", SHORT, ["Физическая культура"]),
        ("Физра", SHORT, ["Физическая культура"]),
        ("Физкультура", SHORT, ["Физическая культура"]),
        ("Физ. культура", SHORT, ["Физическая культура"]),
        ("Англ. яз.", SHORT, ["Английский язык"]),
        ("англ.яз", SHORT, ["Английский язык"]),
        ("Английский", SHORT, ["Английский язык"]),
        ("Ин. яз.", SHORT, ["Иностранный язык"]),
        ("Ин.", SHORT, ["Информатика", "Иностранный язык"]),
        ("Лит-ра", SHORT, ["Литература"]),
        ("Лит.", SHORT, ["Литература"]),
        ("Инф-ка", SHORT, ["Информатика"]),
        ("Общ-во", SHORT, ["Обществознание"]),
        ("Общ-ние", SHORT, ["Обществознание"]),
        ("Матем", SHORT, ["Математика"]),
        ("Прак. по физ.", SHORT, ["Практикум по физике"]),
        ("ИЗО", SHORT, ["Изобразительное искусство"]),
        ("ОБЗР", SHORT, ["Основы безопасности и защиты Родины"]),
        ("ОБиЗР", SHORT, ["Основы безопасности и защиты Родины"]),
        ("ОДНКНР", SHORT, ["Основы духовно-нравственной культуры народов России"]),
        ("Естественно-научный эксперимент", SHORT, ["Естественнонаучный эксперимент"]),
        ("Алгебра.", SHORT, ["Алгебра"]),
        ("Матиматика", FAINT, ["Математика"]),
        ("Практикум по химми", NOT, []),
        ("Практекум по химии", FAINT, ["Практикум по химии"]),
        ("Ма", NOT, []),
        ("Теория", NOT, []),
        ("Алгебра +", NOT, []),
        ("Алгебра и начала анализа", NOT, []),
        ("Мировая художественная культура", SHORT, ["МХК"]),
        ("ra", NOT, []),
        ("Лит-ника", NOT, []),
        ("", NOT, []),
        (".", NOT, []),
        ("«»", NOT, []),
    ],
)  # fmt: skip
def test_a_subject_is_found_by_how_schools_shorten_its_name(name, likeness, known):
    assert found("subject", name, *SUBJECTS) == (likeness, known)


def test_a_name_of_ours_may_be_the_short_one():
    assert found("subject", "Физическая культура", "Физ-ра", "Физика") == (SHORT, ["Физ-ра"])
    assert found("subject", "Русский язык", "Русский", "Литература") == (SHORT, ["Русский"])
    assert found("subject", "Язык", "Яз.") == (SHORT, ["Яз."])


def test_a_word_that_says_more_is_no_other_subject():
    assert found("subject", "Литература", "Родная литература") == (NOT, [])
    assert found("subject", "ОБ", "Основы") == (NOT, [])
    assert found("subject", "!", "") == (NOT, [])


TEACHERS = (
    ("Иванова", "Анна", "Петровна"), ("Иванова", "Алла", "Павловна"), ("Петров", "Сергей", "Сергеевич"),
    ("Петрова-Водкина", "Мария"), ("де ла Крус", "Мария", "Ивановна"), ("Сидоренко", "Ольга", "Юрьевна"),
    ("Кузнецова", "Ёлка", "Ильинична"), ("", "Безфамильный"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "likeness", "known"),
    [
        ("Иванова Анна Петровна", SAME, ["Иванова"]),
        ("Анна Петровна Иванова", SAME, ["Иванова"]),
        ("Иванова Анна", SHORT, ["Иванова"]),
        ("Иванова Ан. П.", SHORT, ["Иванова"]),
        ("Иванова А.П.", SHORT, ["Иванова", "Иванова"]),
        ("Иванова", FAINT, ["Иванова", "Иванова"]),
        ("Петров С. С.", SHORT, ["Петров"]),
        ("Петров СС", SHORT, ["Петров"]),
        ("С.С. Петров", SHORT, ["Петров"]),
        ("учитель Петров С.С.", SHORT, ["Петров"]),
        ("уч. Петров С.С.", SHORT, ["Петров"]),
        ("Петров", FAINT, ["Петров"]),
        ("Петров С.П.", NOT, []),
        ("Петров С.С.С.", NOT, []),
        ("Петрова-Водкина Мария", SAME, ["Петрова-Водкина"]),
        ("Петрова-Водкина М.И.", NOT, []),
        ("Де ла Крус М.И.", SHORT, ["де ла Крус"]),
        ("Cидоренко О.Ю.", SHORT, ["Сидоренко"]),  # with a Latin C
        ("Сидаренко О.Ю.", FAINT, ["Сидоренко"]),
        ("Сидаренко", NOT, []),
        ("Кузнецова Е.И.", SHORT, ["Кузнецова"]),
        ("Кузнецов Е.И.", NOT, []),
        ("Учитель 064", NOT, []),
        ("Вакансия", NOT, []),
        ("", NOT, []),
    ],
)
def test_a_teacher_is_found_by_the_family_name_and_what_stands_beside_it(name, likeness, known):
    assert found("teacher", name, *TEACHERS) == (likeness, known)


@pytest.mark.parametrize(
    ("name", "likeness", "known"),
    [
        ("214", SAME, ["214"]),
        ("каб. 214", SAME, ["214"]),
        ("Кабинет №214", SAME, ["214"]),
        ("к.214", SAME, ["214"]),
        ("ауд. 214", SAME, ["214"]),
        ("215", NOT, []),
        ("21", NOT, []),
        ("214а", NOT, []),
        ("в305", SAME, ["В305"]),
        ("Спорт. зал 1", SAME, ["Спортзал 1"]),
        ("Сп.зал 1", SHORT, ["Спортзал 1"]),
        ("Спортзал № 1", SAME, ["Спортзал 1"]),
        ("спортивный зал 1", SHORT, ["Спортзал 1"]),
        ("Сп.зал", NOT, []),
        ("Сп.зал 3", NOT, []),
        ("Акт. зал", SHORT, ["Актовый зал"]),
        ("Кабинет химии", SAME, ["кабинет химии"]),
        ("мастерская", NOT, []),
        ("", NOT, []),
        ("№", NOT, []),
    ],
)
def test_a_classroom_is_found_by_its_number_and_words(name, likeness, known):
    rooms = ("214", "В305", "Спортзал 1", "Спортивный зал 2", "Актовый зал", "кабинет химии", "", "12")
    assert found("classroom", name, *rooms) == (likeness, known)


def test_two_names_of_a_file_that_mean_the_same_have_one_key():
    same = {
        "classroom": ("Сп.зал 2", "Сп. зал 2"), "subject": ("«Музыка»", "музыка"), "class": ('5 "А"', "5а"),
        "teacher": ("Иванова А.П.", "Иванова А. П."),
    }  # fmt: skip
    for kind, (one, other) in same.items():
        assert same_key(kind, one) == same_key(kind, other)
    assert same_key("classroom", "Сп.зал 1") != same_key("classroom", "Сп.зал 2")
    assert same_key("subject", "Алгебра") != same_key("subject", "Алгебра +")


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("каб. 214", "214"), ("Кабинет №214", "214"), ("к.214а", "214а"), ("№ 7", "7"), ("214", "214"),
        ("Сп.зал 2", "Сп.зал 2"), ("каб. химии", "каб. химии"), ("К214", "К214"), ("Корпус 2", "Корпус 2"),
    ],
)  # fmt: skip
def test_a_new_classroom_is_called_by_its_number(name, called):
    assert new_name("classroom", name) == called
    assert new_name("subject", name) == name
