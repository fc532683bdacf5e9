"""KDE's reader of bookings agrees on days and times of what both read, where it is installed (libkpimitinerary-bin).

It is asked in tests only: it would be wrong with the same confidence. Where it is missing there is nothing to compare,
which is no lack of ours: then there is no test.
"""

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.visits.vendors import RECEIVED, boarding_pass, flight, forwarded, mail, page, proposal
from visits.travel_types import local_time_from

FOUND = sorted(Path("/usr/lib").glob("*/libexec/kf*/kitinerary-extractor"))
CODE = "M1DEMIR/ELIF MRS      EHYT6K2 ISTVIETK 1887 285Y012A0042 100"
DATE_LINE = flight("AKL-LAX", "2026-10-12T19:30:00+13:00", "2026-10-12T12:30:00-07:00")
TRAIN = {
    "@type": "TrainTrip",
    "trainNumber": "RJX 60",
    "departureStation": {"@type": "TrainStation", "name": "Budapest-Keleti"},
    "arrivalStation": {"@type": "TrainStation", "name": "Wien Hbf"},
    "departureTime": "2026-10-12T08:05:00+02:00",
    "arrivalTime": "2026-10-12T11:05:00+02:00",
}
BY_TRAIN = {"@context": "http://schema.org", "@type": "TrainReservation", "underName": {"name": "Elif Demir"}}
SAMPLES = {
    "page.html": page(flight()),
    "graph.html": page({"@context": "https://schema.org", "@graph": [flight()]}),
    "two.html": page(flight(), flight("VIE-IST", "2026-10-16T19:25:00+02:00", "2026-10-16T22:50:00+03:00", "1886")),
    "date-line.html": page(DATE_LINE),
    "train.html": page({**BY_TRAIN, "reservationFor": TRAIN}),
    "mail.eml": mail(flight()).as_bytes(),
    "forwarded.eml": forwarded(mail(flight())).as_bytes(),
    "pass.pkpass": boarding_pass(CODE, relevant="2026-10-12T04:25Z"),
}


def instant(said: Any) -> datetime | None:
    """Of KDE's moments, which are texts or objects."""
    text = said.get("@value") if isinstance(said, dict) else said
    return datetime.fromisoformat(text) if text else None


if FOUND:

    @pytest.mark.parametrize("name", SAMPLES)
    def test_another_reader_sees_the_same_days_and_times(name: str, tmp_path: Path) -> None:
        file = tmp_path / name
        file.write_bytes(SAMPLES[name])
        # The day on which it came, or years would be those of today.
        command = [str(FOUND[0]), "-c", f"{RECEIVED}T00:00:00", str(file)]
        run = subprocess.run(command, capture_output=True, check=True, timeout=60)
        theirs = [one["reservationFor"] for one in json.loads(run.stdout)]
        ours = proposal(SAMPLES[name])["legs"]
        days = [leg["departs"].get("day") or leg["departs"]["local"][:10] for leg in ours]
        assert days == [one["departureDay"] for one in theirs]
        for leg, one in zip(ours, theirs, strict=True):
            for side, moment in (("departs", "departureTime"), ("arrives", "arrivalTime")):
                said = local_time_from(leg[side]).instant if leg[side] else None
                assert said == instant(one.get(moment))
