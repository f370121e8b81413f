"""The Nameko service: its name and the entry points of its capabilities."""

from __future__ import annotations

from services.identity.appointments.entrypoints import AppointmentsEntrypoints
from services.identity.bundles.entrypoints import BundlesEntrypoints
from services.identity.classes.entrypoints import ClassesEntrypoints
from services.identity.consents.entrypoints import ConsentsEntrypoints
from services.identity.credentials.entrypoints import CredentialsEntrypoints
from services.identity.directory.entrypoints import DirectoryEntrypoints
from services.identity.people.entrypoints import PeopleEntrypoints
from services.identity.schools.entrypoints import SchoolsEntrypoints
from services.identity.sessions.entrypoints import SessionsEntrypoints


class IdentityService(
    SchoolsEntrypoints,
    PeopleEntrypoints,
    DirectoryEntrypoints,
    ConsentsEntrypoints,
    ClassesEntrypoints,
    SessionsEntrypoints,
    AppointmentsEntrypoints,
    CredentialsEntrypoints,
    BundlesEntrypoints,
):
    """The identity service."""

    name = "identity"
