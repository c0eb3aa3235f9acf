"""A partner's register of vehicles: look-ups, questions over the network, how fast a file is one.

python benchmarks/register.py --quick --json

Invented vehicles are made in the database of node AL (``generate_series``). Look-ups are those of
``PostgresRegister``, over one kept connection a worker. Then GB asks AL, one question after the
other, half of them about plates nobody has: checked for its purpose, written down, signed, sealed,
over HTTPS with mutual TLS, judged there, answered from the register, and back. A question's time
is from before it is asked until GB's database has the answer. Both nodes are in one process with
one PostgreSQL. Last, of ``--import-rows`` vehicles, a file is imported as ``morina register
import`` does. All of it is removed at the end. 40 million vehicles take some 10 GB.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from asking_nodes import to_ask
from asking_over_https import began
from exchanging import ExchangeNodes, exchanging
from morina.engines import Home, Supervisor, postgres_server
from morina.exchange import Category
from morina.exchange.adapters.postgres_register import PostgresRegister, import_register
from morina.exchange.questions import Result
from morina.exchange.register import Named
from morina.migrations.versions.r0018_questions import REGISTER, REGISTER_KEYS
from morina.plates import Plate
from morina.wiring.exchange.asking import Asking
from noticed import noticing, percentiles

AT_ONCE = 2_000_000
MOST_P95_MS = 1000.0
"""Of a look-up and of a question to a partner and its answer."""
TOLD = frozenset({"category", "plate", "make", "model", "colour"})
NOTICE = """
CREATE FUNCTION answer_noticed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('benchmark_answers', NEW.result); RETURN NULL; END $$;
CREATE TRIGGER answer_noticed AFTER INSERT ON partner_answer FOR EACH ROW
    EXECUTE FUNCTION answer_noticed()"""
"""The product needs no notice of an answer; this one comes when its transaction is kept."""
MAKE = """
INSERT INTO registered_vehicle (plate, register_country, vin, make, model, eu_category, colour,
    status, first_registration, power_kw, document_id, holder_name, valid_from, valid_to)
SELECT chr(65 + ((n / 1000000 / 26) %% 26)::int) || chr(65 + ((n / 1000000) %% 26)::int)
        || lpad((n %% 1000000)::text, 6, '0'),
    'XX', 'XXX' || lpad(n::text, 14, '0'), (ARRAY['Alpha','Beta','Gamma'])[1 + n %% 3],
    'Model ' || n %% 40, 'M1', (ARRAY['silver','black','white','red'])[1 + n %% 4],
    CASE WHEN n %% 1000 = 0 THEN 'stolen' ELSE 'registered' END, timestamptz '2019-03-01',
    50 + (n %% 200)::int, lpad(n::text, 10, '0'), 'Holder ' || n, timestamptz '2019-03-01', NULL
FROM generate_series(%s::bigint, %s::bigint) AS n"""


def plate_of(number: int) -> str:
    """The plate of vehicle ``number``, as the database makes it."""
    block = number // 1_000_000
    letters = chr(65 + (block // 26) % 26) + chr(65 + block % 26)
    return f"{letters}{number % 1_000_000:06d}"


def vin_of(number: int) -> str:
    """The VIN of vehicle ``number``."""
    return f"XXX{number:014d}"


async def filled(dsn: str, reads: int) -> float:
    """Make the vehicles, then their indexes; how many seconds that took."""
    started = time.monotonic()
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(REGISTER)
        for name in REGISTER_KEYS:
            await connection.execute(f"DROP INDEX IF EXISTS {name}")
        for first in range(0, reads, AT_ONCE):
            await connection.execute(MAKE, (first, min(first + AT_ONCE, reads) - 1))
        await connection.execute("SET maintenance_work_mem = '512MB'")
        for name, columns in REGISTER_KEYS.items():
            await connection.execute(f"CREATE INDEX {name} ON registered_vehicle {columns}")
        await connection.execute("VACUUM ANALYZE registered_vehicle")
    return time.monotonic() - started


async def looked_up(dsn: str, wanted: Sequence[Named], workers: int) -> list[float]:
    """Milliseconds of each look-up, ``workers`` at once."""
    took: list[float] = []
    async with AsyncConnectionPool(dsn, min_size=workers, max_size=workers, open=False) as pool:
        register = PostgresRegister(pool)
        await register.look_up(wanted[0])

        async def work(part: Sequence[Named]) -> None:
            for named in part:
                started = time.perf_counter()
                await register.look_up(named)
                took.append((time.perf_counter() - started) * 1000)

        await asyncio.gather(*(work(wanted[at::workers]) for at in range(workers)))
    return took


def questions(reads: int, count: int, draw: random.Random) -> dict[str, list[Named]]:
    """By plate, by VIN, and plates nobody has."""
    numbers = [draw.randrange(reads) for _ in range(count)]
    return {
        "plate": [Named(plate=Plate(plate_of(one), "XX")) for one in numbers],
        "vin": [Named(vin=vin_of(one)) for one in numbers],
        "no such plate": [Named(plate=Plate(f"{plate_of(one)}Z", "XX")) for one in numbers],
    }


def file_lines(count: int) -> Iterator[str]:
    """A file of so many vehicles."""
    yield "plate,register_country,vin,make,model,eu_category,colour,status,power_kw,valid_from"
    for one in range(count):
        yield (f"{plate_of(one)},XX,{vin_of(one)},Alpha,Model {one % 40},M1,silver,registered,"
               f"{50 + one % 200},2019-03-01")  # fmt: skip


async def asked(gb: Asking, dsn: str, wanted: Sequence[Named]) -> list[float]:
    """Milliseconds of each question and its answer; the first of ``wanted`` warms up."""
    took: list[float] = []
    async with noticing(dsn, "benchmark_answers") as noticed:
        for place, named in enumerate(wanted):
            started = time.perf_counter()
            await gb.questions.ask(to_ask(named), datetime.now(UTC))
            result = await noticed()
            took += [(time.perf_counter() - started) * 1000] if place else []
            if result != (Result.NO_HIT if place % 2 else Result.HIT):
                raise RuntimeError(f"{named.words}: answered with {result!r}")
    return took


def in_turn(reads: int, count: int, draw: random.Random) -> list[Named]:
    """One more than ``count`` to ask: a vehicle there is, a plate nobody has, and so on."""
    kinds = questions(reads, count // 2 + 1, draw)
    pairs = zip(kinds["plate"], kinds["no such plate"], strict=True)
    return [one for pair in pairs for one in pair][: count + 1]


async def asking(nodes: ExchangeNodes, chosen: argparse.Namespace, draw: random.Random
) -> dict[str, float]:  # fmt: skip
    """Percentiles of GB's questions to AL."""
    nodes.agree("AL", "GB", Category.VEHICLE, fields=TOLD)
    async with AsyncExitStack() as stack:
        gb = await began(nodes["GB"], stack)
        await began(nodes["AL"], stack)
        await nodes["GB"].rows(NOTICE)
        wanted = in_turn(chosen.reads, chosen.asked, draw)
        return percentiles(await asked(gb, nodes["GB"].dsn, wanted))


