"""The files and columns of a bundle that the import reads. It ignores all others."""

from __future__ import annotations

from dataclasses import dataclass

ID_LENGTH = 255
NAME_LENGTH = 200
TITLE_LENGTH = 200
TEXT_LENGTH = 1000

STAFF_ROLES = frozenset({"teacher", "administrator", "siteAdministrator", "systemAdministrator", "principal"})
GUARDIAN_ROLES = frozenset({"parent", "guardian", "relative"})
STUDENT_ROLE = "student"
#: The type of a class that is a class; the others are courses.
HOMEROOM = "homeroom"
ROLES = STAFF_ROLES | GUARDIAN_ROLES | {STUDENT_ROLE, "aide", "counselor", "districtAdministrator", "proctor"}
ORG_TYPES = frozenset({"department", "school", "district", "local", "state", "national"})
SESSION_TYPES = frozenset({"schoolYear", "semester", "term", "gradingPeriod"})
CLASS_TYPES = frozenset({HOMEROOM, "scheduled"})
SCORE_STATUSES = frozenset(
    {"exempt", "fully graded", "not submitted", "partially graded", "submitted", "late", "missing", "withdrawn"}
)
GONE = "tobedeleted"
STATUSES = frozenset({"active", GONE})


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its constraints.

    `there`: the file must have the column; `filled`: its cells must not be empty. `kind` is `text` (one line),
    `lines`, `date`, `email`, `flag`, `number` or `year`. `refers` names the file that must hold the cell's
    sourcedId, or each of its comma-separated sourcedIds if `many`.
    """

    name: str
    there: bool = True
    filled: bool = False
    kind: str = "text"
    longest: int = TEXT_LENGTH
    values: frozenset[str] = frozenset()
    refers: str = ""
    many: bool = False
    #: A wrong cell is taken for an empty one, and told: nothing hangs on it.
    spared: bool = False


def _id(name: str, refers: str = "", *, there: bool = True, filled: bool = True) -> Column:
    return Column(name, there, filled, longest=ID_LENGTH, refers=refers)


def _ids(name: str, refers: str, *, there: bool = True, filled: bool = False) -> Column:
    return Column(name, there, filled, longest=10 * TEXT_LENGTH, refers=refers, many=True)


def _text(name: str, *, filled: bool = False, there: bool = True, longest: int = TEXT_LENGTH) -> Column:
    return Column(name, there, filled, longest=longest)


def _typed(name: str, kind: str, *, filled: bool = False, there: bool = True) -> Column:
    return Column(name, there, filled, kind=kind, longest=64)


def _one_of(name: str, values: frozenset[str], *, filled: bool = True, there: bool = True) -> Column:
    return Column(name, there, filled, values=values)


_STATUS = _one_of("status", STATUSES, filled=False, there=False)
#: When the row was changed last; read of deltas, and never a fault.
_MODIFIED = Column("dateLastModified", there=False, longest=64, spared=True)
_KEY = (_id("sourcedId"), _STATUS, _MODIFIED)

#: File → its columns. Most files refer only to files before them.
FILES: dict[str, tuple[Column, ...]] = {
    "orgs": (
        *_KEY,
        _text("name", filled=True, longest=300),
        _one_of("type", ORG_TYPES),
        _text("identifier", there=False, longest=ID_LENGTH),
        _id("parentSourcedId", "orgs", there=False, filled=False),
    ),
    "academicSessions": (
        *_KEY,
        _text("title", filled=True, longest=TITLE_LENGTH),
        _one_of("type", SESSION_TYPES),
        _typed("startDate", "date", filled=True),
        _typed("endDate", "date", filled=True),
        _id("parentSourcedId", "academicSessions", filled=False),
        _typed("schoolYear", "year", filled=True),
    ),
    "courses": (
        *_KEY,
        _id("schoolYearSourcedId", "academicSessions", there=False, filled=False),
        _text("title", filled=True, longest=TITLE_LENGTH),
        _id("orgSourcedId", "orgs"),
    ),
    "classes": (
        *_KEY,
        _text("title", filled=True, longest=TITLE_LENGTH),
        _text("grades", there=False),
        _id("courseSourcedId", "courses"),
        _one_of("classType", CLASS_TYPES),
        _id("schoolSourcedId", "orgs"),
        _ids("termSourcedIds", "academicSessions"),
    ),
    "users": (
        *_KEY,
        _typed("enabledUser", "flag"),
        _ids("orgSourcedIds", "orgs", there=False),
        _one_of("role", ROLES, filled=False, there=False),
        _text("username", longest=ID_LENGTH),
        _text("givenName", filled=True, longest=NAME_LENGTH),
        _text("familyName", filled=True, longest=NAME_LENGTH),
        _text("middleName", there=False, longest=NAME_LENGTH),
        Column("email", there=False, kind="email", longest=254, spared=True),
        Column("sms", there=False, longest=64, spared=True),
        Column("phone", there=False, longest=64, spared=True),
        _ids("agentSourcedIds", "users", there=False),
        _text("grades", there=False),
    ),
    "roles": (
        *_KEY,
        _id("userSourcedId", "users"),
        _one_of("role", ROLES),
        _typed("beginDate", "date", there=False),
        _typed("endDate", "date", there=False),
        _id("orgSourcedId", "orgs"),
    ),
    "enrollments": (
        *_KEY,
        _id("classSourcedId", "classes"),
        _id("userSourcedId", "users"),
        _one_of("role", ROLES),
        _typed("primary", "flag", there=False),
        _typed("beginDate", "date", there=False),
        _typed("endDate", "date", there=False),
    ),
    "demographics": (
        _id("sourcedId", "users"),
        _STATUS,
        _MODIFIED,
        Column("birthDate", there=False, kind="date", longest=64, spared=True),
        Column("sex", there=False, longest=16, spared=True),
    ),
    "categories": (
        *_KEY,
        _text("title", filled=True, longest=TITLE_LENGTH),
        _typed("weight", "number", there=False),
    ),
    "lineItems": (
        *_KEY,
        _text("title", filled=True, longest=TITLE_LENGTH),
        _typed("assignDate", "date", there=False),
        _typed("dueDate", "date", there=False),
        _id("classSourcedId", "classes"),
        _id("categorySourcedId", "categories", filled=False),
        _typed("resultValueMin", "number", there=False),
        _typed("resultValueMax", "number", there=False),
    ),
    "results": (
        *_KEY,
        _id("lineItemSourcedId", "lineItems"),
        _id("studentSourcedId", "users"),
        _one_of("scoreStatus", SCORE_STATUSES),
        _text("score", longest=64),
        _text("textScore", there=False, longest=64),
        _typed("scoreDate", "date", there=False),
        Column("comment", there=False, kind="lines"),
    ),
}

#: Files of which a wrong row is left out, and told: nothing hangs on it.
SPARED = frozenset({"demographics", "results"})
#: Files that every whole bundle must have.
REQUIRED = ("orgs", "academicSessions", "classes", "users", "enrollments")
#: File → the files that it requires.
NEEDS = {"lineItems": ("categories",), "results": ("lineItems",)}
