"""Which pages of scans may be entered, and what is said of those that are left out at first. Pure."""

from enum import StrEnum

from core.errors import N_


class PageNote(StrEnum):
    """Why a page that was read is not entered as it is."""

    old_version = "old-version"
    twice = "twice"
    entered_before = "entered-before"


PAGE_NOTES = {
    PageNote.old_version: N_(
        "This is an old version: a newer one was made after it. Tick it if this is the paper that people signed."
    ),
    PageNote.twice: N_("This page has been scanned twice. The reading with fewer unsure cells is used."),
    PageNote.entered_before: N_(
        "This page was entered from another scan before. Tick it if this scan shows it better: both stay as evidence."
    ),
}
