"""Whether a key could be guessed."""

from itertools import pairwise

LEAST_LETTERS = 32
# 32 random hexadecimal digits hold fewer than this once in some ten thousand keys.
LEAST_KINDS = 10


def weakness_of(key: str) -> str:
    """What is weak about the installation's key, in words. Empty: nothing."""
    if len(key) < LEAST_LETTERS:
        return f"HEYET_SECRET_KEY is shorter than {LEAST_LETTERS} characters."
    if len(set(key)) < LEAST_KINDS:
        return f"HEYET_SECRET_KEY is made of fewer than {LEAST_KINDS} different characters."
    # A text that repeats itself is found in its double before its own end.
    if (key + key).find(key, 1) < len(key) or key[: len(key) // 2] in key[1:]:
        return "HEYET_SECRET_KEY repeats itself."
    steps = [ord(after) - ord(before) for before, after in pairwise(key)]
    if max(steps.count(1), steps.count(-1)) * 2 > len(steps):
        return "HEYET_SECRET_KEY counts up or down the alphabet."
    if any(
        word in key.lower()
        for word in (
            "changeme",
            "change-me",
            "change_me",
            "password",
            "secretkey",
            "secret_key",
            "secret-key",
        )
    ):
        return "HEYET_SECRET_KEY holds words that stand in examples."
    return ""
