"""New passwords."""

from __future__ import annotations

import time

import pytest

from kernel.errors import Invalid
from services.identity.accounts.rules import new_password
from services.identity.credentials.rules import check_new_password

LOGIN = "petrova.marina"


def refused(new: str, old: str = "old-secret-7", login: str = LOGIN) -> tuple[str, str]:
    """The rule by which a new password is refused, and what is said."""
    with pytest.raises(Invalid) as refusal:
        check_new_password(login, old, new)
    assert refusal.value.field == "new_password"
    return refusal.value.rule, str(refusal.value)


def test_the_old_password_is_not_new() -> None:
    assert refused("old-secret-7") == ("same-password", "The new password is the old one.")


def test_the_login_is_no_part_of_a_password() -> None:
    assert refused("my-Petrova.Marina-1") == ("login-in-password", "The new password holds the login.")


@pytest.mark.parametrize(
    "weak",
    [
        "1234567890",
        "password12",
        "qwertyuiop",
        "lyceum2026",
        "гимназия2026",
        "йцукенгшщз",
        "Йцукен123456",
        " " * 10,
        "a" * 10,
        "a" * 200,
        "qweasdzxc123",
        "abcdefghij",
        "11.12.2013",
    ],
)
def test_s09_what_people_guess_first_is_refused(weak: str) -> None:
    said = "The new password is easy to guess: take some words that do not belong together."
    assert refused(weak) == ("weak-password", said)


def test_s09_the_login_is_guessed_backwards_too() -> None:
    check_new_password(LOGIN, "old-secret-7", "somlehzkrv")
    assert refused("somlehzkrv", login="vrkzhelmos")[0] == "weak-password"


@pytest.mark.parametrize("good", ["kotenok-22", "rooks-nest-in-april", "верба под снегом", "a longer word than that"])
def test_words_that_do_not_belong_together_are_taken(good: str) -> None:
    check_new_password(LOGIN, "old-secret-7", good)


def test_an_issued_password_is_taken() -> None:
    for _ in range(20):
        check_new_password(LOGIN, "old-secret-7", new_password())


def test_the_longest_password_takes_no_time() -> None:
    before = time.process_time()
    check_new_password(LOGIN, "old-secret-7", "".join(chr(33 + 7 * place % 94) for place in range(200)))
    assert time.process_time() - before < 1
