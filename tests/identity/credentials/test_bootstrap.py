"""An empty installation gets its first accounts."""

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from contracts.identity.people import People
from kernel.errors import Conflict, Invalid, NotFound, Unauthenticated
from services.identity.accounts import tables as accounts_tables
from services.identity.credentials import bootstrap
from tests.identity.conftest import events, login_of, sign_in, sign_in_and_change
from tests.kit.calls import call
from tests.kit.people import ZONE


def test_an_empty_installation_gets_its_operator(service):
    login, password = bootstrap.create_operator(service.unit_of_work, " Root ")
    assert login == "root"
    sign_in(service, login, password)
    _, renewed = bootstrap.create_operator(service.unit_of_work, "root")
    assert renewed != password
    assert len(events(service, "session_revoked")) == 1
    with pytest.raises(Unauthenticated):
        sign_in(service, login, password)
    assert sign_in(service, login, renewed)
    with service.unit_of_work.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(accounts_tables.Account)) == 1


def test_nobodys_account_becomes_an_operators(service, school):
    with pytest.raises(Conflict):
        bootstrap.create_operator(service.unit_of_work, login_of(service, school.teacher))
    with pytest.raises(Invalid):
        bootstrap.create_operator(service.unit_of_work, "  ")


def test_an_empty_installation_gets_a_school_whose_director_appoints_the_others(service, verifier):
    made = bootstrap.create_school(service.unit_of_work, "Лицей", ZONE, "Орлова Дина Павловна")
    director = sign_in_and_change(service, verifier, made["login"], made["password"])
    assert (director.tenant_id, director.roles) == (made["school_id"], {"director"})
    (person,) = call(service, People.people, director)["people"]
    assert person["name"] == "Орлова Дина Павловна"
    for school, zone, name in (
        ("Лицей", "Europe/Nowhere", "Орлова Дина"),
        ("Лицей", ZONE, "Орлова"),
        (" ", ZONE, "О Д"),
    ):
        with pytest.raises(Invalid):
            bootstrap.create_school(service.unit_of_work, school, zone, name)


def test_a_school_that_came_with_a_bundle_gets_a_director(service, school, verifier):
    made = bootstrap.create_director(service.unit_of_work, school.id, "Орлова Дина")
    director = sign_in_and_change(service, verifier, made["login"], made["password"])
    assert (director.tenant_id, director.roles) == (school.id, {"director"})
    with pytest.raises(NotFound):
        bootstrap.create_director(service.unit_of_work, uuid7(), "Орлова Дина")
    with pytest.raises(Invalid):
        bootstrap.create_director(service.unit_of_work, school.id, "Орлова")
