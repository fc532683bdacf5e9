"""How many letters are made at once, and how long their file is kept. Pure."""

from datetime import timedelta
from enum import StrEnum

from core.errors import N_, Refusal

# So many are made while somebody waits; more become a job with progress.
HANDFUL = 5
# So many to a step of the job.
STEP = 10
# Made anew at any time: a file that names many people need not lie about.
KEPT = timedelta(days=7)


class LetterFileKind(StrEnum):
    """What the letters of a file are for; the latest file of each kind is kept."""

    participation = "participation"
    thanks = "thanks"
    visa = "visa"
    nominations = "nominations"


LETTER_FILES = {
    LetterFileKind.participation: N_("Confirmation of participation"),
    LetterFileKind.thanks: N_("Thanks"),
    LetterFileKind.visa: N_("Visa support"),
    LetterFileKind.nominations: N_("Nominations"),
}


class NoLetterFile(Refusal):
    """Nothing was made, or it is not kept any more."""

    status = 409
    code = "no-letter-file"
    title = N_("These letters were not made yet, or their file is no longer kept. Please make them again.")
