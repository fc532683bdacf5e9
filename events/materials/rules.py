"""What may be handed out, and to whom. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class Audience(StrEnum):
    """Who may have a material."""

    everybody = "everybody"
    registered = "registered"
    staff = "staff"


AUDIENCES = {
    Audience.everybody: N_("Everybody who is asked"),
    Audience.registered: N_("Those who have a place"),
    Audience.staff: N_("Staff only"),
}
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


class FileIsHarmful(Refusal):
    status = 422
    code = "file-harmful"
    title = N_("The scanner of this installation has refused this file.")


def media_type_of(name: str, content: bytes) -> str:
    """By the ending, if the content begins as that kind does. Raises MaterialKind."""
    known = KINDS.get(name.lower().rpartition(".")[2])
    if known is None or (known[1] and not content.startswith(known[1])):
        raise MaterialKind("file", kinds=", ".join(KINDS))
    return known[0]


def may_have(audience: Audience, *, has_place: bool) -> bool:
    """Whether a participant may download it; staff may always."""
    return audience is Audience.everybody or (audience is Audience.registered and has_place)
