"""Which roles may ask for which operation. One table; what it does not hold is refused.

An operation is a method of a service, under its name on the bus, or one of the door's own. Roles are all that is
decided here: whether this teacher teaches that course is the service's business.
"""

from __future__ import annotations

from typing import Final

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.bundles import Bundles
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from contracts.notifications.deliveries import Deliveries
from contracts.printing.documents import Documents
from contracts.roles import OPERATOR, STAFF
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.errors import Forbidden, Unauthenticated

Roles = frozenset[str]

#: No token is asked for.
PUBLIC: Final[Roles] = frozenset({"public"})
#: Whoever has signed in, in whatever role.
SIGNED_IN: Final[Roles] = frozenset({"signed in"})

ADMINISTRATION: Final[Roles] = frozenset({"director", "deputy"})
KEEPERS: Final[Roles] = ADMINISTRATION | {"methodologist"}
METHODOLOGIST: Final[Roles] = frozenset({"methodologist"})
TEACHER: Final[Roles] = frozenset({"teacher"})
FAMILY: Final[Roles] = frozenset({"parent", "student"})
#: Users of the journal itself: students and parents have no access to it (regulation, clause 2.1).
JOURNAL: Final[Roles] = KEEPERS | TEACHER
MEMBERS: Final[Roles] = STAFF | FAMILY

# The door's own operations.
DOCUMENTATION: Final = "door.documentation"
ASSETS: Final = "door.assets"
HEALTH: Final = "door.health"
METRICS: Final = "door.metrics"
SIGN_IN_PAGE: Final = "door.sign_in_page"
LEAVE: Final = "door.leave"
HOME: Final = "door.home"

_OF_METHODS: Final[dict[Rpc, Roles]] = {
    Sessions.open_session: PUBLIC,
    Sessions.refresh_session: PUBLIC,
    Sessions.close_session: SIGNED_IN,
    Credentials.change_password: SIGNED_IN,
    Sessions.me: SIGNED_IN,
    Schools.schools: SIGNED_IN,
    Classes.classes: STAFF,
    Classes.class_list: STAFF,
    People.names: MEMBERS,
    People.people: KEEPERS,
    People.set_contact: METHODOLOGIST,
    Credentials.issue_credentials: frozenset({"methodologist", "director", OPERATOR}),
    People.appoint: frozenset({"director", OPERATOR}),
    Consents.record_consent: KEEPERS,
    Bundles.start_import: METHODOLOGIST | {OPERATOR},
    Bundles.import_status: METHODOLOGIST | {OPERATOR},
    Calendar.calendar: MEMBERS,
    Marks.kinds: MEMBERS,
    Courses.courses: JOURNAL,
    Lessons.day: JOURNAL,
    Lessons.lesson: JOURNAL,
    Lessons.add_lesson: TEACHER,
    Lessons.describe_lesson: TEACHER,
    Marks.post_mark: TEACHER,
    Marks.post_marks: TEACHER,
    Marks.change_mark: TEACHER,
    Marks.mark_history: JOURNAL | FAMILY,
    Journal.journal_page: JOURNAL,
    Journal.diary_week: JOURNAL | FAMILY,
    Journal.marks_of: JOURNAL | FAMILY,
    Codes.codes: MEMBERS,
    Checks.check_lesson: STAFF,
    Checks.lesson_checks: STAFF,
    Absences.absences_of: MEMBERS,
    Deliveries.deliveries: KEEPERS | {"parent"},
    Documents.order_journal_page: METHODOLOGIST,
    Documents.job: KEEPERS,
    Documents.jobs: KEEPERS,
    Documents.document_part: KEEPERS,
}

#: Operation → roles that may ask for it.
OPERATIONS: Final[dict[str, Roles]] = {
    **{repr(method): roles for method, roles in _OF_METHODS.items()},
    DOCUMENTATION: PUBLIC,
    ASSETS: PUBLIC,
    HEALTH: PUBLIC,
    METRICS: PUBLIC,
    SIGN_IN_PAGE: PUBLIC,
    LEAVE: PUBLIC,
    HOME: SIGNED_IN,
}

#: Operations that take files: their bodies may be larger.
UPLOADS: Final = frozenset({repr(Bundles.start_import)})


def is_public(operation: str) -> bool:
    """Whether anybody may ask for it."""
    return OPERATIONS.get(operation) is PUBLIC


def allows(operation: str, roles: Roles) -> bool:
    """Whether someone who signed in with `roles` may ask for the operation."""
    wanted = OPERATIONS.get(operation, frozenset())
    return wanted is PUBLIC or wanted is SIGNED_IN or not wanted.isdisjoint(roles)


def check(operation: str, actor: Actor | None) -> None:
    """Raise `Unauthenticated` where nobody signed in, `Forbidden` where none of the actor's roles will do."""
    if is_public(operation):
        return
    if actor is None:
        raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
    if not allows(operation, actor.roles):
        raise Forbidden("Your role may not do this.", rule="role")
