"""Before anything is disturbed: registers and lists, agreements signed, and the calm figures."""

import asyncio
import random
from statistics import quantiles
from typing import Any

import psycopg

from federating import drawing
from federating.driving import Driver, drained

PLATES = 200
CALM_S = 300.0
"""What waits longer on undisturbed links is stuck."""


async def prepare(driver: Driver) -> None:
    """A register and a hotlist at each node."""
    for name in driver.nodes:
        plates = [f"{name}{n:03}X{name[0]}" for n in range(PLATES)]
        answer = await driver.nodes[name].tell("prepare", plates=plates, country=name)
        if "error" in answer:
            raise RuntimeError(f"{name}: {answer['said']}")
        driver.book.lists[name] = answer | {"plates": plates}


async def agree(driver: Driver, texts: list[dict[str, Any]], dice: random.Random) -> None:
    """Every agreement signed by one side, told, and signed by the other; one in twenty is not."""
    for text in texts:
        driver.book.texts[text["agreement_id"]] = [text]
    first = {one["agreement_id"]: dice.sample([one["giver"], one["receiver"]], 2) for one in texts}
    await _signed(driver, [(first[one["agreement_id"]][0], {"said": one}) for one in texts])
    await _quiet(driver)
    forgotten = {one["agreement_id"] for one in texts if dice.random() < 0.05}
    second = [
        (first[one["agreement_id"]][1], {"agreement": one["agreement_id"]})
        for one in texts
        if one["agreement_id"] not in forgotten
    ]
    await _signed(driver, second)
    driver.book.pending |= {one: first[one][1] for one in forgotten}
    await _quiet(driver)


async def _signed(driver: Driver, wanted: list[tuple[str, dict[str, Any]]]) -> None:
    left = iter(wanted)

    async def sign() -> None:
        for name, what in left:
            answer = await driver.tell(name, "sign", **what)
            if "error" in answer:
                raise RuntimeError(f"{name} could not sign: {answer}")

    await asyncio.gather(*(sign() for _ in range(10)))


async def share_all(driver: Driver) -> None:
    """Every list under every agreement that lets it be shared."""
    for text in driver.book.newest("hotlist"):
        await driver.tell(
            text["giver"], "share", hotlist=driver.book.lists[text["giver"]]["hotlist"],
            partner=text["receiver"], agreement=text["agreement_id"],
            purpose=text["purposes"][0],
        )  # fmt: skip
    await _quiet(driver)


async def _quiet(driver: Driver) -> None:
    if left := await drained(driver, CALM_S):
        raise RuntimeError(f"undisturbed, and yet messages wait: {left}")


async def calm_figures(driver: Driver, rounds: int) -> dict[str, float]:
    """p50 and p99 in milliseconds, one after the other on undisturbed links."""
    sightings = await _sightings(driver, rounds)
    questions = await _questions(driver, rounds)
    return {f"sighting_{name}_ms": value for name, value in _percentiles(sightings).items()} | {
        f"question_{name}_ms": value for name, value in _percentiles(questions).items()
    }


async def _sightings(driver: Driver, rounds: int) -> list[float]:
    """From before a node is told to post to when the partner's database says it was taken."""
    dice, took = random.Random(1), list[float]()
    loop = asyncio.get_running_loop()
    for _ in range(rounds * 20):
        if len(took) == rounds:
            break
        name, wanted = drawing.sighting(driver.book, dice)
        dsn = driver.nodes[wanted["to"]].dsn
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as heard:
            await heard.execute("LISTEN morina_sightings")
            begun = loop.time()
            answer = await driver.post(name, wanted)
            if "posted" not in answer:
                continue
            async for _told in heard.notifies(timeout=5, stop_after=1):
                took.append((loop.time() - begun) * 1000)
    return took


async def _questions(driver: Driver, rounds: int) -> list[float]:
    dice, took = random.Random(2), list[float]()
    for _ in range(rounds * 20):
        if len(took) == rounds:
            break
        text = dice.choice(driver.book.newest("vehicle"))
        giver = text["giver"]
        answer = await driver.tell(
            text["receiver"], "ask", partner=giver, country=giver, officer="ian",
            plate=dice.choice(driver.book.lists[giver]["plates"]), purpose=text["purposes"][0],
        )  # fmt: skip
        if "asked" not in answer:
            continue
        for _wait in range(200):
            came = await driver.nodes[text["receiver"]].tell(
                "answer", question=answer["asked"], officer="ian"
            )
            if came.get("took_ms") is not None:
                took.append(float(came["took_ms"]))
                break
            await asyncio.sleep(0.02)
    return took


def _percentiles(took: list[float]) -> dict[str, float]:
    if len(took) < 2:
        return {}
    cuts = quantiles(took, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1), "of": len(took)}
