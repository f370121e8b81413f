"""Which roles may ask for which operation. One table; what it does not hold is refused.

An operation is a method of a service, under its name on the bus, or one of the door's own. Roles are all that is
decided here: whether this teacher teaches that course is the service's business.
"""

from __future__ import annotations

from typing import Final

from contracts.attendance import Attendance
from contracts.gradebook import Gradebook
from contracts.identity import OPERATOR, STAFF, Identity
from contracts.notifications import Notifications
from contracts.printing import Printing
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
    Identity.open_session: PUBLIC,
    Identity.refresh_session: PUBLIC,
    Identity.close_session: SIGNED_IN,
    Identity.change_password: SIGNED_IN,
    Identity.me: SIGNED_IN,
    Identity.schools: SIGNED_IN,
    Identity.classes: STAFF,
    Identity.class_list: STAFF,
    Identity.names: MEMBERS,
    Identity.people: KEEPERS,
    Identity.set_contact: METHODOLOGIST,
    Identity.issue_credentials: frozenset({"methodologist", "director", OPERATOR}),
    Identity.appoint: frozenset({"director", OPERATOR}),
    Identity.record_consent: KEEPERS,
    Identity.start_import: METHODOLOGIST | {OPERATOR},
    Identity.import_status: METHODOLOGIST | {OPERATOR},
    Gradebook.calendar: MEMBERS,
    Gradebook.kinds: MEMBERS,
    Gradebook.courses: JOURNAL,
    Gradebook.day: JOURNAL,
    Gradebook.lesson: JOURNAL,
    Gradebook.add_lesson: TEACHER,
    Gradebook.describe_lesson: TEACHER,
    Gradebook.post_mark: TEACHER,
    Gradebook.post_marks: TEACHER,
    Gradebook.change_mark: TEACHER,
    Gradebook.mark_history: JOURNAL | FAMILY,
    Gradebook.journal_page: JOURNAL,
    Gradebook.diary_week: JOURNAL | FAMILY,
    Gradebook.marks_of: JOURNAL | FAMILY,
    Attendance.codes: MEMBERS,
    Attendance.check_lesson: STAFF,
    Attendance.lesson_checks: STAFF,
    Attendance.absences_of: MEMBERS,
    Notifications.deliveries: KEEPERS | {"parent"},
    Printing.order_journal_page: METHODOLOGIST,
    Printing.job: KEEPERS,
    Printing.jobs: KEEPERS,
    Printing.document_part: KEEPERS,
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
UPLOADS: Final = frozenset({repr(Identity.start_import)})


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
