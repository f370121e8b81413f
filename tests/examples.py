"""On how many examples a property is tried: on all by `make test`, on a few by `make test-fast`."""

from hypothesis import settings

#: Examples that Hypothesis takes where a test does not say; the profile of `make test-fast` lowers it.
USUAL = 100


def examples(count: int) -> int:
    """`count`, or as much less as the profile takes less than usual."""
    return max(5, count * settings.default.max_examples // USUAL)
