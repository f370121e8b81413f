"""The texts of letters in each language. `services.notifications.messages.rules.letters` fills the placeholders."""

from __future__ import annotations

from typing import Final

DEFAULT_LANGUAGE: Final = "ru"

#: Sentences of a letter; the keys are the same in every language.
SENTENCES: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "mark": "Новая оценка: {value}",
        "mark_now": "Оценка изменена: теперь {value}",
        "mark_changed": "Оценка изменена: было {previous}, стало {value}",
        "mark_taken_back": "Оценка отменена: было {previous}",
        "mark_gone": "Оценка отменена",
        "term_mark": "Отметка: {value}",
        "term_mark_now": "Отметка изменена: теперь {value}",
        "term_mark_changed": "Отметка изменена: было {previous}, стало {value}",
        "term_mark_taken_back": "Отметка снята: было {previous}",
        "term_mark_gone": "Отметка снята",
        "homework": "Домашнее задание",
        "homework_due": "Домашнее задание на {due}",
        "homework_removed": "Домашнее задание отменено",
        "task": "Личное задание на {due}: {text}",
        "page": "Ссылка: {link}",
        "owed": "Напоминаем о долге: работу нужно сдать до {due}",
        "subject_owed": "Нужно сдать работу: {title}",
        "files": "Файлы в дневнике: {names}",
        "absent": "Отметка о посещаемости: {code} — {name}",
        "late": "Отметка о посещаемости: {code} — {name}, {minutes} мин.",
        "absence_withdrawn": "Отметка об отсутствии или опоздании отменена",
        "day": "Отметки о посещаемости за день",
        "day_lesson": "{number}-й урок, {title}",
        "subject_mark": "Новая оценка: {title}",
        "subject_mark_changed": "Изменена оценка: {title}",
        "subject_term_mark": "Отметка за период: {title}",
        "subject_term_mark_changed": "Изменена отметка за период: {title}",
        "term": "{title}, {term}",
        "of_year": "за год",
        "of_exam": "экзамен",
        "of_certificate": "итоговая, в аттестат",
        "comment": "Комментарий учителя: {comment}",
        "subject_homework": "Домашнее задание: {title}",
        "lesson_cancelled": "Урок отменён",
        "lesson_moved": "Урок перенесён на {date}, {number}-й урок",
        "lesson_stood_in": "Урок проведёт другой учитель",
        "lesson_room": "Кабинет: {classroom}",
        "changed_day": "Изменения в расписании дня",
        "lesson_as_planned": "Урок состоится по расписанию",
        "reason": "Причина: {reason}",
        "subject_attendance": "Посещаемость: {title}",
        "subject_timetable": "Изменение в расписании: {title}",
        "lesson": "{title}, {date}",
        "numbered_lesson": "{title}, {date}, {number}-й урок",
        "kind": "Вид работы: {kind}",
        "link": "Подробности — в дневнике",
        "why": (
            "Вы получили это письмо, потому что дали школе согласие на уведомления по электронной почте. "
            "Отозвать его можно в школе."
        ),
    },
    "en": {
        "mark": "New mark: {value}",
        "mark_now": "Mark changed: it is now {value}",
        "mark_changed": "Mark changed: it was {previous}, it is now {value}",
        "mark_taken_back": "Mark taken back: it was {previous}",
        "mark_gone": "Mark taken back",
        "term_mark": "Mark: {value}",
        "term_mark_now": "Mark changed: it is now {value}",
        "term_mark_changed": "Mark changed: it was {previous}, it is now {value}",
        "term_mark_taken_back": "Mark taken back: it was {previous}",
        "term_mark_gone": "Mark taken back",
        "homework": "Homework",
        "homework_due": "Homework for {due}",
        "homework_removed": "The homework was cancelled",
        "task": "Personal task for {due}: {text}",
        "page": "Link: {link}",
        "owed": "A reminder: this work is owed until {due}",
        "subject_owed": "Work to hand in: {title}",
        "files": "Files in the diary: {names}",
        "absent": "Attendance: {code} – {name}",
        "late": "Attendance: {code} – {name}, {minutes} min",
        "absence_withdrawn": "The entry of an absence or lateness was withdrawn",
        "day": "Attendance of the day",
        "day_lesson": "Lesson {number}, {title}",
        "subject_mark": "New mark: {title}",
        "subject_mark_changed": "Mark changed: {title}",
        "subject_term_mark": "Term mark: {title}",
        "subject_term_mark_changed": "Term mark changed: {title}",
        "term": "{title}, {term}",
        "of_year": "the year",
        "of_exam": "the exam",
        "of_certificate": "final, for the certificate",
        "comment": "The teacher's comment: {comment}",
        "subject_homework": "Homework: {title}",
        "lesson_cancelled": "The lesson is cancelled",
        "lesson_moved": "The lesson was moved to {date}, lesson {number}",
        "lesson_stood_in": "Another teacher holds the lesson",
        "lesson_room": "Classroom: {classroom}",
        "changed_day": "Changes of the day's timetable",
        "lesson_as_planned": "The lesson takes place as planned",
        "reason": "Reason: {reason}",
        "subject_attendance": "Attendance: {title}",
        "subject_timetable": "Change of the timetable: {title}",
        "lesson": "{title}, {date}",
        "numbered_lesson": "{title}, {date}, lesson {number}",
        "kind": "Kind of work: {kind}",
        "link": "See the diary",
        "why": (
            "You get this letter because you gave the school consent to notices by e-mail. "
            "You can withdraw it at the school."
        ),
    },
}

#: Translations of the default absence codes' names. A school's own names are not translated.
NAMES: Final[dict[str, dict[str, str]]] = {
    "ru": {},
    "en": {
        "отсутствует, причина неизвестна": "absent, reason unknown",
        "отсутствует по уважительной причине": "absent, excused",
        "отсутствует по болезни": "absent, ill",
        "опоздание": "late",
        "освобождён, занят делами школы": "exempt, on school business",
    },
}

#: Formats of dates.
DATES: Final = {"ru": "{0:%d.%m.%Y}", "en": "{0.day} {0:%B %Y}"}
