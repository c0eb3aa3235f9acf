"""What is asked of whoever lets a flight take off though checks of its fleet warn now."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.flying import take_off
from morina.desk.pages.aerial.fleet_words import refusal_said
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.sense.aerial import RefusedSortieError, Sortie
from morina.sense.aerial.fleet.refusing import ReasonNeededError

MOST_TYPED = 200


def show_taking_off(
    visit: Visit, aerial: AerialServices, sortie: Sortie,
    refused: ReasonNeededError, after: Callable[[], Awaitable[None]],
) -> None:  # fmt: skip
    """What warns that did not when it was cleared, and the reason to fly all the same."""
    t = visit.t

    async def send(fields: Fields) -> None:
        visit.must(Action.FLY)
        by, reason = (visit.user.name, now()), fields.get("reason", "")
        try:
            await take_off(aerial, sortie.sortie_id, by, reason)
        except RefusedSortieError as again:
            say(wrong, refusal_said(str(again), t))
            return
        await after()

    with form(send, "stack"):
        wrong = tag("p", "", "wrong", role="alert")
        tag("p", t("Since it was cleared, this has changed:"), "note")
        with tag("ul", "", "bullets"):
            for one in refused.found:
                tag("li", f"{translated(one.said, t)}: {translated(one.mend, t)}")
        field(t("Reason to fly all the same"), "reason", required=True, maxlength=MOST_TYPED)
        with tag("div", "", "actions"):
            tag("button", t("It flies all the same"), "stern", type="submit")
