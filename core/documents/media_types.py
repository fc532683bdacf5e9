"""Kinds of files that are taken and served, known by their ending and their first bytes. Pure."""

from core.errors import N_, Refusal

# Kinds that a browser may be handed as a download; the content has to begin as its kind does.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "odp": ("application/vnd.oasis.opendocument.presentation", (b"PK\x03\x04",)),
    "png": ("image/png", (b"\x89PNG",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "txt": ("text/plain; charset=utf-8", ()),
    "mp4": ("video/mp4", ()),
}


class MaterialKind(Refusal):
    status = 415
    code = "material-kind"
    title = N_("This file is not one of the kinds that are handed out: %(kinds)s.")


def media_type_of(name: str, content: bytes) -> str:
    """By the ending, if the content begins as that kind does. Raises MaterialKind."""
    known = KINDS.get(name.lower().rpartition(".")[2])
    if known is None or (known[1] and not content.startswith(known[1])):
        raise MaterialKind("file", kinds=", ".join(KINDS))
    return known[0]
