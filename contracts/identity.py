"""What identity accepts, answers and announces: schools, people, classes, consents, sessions, imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import fields, validate

from kernel.contract import Command, Done, Empty, Event, Interface, Rpc, View

#: Roles a person can hold in a school (domain, clause 2.1). `operator` is held outside any school.
ROLES: Final = ("director", "deputy", "methodologist", "teacher", "plan_head", "parent", "student")
STAFF: Final = frozenset({"director", "deputy", "methodologist", "teacher", "plan_head"})
OPERATOR: Final = "operator"
#: Purposes of processing that rest on consent; keeping the journal itself rests on law (domain, §9).
PURPOSES: Final = ("portal", "email", "sms")
LANGUAGES: Final = ("ru", "en")
#: How many ids one call may name: bounds the size of a message.
MANY: Final = 500


class OpenSession(Command):
    """Sign in."""

    login = fields.Str(required=True, validate=validate.Length(1, 120))
    password = fields.Str(required=True, validate=validate.Length(1, 200))
    address = fields.Str(load_default="", validate=validate.Length(max=64))


class RefreshSession(Command):
    """Exchange a refresh token; each can be used once."""

    refresh_token = fields.Str(required=True, validate=validate.Length(1, 200))


class SessionView(View):
    """The tokens of a session."""

    access_token = fields.Str(required=True)
    refresh_token = fields.Str(required=True)
    expires_in = fields.Int(required=True, metadata={"description": "Seconds until the access token expires."})


class ChildView(View):
    """A student as the guardian's account shows it."""

    student_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    class_name = fields.Str(required=True, allow_none=True)


class ClassRefView(View):
    """A class by name."""

    class_id = fields.UUID(required=True)
    name = fields.Str(required=True)


class MembershipView(View):
    """The account's place in one school."""

    school_id = fields.UUID(required=True)
    school_name = fields.Str(required=True)
    person_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    roles = fields.List(fields.Str(), required=True)
    children = fields.List(fields.Nested(ChildView), required=True)
    homeroom = fields.List(fields.Nested(ClassRefView), required=True)


class MeView(View):
    """Who is signed in."""

    account_id = fields.UUID(required=True)
    login = fields.Str(required=True)
    roles = fields.List(fields.Str(), required=True, metadata={"description": "Roles held outside any school."})
    memberships = fields.List(fields.Nested(MembershipView), required=True)


class NameView(View):
    """A person's name."""

    id = fields.UUID(required=True)
    family_name = fields.Str(required=True)
    given_name = fields.Str(required=True)
    patronymic = fields.Str(required=True)
    name = fields.Str(required=True, metadata={"description": "Family name, given name, patronymic."})


class PeopleIds(Command):
    """Some people."""

    person_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class NamesView(View):
    """The names the actor may see of those asked for; the others are left out."""

    people = fields.List(fields.Nested(NameView), required=True)


class FindPeople(Command):
    """A page of the school's people, by family name."""

    role = fields.Str(load_default=None, allow_none=True, validate=validate.OneOf(ROLES))
    query = fields.Str(load_default="", validate=validate.Length(max=80))
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200))


class PersonView(NameView):
    """A person as the methodologist sees it."""

    roles = fields.List(fields.Str(), required=True)
    email = fields.Str(required=True, allow_none=True)
    phone = fields.Str(required=True, allow_none=True)
    login = fields.Str(required=True, allow_none=True)
    source_id = fields.Str(required=True, allow_none=True)


class PeopleView(View):
    """A page of people; `next` is the `after` of the next page."""

    people = fields.List(fields.Nested(PersonView), required=True)
    next = fields.UUID(required=True, allow_none=True)


class SetContact(Command):
    """Where a person can be reached. A field left out stays as it is; null removes it."""

    person_id = fields.UUID(required=True)
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    phone = fields.Str(allow_none=True, validate=validate.Length(max=32))


class SchoolView(View):
    """A school."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    source_id = fields.Str(required=True, allow_none=True)
    time_zone = fields.Str(required=True)


class SchoolsView(View):
    """The schools the actor belongs to; all of them for an operator."""

    schools = fields.List(fields.Nested(SchoolView), required=True)


class ClassView(View):
    """A class as of today."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    grade = fields.Int(required=True, allow_none=True)
    homeroom_teacher_id = fields.UUID(required=True, allow_none=True)
    students = fields.Int(required=True, metadata={"description": "Number of students enrolled today."})


