"""Tells the owner of an account what changed about the ways into it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from directory.accounts.models import Account
from directory.accounts.rules import AccountChange
from notifications.outbox.service import enqueue
from notifications.sign_in.mails import change_message


async def tell_owner(db: AsyncSession, account: Account, change: AccountChange, *, at: datetime) -> None:
    """Enqueue the mail in the unit of work of the change itself: it cannot be made without a word."""
    await enqueue(db, [change_message(account, change, at=at)])
