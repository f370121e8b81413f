"""Zips of bundles: pure."""

from services.identity.bundles.rules.archive import bundle_of_folder, opened
from services.identity.bundles.rules.faults import Faults


def test_a_folder_of_tables_becomes_the_same_bundle_every_time(tmp_path):
    (tmp_path / "users.csv").write_text("sourcedId\n", "utf-8")
    (tmp_path / "notes.txt").write_text("not for the bundle", "utf-8")
    packed = bundle_of_folder(tmp_path)
    assert packed == bundle_of_folder(tmp_path)
    assert opened(packed, Faults()) == {"users.csv": b"sourcedId\n"}
