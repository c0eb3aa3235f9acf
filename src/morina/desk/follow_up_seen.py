"""Who sees which follow-ups at the desk, and what of them waits for somebody."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from morina.accountability import Action, User
from morina.desk.permits import may
from morina.desk.to_see import Sort, ToSee
from morina.exchange.follow_up_clocks import Hours, first_due
from morina.exchange.follow_ups import FollowUps, Side


def sees_partners(officer: User) -> bool:
    """Whether this person sees what partners ask: who releases, and supervisors."""
    return may(officer, Action.RELEASE, Action.APPROVE)


def clocks_to_see(
    follow_ups: FollowUps, hours: Hours
) -> Callable[[datetime], Awaitable[Sequence[ToSee]]]:
    """What partners wait for, for the inbox."""

    async def to_see(_now: datetime) -> Sequence[ToSee]:
        found = await follow_ups.all_of("", releases=True)
        return [
            ToSee(sort=Sort.CLOCK, partner=one.partner, at=due, said=one.offence,
                  href=f"/follow-ups/{one.follow_up_id}")
            for one in found
            if one.side is Side.OWNING and (due := first_due(one, hours))
        ]  # fmt: skip

    return to_see
