"""What is said of files that cannot be read, in both languages."""

import pytest

from formats import container, icalendar_text, sheet_part, text_table, workbook, xml_parts
from kernel.phrases import Phrase
from services.gradebook.calendar.readers import icalendar_days


@pytest.mark.parametrize(
    ("phrase", "ru", "en"),
    [
        (
            container.UNPACKS_TOO_LARGE,
            "В распакованном виде файл занимает больше 7 МБ: таких планов и расписаний не бывает.",
            "Unpacked, the file takes more than 7 MB: no plan or timetable does.",
        ),
        (
            container.UNDER_PASSWORD,
            "Файл защищён паролем. Снимите пароль и сохраните файл заново.",
            "The file is protected by a password. Remove it and save the file again.",
        ),
        (
            container.NOT_A_CONTAINER,
            "Это не файл XLSX или DOCX, какое бы имя он ни носил.",
            "This is no XLSX or DOCX file, whatever its name says.",
        ),
        (
            container.DAMAGED,
            "Файл повреждён: его содержимое не распаковывается.",
            "The file is damaged: its content cannot be unpacked.",
        ),
        (
            container.TOO_MANY_PARTS,
            "Внутри файла больше 7 частей: он собран не табличным и не текстовым редактором.",
            "The file has more than 7 parts inside: no spreadsheet or word processor made it.",
        ),
        (
            container.MADE_TO_HARM,
            "Части файла наложены друг на друга: он собран не табличным и не текстовым редактором.",
            "Parts of the file lie upon each other: no spreadsheet or word processor made it.",
        ),
        (
            xml_parts.DECLARES_ENTITIES,
            "В файле объявлен тип документа или сущности: такие файлы не принимаются.",
            "The file declares a document type or entities: such files are not taken.",
        ),
        (
            xml_parts.BAD_XML,
            "Файл повреждён: разметка не читается.",
            "The file is damaged: its markup cannot be read.",
        ),
        (
            xml_parts.TOO_MANY_ELEMENTS,
            "В файле больше 7 ячеек и других элементов. Удалите пустые строки и столбцы с оформлением.",
            "The file has more than 7 cells and other elements. Delete empty rows and columns with formatting.",
        ),
        (
            sheet_part.TOO_MANY_ROWS,
            "На листе больше 7 строк: таких планов и расписаний не бывает.",
            "The sheet has more than 7 rows: no plan or timetable does.",
        ),
        (
            sheet_part.TOO_MANY_COLUMNS,
            "На листе больше 7 столбцов: таких планов и расписаний не бывает.",
            "The sheet has more than 7 columns: no plan or timetable does.",
        ),
        (
            sheet_part.TOO_MANY_CELLS,
            "На листах слишком много ячеек или текста: таких планов и расписаний не бывает.",
            "The sheets have too many cells or too much text: no plan or timetable does.",
        ),
        (
            sheet_part.TOO_MANY_MERGED,
            "На листе слишком много объединённых ячеек.",
            "The sheet has too many merged cells.",
        ),
        (
            sheet_part.NO_CACHED_VALUE,
            "Формула не посчитана. Откройте файл в табличном редакторе и сохраните его заново.",
            "The formula has no result. Open the file in a spreadsheet program and save it again.",
        ),
        (sheet_part.BAD_NUMBER, "Число «x» не читается.", "The number “x” cannot be read."),
        (
            sheet_part.BAD_DATE,
            "Ячейка оформлена как дата, но число x датой не является.",
            "The cell is formatted as a date, but the number x is no date.",
        ),
        (sheet_part.BAD_CELL, "Содержимое ячейки не читается.", "The content of the cell cannot be read."),
        (
            workbook.NOT_A_WORKBOOK,
            "Это не книга XLSX: внутри файла нет листов таблицы.",
            "This is no XLSX workbook: the file has no sheets inside.",
        ),
        (workbook.TOO_MANY_SHEETS, "В книге больше 7 листов.", "The workbook has more than 7 sheets."),
        (
            text_table.NOT_TEXT,
            "Это не текстовый файл CSV, какое бы имя он ни носил.",
            "This is no CSV text, whatever its name says.",
        ),
        (
            text_table.MARKUP,
            "Это страница HTML или файл XML, а не таблица CSV. Откройте её и сохраните как XLSX или CSV.",
            "This is an HTML page or XML, not a CSV table. Open it and save it as XLSX or CSV.",
        ),
        (text_table.EMPTY, "Файл пуст.", "The file is empty."),
        (
            text_table.TOO_MANY,
            "В таблице больше 8 строк или 9 столбцов.",
            "The table has more than 8 rows or 9 columns.",
        ),
        (
            text_table.LONG_FIELD,
            "В таблице есть слишком длинное поле: скорее всего, не закрыта кавычка.",
            "The table has a field that is too long: most likely a quotation mark is not closed.",
        ),
        (
            text_table.ODD_QUOTES,
            "Число кавычек в файле нечётное: строки после незакрытой кавычки могли слиться в одну.",
            "The number of quotation marks is odd: lines after one that is not closed may have become one.",
        ),
        (
            icalendar_text.NOT_A_CALENDAR,
            "Это не календарь iCalendar, или он повреждён.",
            "This is no iCalendar file, or it is damaged.",
        ),
        (
            icalendar_text.TOO_LARGE,
            "Календарь слишком велик: не больше 7 МБ и 8 событий.",
            "The calendar is too large: at most 7 MB and 8 events.",
        ),
        (
            icalendar_days.NO_START,
            "У события «Сбор» нет даты начала.",
            "The event “Сбор” has no date of its start.",
        ),
        (
            icalendar_days.BAD_END,
            "Конец события «Сбор» не читается или раньше начала: взят день начала.",
            "The end of the event “Сбор” cannot be read or is before its start: the day of the start was taken.",
        ),
        (
            icalendar_days.BAD_RULE,
            "Правило повторения события «Сбор» не поддерживается: взят только первый раз.",
            "The repetition of the event “Сбор” is not supported: only the first time was taken.",
        ),
        (
            icalendar_days.OLD_RULE,
            "Событие «Сбор» повторяется больше 20 лет по правилу, которое долго считать: взят только первый раз.",
            "The event “Сбор” is repeated for more than 20 years by a rule that takes long to count: "
            "only the first time was taken.",
        ),
        (
            icalendar_days.NO_EXCEPTIONS,
            "Исключения события «Сбор» записаны правилом (EXRULE, THISANDFUTURE), которое не поддерживается.",
            "The exceptions of the event “Сбор” are a rule (EXRULE, THISANDFUTURE) that is not supported.",
        ),
        (
            icalendar_days.UNKNOWN_ZONE,
            "Часовой пояс «Луна» события «Сбор» неизвестен: время взято как местное.",
            "The time zone “Луна” of the event “Сбор” is unknown: its time was taken as local.",
        ),
        (
            icalendar_days.TOO_MANY,
            "Событий за эти дни слишком много: взяты первые 7.",
            "There are too many events in these days: the first 7 were taken.",
        ),
    ],
)
def test_a_sentence_in_both_languages(phrase: Phrase, ru: str, en: str) -> None:
    sentence = phrase(megabytes=7, count=7, value="x", events=8, rows=8, columns=9, name="Сбор", zone="Луна", years=20)
    assert sentence.said("ru") == ru
    assert sentence.said("en") == en
