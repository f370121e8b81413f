"""Migrates identity's schema with `kernel.data.migrations`."""

from kernel.data.migrations import run
from services.identity.accounts import tables as accounts
from services.identity.appointments import tables as appointments
from services.identity.base import Base
from services.identity.bundles import tables as bundles
from services.identity.classes import tables as classes
from services.identity.credentials import tables as credentials
from services.identity.people import tables as people
from services.identity.schools import tables as schools
from services.identity.sessions import tables as sessions

#: Importing the rooms' tables registers them with `Base`.
ROOMS = (accounts, appointments, bundles, classes, credentials, people, schools, sessions)

run(Base.metadata, jobs=True)
