"""What the value of each rule of a policy is typed into, and what is typed as a value of the policy's document.

A value is shown and read as cells: a text, a list of texts, or rows of them. So a refused form comes back as typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import lazy_gettext

from gateway.pages.frame import forms
from kernel.errors import Invalid

#: Cells of a value: a text, chosen texts, or rows of a table by their columns.
Cells = Any

WHOLE: Final = "whole"
DECIMAL: Final = "decimal"
TEXT: Final = "text"
TRUTH: Final = "truth"
CHOICE: Final = "choice"
WEEKDAYS: Final = "weekdays"
KINDS: Final = "kinds"
TABLE: Final = "table"
HIDDEN: Final = "hidden"

#: Most rows of a table, and empty ones at its end that are there to be filled in.
_MOST_ROWS: Final = 60
MORE_ROWS: Final = 1
_DECIMAL: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_YES: Final = "yes"


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the document, its heading and what is typed into it."""

    name: str
    title: Any
    kind: str


@dataclass(frozen=True)
class Input:
    """What a rule's value is typed into."""

    kind: str
    columns: tuple[Column, ...] = ()
    #: The lines of the document's table are lists, not objects.
    listed: bool = False
    #: Exceptions for kinds of work have an effect.
    by_kind: bool = False


_MARK: Final = Column("mark", lazy_gettext("Mark"), WHOLE)
_FROM_MEAN: Final = Column("least", lazy_gettext("From a mean of"), DECIMAL)
_FROM_SHARE: Final = Column("least", lazy_gettext("From a share of"), DECIMAL)
_OF_KINDS: Final = Column("kinds", lazy_gettext("Kinds of work"), KINDS)
_THRESHOLDS: Final = Input(TABLE, (_MARK, _FROM_MEAN))

#: Path of a rule → its input; all others are whole numbers.
_INPUTS: Final[Mapping[str, Input]] = {
    "kinds": Input(
        TABLE,
        (
            Column("code", lazy_gettext("Code"), HIDDEN),
            Column("name", lazy_gettext("Name"), TEXT),
            Column("written", lazy_gettext("written"), TRUTH),
            Column("control", lazy_gettext("control work"), TRUTH),
            Column("homework", lazy_gettext("homework"), TRUTH),
        ),
    ),
    "scales.scale": Input(CHOICE, by_kind=True),
    "scales.sign": Input(DECIMAL, by_kind=True),
    "scales.marked": Input(TRUTH, by_kind=True),
    "means.weighted": Input(TRUTH, by_kind=True),
    "means.weight": Input(DECIMAL, by_kind=True),
    "means.groups": Input(
        TABLE,
        (
            Column("code", lazy_gettext("Name"), TEXT),
            _OF_KINDS,
            Column("weight", lazy_gettext("Weight"), DECIMAL),
            Column("drop_lowest", lazy_gettext("Worst left out"), WHOLE),
            Column("drop_highest", lazy_gettext("Best left out"), WHOLE),
        ),
    ),
    "means.excused": Input(CHOICE, by_kind=True),
    "means.ungraded": Input(CHOICE, by_kind=True),
    "means.only_if_helps": Input(TRUTH, by_kind=True),
    "means.brought": Input(TRUTH, by_kind=True),
    "terms.thresholds": _THRESHOLDS,
    "terms.least_marks": Input(
        TABLE,
        (
            Column("lessons_a_week", lazy_gettext("Lessons a week, from"), DECIMAL),
            Column("marks", lazy_gettext("Marks"), WHOLE),
        ),
    ),
    "terms.vetoes": Input(
        TABLE,
        (
            Column("highest", lazy_gettext("No mark above"), WHOLE),
            Column("low", lazy_gettext("while there is this or a worse one"), WHOLE),
            _OF_KINDS,
        ),
    ),
    "terms.pass_share": Input(DECIMAL),
    "terms.disputed": Input(DECIMAL),
    "years.thresholds": _THRESHOLDS,
    "years.exam_weight": Input(DECIMAL),
    "keeping.week": Input(WEEKDAYS),
    "keeping.mark_days": Input(WHOLE, by_kind=True),
    "keeping.edit_days": Input(WHOLE, by_kind=True),
    "keeping.late_reason": Input(TRUTH, by_kind=True),
    "keeping.teachers_enter_absences": Input(TRUTH),
    "load.control_works_in_first_half": Input(TRUTH),
    "figures.degree": Input(
        TABLE,
        (Column("0", lazy_gettext("Mark"), TEXT), Column("1", lazy_gettext("Adds"), DECIMAL)),
        listed=True,
    ),
    "figures.levels": Input(TABLE, (Column("code", lazy_gettext("Level"), TEXT), _FROM_SHARE)),
    "figures.conversion": Input(TABLE, (_MARK, _FROM_SHARE)),
    "figures.tail": Input(DECIMAL),
    "figures.heap_chance": Input(DECIMAL),
}
_WHOLE: Final = Input(WHOLE)


def input_of(path: str) -> Input:
    """What the value of the rule at `path` is typed into."""
    return _INPUTS.get(path, _WHOLE)


# --- values as cells -------------------------------------------------------------------------------


def cells(of: Input, value: Any) -> Cells:
    """A value of the document as it is shown in its input."""
    if of.kind == TABLE:
        return [{one.name: _cell(one.kind, _in_line(of, line, one.name)) for one in of.columns} for line in value]
    return _cell(of.kind, value)