class ClassesView(View):
    """The classes of the school, by grade and name."""

    classes = fields.List(fields.Nested(ClassView), required=True)


class ClassId(Command):
    """One class."""

    class_id = fields.UUID(required=True)


class EnrolledView(NameView):
    """A student in a class list."""

    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)


class ClassListView(ClassView):
    """A class with its students, by name."""

    enrolled = fields.List(fields.Nested(EnrolledView), required=True)


class GuardianFactView(View):
    """A guardian, for the services that keep a copy."""

    guardian_id = fields.UUID(required=True)
    email = fields.Str(required=True, allow_none=True)
    language = fields.Str(required=True)
    purposes = fields.List(fields.Str(), required=True, metadata={"description": "Consents in force."})


class StudentFactView(View):
    """What other services copy of a student. A higher `revision` replaces a lower one."""

    student_id = fields.UUID(required=True)
    revision = fields.Int(required=True)
    name = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    guardians = fields.List(fields.Nested(GuardianFactView), required=True)


class StudentFactsView(View):
    """Facts of the students asked for."""

    students = fields.List(fields.Nested(StudentFactView), required=True)


class ClassIds(Command):
    """Some classes."""

    class_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class ClassFactView(View):
    """What other services copy of a class."""

    class_id = fields.UUID(required=True)
    revision = fields.Int(required=True)
    name = fields.Str(required=True)
    grade = fields.Int(required=True, allow_none=True)
    homeroom_teacher_id = fields.UUID(required=True, allow_none=True)


class ClassFactsView(View):
    """Facts of the classes asked for, and the zone that says which day it is at their school."""

    classes = fields.List(fields.Nested(ClassFactView), required=True)
    #: None from an identity that does not say it yet.
    time_zone = fields.Str(load_default=None, allow_none=True)


class CredentialView(View):
    """A login and its new password: shown this once, stored nowhere in clear."""

    person_id = fields.UUID(required=True)
    login = fields.Str(required=True)
    password = fields.Str(required=True)


class CredentialsView(View):
    """Credentials just issued."""

    credentials = fields.List(fields.Nested(CredentialView), required=True)


class ChangePassword(Command):
    """Replace one's own password; every other session of the account ends."""

    old_password = fields.Str(required=True, validate=validate.Length(1, 200))
    new_password = fields.Str(required=True, validate=validate.Length(10, 200))


class Appoint(Command):
    """Give or take a role."""

    person_id = fields.UUID(required=True)
    role = fields.Str(required=True, validate=validate.OneOf(sorted(STAFF)))
    held = fields.Bool(load_default=True)


class RecordConsent(Command):
    """A guardian's consent as handed in on paper, or its withdrawal."""

    guardian_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    purpose = fields.Str(required=True, validate=validate.OneOf(PURPOSES))
    granted = fields.Bool(required=True)


class ConsentView(View):
    """A consent as it stands."""

    guardian_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    purpose = fields.Str(required=True)
    granted = fields.Bool(required=True)
    since = fields.DateTime(required=True)


class StartImport(Command):
    """A OneRoster bundle (zip, base64). A methodologist's holds the own school; an operator's may hold several."""

    file_name = fields.Str(load_default="bundle.zip", validate=validate.Length(1, 200))
    bundle = fields.Str(required=True)
    dry_run = fields.Bool(load_default=False)


class ImportId(Command):
    """One import."""

    import_id = fields.UUID(required=True)


class ImportFaultView(View):
    """One fault of a bundle."""

    file = fields.Str(required=True)
    line = fields.Int(required=True, allow_none=True)
    field = fields.Str(required=True, allow_none=True)
    rule = fields.Str(required=True)
    message = fields.Str(required=True)


class CountView(View):
    """What an import did to one kind of thing."""

    kind = fields.Str(required=True)
    created = fields.Int(required=True)
    changed = fields.Int(required=True)
    unchanged = fields.Int(required=True)
    removed = fields.Int(required=True)


