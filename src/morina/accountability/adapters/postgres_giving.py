"""What stands behind roles that are given, within the transaction that gives them."""

from collections.abc import Iterable

from psycopg import AsyncConnection

from morina.accountability import User
from morina.accountability.adapters.postgres_approvals import use_approval
from morina.accountability.adapters.postgres_oversight import raised_within
from morina.accountability.approvals import TOLD, ApprovalNeededError, Giving
from morina.accountability.misuse import new_roles
from morina.accountability.policy import Role


async def agreed(connection: AsyncConnection, giving: Giving | None, given: User) -> None:
    """Use up the approval that the roles of ``given`` need; an account there is has no full name.

    What was done before in the transaction is undone where it is refused.
    """
    if giving is None:
        return
    request = giving.to_approve(given.name, given.roles, given.full_name)
    if giving.approval_id:
        digest, used_for = request.digest if request else "", f"roles of {given.name}"
        await use_approval(connection, giving.approval_id, digest, giving.at, used_for)
    elif request:
        raise ApprovalNeededError(request)


async def told(
    connection: AsyncConnection, giving: Giving | None, name: str, new: Iterable[Role]
) -> None:
    """Raise a notice where somebody gives roles of ``TOLD`` that ``name`` did not have."""
    if giving and (roles := TOLD & frozenset(new)):
        await raised_within(connection, [new_roles(name, roles, giving.by, giving.at)])
