"""What lies in a bundle, and how a stranger verifies it. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.documents.bundles import file_stem
from core.errors import N_, Refusal

# Ordered anew at any time: a file with everybody's documents need not lie about.
KEPT = timedelta(days=7)
# All files together; what goes beyond is named in the manifest with its hash and left where it is.
MOST_BYTES = 150 * 1024 * 1024
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


class NoBundleYet(Refusal):
    status = 409
    code = "no-bundle-yet"
    title = N_("The evidence of this sheet was not put together yet, or it is no longer kept.")


@dataclass(frozen=True)
class BundleFile:
    """A document under its place in the bundle; `about` says in a few words what it proves."""

    path: str
    content: bytes
    about: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class LeftOutFile:
    """A document that was too large, with its hash: it can be asked for."""

    path: str
    digest: str
    size: int


def fitting(files: Sequence[BundleFile], most: int = MOST_BYTES) -> tuple[list[BundleFile], list[LeftOutFile]]:
    """As many as fit, in their order; the others by name, hash and size."""
    taken, left, size = [], [], 0
    for file in files:
        if size + len(file.content) > most:
            left.append(LeftOutFile(file.path, file.digest, len(file.content)))
        else:
            taken.append(file)
            size += len(file.content)
    return taken, left


def path_for(folder: str, number: int, name: str) -> str:
    """A place in the bundle after what somebody called a file: nothing in it means anything to a folder."""
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    return f"{folder}/{number:03}-{file_stem(stem)}{ending[0].lower() if ending else ''}"


def sealed_with(
    facts: Mapping[str, Any], files: Sequence[BundleFile], left_out: Sequence[LeftOutFile], readme: str
) -> list[tuple[str, bytes]]:
    """All files with the manifest, the list of hashes in the form that `sha256sum -c` reads, and how to verify."""
    manifest = {
        **facts,
        "files": [
            {"path": one.path, "sha256": one.digest, "bytes": len(one.content), "about": one.about} for one in files
        ],
        "left_out": [{"path": one.path, "sha256": one.digest, "bytes": one.size} for one in left_out],
    }
    told = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True).encode()
    named = [(one.path, one.content) for one in files] + [("manifest.json", told)]
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in named)
    return [("README.txt", readme.encode()), *named, ("SHA256SUMS", sums.encode())]
