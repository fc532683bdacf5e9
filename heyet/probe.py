"""Looks at an installation as an operator would want it looked at."""

import asyncio
from datetime import datetime, timedelta

from aiosmtplib import SMTPException
from dns.asyncresolver import Resolver
from dns.resolver import NoResolverConfiguration
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from core.buckets import fault_in
from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.documents.fonts import missing_scripts, use_machine_fonts
from core.documents.signing import CannotSeal, opened
from core.errors import Unfit
from core.private import open_to_others
from core.sealing import damage_of
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.invitations.capacity.service import miscounted
from heyet.sender_dns import Findings, check_senders
from notifications.delivery.relays import Relay

RENEWED_BEFORE = timedelta(days=30)


async def check_installation(settings: Settings, resolver: Resolver | None = None) -> Findings:
    """What is missing, unsafe or not reachable, in words. `resolver` asks DNS, the machine's own if none is given."""
    found, senders = settings.problems(), [settings.mail_from]
    found += [
        f"Others on this machine can read {path}: it belongs to another user." for path in open_to_others(settings.kept)
    ][:10]
    vault.use(*settings.keys)
    use_machine_fonts(settings.font_folders)
    found += await _findings_on_files(settings)
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
            senders += [one for one in await db.exec(select(Project.mail_from).distinct()) if one]
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
    published = await check_senders(settings, senders, resolver or _own_resolver())
    sealing = _findings_on_seal(settings, at=wall_clock())
    problems = found + published.problems + sealing.problems
    return Findings(problems, published.notes + _notes_on_fonts() + sealing.notes)


async def _findings_on_files(settings: Settings) -> list[str]:
    """Whether files can be written, read and removed where they lie."""
    try:
        fault = await asyncio.to_thread(fault_in, settings.files)
    except Unfit as error:
        fault = f"{error}."
    return [fault] if fault else []


def _notes_on_fonts() -> list[str]:
    missing = missing_scripts()
    if not missing:
        return []
    return [
        f"Documents show boxes in place of names in {', '.join(missing)}. "
        "Fonts for them are in Debian's packages fonts-noto-core and fonts-noto-cjk (HEYET_FONTS)."
    ]


def _findings_on_seal(settings: Settings, *, at: datetime) -> Findings:
    """Whether certificates can be sealed, and until when."""
    if settings.seal_file is None:
        return Findings()
    try:
        seal = opened(settings.seal_file, settings.seal_passphrase.get_secret_value())
        seal.must_hold(at=at)
    except CannotSeal as error:
        return Findings([f"Certificates cannot be sealed: {error}."])
    if seal.ends - at < RENEWED_BEFORE:
        return Findings([f"The certificate of the seal, {seal.subject}, ends on {seal.ends:%Y-%m-%d}: renew it."])
    return Findings(notes=[f"Certificates are sealed as {seal.subject}, until {seal.ends:%Y-%m-%d}."])


def _own_resolver() -> Resolver:
    try:
        return Resolver()
    except NoResolverConfiguration:
        return Resolver(configure=False)
