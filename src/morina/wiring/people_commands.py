"""What `morina user` does: accounts and their roles, on a node that is running."""

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from morina.accountability import NoSuchAccountError, Role, User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be added; ``authority`` is a partner's node where they are its officer."""

    name: str
    full_name: str
    authority: str = ""


async def add_user(settings: Settings, person: Person, roles: Iterable[Role]) -> None:
    """Add an account and print its first password."""
    password = secrets.token_urlsafe(12)
    user = User(
        name=person.name, full_name=person.full_name, roles=frozenset(roles),
        authority=person.authority,
    )  # fmt: skip
    async with _users(settings) as users:
        await users.add(user, password, first=True)
    print(f"{person.name}: added; first password, shown only now: {password}")


async def give_roles(settings: Settings, name: str, roles: Iterable[Role]) -> None:
    """Let somebody have these roles and no others."""
    async with _users(settings) as users:
        user = await users.give_roles(name, roles)
    print(f"{name}: {said(user.roles)}")


async def close_user(settings: Settings, name: str) -> None:
    """End an account."""
    async with _users(settings) as users:
        await users.close(name)
    print(f"{name}: closed; its name is not used again")


async def show_users(settings: Settings) -> None:
    """Show every account."""
    async with _users(settings) as users:
        accounts = await users.all()
    table = Table("Name", "Person", "Roles", "Last sign-in", "State")
    for account in accounts:
        at = account.signed_in_at
        closed = account.closed_at
        table.add_row(
            account.user.name,
            account.user.full_name,
            said(account.user.roles),
            f"{at:%Y-%m-%d %H:%M}" if at else "never",
            f"closed {closed:%Y-%m-%d}" if closed else "open",
        )
    Console().print(table)


def said(roles: Iterable[Role]) -> str:
    """Roles as commands take them."""
    return ", ".join(sorted(roles)) or "no role"


@asynccontextmanager
async def _users(settings: Settings) -> AsyncIterator[PostgresUsers]:
    """Accounts of the node; RefusedError for what is refused."""
    async with node_database(settings) as pool:
        try:
            yield PostgresUsers(pool)
        except (ValueError, NoSuchAccountError) as error:
            raise RefusedError(f"{error}; morina user list shows accounts and roles") from None
