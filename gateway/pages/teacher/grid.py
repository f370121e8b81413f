"""The journal's grid: a row for each student, a column for each lesson and kind of work in it.

Cells are written without the template engine, which takes three times as long for a class's 150.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext
from markupsafe import Markup, escape

from contracts.cell_words import ABSENCES
from gateway.pages.frame import shown
from gateway.pages.frame.marked import marks
from gateway.pages.teacher.column import is_hidden, shown_from
from gateway.pages.teacher.kinds import in_choice, short_names

#: The figures at the end of a row that every journal has.
FIGURES: Final = ("mean", "missed", "late")
#: Those that have a page which says what they are made of.
EXPLAINED: Final = ("mean", "term_mark")
#: Marks that fit in three lines on a phone.
MOST_BUTTONS: Final = 12
#: The time for marks of one kind of work is over; others of the lesson may still be open.
DAYS_OVER: Final = "window-closed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet with what its head shows: a short name of its work, notes on how its lesson stands."""

    view: dict[str, Any]
    work: str
    about: str
    #: How its lesson stands to the timetable.
    standing: list[str]
    #: The holidays before its lesson.
    holidays: list[str]
    is_today: bool

    @property
    def notes(self) -> list[str]:
        """All that is noted at its head."""
        return [*self.standing, *self.holidays]

    @property
    def look(self) -> str:
        """Classes of the column: a cancelled lesson has a shade, and so has one that somebody else holds."""
        return " ".join(filter(None, ("today" if self.is_today else "", self._shade)))

    @property
    def _shade(self) -> str:
        if self.view["state"] == "cancelled":
            return "off"
        return "substituted" if self.view["substitute_id"] else ""

    @property
    def sign(self) -> str:
        """The sign of its notes, as a colour alone tells nothing."""
        return {"off": "×", "substituted": "↔"}.get(self._shade, "•")

    @property
    def leads_to_form(self) -> bool:
        """Whether its head leads to the form of its marks, of those who may set some."""
        why = self.view["why"]
        return self.view["writable"] or (why is not None and why["rule"] == DAYS_OVER)

    @property
    def title(self) -> str:
        """What its head says to a pointer; the line of the grid says it to everybody."""
        topic = self.view["topic"] or gettext("no topic yet")
        return "; ".join(filter(None, (self.about, self.said, topic, *self.notes)))

    @property
    def is_hidden(self) -> bool:
        """Whether families do not see its marks yet."""
        return is_hidden(self.view["visible_from"])

    @property
    def hidden(self) -> str:
        """Until when families do not see its marks; empty where they do."""
        if not self.is_hidden:
            return ""
        day, time = shown_from(self.view["visible_from"])
        return gettext("hidden from families until %(day)s, %(time)s", day=shown.day(day, "dd.MM.yyyy"), time=time)

    @property
    def said(self) -> str:
        """How its marks count and when families see them, where not as those of any other column."""
        helps = gettext("counts only if it helps") if self.view["only_if_helps"] else ""
        return "; ".join(filter(None, (helps, self.hidden)))


def columns(sheet: dict[str, Any], holders: dict[str, str]) -> list[Column]:
    """The columns of a sheet of `gateway.composed.sheet.page`; `holders`: person → name of who stands in."""
    short = short_names([kind["name"] for kind in sheet["kinds"]])
    answers = {kind["id"] for kind in sheet["kinds"] if kind.get("is_answer")}
    found, before = [], ""
    for view in sheet["columns"]:
        standing, free = [*_standing(view, holders)], [*_holidays(sheet["holidays"], before, view["date"])]
        work = "" if view["kind_id"] in answers else short[view["kind"]]
        about = f"{view['kind']} (× {shown.figure(view['weight'])})"
        found.append(Column(view, work, about, standing, free, view["date"] == sheet["today"]))
        before = view["date"]
    return found


def _standing(view: dict[str, Any], holders: dict[str, str]) -> Iterable[str]:
    """How the lesson stands to the timetable, in words."""
    if view["state"] == "cancelled":
        moved = view["moved_to"]
        yield gettext("moved to %(day)s", day=shown.day(moved, "dd.MM")) if moved else gettext("cancelled")
    if view["state"] == "outside":
        yield gettext("not in the timetable any more")
    if view["substitute_id"]:
        nameless = gettext("somebody else")
        yield gettext("held by %(name)s", name=holders.get(view["substitute_id"], nameless))
    if view["reason"]:
        yield view["reason"]


