"""Checks new passwords. Pure."""

from __future__ import annotations

from typing import Final

from kernel.errors import Invalid
from services.identity.accounts import rules as accounts_rules

#: zxcvbn's score from 0 to 4: 2 withstands a million guesses, far more than throttled sign-ins allow in a year.
LEAST_SCORE: Final = 2
#: Letters that are looked at; the time grows with the square of their number, 40 take 4 ms.
_LOOKED_AT: Final = 40
#: Words that everybody in a school would try.
_OF_A_SCHOOL: Final = ("lyceum", "лицей", "school", "школа", "gymnasium", "гимназия", "пароль", "ученик", "учитель")
#: What a Russian keyboard types for a walk over the Latin one: «йцукенгшщз» is `qwertyuiop`.
_LATIN_KEYS: Final = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def check_new_password(login: str, old: str, new: str) -> None:
    """Raises `Invalid` if the new password is the old one, contains the login or is soon guessed."""
    if new == old:
        raise Invalid("The new password is the old one.", rule="same-password", field="new_password")
    if login in accounts_rules.folded(new):
        raise Invalid("The new password holds the login.", rule="login-in-password", field="new_password")
    if _soon_guessed(login, new):
        raise Invalid(
            "The new password is easy to guess: take some words that do not belong together.",
            rule="weak-password",
            field="new_password",
        )


def _soon_guessed(login: str, password: str) -> bool:
    """Whether people guess it early: common words, names, dates, runs of keys and their combinations (zxcvbn 4.5)."""
    # its lists of words take 14 MB, and few of the processes that know this rule ever ask it
    from zxcvbn import zxcvbn

    known, typed = [login, *_OF_A_SCHOOL], password.casefold()[:_LOOKED_AT]
    as_typed = {typed, typed.translate(_LATIN_KEYS)}
    return any(zxcvbn(one, user_inputs=known)["score"] < LEAST_SCORE for one in as_typed)
