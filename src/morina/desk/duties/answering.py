"""What a person's request needs of the node: their data, and who was given them before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.accountability.duties.matters import Matter
from morina.accountability.duties.requests import Right
from morina.accountability.trail import Act, Entry
from morina.desk.exchange import ExchangeServices
from morina.desk.oversight import Oversight
from morina.desk.services import Services
from morina.records import Period
from morina.records.finding import FindPassages, Found
from morina.records.questions import Limits, Scope
from morina.records.running import Running, StoppedError
from morina.records.texts import Exact

MOST_ROWS = 5000
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """Passages of the plate, newest first, as written down under ``number``; ``more`` where there
    are more than are shown."""

    number: int
    found: tuple[Found, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who was given data of the plate before: by an officer, for a case, to somebody.

    ``entry`` of the trail says so; None where it is from what a conversation with partners keeps.
    """

    entry: int | None
    at: datetime
    act: str
    officer: str
    case_number: str
    to: str


async def prepared(services: Services, request: Matter, officer: str) -> Prepared:
    """Look for the plate of a request under the purpose of oversight, written down as any look.

    Only the very text, over all that is kept: look-alikes are other vehicles. StoppedError where
    it took too long.
    """
    plate, right, now = request.said["plate"], Right(request.said["right"]), datetime.now(UTC)
    purpose = Purpose(
        officer=officer, code=PurposeCode.OVERSIGHT, case_number=f"request {request.number}",
        legal_basis=f"Directive (EU) 2016/680, article {14 if right is Right.ACCESS else 16}",
        justification=f"answer to a request of {right}",
    )  # fmt: skip
    kept = services.forgotten.policies.longest if services.forgotten else 90
    period = Period(now - timedelta(days=kept + 1), now + timedelta(hours=1))
    question = FindPassages(scope=Scope(period=period), text=Exact(plate))
    log = services.search.asking.consultations
    asked = Asked(at=now, purpose=purpose, question=question.words(), plates=(plate,))
    number = await log.begin(asked)
    try:
        answer = await _passages(services, question)
    except (OSError, StoppedError) as fault:
        await log.end(number, Outcome(at=datetime.now(UTC), failed=str(fault) or "it failed"))
        raise
    plates = {plate, *(one.text for one in answer.found if one.text)}
    await services.search.asking.rules.clearance.shown(number, officer, plates)
    await log.end(number, Outcome(at=datetime.now(UTC), shown=len(answer.found)))
    return Prepared(number, answer.found, bool(answer.more))


async def recipients(
    oversight: Oversight, plate: str, exchange: ExchangeServices | None
) -> list[Recipient]:
    """Exports and disclosures that named the plate, and what partners were told, newest first.

    Programs told by webhook, TAK and MISP are not among them: nothing of what they were told keeps
    a plate. The trail has these tellings by alert.
    """
    disclosed = exchange.disclosed if exchange else None
    told = [
        Recipient(None, one.at, one.what, one.officer, one.case_number, one.partner)
        for one in (await disclosed.of_plate(plate) if disclosed else ())
    ]  # fmt: skip
    return sorted(await _given(oversight, plate) + told, key=lambda one: one.at, reverse=True)


async def _given(oversight: Oversight, plate: str) -> list[Recipient]:
    overseen = oversight.overseeing.overseen
    asked = await overseen.asked_for(plate, None, 1000)
    of_number = {str(one.number): one for one in asked}
    if not of_number:
        return []
    entries = await overseen.naming(list(of_number), 1000)
    given = [one for one in entries if _is_given(one) and one.deed.what.ids[0] in of_number]
    return [
        Recipient(
            one.number, one.deed.at, one.deed.act.value, one.deed.who,
            of_number[one.deed.what.ids[0]].purpose.case_number, one.deed.with_whom,
        )
        for one in given
    ]  # fmt: skip


def _is_given(entry: Entry) -> bool:
    what = entry.deed.what
    return entry.deed.act in (Act.EXPORT, Act.DISCLOSURE) and what.kind == "consultation"


async def _passages(services: Services, question: FindPassages) -> Any:
    kinds = services.search.asking.kinds
    kind = next(one for one in kinds if one.question is FindPassages)
    return await kind.answer(question, Running(Limits(seconds=SECONDS, rows=MOST_ROWS)))