class ImportView(View):
    """An import: `waiting`, `checking`, `writing`, then `done`, `rejected` (faults, nothing written) or `failed`."""

    id = fields.UUID(required=True)
    status = fields.Str(
        required=True,
        validate=validate.OneOf(("waiting", "checking", "writing", "done", "rejected", "failed")),
    )
    dry_run = fields.Bool(required=True)
    file_name = fields.Str(required=True)
    started_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    schools = fields.List(fields.Nested(SchoolView), required=True)
    counts = fields.List(fields.Nested(CountView), required=True)
    faults = fields.List(fields.Nested(ImportFaultView), required=True)


class ImportPart(Command):
    """A page of what an import brings for the gradebook, in the call's school."""

    import_id = fields.UUID(required=True)
    kind = fields.Str(
        required=True,
        validate=validate.OneOf(("sessions", "subjects", "courses", "members", "kinds", "works", "marks")),
    )
    page = fields.Int(load_default=0, validate=validate.Range(0))


class ImportPartView(View):
    """Rows of one kind (see services/identity/README.md for their members) and whether there are more pages."""

    rows = fields.List(fields.Dict(), required=True)
    more = fields.Bool(required=True)


class Identity(Interface, service="identity"):
    """People and who they are."""

    open_session = Rpc(OpenSession, SessionView, "Sign in with login and password.", public=True)
    refresh_session = Rpc(
        RefreshSession, SessionView, "New tokens for a refresh token; using one twice ends the session.", public=True
    )
    close_session = Rpc(Empty, Done, "Sign out: the session's tokens stop working.")
    change_password = Rpc(ChangePassword, Done, "Replace one's own password.")
    me = Rpc(Empty, MeView, "Who is signed in, in which schools, with which roles and children.")
    schools = Rpc(Empty, SchoolsView, "Schools the actor belongs to; all for an operator.")
    classes = Rpc(Empty, ClassesView, "Classes of the school, for staff.")
    class_list = Rpc(ClassId, ClassListView, "A class with its students, for staff.")
    names = Rpc(PeopleIds, NamesView, "Names of people, as far as the actor may see them.")
    people = Rpc(FindPeople, PeopleView, "People of the school, for the methodologist and the administration.")
    set_contact = Rpc(SetContact, PersonView, "Where a person is reached; by the methodologist.")
    issue_credentials = Rpc(
        PeopleIds, CredentialsView, "New logins and passwords for people; by the methodologist (clause 2.3)."
    )
    appoint = Rpc(
        Appoint,
        PersonView,
        "Give or take a staff role: the director does (clause 4.1); an operator, a director's only.",
    )
    record_consent = Rpc(RecordConsent, ConsentView, "Enter a guardian's consent or its withdrawal (clause 5.2).")
    start_import = Rpc(StartImport, ImportView, "Check and import a OneRoster bundle, in the background.")
    import_status = Rpc(ImportId, ImportView, "How an import stands.")
    import_part = Rpc(ImportPart, ImportPartView, "Rows of an import for the gradebook; for that service only.")
    student_facts = Rpc(PeopleIds, StudentFactsView, "What services copy of students; for services only.")
    class_facts = Rpc(ClassIds, ClassFactsView, "What services copy of classes; for services only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRevoked(Event):
    """A session ended: its access tokens are not to be honoured any more."""

    SERVICE = "identity"
    NAME = "session_revoked"
    AGGREGATE = "session_id"

    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentsChanged(Event):
    """Name, class, guardians, contacts or consents of these students changed: copies are to be renewed."""

    SERVICE = "identity"
    NAME = "students_changed"
    AGGREGATE = "batch_id"

    batch_id: UUID
    student_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesChanged(Event):
    """Name, grade or homeroom teacher of these classes changed: copies are to be renewed."""

    SERVICE = "identity"
    NAME = "classes_changed"
    AGGREGATE = "batch_id"

    batch_id: UUID
    class_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequested(Event):
    """A bundle was handed in and waits to be checked (identity's own work, taken off the caller's call)."""

    SERVICE = "identity"
    NAME = "import_requested"
    AGGREGATE = "import_id"

    import_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleImported(Event):
    """Identity wrote its part of a bundle for one school; the gradebook's part is ready to be fetched."""

    SERVICE = "identity"
    NAME = "bundle_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    dry_run: bool