def empty_row(of: Input) -> dict[str, Cells]:
    """A row of a table that is there to be filled in."""
    return {one.name: [] if one.kind == KINDS else "" for one in of.columns}


def _in_line(of: Input, line: Any, name: str) -> Any:
    return line[int(name)] if of.listed else line[name]


def _cell(kind: str, value: Any) -> Cells:
    if kind == TRUTH:
        return _YES if value else ""
    if kind in (KINDS, WEEKDAYS):
        return [str(one) for one in value]
    return str(value)


# --- what was typed --------------------------------------------------------------------------------


def typed_cells(of: Input, name: str) -> Cells:
    """What was typed into the fields called `name`; rows of a table that are empty are left out."""
    if of.kind != TABLE:
        return _typed(of.kind, name)
    rows = [
        {one.name: _typed(one.kind, f"{name}.{row}.{one.name}") for one in of.columns} for row in range(_rows(name))
    ]
    return [row for row in rows if any(row[one.name] for one in of.columns if one.kind not in (HIDDEN, TRUTH))]


def _rows(name: str) -> int:
    numbers = [int(found[1]) for key in request.form if (found := re.match(rf"{re.escape(name)}\.(\d{{1,3}})\.", key))]
    return min(max(numbers, default=-1) + 1, _MOST_ROWS)


def _typed(kind: str, name: str) -> Cells:
    if kind in (KINDS, WEEKDAYS):
        return request.form.getlist(name)
    return forms.text(name)


# --- cells as values -------------------------------------------------------------------------------


def value_of(of: Input, typed: Cells, field: str) -> Any:
    """What was typed as a value of the document. Raises `Invalid`."""
    if of.kind != TABLE:
        return _value(of.kind, typed, field)
    return [_line(of, row, f"{field}.{index}") for index, row in enumerate(typed)]


def _line(of: Input, row: Mapping[str, Cells], field: str) -> Any:
    line = {one.name: _value(one.kind, row[one.name], f"{field}.{one.name}", one.title) for one in of.columns}
    if "code" in line and of.columns[0].kind == HIDDEN:
        line["code"] = line["code"] or line["name"]
    return list(line.values()) if of.listed else line


def _value(kind: str, typed: Cells, field: str, title: object = "") -> Any:
    if kind == TRUTH:
        return typed == _YES
    if kind == WEEKDAYS:
        return [int(one) for one in typed if one.isascii() and one.isdigit()]
    if kind == WHOLE:
        return _whole(typed, field, title)
    if kind == DECIMAL:
        return _decimal(typed, field, title)
    return typed


def _whole(typed: str, field: str, title: object) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        return int(typed)
    if title:
        raise Invalid("{title}: write a whole number, not “{typed}”.", rule="number", field=field, title=str(title),
                      typed=typed)  # fmt: skip
    raise Invalid("Write a whole number, not “{typed}”.", rule="number", field=field, typed=typed)


def _decimal(typed: str, field: str, title: object) -> str:
    if typed.isascii() and _DECIMAL.fullmatch(typed):
        return typed.replace(",", ".")
    if title:
        raise Invalid("{title}: write a number such as 4.65, not “{typed}”.", rule="number", field=field,
                      title=str(title), typed=typed)  # fmt: skip
    raise Invalid("Write a number such as 4.65, not “{typed}”.", rule="number", field=field, typed=typed)


# --- exceptions ------------------------------------------------------------------------------------


def special_cells(of: Input, special: Mapping[str, Any]) -> dict[str, Cells]:
    """An exception as it is shown in its fields."""
    return {
        "grades": ", ".join(str(grade) for grade in special["grades"]),
        "subjects": "; ".join(special["subjects"]),
        "kinds": list(special["kinds"]),
        "value": cells(of, special["value"]),
    }


def typed_specials(of: Input) -> list[dict[str, Cells]]:
    """What was typed as exceptions; one without grades, subjects and kinds is left out: it is none."""
    found = []
    for index in range(_rows("special")):
        name = f"special.{index}"
        typed = {
            "grades": forms.text(f"{name}.grades"),
            "subjects": forms.text(f"{name}.subjects"),
            "kinds": request.form.getlist(f"{name}.kinds"),
            "value": typed_cells(of, f"{name}.value"),
        }
        if any(typed[part] for part in ("grades", "subjects", "kinds")) and not forms.text(f"{name}.remove"):
            found.append(typed)
    return found


def special_of(of: Input, typed: Mapping[str, Cells], subjects: Sequence[str], field: str) -> dict[str, Any]:
    """What was typed as an exception of the document; `subjects` are those of the school. Raises `Invalid`."""
    known = {name.casefold(): name for name in subjects}
    named = [part.strip() for part in typed["subjects"].split(";") if part.strip()]
    for name in named:
        if name.casefold() not in known:
            raise Invalid(
                "The school has no subject “{subject}”: write it as in the list of subjects, several with semicolons.",
                rule="subject-unknown",
                field=f"{field}.subjects",
                subject=name,
            )
    return {
        "grades": forms.grades_of(typed["grades"], f"{field}.grades"),
        "subjects": [known[name.casefold()] for name in named],
        "kinds": typed["kinds"],
        "value": value_of(of, typed["value"], f"{field}.value"),
    }
