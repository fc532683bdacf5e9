"""Tells the owner of an account what changed about the ways into it, and of a role that they have got."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from core.settings import Settings
from directory.accounts.models import Account
from directory.accounts.rules import AccountChange
from directory.projects.service import NewMember
from notifications.outbox.service import enqueue
from notifications.sign_in.mails import change_message, member_message


async def tell_owner(db: AsyncSession, account: Account, change: AccountChange, *, at: datetime) -> None:
    """Enqueue the mail in the unit of work of the change itself: it cannot be made without a word."""
    await enqueue(db, [change_message(account, change, at=at)])


async def invite_member(db: AsyncSession, new: NewMember, settings: Settings, *, at: datetime) -> None:
    """Enqueue the mail in the unit of work that gives the role."""
    await enqueue(db, [member_message(new, settings.base_url, at=at)])
