"""x"""
from tests.gateway.site import PASSWORD
def test_a(door, school, monkeypatch):
    import gateway.problems as P, traceback
    c = door.app.test_client()
    door.app.error_handler_spec[None][None].pop(Exception)
    door.app.config["WTF_CSRF_ENABLED"]=False
    r = c.post("/login", data={"login": door.login(school.mother), "password": PASSWORD})
    print(r.status_code, r.headers)
    r = c.get(f"/diary/{school.anna.person_id}"); print(r.status_code, r.text[:300])
    c = door.app.test_client()
    r = c.post("/login", data={"login": door.login(school.methodologist), "password": PASSWORD})
    r = c.post(f"/credentials", data={"person_ids":str(school.anna.person_id)}); print(r.status_code, r.text[-2300:])
    assert 0