async def measured(nodes: ExchangeNodes, chosen: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    dsn = nodes["AL"].dsn
    figures: dict[str, Any] = {"vehicles": chosen.reads}
    figures["made_s"] = round(await filled(dsn, chosen.reads), 1)
    draw = random.Random(7)  # the same questions each time
    ms = {
        f"{name}, {workers} at once": percentiles(await looked_up(dsn, wanted, workers))
        for workers in (1, 8)
        for name, wanted in questions(chosen.reads, chosen.questions, draw).items()
    }
    ms[f"GB asks AL, {chosen.asked} times"] = await asking(nodes, chosen, draw)
    figures["ms"] = ms
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT pg_total_relation_size('registered_vehicle')").fetchone()
    figures["bytes"] = row[0] if row else 0
    started = time.monotonic()
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        count = await import_register(connection, file_lines(chosen.import_rows))
    figures["imported_rows_s"] = round(count / (time.monotonic() - started))
    slow = [f"{name}: p95 {one['p95']} ms" for name, one in ms.items() if one["p95"] >= MOST_P95_MS]
    return figures | {"missed": slow}


@asynccontextmanager
async def pair(within: Path | None) -> AsyncIterator[ExchangeNodes]:
    """AL and GB on a PostgreSQL of their own, in a folder that is removed."""
    folder = Path(tempfile.mkdtemp(prefix="morina-register-", dir=within))
    folder.chmod(0o755)
    home, supervisor = Home.open(folder / "home"), Supervisor()
    try:
        engine, dsn = postgres_server(home)
        await supervisor.start(engine)
        async with exchanging(dsn, folder, "AL", "GB") as nodes:
            yield nodes
    finally:
        await supervisor.stop()
        home.close()
        shutil.rmtree(folder, ignore_errors=True)


async def run(chosen: argparse.Namespace) -> dict[str, Any]:
    """The figures of a pair made for them."""
    async with pair(chosen.folder) as nodes:
        return await measured(nodes, chosen)


def show(figures: dict[str, Any]) -> None:
    """For people."""
    title = f"{figures['vehicles']:,} vehicles, {figures['bytes'] / 1e9:.2f} GB, ms"
    table = Table("", "p50", "p95", "p99", "slowest", title=title)
    for name, one in figures["ms"].items():
        table.add_row(name, *(str(value) for value in one.values()))
    Console().print(table)
    print(f"made in {figures['made_s']} s; imported {figures['imported_rows_s']:,} rows/s")
    print("missed: " + ("; ".join(figures["missed"]) or f"nothing (p95 < {MOST_P95_MS:.0f} ms)"))


def main() -> None:
    """Print a table or JSON; status 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=40_000_000, help="vehicles")
    parser.add_argument("--questions", type=int, default=5_000, help="look-ups of each kind")
    parser.add_argument("--asked", type=int, default=300, help="questions to the partner")
    parser.add_argument("--import-rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None, help="where there is room")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="200,000 vehicles, under a minute")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.reads, chosen.questions, chosen.asked = 200_000, 500, 40
        chosen.import_rows = 200_000
    figures = asyncio.run(run(chosen))
    if chosen.json:
        print(json.dumps(figures))
    else:
        show(figures)
    sys.exit(1 if figures["missed"] else 0)


if __name__ == "__main__":
    main()
