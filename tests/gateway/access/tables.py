"""Who gets what: tables of who asks, and whose thing it is that they ask for (`world.py` says who everybody is).

Words of the tables:

in        the request is let in; whatever then becomes of it is not a matter of access
shown     the list that is asked for holds the thing
left out  the list does not hold it
absent    404, in the very words for a thing that was never there
refused   403: the asker may see the thing, or hears the same whatever is asked for

Askers without a row have a role that may not: they are refused with 403, whatever they ask for. Without a valid token
everybody gets 401, but for the two addresses that are public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.gateway.access.world import ASKERS, OTHER_SCHOOL, OWN

IN, SHOWN, LEFT_OUT, ABSENT, REFUSED = "in", "shown", "left out", "absent", "refused"
WORDS: Final = (IN, SHOWN, LEFT_OUT, ABSENT, REFUSED)

#: Asker → whose thing → what becomes of the request.
Rights = Mapping[str, Mapping[str, str]]


def rights(table: str) -> Rights:
    """A table as it is read: its first line has the heads of the columns."""
    head, *rows = [_cells(line) for line in table.strip().splitlines()]
    return {asker: dict(zip(head[1:], words, strict=True)) for asker, *words in rows}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def all_in(*but: str) -> Rights:
    """Everybody is let in, but these: what is asked for is one's own, or nobody's."""
    return {asker: {OWN: IN} for asker in ASKERS if asker not in but}


def without(table: Rights, *askers: str) -> Rights:
    """The table without these askers."""
    return {asker: row for asker, row in table.items() if asker not in askers}


EVERYBODY: Final = all_in()
SESSIONS_ENDED: Final = rights(
    """
    asker                  | own    | other family | other class | other school
    director               | absent | absent       | absent      | absent
    deputy                 | absent | absent       | absent      | absent
    methodologist          | absent | absent       | absent      | absent
    teacher                | absent | absent       | absent      | absent
    homeroom teacher       | absent | absent       | absent      | absent
    plan_head              | absent | absent       | absent      | absent
    parent                 | in     | absent       | absent      | absent
    parent without consent | absent | absent       | absent      | absent
    student                | absent | absent       | absent      | absent
    operator               | absent | absent       | absent      | absent
    """
)
MEMBERS: Final = all_in("operator")
STAFF: Final = all_in("operator", "parent", "parent without consent", "student")
JOURNAL: Final = all_in("operator", "plan_head", "parent", "parent without consent", "student")

STUDENTS_RECORD: Final = rights(
    """
    asker                  | own    | other family | other class | other school
    director               | in     | in           | in          | absent
    deputy                 | in     | in           | in          | absent
    methodologist          | in     | in           | in          | absent
    teacher                | absent | absent       | absent      | absent
    homeroom teacher       | in     | in           | absent      | absent
    plan_head              | absent | absent       | absent      | absent
    parent                 | in     | absent       | absent      | absent
    parent without consent | absent | absent       | absent      | absent
    student                | in     | absent       | absent      | absent
    """
)
FAMILYS_FEED: Final = rights(
    """
    asker                  | own    | other family | other class | other school
    teacher                | absent | absent       | absent      | absent
    homeroom teacher       | absent | absent       | absent      | absent
    parent                 | in     | absent       | absent      | absent
    parent without consent | absent | absent       | absent      | absent
    student                | in     | absent       | absent      | absent
    """
)
MARKS_HISTORY: Final = rights(
    """
    asker                  | own    | other family | other class | other school
    director               | in     | in           | in          | absent
    deputy                 | in     | in           | in          | absent
    methodologist          | in     | in           | in          | absent
    teacher                | in     | in           | absent      | absent
    homeroom teacher       | in     | in           | absent      | absent
    parent                 | in     | absent       | absent      | absent
    parent without consent | absent | absent       | absent      | absent
    student                | in     | absent       | absent      | absent
    """
)
COURSE_READ: Final = rights(
    """
    asker            | own | other class | other school
    director         | in  | in          | absent
    deputy           | in  | in          | absent
    methodologist    | in  | in          | absent
    teacher          | in  | absent      | absent
    homeroom teacher | in  | absent      | absent
    """
)
LESSONS_SOUGHT: Final = rights(
    """
    asker            | own   | other class | other school
    director         | shown | shown       | left out
    deputy           | shown | shown       | left out
    methodologist    | shown | shown       | left out
    teacher          | shown | left out    | left out
    homeroom teacher | shown | left out    | left out
    """
)
#: The homeroom teacher enters absences alone: each entry is refused, or not, by itself.
CELLS_ENTERED: Final = rights(
    """
    asker            | own | other class | other school
    teacher          | in  | absent      | absent
    homeroom teacher | in  | absent      | absent
    """
)
COURSE_WRITTEN: Final = rights(
    """
    asker            | own     | other class | other school
    teacher          | in      | absent      | absent
    homeroom teacher | refused | absent      | absent
    """
)
BROUGHT_ENTERED: Final = rights(
    """
    asker            | own     | other class | other school
    methodologist    | in      | in          | absent
    teacher          | in      | absent      | absent
    homeroom teacher | refused | absent      | absent
    """
)
NOTE_KEPT: Final = rights(
    """
    asker            | own | other class | other school
    teacher          | in  | absent      | absent
    homeroom teacher | in  | absent      | absent
    """
)
HOMEWORK_TICKED: Final = rights(
    """
    asker   | own | other class | other school
    student | in  | absent      | absent
    """
)
HOMEWORK_FILE_READ: Final = rights(
    """
    asker                  | own    | other class | other school
    director               | in     | in          | absent
    deputy                 | in     | in          | absent
    methodologist          | in     | in          | absent
    teacher                | in     | absent      | absent
    homeroom teacher       | in     | absent      | absent
    parent                 | in     | absent      | absent
    parent without consent | absent | absent      | absent
    student                | in     | absent      | absent
    """
)
MARKS_WRITTEN: Final = rights(
    """
    asker            | own     | other family | other class | other school
    teacher          | in      | in           | absent      | absent
    homeroom teacher | refused | refused      | absent      | absent
    """
)
COURSES_LISTED: Final = rights(
    """
    asker            | own   | other class | other school
    director         | shown | shown       | left out
    deputy           | shown | shown       | left out
    methodologist    | shown | shown       | left out
    teacher          | shown | left out    | left out
    homeroom teacher | shown | left out    | left out
    """
)
#: What of the school the methodologist alone changes.
YEAR_SET_UP: Final = rights(
    """
    asker         | own | other school
    methodologist | in  | absent
    """
)
COURSES_MADE: Final = rights(
    """
    asker         | own | other class | other school
    methodologist | in  | in          | absent
    """
)
CLASS_SPLIT: Final = rights(
    """
    asker            | own     | other class | other school
    methodologist    | in      | in          | absent
    teacher          | in      | absent      | absent
    homeroom teacher | refused | absent      | absent
    """
)
TEACHERS_DAY: Final = rights(
    """
    asker            | own     | other class | other school
    director         | shown   | shown       | left out
    deputy           | shown   | shown       | left out
    methodologist    | shown   | shown       | left out
    teacher          | shown   | refused     | refused
    homeroom teacher | refused | refused     | refused
    """
)
CHECK_READ: Final = rights(
    """
    asker            | own    | other class | other school
    director         | shown  | shown       | absent
    deputy           | shown  | shown       | absent
    methodologist    | shown  | shown       | absent
    teacher          | shown  | absent      | absent
    homeroom teacher | shown  | absent      | absent
    plan_head        | absent | absent      | absent
    """
)
#: Of many lessons at once those are left out that one lesson's address denies.
CHECKS_LISTED: Final = {
    asker: {whose: LEFT_OUT if word == ABSENT else word for whose, word in row.items()}
    for asker, row in CHECK_READ.items()
}
CHECK_WRITTEN: Final = rights(
    """
    asker            | own     | other class | other school
    director         | refused | refused     | absent
    deputy           | refused | refused     | absent
    methodologist    | refused | refused     | absent
    teacher          | refused | absent      | absent
    homeroom teacher | in      | absent      | absent
    """
)
CLASS_READ: Final = rights(
    """
    asker            | own | other class | other school
    director         | in  | in          | absent
    deputy           | in  | in          | absent
    methodologist    | in  | in          | absent
    teacher          | in  | in          | absent
    homeroom teacher | in  | in          | absent
    plan_head        | in  | in          | absent
    """
)
PLAN_WRITTEN: Final = rights(
    """
    asker         | own | other class | other school
    methodologist | in  | in          | absent
    plan_head     | in  | refused     | absent
    """
)
#: What a file holds that the asker handed in.
PLANS_READ: Final = rights(
    """
    asker         | own
    methodologist | in
    plan_head     | in
    """
)
PLAN_ATTACHED: Final = rights(
    """
    asker         | own | other class | other school
    methodologist | in  | in          | absent
    """
)
PROGRESS_LISTED: Final = rights(
    """
    asker            | own      | other class | other school
    director         | shown    | shown       | left out
    deputy           | shown    | shown       | left out
    methodologist    | shown    | shown       | left out
    teacher          | shown    | left out    | left out
    homeroom teacher | left out | left out    | left out
    plan_head        | shown    | left out    | left out
    """
)
FIGURE_OPENED: Final = rights(
    """
    asker                  | own    | other family | other class | other school
    director               | in     | in           | in          | absent
    deputy                 | in     | in           | in          | absent
    methodologist          | in     | in           | in          | absent
    teacher                | in     | in           | absent      | absent
    homeroom teacher       | in     | in           | absent      | absent
    plan_head              | in     | in           | absent      | absent
    parent                 | in     | absent       | absent      | absent
    parent without consent | absent | absent       | absent      | absent
    student                | in     | absent       | absent      | absent
    """
)
TERM_MARKS_HISTORY: Final = without(FIGURE_OPENED, "plan_head", "parent", "parent without consent", "student")
CLASS_TERM_READ: Final = rights(
    """
    asker            | own    | other class | other school
    director         | in     | in          | absent
    deputy           | in     | in          | absent
    methodologist    | in     | in          | absent
    teacher          | absent | absent      | absent
    homeroom teacher | in     | absent      | absent
    """
)
CLASS_TERM_CHECKED: Final = without(CLASS_TERM_READ, "director", "deputy")
CLASS_TERM_LOCKED: Final = without(CLASS_TERM_CHECKED, "teacher", "homeroom teacher")
PROGRESS_READ: Final = rights(
    """
    asker            | own | other class | other school
    director         | in  | in          | absent
    deputy           | in  | in          | absent
    methodologist    | in  | in          | absent
    teacher          | in  | absent      | absent
    homeroom teacher | in  | absent      | absent
    plan_head        | in  | absent      | absent
    """
)
HEADS_SET: Final = rights(
    """
    asker         | own
    methodologist | in
    """
)
ZONE_READ: Final = rights(
    """
    asker         | own
    director      | in
    deputy        | in
    methodologist | in
    """
)
ZONE_CHANGED: Final = rights(
    """
    asker    | own
    director | in
    deputy   | in
    """
)
CLASSES_LISTED: Final = rights(
    """
    asker            | own   | other class | other school
    director         | shown | shown       | left out
    deputy           | shown | shown       | left out
    methodologist    | shown | shown       | left out
    teacher          | shown | shown       | left out
    homeroom teacher | shown | shown       | left out
    plan_head        | shown | shown       | left out
    """
)
STUDENTS_NAMES: Final = rights(
    """
    asker                  | own      | other family | other class | other school
    director               | shown    | shown        | shown       | left out
    deputy                 | shown    | shown        | shown       | left out
    methodologist          | shown    | shown        | shown       | left out
    teacher                | shown    | shown        | shown       | left out
    homeroom teacher       | shown    | shown        | shown       | left out
    plan_head              | shown    | shown        | shown       | left out
    parent                 | shown    | left out     | left out    | left out
    parent without consent | left out | left out     | left out    | left out
    student                | shown    | left out     | left out    | left out
    """
)
PEOPLE_LISTED: Final = rights(
    """
    asker         | own   | other family | other class | other school
    director      | shown | shown        | shown       | left out
    deputy        | shown | shown        | shown       | left out
    methodologist | shown | shown        | shown       | left out
    """
)
CONSENTS_ENTERED: Final = rights(
    """
    asker         | own | other family | other class | other school
    director      | in  | in           | in          | absent
    deputy        | in  | in           | in          | absent
    methodologist | in  | in           | in          | absent
    """
)
CONTACTS_ENTERED: Final = rights(
    """
    asker         | own | other school
    methodologist | in  | absent
    """
)
#: An operator appoints directors only, and is asked here for a methodologist.
STAFF_APPOINTED: Final = rights(
    """
    asker    | own     | other school
    director | in      | absent
    operator | refused | refused
    """
)
#: An operator issues them to directors only, and is asked here for a teacher's.
CREDENTIALS_ISSUED: Final = rights(
    """
    asker         | own     | other school
    director      | in      | absent
    methodologist | in      | absent
    operator      | refused | refused
    """
)
ORDERS_FOLLOWED: Final = rights(
    """
    asker         | own    | other school
    director      | absent | absent
    methodologist | in     | absent
    operator      | absent | absent
    """
)
BUNDLES_HANDED_IN: Final = rights(
    """
    asker         | own
    methodologist | in
    operator      | in
    """
)
IMPORTS_LISTED: Final = rights(
    """
    asker         | own   | other school
    methodologist | shown | left out
    operator      | shown | shown
    """
)
PAST_LISTED: Final = rights(
    """
    asker         | own   | other school
    methodologist | shown | left out
    """
)
IMPORTS_READ: Final = rights(
    """
    asker         | own | other school
    methodologist | in  | absent
    operator      | in  | in
    """
)
#: Letters to Anna's mother; her father, who has consented to letters alone, has letters of his own.
LETTERS_LISTED: Final = rights(
    """
    asker                  | own      | other family | other class | other school
    director               | shown    | shown        | shown       | left out
    deputy                 | shown    | shown        | shown       | left out
    methodologist          | shown    | shown        | shown       | left out
    parent                 | shown    | left out     | left out    | left out
    parent without consent | left out | left out     | left out    | left out
    """
)
PRINTS_ORDERED: Final = rights(
    """
    asker         | own | other class | other school
    methodologist | in  | in          | absent
    """
)
PRINTS_LISTED: Final = rights(
    """
    asker         | own   | other school
    director      | shown | left out
    deputy        | shown | left out
    methodologist | shown | left out
    """
)
PRINTS_READ: Final = rights(
    """
    asker         | own | other school
    director      | in  | absent
    deputy        | in  | absent
    methodologist | in  | absent
    """
)
#: A thing that every member of a school sees, and of which nobody else hears.
THING_OF_THE_SCHOOL: Final = {asker: {OWN: IN, OTHER_SCHOOL: ABSENT} for asker in ASKERS if asker != "operator"}
YEARS_MADE: Final = rights(
    """
    asker         | own
    methodologist | in
    """
)
YEARS_CHANGED: Final = rights(
    """
    asker         | own | other school
    methodologist | in  | absent
    """
)
YEARS_HISTORY: Final = rights(
    """
    asker         | own | other school
    director      | in  | absent
    deputy        | in  | absent
    methodologist | in  | absent
    """
)
TIMETABLE_EDITED: Final = rights(
    """
    asker            | own     | other class | other school
    methodologist    | in      | in          | absent
    teacher          | in      | absent      | absent
    homeroom teacher | refused | absent      | absent
    """
)
_KEEPERS: Final = ("director", "deputy", "methodologist")
DAY_OF_SCHOOL: Final = {asker: {OWN: SHOWN, OTHER_SCHOOL: LEFT_OUT} for asker in _KEEPERS}
CHANGES_OF_DAYS: Final = {asker: {OWN: IN} for asker in _KEEPERS}
OPENINGS_LISTED: Final = DAY_OF_SCHOOL
LESSONS_OPENED: Final = {"methodologist": {OWN: IN, OTHER_SCHOOL: ABSENT}}
LESSONS_CHANGED: Final = {asker: {OWN: IN, OTHER_SCHOOL: ABSENT} for asker in _KEEPERS}
TIMETABLE_HISTORY: Final = {asker: {OWN: IN, OTHER_SCHOOL: ABSENT} for asker in JOURNAL}
TIMETABLE_UNDONE: Final = {
    asker: {OWN: IN, OTHER_SCHOOL: ABSENT} for asker in ("methodologist", "teacher", "homeroom teacher")
}
_STAFF: Final = ("director", "deputy", "methodologist", "teacher", "homeroom teacher", "plan_head")
POLICY_READ: Final = {asker: {OWN: IN} for asker in _STAFF}
DRAFT_READ: Final = {asker: {OWN: IN} for asker in ("director", "deputy", "methodologist")}
DRAFT_WRITTEN: Final = {"methodologist": {OWN: IN}}
POLICY_ADOPTED: Final = {"director": {OWN: IN}}
SUBJECTS_LISTED: Final = {asker: {OWN: SHOWN, OTHER_SCHOOL: LEFT_OUT} for asker in _STAFF}
CLASS_GRADED: Final = {"methodologist": {OWN: IN, OTHER_SCHOOL: ABSENT}}
SUBJECTS_ADDED: Final = {"methodologist": {OWN: IN}}
CURRICULUM_READ: Final = {asker: {OWN: IN, OTHER_SCHOOL: ABSENT} for asker in _STAFF}
OF_THE_SCHOOL: Final = {asker: {OWN: SHOWN, OTHER_SCHOOL: LEFT_OUT} for asker in ASKERS if asker != "operator"}
SCHOOLS_LISTED: Final = {**OF_THE_SCHOOL, "operator": {OWN: SHOWN, OTHER_SCHOOL: SHOWN}}
