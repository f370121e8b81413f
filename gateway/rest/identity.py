"""Sessions, schools, people, classes, consents."""

from __future__ import annotations

from contracts.identity.appointments import Appointments
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from gateway.composed import credentials, sessions
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import delete, get, patch, post, put

blueprint = ApiBlueprint("identity", __name__, "Sessions, schools, people, classes, consents.")

ROUTES = (
    post("/sessions", Sessions.open_session, answer=sessions.open_session),
    post("/sessions/refresh", Sessions.refresh_session, status=200),
    get("/sessions", Sessions.own_sessions),
    delete("/sessions/{session_id}", Sessions.end_session),
    get("/sessions/current", Sessions.check_session),
    delete("/sessions/current", Sessions.close_session, answer=sessions.close_session),
    get("/session", Sessions.me, answer=sessions.signed_in, view=sessions.SignedInView, name="session"),
    get("/me", Sessions.me),
    put("/me/password", Credentials.change_password),
    get("/schools", Schools.schools),
    get("/school/time-zone", Schools.time_zone),
    put("/school/time-zone", Schools.set_time_zone),
    get("/classes", Classes.classes),
    post("/classes", Classes.make_classes, status=200),
    get("/classes/{class_id}", Classes.class_list),
    put("/classes/{class_id}/grade", Classes.say_grade),
    get("/people", People.people, without=("person_ids",)),
    post("/people", Appointments.make_people),
    post("/people/names", People.names, reads=True),
    patch("/people/{person_id}/contact", People.set_contact),
    post("/people/{person_id}/roles", Appointments.appoint, status=200),
    post("/credentials", Credentials.order_credentials, answer=credentials.order_credentials, status=202),
    get("/credentials/{order_id}", Credentials.credential_order, answer=credentials.credential_order),
    post("/credentials/{order_id}/slips", Credentials.take_credentials, status=200),
    post("/consents", Consents.record_consent),
    get("/people/{person_id}/consents", Consents.consents),
)
