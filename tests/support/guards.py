"""What stands before and behind questions, on real PostgreSQL, with roles that a test gives."""

from collections.abc import Mapping

from psycopg_pool import AsyncConnectionPool

from morina.accountability import Users
from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_oversight import PostgresOversight, PostgresWatched
from morina.accountability.approvals import FourEyes, Guarded, Request
from morina.accountability.clearing import CaseSystem, Clearing, PurposeRules, RolesOf
from morina.accountability.misuse import MisuseRules
from morina.accountability.overseeing import Overseer
from morina.accountability.policy import Role
from morina.accountability.watched import Marks
from morina.desk.services import Guarding

MARKS = Marks("k" * 43)
ROLES: Mapping[str, Role] = {
    "ana": Role.ANALYST,
    "ian": Role.INVESTIGATOR,
    "sup": Role.SUPERVISOR,
    "dpo": Role.DATA_PROTECTION_OFFICER,
}


def roles_from(roles: Mapping[str, Role] = ROLES) -> RolesOf:
    async def roles_of(name: str) -> frozenset[Role]:
        return frozenset({roles[name]}) if name in roles else frozenset()

    return roles_of


def four_eyes_of(pool: AsyncConnectionPool, roles_of: RolesOf | None = None) -> FourEyes:
    return FourEyes(PostgresApprovals(pool), roles_of or roles_from())


def overseer_of(
    pool: AsyncConnectionPool, roles_of: RolesOf | None = None, rules: MisuseRules | None = None
) -> Overseer:
    return Overseer(
        oversight=PostgresOversight(pool, MARKS), watched=PostgresWatched(pool), marks=MARKS,
        roles_of=roles_of or roles_from(), rules=rules or MisuseRules(),
    )  # fmt: skip


def clearing_of(
    pool: AsyncConnectionPool, rules: PurposeRules | None = None, roles_of: RolesOf | None = None,
    *, cases: CaseSystem | None = None,
) -> Clearing:  # fmt: skip
    return Clearing(
        rules=rules or PurposeRules(), before=PostgresConsultations(pool),
        roles_of=roles_of or roles_from(), told=overseer_of(pool, roles_of).told,
        cases=cases,
    )  # fmt: skip


def roles_of_users(users: Users) -> RolesOf:
    async def roles_of(name: str) -> frozenset[Role]:
        user = await users.user(name)
        return user.roles if user else frozenset()

    return roles_of


def guarding_of(pool: AsyncConnectionPool, users: Users) -> Guarding:
    roles_of = roles_of_users(users)
    return Guarding(four_eyes_of(pool, roles_of), overseer_of(pool, roles_of))


def a_request(requester: str = "ana", words: str = "what travelled with AA123BC") -> Request:
    return Request(
        kind=Guarded.QUESTION, requester=requester, words=words, needed="a second person",
        why={"code": "terrorism", "case_number": "C-7"}, content={"question": {"plate": words}},
    )  # fmt: skip
