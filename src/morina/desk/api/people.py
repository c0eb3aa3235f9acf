"""Accounts and their roles, for those who keep them and those who oversee that."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from morina.accountability import (
    Account,
    LastAdministratorError,
    NoSuchAccountError,
    RefusedRolesError,
    Role,
    User,
)
from morina.accountability.approvals import Giving
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Line
from morina.desk.people import added
from morina.desk.problems import ProblemError

routes = APIRouter(prefix="/people", tags=["people"], route_class=Route)

Name = Annotated[str, Path(min_length=1, max_length=64)]


class PersonOut(BaseModel):
    """An account; ``authority`` is the partner whose officer it is of, empty for this node's own.
    Null where somebody never signed in, or the account is open."""

    name: str
    full_name: str
    authority: str
    roles: list[Role]
    signed_in_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, account: Account) -> "PersonOut":
        """The account as it is kept."""
        user = account.user
        return cls(
            name=user.name,
            full_name=user.full_name,
            authority=user.authority,
            roles=sorted(user.roles),
            signed_in_at=account.signed_in_at,
            closed_at=account.closed_at,
        )


class RolesIn(BaseModel):
    """Roles somebody has from now on; with none they can sign in and nothing more.

    Another person has to agree to administrator and data protection officer: send ``reason``, and
    the same again with ``approval_id`` once it is approved."""

    roles: list[Role] = Field(max_length=len(Role))
    reason: Line = Field(default="", examples=["she takes over from the officer who left"])
    approval_id: UUID | None = Field(default=None, description="as the 409 named it")

    def giving(self, officer: User) -> Giving:
        """Given by ``officer`` now."""
        now = datetime.now(UTC)
        reason = self.reason.strip()
        return Giving(by=officer.name, reason=reason, at=now, approval_id=self.approval_id)


class PersonIn(RolesIn):
    """A new account."""

    name: Line
    full_name: Line
    authority: Line = Field(
        default="", description="node of the partner whose liaison officer this is, such as GB; the"
        " name then ends with @GB",
    )  # fmt: skip


class AddedOut(BaseModel):
    """The account's name and its first password, which is told only here."""

    name: str
    first_password: str


@routes.get("", summary="Accounts by name")
async def people(desk: Desk, _officer: Officer) -> list[PersonOut]:
    """Every account with its roles, closed ones too."""
    return [PersonOut.of(account) for account in await desk.users.all()]


@routes.post("", status_code=201, summary="Add an account")
async def add(sent: PersonIn, desk: Desk, officer: Officer) -> AddedOut:
    """Its first password is made here and told once. 409 where a second person has to agree."""
    roles = frozenset(sent.roles)
    user = User(name=sent.name, full_name=sent.full_name, roles=roles, authority=sent.authority)
    try:
        password = await added(desk.users, user, sent.giving(officer))
    except RefusedRolesError as error:
        raise _apart(error) from None
    except ValueError as error:
        raise ProblemError(422, str(error), place="name", mend="choose another name") from None
    return AddedOut(name=user.name, first_password=password)


@routes.put("/{name}/roles", summary="Give somebody roles")
async def give_roles(name: Name, sent: RolesIn, desk: Desk, officer: Officer) -> list[Role]:
    """These and no others; sessions of the account end, its tokens act with the new roles. 409
    where a second person has to agree."""
    try:
        return sorted((await desk.users.give_roles(name, sent.roles, sent.giving(officer))).roles)
    except RefusedRolesError as error:
        raise _apart(error) from None
    except (NoSuchAccountError, LastAdministratorError) as error:
        raise _not_given(error) from None


@routes.post("/{name}/close", status_code=204, summary="Close an account")
async def close(name: Name, desk: Desk, _officer: Officer) -> None:
    """It signs in no more; its sessions and tokens end, and its name is not used again."""
    try:
        await desk.users.close(name)
    except (NoSuchAccountError, LastAdministratorError) as error:
        raise _not_given(error) from None


def _apart(error: RefusedRolesError) -> ProblemError:
    return ProblemError(422, str(error), place="roles", mend="send fewer roles (docs/roles.md)")


def _not_given(error: NoSuchAccountError | LastAdministratorError) -> ProblemError:
    if isinstance(error, NoSuchAccountError):
        mend = "use a name that GET /api/v1/people lists as open"
        return ProblemError(404, str(error), place="name", mend=mend)
    mend = "give another person that role first"
    return ProblemError(409, str(error), place="roles", mend=mend)
