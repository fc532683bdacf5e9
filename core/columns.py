"""Column kinds that behave the same on SQLite and PostgreSQL."""

import enum
import json
import re
import unicodedata
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic._internal import _fields
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, defer
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from core.errors import N_, Unacceptable
from core.security import Vault

# Before the first model: a migration cannot drop what has no name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Pydantic looks through the signature of a field's default each time a row is made, which took a fifth of an answer.
# What a function takes does not change.
_fields.takes_validated_data_argument = cache(_fields.takes_validated_data_argument)  # type: ignore[assignment]

vault = Vault()


def instant(**more: Any) -> Any:
    """A moment: aware in code, UTC in the database; a naive value is refused."""
    return Field(sa_type=UTCDateTime, **more)


def choice(kind: type[enum.StrEnum], **more: Any) -> Any:
    """An enum kept as the text of its value, so that a new member needs no migration."""
    return Field(
        sa_type=sa.Enum(
            kind,
            native_enum=False,
            length=32,
            values_callable=lambda e: [member.value for member in e],
            create_constraint=False,
        ),
        **more,
    )


def document(**more: Any) -> Any:
    """A JSON document."""
    return Field(sa_type=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), **more)


class EncryptedText(sa.types.TypeDecorator[str]):
    """Text that only this installation's key can read; the database sees ciphertext."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else vault.encrypt(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        # A column that came with a migration is plainly empty in the rows that were there.
        return value if not value else vault.decrypt(value)


class EncryptedDocument(sa.types.TypeDecorator[Any]):
    """A JSON document that only this installation's key can read. Nothing in it can be searched."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else vault.encrypt(json.dumps(value))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return json.loads(vault.decrypt(value)) if value else {}


_ENCRYPTED = (EncryptedText, EncryptedDocument)


def secret(**more: Any) -> Any:
    """Personal text encrypted at rest."""
    return Field(sa_type=EncryptedText, **more)


def secret_document(**more: Any) -> Any:
    """A JSON document encrypted at rest."""
    return Field(sa_type=EncryptedDocument, **more)


@cache
def without_secrets(model: type[SQLModel]) -> tuple[Any, ...]:
    """Options of a query that shows nothing of what is encrypted in these rows: it is neither read nor decrypted, and
    whoever asks such a row for it gets an error."""
    secrets = (c.key for c in sa.inspect(model).column_attrs if isinstance(c.columns[0].type, _ENCRYPTED))
    return tuple(defer(getattr(model, key), raiseload=True) for key in secrets)


def room(model: type[SQLModel], name: str) -> int:
    """How many letters fit into a column: the one place where that is said."""
    most: int = sa.inspect(model).columns[name].type.length
    return most


@cache
def _bounded(model: type[Any]) -> tuple[tuple[str, int], ...]:
    """Attributes of a model whose columns have a bound, and how many letters fit."""
    columns = sa.inspect(model).column_attrs
    found = ((one.key, getattr(one.columns[0].type, "length", None)) for one in columns)
    return tuple((key, length) for key, length in found if length)


def must_fit(row: SQLModel) -> None:
    """Raises Unacceptable beside the field of that name where a text is longer than its column.

    What comes in is checked where it comes in; this is for what was forgotten there. PostgreSQL would fail, and name
    the text in its log; SQLite would keep it.
    """
    for name, most in _bounded(type(row)):
        text = row.__dict__.get(name)
        if isinstance(text, str) and len(text) > most:
            raise Unacceptable(name, N_("This is longer than the %(max_length)s letters that fit."), max_length=most)


# Letters that are a plain one with a stroke or hook through it, which Unicode does not take apart, and joined ones.
_PLAIN = str.maketrans(
    {
        **dict(zip("ıłøđðħŧŋɓɗəƙɛɔɨʉƒ", "iloddhtnbdekeoiuf", strict=True)),
        **{"æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ĸ": "k", "ŉ": "n", "ſ": "s", "ʼ": "'", "’": "'", "ʻ": "'"},
        # Arabic: the stretching of a word, and letters that keyboards of neighbouring languages write.
        **{"\u0640": None, "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"},
    }
)
# Marks over and under letters of Latin, Greek, Cyrillic, Hebrew and Arabic, which people leave out. In the scripts of
# India marks are vowels: they stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff]")


def folded(*texts: str) -> str:
    """Texts as one search key: lower case, and letters as a plain keyboard writes them, whatever is over, under or
    through them; spacing evened out. Folding twice is folding once."""
    joined = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", " ".join(texts)).casefold())
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", _MARKS.sub("", joined).translate(_PLAIN))).strip()


def matches(column: Mapped[str], wanted: str) -> sa.ColumnElement[bool]:
    """True where the folded column holds every word of `wanted`."""
    return sa.and_(sa.true(), *(column.like(pattern, escape="\\") for pattern in given_words(wanted).values()))


def matches_given(column: Mapped[str], count: int) -> sa.ColumnElement[bool]:
    """The same in a statement that is built once: the words, so many, come as the parameters of `given_words`."""
    patterns: list[Any] = [sa.bindparam(f"word_{number}") for number in range(count)]
    return sa.and_(sa.true(), *(column.like(pattern, escape="\\") for pattern in patterns))


def domain_in(address: Mapped[str | None]) -> sa.ColumnElement[str]:
    """What stands behind the @ of the column, in functions that both databases have: what trimming letters from the
    right leaves, up to the @, is taken away."""
    before = sa.func.rtrim(address, sa.func.replace(address, "@", ""))
    return sa.func.replace(address, before, "")


def given_words(wanted: str) -> dict[str, str]:
    """Each word of `wanted` as a pattern, by the name of its parameter."""
    words = (w.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for w in folded(wanted).split())
    return {f"word_{number}": f"%{word}%" for number, word in enumerate(words)}
