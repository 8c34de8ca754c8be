"""What the stories of whole runs have in common."""

from rse.identity.models import Account
from rse.ldap import runs
from rse.ldap.directory import Directory
from rse.ldap.models import DirectoryRun


async def sync(directory: Directory, approve: int | None = None) -> DirectoryRun:
    return await runs.sync(directory, "test", approve)


async def account(login: str) -> Account:
    return await Account.get(login=login).select_related("person")


async def statuses() -> dict[str, str]:
    return {
        account.login: account.person.status
        for account in await Account.all().select_related("person")
    }