def _holidays(holidays: list[dict[str, Any]], before: str, day: str) -> Iterable[str]:
    """The holidays between a lesson and the one before."""
    for one in holidays:
        if before < one["ends_on"] and one["starts_on"] <= day and (before or one["starts_on"]) <= one["starts_on"]:
            first, last = shown.day(one["starts_on"], "dd.MM"), shown.day(one["ends_on"], "dd.MM")
            yield f"{one['title']}, {first}" if first == last else f"{one['title']}, {first}–{last}"


def opening(found: list[Column]) -> Column | None:
    """The column with which the grid begins: that of the latest lesson, else the first."""
    held = [column for column in found if column.view["held"] and column.view["first"]]
    return held[-1] if held else next(iter(found), None)


def legend(sheet: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The kinds of work in a sheet, each behind its short name; that of the answer in a lesson is empty."""
    used = {column["kind_id"] for column in sheet["columns"]}
    short = short_names([kind["name"] for kind in sheet["kinds"]])
    return [
        ("" if kind.get("is_answer") else short[kind["name"]], kind)
        for kind in in_choice(sheet["kinds"])
        if kind["id"] in used
    ]


def kinds(sheet: dict[str, Any]) -> list[dict[str, str]]:
    """The kinds of work of which columns can be added."""
    short = short_names([kind["name"] for kind in sheet["kinds"]])
    return [
        {
            "id": kind["id"],
            "about": f"{kind['name']} (× {shown.figure(kind['weight'])})",
            "short": "" if kind.get("is_answer") else short[kind["name"]],
        }
        for kind in in_choice(sheet["kinds"])
    ]


def scales(sheet: dict[str, Any]) -> dict[str, list[str]]:
    """Kind of work → the marks that a finger chooses from; none of a scale that has more than fit below the grid."""
    return {kind["id"]: kind["marks"] for kind in sheet["kinds"] if len(kind["marks"]) <= MOST_BUTTONS}


def closed_lesson(sheet: dict[str, Any]) -> str | None:
    """A lesson of the sheet that was held and takes nothing any more, which can say why; None if there is none."""
    return next((one["lesson_id"] for one in sheet["columns"] if one["held"] and not one["absences"]), None)


def figures(sheet: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures at the end of each row, with their heads; those of absences are not told of an earlier moment."""
    heads = {
        "brought": gettext("Brought along"),
        "mean": gettext("Mean"),
        "term_mark": gettext("Term mark"),
        "missed": gettext("Absent"),
        "late": gettext("Late"),
    }
    has = {"mean"} if sheet.get("as_of") else {*FIGURES}
    if any(row["term_mark"] for row in sheet["rows"]):
        has.add("term_mark")
    if sheet["brought"]:
        has.add("brought")
    return [(name, head) for name, head in heads.items() if name in has]


def brought(sheet: dict[str, Any]) -> dict[str, str]:
    """Student → the marks that were brought along, as the journal shows them."""
    found: dict[str, list[str]] = {}
    for one in sheet["brought"]:
        found.setdefault(one["student_id"], []).extend(mark["text"] for mark in one["marks"])
    return {student: " ".join(texts) for student, texts in found.items()}


def data(sheet: dict[str, Any], found: list[Column]) -> dict[str, Any]:
    """What the grid's script has to know of the columns and rows."""
    return {
        "course": sheet["course"]["id"],
        "term": sheet["term"]["id"],
        "title": sheet["course"]["title"],
        "absences": sheet["absences"],
        "columns": [_column(column, sheet["may_write"]) for column in found],
        "rows": [
            {"student": row["student_id"], "own": row["own"], "why": _detail(row["why"])} for row in sheet["rows"]
        ],
        "kinds": kinds(sheet),
        "scales": scales(sheet),
        "codes": [*ABSENCES],
    }


def _column(column: Column, may_write: bool) -> dict[str, Any]:
    view = column.view
    return {
        "lesson": view["lesson_id"],
        "kind": view["kind_id"],
        "date": shown.day(view["date"], "EEEEEE, dd.MM"),
        "about": column.about,
        "said": column.said,
        "topic": "; ".join(filter(None, (view["topic"], *column.holidays))),
        "standing": "; ".join(column.standing),
        "first": view["first"],
        "marks": may_write and view["writable"],
        "absences": view["absences"],
        "checked": bool(view["checked"]),
        "why": _detail(view["why"]),
        "helps": view["only_if_helps"],
        "shown": shown_from(view["visible_from"]),
        "version": view["setting_version"],
    }


def _detail(why: dict[str, Any] | None) -> str:
    return why["detail"] if why else ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What makes the addresses to which the cells of the table lead."""

    #: Of a mark of a student.
    mark: Callable[[str, str], str]
    #: Of the history of a student's attendance in a lesson.
    absence: Callable[[str, str], str]
    #: Of what a student's figures are made of; None where they lead nowhere, as those of an earlier moment.
    explained: Callable[[str], str] | None


def body(sheet: dict[str, Any], ways: Ways) -> Markup:
    """The rows of the table."""
    shades = {
        "not-yet": gettext("Not in this course yet on that day"),
        "left": gettext("No longer in this course on that day"),
    }
    shaded = {
        (row, column): shades[why] for row, start, end, why in sheet["shades"] for column in range(start, end + 1)
    }
    cells = {(row, column): cell for row, column, *cell in sheet["cells"]}
    late = {(row, column) for row, column, due in sheet["owed"] if _is_overdue(due, sheet)}
    came_along = brought(sheet)
    ends = [name for name, _ in figures(sheet)]
    lessons = [column["lesson_id"] for column in sheet["columns"]]
    written = []
    for index, row in enumerate(sheet["rows"]):
        student = row["student_id"]
        inside = [
            _cell(cells.get((index, at)), shaded.get((index, at)), (lesson, student), ways, overdue=(index, at) in late)
            for at, lesson in enumerate(lessons)
        ]
        name = escape(row["name"] or gettext("not known"))
        figures_of = row | {"brought": came_along.get(student, "")}
        way = ways.explained(student) if ways.explained else None
        inside += [_figure(figures_of, one, way if one in EXPLAINED else None) for one in ends]
        written.append(f'<tr><th scope="row">{name}</th>{"".join(inside)}</tr>')
    return Markup("\n".join(written))  # noqa: S704  # escaped


def _cell(cell: list[Any] | None, shade: str | None, of: tuple[str, str], ways: Ways, *, overdue: bool) -> str:
    """The cell `of` a lesson and a student."""
    place = f' class="outside" title="{escape(shade)}"' if shade else ""
    if cell is None:
        return f"<td{place}></td>"
    text, seen, mark, comment, more = cell
    place += f' data-seen="{escape(seen)}"'
    if comment:
        place += f' data-comment="{escape(comment)}"'
    if more:
        place += f' data-more="{escape(more)}"'
    absence, given, owed = _pieces(text, has_mark=mark is not None)
    parts = []
    if absence:
        parts.append(f'<a class="absent" href="{escape(ways.absence(*of))}">{escape(absence)}</a>')
    if mark:
        title = f' title="{escape(comment)}"' if comment else ""
        parts.append(f'<a class="given" href="{escape(ways.mark(mark, of[1]))}"{title}>{marks(given)}</a>')
    if owed:
        look, title = "owed", gettext("work that is owed")
        if overdue:
            look, title = "owed overdue", f"{title}: {gettext('overdue')}"
        parts.append(f'<span class="{look}" title="{escape(title)}">{escape(owed)}</span>')
    return f"<td{place}>{' '.join(parts)}</td>"


def _pieces(text: str, *, has_mark: bool) -> tuple[str, str, str]:
    """The absence in a cell's text, its marks, and the work that is owed; empty where it has none."""
    said, _, last = text.rpartition(" ")
    owed = last if last.startswith(".") else ""
    rest = said if owed else text
    absence, _, given = rest.rpartition(" ") if has_mark else (rest, "", "")
    return absence, given, owed


def _is_overdue(due: str | None, sheet: dict[str, Any]) -> bool:
    return due is not None and due < sheet["today"]


@dataclass(frozen=True, slots=True)
class Owed:
    """A work that a student owes: whose, of which column, until when."""

    name: str
    column: Column
    due: str | None
    overdue: bool


def owed(sheet: dict[str, Any], found: list[Column]) -> list[Owed]:
    """The works that are owed in a sheet, what should have been handed in first, then by the date."""
    works = [
        Owed(sheet["rows"][row]["name"], found[column], due, _is_overdue(due, sheet))
        for row, column, due in sheet["owed"]
    ]
    return sorted(works, key=lambda one: (one.due is None, one.due or "", one.column.view["date"], one.name))


def _figure(row: dict[str, Any], name: str, way: str | None) -> str:
    value = row[name]
    text = "–" if value is None else escape(shown.figure(str(value)))
    if way is not None:
        text = f'<a class="given" href="{escape(way)}" title="{escape(gettext("how it came about"))}">{text}</a>'
    return f'<td class="sum" data-figure="{name}">{text}</td>'
