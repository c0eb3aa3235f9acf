"""What ``morina audit publish`` does: the counts of one month for everybody, as three files."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.months import Month
from morina.accountability.trail import Act, Deed, What
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError


async def publish_month(settings: Settings, month: str, file: Path) -> None:
    """Write FILE.json, FILE.csv and FILE.html of a month that is over; that it was is entered."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise RefusedError(f"{month[:20]!r} is no month; write one such as 2026-03")
    async with node_database(settings) as pool:
        found = Month.of(
            month, await PostgresOverseen(pool).groups(*_bounds(month)), datetime.now(UTC)
        )
        if not found.over:
            raise RefusedError(f"{month} is not over yet; publish it next month")
        what = What("month", (month,), "published")
        await PostgresTrailReader(pool).enter(Deed(act=Act.DISCLOSURE, what=what, with_whom="all"))
    duties = settings.duties
    least = duties.fewer_than
    said = json.dumps(found.said(least), indent=1, ensure_ascii=False) + "\n"
    html = found.as_html(least, duties.authority)
    base = file.with_suffix("") if file.suffix in (".json", ".csv", ".html") else file
    contents = {".json": said, ".csv": found.as_csv(least), ".html": html}
    try:
        for suffix, content in contents.items():
            base.with_name(base.name + suffix).write_text(content, encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{base}: {error.strerror}") from None
    print(f"{len(found.rows)} counts of {month} are in {base}.json, .csv and .html")


def _bounds(month: str) -> tuple[datetime, datetime]:
    year, number = map(int, month.split("-"))
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*after, 1, tzinfo=UTC)
