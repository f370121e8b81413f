"""Time zones of schools: pure."""

import pytest

from kernel.errors import Invalid
from services.identity.schools.rules import zone_named


@pytest.mark.parametrize("name", ["Europe/Moscow", "Asia/Kamchatka", "UTC"])
def test_p34_a_time_zone_is_taken_by_its_name(name):
    assert zone_named(name) == name


@pytest.mark.parametrize("name", ["Europe/Atlantis", "Москва", "", "/etc/passwd", "../UTC"])
def test_p34_what_is_no_time_zone_is_refused(name):
    with pytest.raises(Invalid) as refused:
        zone_named(name)
    assert (refused.value.rule, refused.value.field) == ("no-time-zone", "time_zone")
    assert str(refused.value) == f"There is no time zone {name}."
