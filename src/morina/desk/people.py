"""What an administrator does with accounts, the same at the page and over the API."""

from datetime import datetime
from secrets import token_urlsafe

from morina.accountability import Role, User, Users
from morina.accountability.approvals import Approval, Giving


async def added(users: Users, user: User, giving: Giving) -> str:
    """The first password of a new account, told once; raises as ``Users.add``."""
    password = token_urlsafe(15)
    await users.add(user, password, giving, first=True)
    return password


async def carried_out(users: Users, approval: Approval, at: datetime) -> str:
    """Give the roles another person agreed to; the first password where the account is new.

    Raises as ``Users.add`` and ``Users.give_roles``.
    """
    request, content = approval.request, approval.request.content
    giving = Giving(
        by=request.requester, reason=request.why["reason"], at=at, approval_id=approval.approval_id
    )  # fmt: skip
    name, roles = content["account"], frozenset(map(Role, content["roles"]))
    if full_name := content.get("full_name"):
        return await added(users, User(name=name, full_name=full_name, roles=roles), giving)
    await users.give_roles(name, roles, giving)
    return ""
