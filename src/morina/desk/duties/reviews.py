"""What is due for review, on one list: cases with pinned reads, hotlists, entries of hotlists."""

from dataclasses import dataclass
from datetime import date

from morina.desk.services import Services
from morina.watch.reviews import Reviews


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something to look at again by ``day``; ``link`` leads to it, empty where nothing does."""

    day: date
    kind: str
    name: str
    count: int = 1
    link: str = ""


async def due_by(services: Services, reviews: Reviews, until: date) -> list[Due]:
    """All of it, the earliest first; no plate is named (Directive (EU) 2016/680, article 5)."""
    found = [
        Due(one.review_at, "hotlist", one.name, 1, f"/hotlists/{one.hotlist_id}")
        for one in await services.hotlists.hotlists()
        if one.review_at <= until
    ]
    found += [
        Due(one.first, "entries", one.hotlist, one.entries)
        for one in await reviews.entries_due(until)
    ]
    if services.forgotten:
        found += [
            Due(one.review_at, "pins", one.case_number, one.reads)
            for one in await services.forgotten.pins.cases(until)
        ]
    return sorted(found)
