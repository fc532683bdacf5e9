"""Looks at an installation as an operator would want it looked at."""

import dns.asyncresolver
import dns.exception
from aiosmtplib import SMTPException
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.private import open_to_others
from core.sealing import damage_of
from core.settings import DkimKey, Settings
from directory.accounts.models import Account
from events.invitations.capacity.service import miscounted
from notifications.delivery.relays import Relay
from notifications.delivery.signing import record_of


async def problems_of(settings: Settings) -> list[str]:
    """What is missing, unsafe or not reachable, in words."""
    found = settings.problems()
    found += [
        f"Others on this machine can read {path}: it belongs to another user." for path in open_to_others(settings.kept)
    ][:10]
    vault.use(*settings.keys)
    database = Database(settings.database)
    try:
        await database.must_be_sound()
        async with database.reading() as db:
            await db.exec(select(Account.id).limit(1))
            found += [
                f"Event {code} counts {taken} places taken, but {rows} people have one."
                for code, taken, rows in await miscounted(db)
            ]
            found += await damage_of(db, settings.audit_head, at=wall_clock())
    except (SQLAlchemyError, OSError) as error:
        found.append(f"The database does not answer as it should ({type(error).__name__}). Run `heyet migrate` first.")
    except RuntimeError as error:
        found.append(str(error))
    await database.close()
    if settings.redis_url:
        redis = Redis.from_url(settings.redis_url)
        try:
            await redis.ping()
        except (RedisError, OSError) as error:
            found.append(f"Redis does not answer ({type(error).__name__}).")
        await redis.aclose()
    for one in settings.relays:
        relay = Relay(one, settings, wall_clock)
        try:
            await relay.connect()
        except (SMTPException, OSError) as error:
            found.append(f"The mail relay {one.name} does not let us in ({type(error).__name__}).")
        await relay.close()
    for key in settings.dkim_keys:
        found += await _unpublished(key)
    return found


async def _unpublished(key: DkimKey) -> list[str]:
    """What is to be published of a key that receivers do not find in DNS, or cannot be asked of from here."""
    try:
        record = record_of(key)
    except (OSError, ValueError) as error:
        return [f"The DKIM key {key.key_file} cannot be read ({type(error).__name__}): no mail of {key.domain} leaves."]
    try:
        answer = await dns.asyncresolver.resolve(key.record_name, "TXT", lifetime=5)
        published = {b"".join(row.strings).decode(errors="replace") for row in answer}
    except dns.exception.DNSException:
        published = set()
    if any(_public_half(text) == _public_half(record) for text in published):
        return []
    return [f"DNS does not show the DKIM key of {key.domain}. Publish at {key.record_name} as TXT: {record}"]


def _public_half(record: str) -> str:
    return "".join(record.partition("p=")[2].partition(";")[0].split())
