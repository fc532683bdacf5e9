"""Which passwords are too easy to guess."""

import asyncio

from zxcvbn import zxcvbn

from core.columns import folded
from core.errors import N_, Unacceptable
from directory.accounts import rules

# Of five steps from 0 to 4; 3 takes more than 10^8 guesses.
_LEAST = 3
# The estimate costs more than it tells beyond this.
_JUDGED = 72
# What the library's lists, made of English ones, do not know.
_LOCAL = (
    "heyet",
    "parola",
    "sifre",
    "sifrem",
    "galatasaray",
    "fenerbahce",
    "besiktas",
    "trabzonspor",
    "turkiye",
    "istanbul",
    "ankara",
    "izmir",
    "ataturk",
    "mustafa",
    "kemal",
    "cumhuriyet",
    "merhaba",
    "seviyorum",
    "askim",
    "canim",
    "bakanlik",
    "adalet",
    "mahkeme",
    "toplanti",
    "hosgeldiniz",
    "1905",
    "1907",
    "1903",
    "1923",
    "1453",
)


async def must_be_hard_to_guess(password: str, *known: str) -> None:
    """Raises Unacceptable where it is short, or among the first that somebody would try who knows `known`."""
    if len(password) < rules.PASSWORD_LETTERS or len(password) > 200:
        raise Unacceptable(
            "password",
            N_("Please take at least %(least)s letters; a short sentence is good."),
            least=rules.PASSWORD_LETTERS,
        )
    if await asyncio.to_thread(_score, password, known) < _LEAST:
        raise Unacceptable(
            "password", N_("This is easy to guess. Please take a few words that do not belong together.")
        )


def _score(password: str, known: tuple[str, ...]) -> int:
    words = {
        word for text in known for word in (folded(text), *folded(text).replace("@", " ").replace(".", " ").split())
    }
    score: int = zxcvbn(folded(password)[:_JUDGED], user_inputs=[*_LOCAL, *words])["score"]
    return score
