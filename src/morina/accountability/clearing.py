"""Whether a purpose will do and a question may be asked under it: every rule in one place."""

import logging
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from morina.accountability.consultations import Consultations
from morina.accountability.justifying import WordRules, check_copied, check_words
from morina.accountability.policy import Role
from morina.accountability.purpose import Purpose, PurposeCode, RefusedPurposeError
from morina.accountability.tiers import TIERS, Allowed, Decision, Facts, Tier, decide

log = logging.getLogger(__name__)

CASE_NOT_CHECKED = "case not checked"

LEAST_NAMED = 3
"""Characters of the reference of an overseer's file, and letters of its legal basis."""

RolesOf = Callable[[str], Awaitable[frozenset[Role]]]
"""The roles of an account by its name; none of one that is closed or was never there."""


class NotClearedError(Exception):
    """This person may not ask this for this purpose; ``place`` is the field at fault."""

    def __init__(self, place: str, fault: str, mend: str) -> None:
        super().__init__(f"{place}: {fault}; {mend}")
        self.place, self.fault, self.mend = place, fault, mend


def noted(words: str, unchecked: str) -> str:
    """The words a question is written down in, with what could not be checked of its purpose."""
    return f"{words} ({unchecked})" if unchecked else words


class CaseSystem(Protocol):
    """Where the authority keeps its cases."""

    async def exists(self, case_number: str) -> bool:
        """Whether there is such a case; ConnectionError where it does not answer."""


class Clearance(Protocol):
    """What stands before every question."""

    @property
    def barred(self) -> frozenset[PurposeCode]:
        """Purposes that nobody may choose."""

    async def check(self, purpose: Purpose) -> str:
        """RefusedPurposeError where what somebody typed as purpose will not do.

        In words what could not be checked, empty where all was: see ``noted``.
        """

    async def check_overseer(self, purpose: Purpose) -> None:
        """The same for whoever oversees, whose files are no cases of the authority."""

    async def decide(self, purpose: Purpose, facts: Facts) -> Decision:
        """Whether its officer may ask a question of these facts."""

    async def shown(self, number: int, officer: str, plates: Collection[str]) -> None:
        """Told before a consultation's plates, asked and found, are shown."""


class Unguarded:
    """Clears everything. For parts tried by themselves; wiring gives them ``Clearing``."""

    barred: frozenset[PurposeCode] = frozenset()

    async def check(self, purpose: Purpose) -> str:  # noqa: ARG002 - all will do
        """Nothing."""
        return ""

    async def check_overseer(self, purpose: Purpose) -> None:
        """Nothing."""

    async def decide(self, purpose: Purpose, facts: Facts) -> Decision:  # noqa: ARG002 - all may
        """Allowed."""
        return Allowed()

    async def shown(self, number: int, officer: str, plates: Collection[str]) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRules:
    """What the authority asks of a purpose; settings under ``[purpose]``. ``case_format`` is a
    regular expression that the whole case number must fit, empty for none."""

    case_format: str = ""
    barred: frozenset[PurposeCode] = frozenset()
    words: WordRules = field(default_factory=WordRules)
    tiers: tuple[Tier, ...] = TIERS


async def _nobody_to_tell(_number: int, _officer: str, _plates: Collection[str]) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """The role Clearance. ``cases`` is asked where a case system is connected."""

    rules: PurposeRules
    before: Consultations
    roles_of: RolesOf
    cases: CaseSystem | None = None
    told: Callable[[int, str, Collection[str]], Awaitable[None]] = _nobody_to_tell

    @property
    def barred(self) -> frozenset[PurposeCode]:
        """See Clearance."""
        return self.rules.barred

    async def check(self, purpose: Purpose) -> str:
        """See Clearance."""
        rules = self.rules
        self._refuse_barred(purpose)
        if rules.case_format and not re.fullmatch(rules.case_format, purpose.case_number):
            mend = f"write it as {rules.case_format} (setting purpose.case_format)"
            raise RefusedPurposeError("case_number", "is not of this authority's form", mend)
        await self._words_checked(purpose)
        return await self._case_checked(purpose)

    async def check_overseer(self, purpose: Purpose) -> None:
        """See Clearance. Their own file and legal basis are named, and their words judged."""
        if not any(map(str.isdigit, purpose.case_number)) or len(purpose.case_number) < LEAST_NAMED:
            mend = "write the reference of your own file, such as DPO-2026-4"
            raise RefusedPurposeError("case_number", "names no file", mend)
        if sum(map(str.isalpha, purpose.legal_basis)) < LEAST_NAMED:
            mend = "write the law and its article"
            raise RefusedPurposeError("legal_basis", "names no law", mend)
        await self._words_checked(purpose)

    async def decide(self, purpose: Purpose, facts: Facts) -> Decision:
        """See Clearance; RefusedPurposeError for a barred purpose."""
        self._refuse_barred(purpose)
        roles = await self.roles_of(purpose.officer)
        return decide(roles, purpose, facts, self.rules.tiers)

    async def shown(self, number: int, officer: str, plates: Collection[str]) -> None:
        """See Clearance."""
        await self.told(number, officer, plates)

    async def _words_checked(self, purpose: Purpose) -> None:
        rules = self.rules.words
        check_words(purpose.justification, rules)
        newest = await self.before.newest(officer=purpose.officer, limit=rules.compared)
        check_copied(purpose, [one.purpose for one in newest], rules)

    async def _case_checked(self, purpose: Purpose) -> str:
        """A case system that is down stops nobody: rescue and live work go on without it."""
        if self.cases is None:
            return ""
        try:
            exists = await self.cases.exists(purpose.case_number)
        except ConnectionError as error:
            log.warning("%s: %s", CASE_NOT_CHECKED, error)
            return CASE_NOT_CHECKED
        if not exists:
            mend = "open the case first, or mend its number"
            raise RefusedPurposeError("case_number", "is no case of this authority", mend)
        return ""

    def _refuse_barred(self, purpose: Purpose) -> None:
        if purpose.code in self.rules.barred:
            mend = "choose another, or ask who runs the node (setting purpose.barred)"
            raise RefusedPurposeError("code", f"{purpose.code} is barred here", mend)
