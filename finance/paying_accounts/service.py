"""Reading and changing the account that a project pays from."""

from datetime import datetime
from uuid import UUID

from schwifty import IBAN
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from directory.accounts.access import Caller
from directory.projects.service import get_project
from finance.paying_accounts.models import PayingAccount
from finance.paying_accounts.schemas import PayingAccountIn


async def paying_account_of(db: AsyncSession, project_id: UUID) -> PayingAccount:
    """What is kept, or an empty one that is not in the database yet."""
    return await db.get(PayingAccount, project_id) or PayingAccount(project_id=project_id)


async def change_paying_account(
    db: AsyncSession, project_id: UUID, given: PayingAccountIn, caller: Caller, *, at: datetime
) -> PayingAccount:
    """From where the project pays. An IBAN left empty stays as it is: whoever changes the rest does not see it."""
    project = await get_project(db, project_id, caller)
    kept = await paying_account_of(db, project.id)
    # A form brings along the former account's bank: another number does not lie there. An IBAN says where it does.
    is_other = bool(given.iban) and given.iban != kept.iban
    bic = "" if is_other and given.bic == kept.bic else given.bic
    kept.holder, kept.explanation, kept.iban = given.holder, given.explanation, given.iban or kept.iban
    kept.bic = bic or (str(IBAN(kept.iban).bic or "") if kept.iban else "")
    kept.columns = [one.value for one in given.columns]
    kept.books = {
        name: value
        for name, value in given.model_dump(include={"per_diem_account", "cost_account", "bank_account"}).items()
        if value
    }
    db.add(kept)
    audit.record(db, "paying-account.changed", project.id, at=at, project_id=project.id, **caller.signature)
    await db.flush()
    return kept
