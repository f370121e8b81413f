"""Hashes of passwords."""

from argon2 import Type

from services.identity.accounts.passwords import PARAMETERS


def test_passwords_are_hashed_at_least_as_owasp_lists():
    """Argon2id with 19 MiB, two passes and one lane; the tests' own hashes are quicker."""
    assert PARAMETERS.type is Type.ID
    assert PARAMETERS.memory_cost >= 19 * 1024
    assert PARAMETERS.time_cost >= 2
    assert PARAMETERS.parallelism == 1
