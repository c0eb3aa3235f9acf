"""Random acts on all nodes at once, while links are cut, processes killed and clocks set wrong."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import Any

from federating import drawing
from federating.drawing import Book, Posted, Said
from federating.network import Network
from federating.nodes import DownError, Node

AT_ONCE = 10
CHANCE = 0.12
"""Of a mishap to each message on its way."""


class NotUpError(Exception):
    """The node is being started again; something else is drawn."""


@dataclass
class Driver:
    """Draws, tells and remembers."""

    nodes: dict[str, Node]
    network: Network
    book: Book
    dice: random.Random
    chance: float = CHANCE
    mishaps: dict[str, int] = field(default_factory=dict)
    offs: dict[str, float] = field(default_factory=dict)
    on_the_way: dict[str, int] = field(default_factory=dict)
    """What befell messages, and how often."""

    async def tell(self, name: str, act: str, **wanted: Any) -> Said:
        """What the node answers; a dead one's answer is the error Down."""
        if not self.nodes[name].is_up:
            raise NotUpError(name)
        try:
            answer = await self.nodes[name].tell(act, **wanted)
        except DownError:
            answer = {"error": "Down", "code": "", "said": "it died"}
        outcome = answer.get("code") or answer.get("error") or "done"
        key = f"{act}: {outcome}"
        self.book.told[key] = self.book.told.get(key, 0) + 1
        return answer

    async def post(self, name: str, wanted: Said) -> Said:
        """Have a node post, and remember what it said."""
        begun, off = time.time(), self.offs.get(name, 0.0)
        answer = await self.tell(name, "post", **wanted)
        believed = drawing.now() + timedelta(seconds=off)
        items = [
            {"fields": one["fields"], "camera_group": one.get("group", ""),
             "at": (believed - timedelta(seconds=one["age_s"])).isoformat()
                   if "age_s" in one else ""}
            for one in wanted["items"]
        ]  # fmt: skip
        reason, known = wanted["why"], answer.get("error") != "Down"
        self.book.posts.append(Posted(
            sender=name, to=wanted["to"], kind=wanted["kind"], agreement=reason["agreement"],
            purpose=reason["purpose"], officer=reason["officer"], items=items, off=off,
            forced=wanted.get("forced", False), begun=begun, done=time.time(),
            message_id=answer.get("posted", ""),
            denied=(answer.get("code") or answer.get("error") or "") if known else "",
        ))  # fmt: skip
        return answer

    async def act(self) -> None:
        """One at random."""
        chosen: Callable[[], Awaitable[Any]] = self.dice.choices(
            (self._sighting, self._ask, self._stray, self._forced, self._note, self._operation,
             self._withdraw, self._share, self._listed, self._follow_up, self._release,
             self._version, self._countersign, self._end, self._compare),
            (34, 18, 5, 6, 10, 2, 3, 3, 4, 3, 3, 2, 4, 0.25, 1),
        )[0]  # fmt: skip
        await chosen()

    async def _sighting(self) -> None:
        await self.post(*drawing.sighting(self.book, self.dice))

    async def _stray(self) -> None:
        await self.post(*drawing.stray(self.book, self.dice))

    async def _forced(self) -> None:
        """A node that asks no agreement before it sends."""
        draw = drawing.sighting if self.dice.random() < 0.7 else drawing.stray
        name, wanted = draw(self.book, self.dice)
        await self.post(name, wanted | {"forced": True})

    async def _ask(self) -> None:
        text = self.dice.choice(self.book.newest("vehicle"))
        reason, giver = drawing.why(text, self.dice), text["giver"]
        plate = self.dice.choice(self.book.lists[giver]["plates"])
        if self.dice.random() < 0.3:
            plate = f"ZZ{self.dice.randrange(1000):03}Z"
        await self.tell(text["receiver"], "ask", partner=giver, plate=plate, country=giver,
                        purpose=reason["purpose"], officer=reason["officer"])  # fmt: skip

    async def _operation(self) -> None:
        text = self.dice.choice(self.book.newest("operation"))
        answer = await self.tell(text["giver"], "begin_operation", to=[text["receiver"]],
                                 purpose=self.dice.choice(text["purposes"]))  # fmt: skip
        if "operation" in answer:
            one = (text["giver"], answer["operation"], [text["receiver"]])
            self.book.operations.append(one)

    async def _note(self) -> None:
        if not self.book.operations:
            await self._operation()
            return
        name, operation, to = self.dice.choice(self.book.operations[-40:])
        words = f"van {self.dice.randrange(10_000)} was seen"
        answer = await self.tell(name, "note", operation=operation, to=to, words=words)
        if "item" in answer:
            self.book.items.append((name, answer["item"]))

    async def _withdraw(self) -> None:
        if self.book.items:
            name, item = self.book.items.pop(self.dice.randrange(len(self.book.items)))
            await self.tell(name, "withdraw_item", item=item)

    async def _share(self) -> None:
        text = self.dice.choice(self.book.newest("hotlist"))
        name, hotlist = text["giver"], self.book.lists[text["giver"]]["hotlist"]
        if self.dice.random() < 0.4:
            await self.tell(name, "unshare", hotlist=hotlist, partner=text["receiver"])
        reason = drawing.why(text, self.dice)
        await self.tell(name, "share", hotlist=hotlist, partner=text["receiver"],
                        agreement=text["agreement_id"], purpose=reason["purpose"])  # fmt: skip

    async def _listed(self) -> None:
        name = self.dice.choice(list(self.nodes))
        plate = f"NN{self.dice.randrange(100_000):05}"
        hotlist = self.book.lists[name]["hotlist"]
        await self.tell(name, "listed", hotlist=hotlist, plate=plate, country=name)

    async def _follow_up(self) -> None:
        text = self.dice.choice(self.book.newest("follow_up"))
        wanted = self.dice.sample(text["fields"], self.dice.randint(1, len(text["fields"])))
        reason = drawing.why(text, self.dice)
        await self.tell(text["receiver"], "follow_up", partner=text["giver"], wanted=wanted,
                        officer=reason["officer"], purpose=reason["purpose"])  # fmt: skip

    async def _release(self) -> None:
        name = self.dice.choice(list(self.nodes))
        await self.tell(name, "release", grants=self.dice.random() < 0.7)

    async def _version(self) -> None:
        taken = self.book.pending.keys() | self.book.ended
        free = [one for one in self.book.newest() if one["agreement_id"] not in taken]
        if not free:
            return
        text = drawing.next_version(self.dice.choice(free), self.dice)
        ends = [text["giver"], text["receiver"]]
        self.dice.shuffle(ends)
        if not self.nodes[ends[0]].is_up:
            raise NotUpError(ends[0])
        self.book.pending[text["agreement_id"]] = ends[1]
        answer = await self.tell(ends[0], "sign", said=text)
        if answer.get("error") in (None, "Down"):
            self.book.texts[text["agreement_id"]].append(text)
        else:
            self.book.pending.pop(text["agreement_id"], None)

    async def _countersign(self) -> None:
        if not self.book.pending:
            return
        agreement, name = self.dice.choice(list(self.book.pending.items()))
        answer = await self.tell(name, "sign", agreement=agreement)
        if answer.get("signed") == self.book.texts[agreement][-1]["version"]:
            self.book.pending.pop(agreement, None)

    async def _end(self) -> None:
        text = self.dice.choice(self.book.newest())
        name = self.dice.choice((text["giver"], text["receiver"]))
        if not self.nodes[name].is_up:
            raise NotUpError(name)
        self.book.ended.add(text["agreement_id"])
        await self.tell(name, "end", agreement=text["agreement_id"])

    async def _compare(self) -> None:
        one, other = self.dice.sample(list(self.nodes), 2)
        await self.tell(one, "compare", partner=other)

    async def disturb_for_ever(self, pause_s: float, *kinds: str) -> None:
        """One mishap of these kinds after the other, about so long between them."""
        while True:
            await asyncio.sleep(self.dice.uniform(0.2, 2) * pause_s)
            kind = self.dice.choice(kinds)
            self.mishaps[kind] = self.mishaps.get(kind, 0) + 1
            await getattr(self, f"_{kind}")()

    async def _kill(self) -> None:
        name = self.dice.choice(list(self.nodes))
        await self.count(name)
        await self.restart(name, self.dice.uniform(0, 2))

    async def count(self, name: str) -> None:
        """Add up what befell this node's messages; its own count ends with its process."""
        with suppress(DownError):
            told = await self.nodes[name].tell("clock", off_s=0.0)
            for kind, many_ in told["counts"].items():
                self.on_the_way[kind] = self.on_the_way.get(kind, 0) + many_

    async def restart(self, name: str, after_s: float = 0.0) -> None:
        """kill -9 one, and begin it again."""
        node = self.nodes[name]
        await node.kill()
        self.offs[name] = 0.0
        await asyncio.sleep(after_s)
        await node.start()
        await self.begin_faults(name)

    async def begin_faults(self, name: str) -> None:
        """Mishaps to what this node sends."""
        seed = self.dice.randrange(2**31)
        with suppress(DownError):
            await self.nodes[name].tell("disturb", chance=self.chance, seed=seed, off_s=0.0)

    async def _cut(self) -> None:
        one, other = self.dice.choice(list(combinations(self.nodes, 2)))
        self.network.cut(one, other)
        try:
            await asyncio.sleep(self.dice.uniform(0.5, 6))
        finally:
            self.network.mend(one, other)

    async def _pull(self) -> None:
        name = self.dice.choice(list(self.nodes))
        self.network.pull(name)
        try:
            await asyncio.sleep(self.dice.uniform(0.5, 3))
        finally:
            self.network.plug(name)

    async def _clock(self) -> None:
        name = self.dice.choice(list(self.nodes))
        await self.set_clock(name, self.dice.uniform(-600, 330))
        try:
            await asyncio.sleep(self.dice.uniform(1, 5))
        finally:
            await self.set_clock(name, 0.0)

    async def set_clock(self, name: str, off: float) -> None:
        """Set the node's clock wrong, or right again."""
        with suppress(DownError):
            await self.nodes[name].tell("clock", off_s=off)
            self.offs[name] = off


async def many(driver: Driver, count: int, at_most_s: float = float("inf")) -> int:
    """So many acts, ``AT_ONCE`` at a time, or as many as there is time for; how many."""
    left, ends_at, done = iter(range(count)), time.monotonic() + at_most_s, 0

    async def work() -> None:
        nonlocal done
        for _ in left:
            if time.monotonic() > ends_at:
                return
            done += 1
            while True:
                try:
                    await driver.act()
                    break
                except NotUpError:
                    await asyncio.sleep(0.01)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return done


async def drained(driver: Driver, limit_s: float) -> list[str]:
    """Wait until nothing waits anywhere; what still does after so long."""
    ends_at, idle = time.monotonic() + limit_s, 0
    while True:
        found = [await one.tell("queues", at_once=True) for one in driver.nodes.values()]
        waits = any(one["waiting"] or one["unhandled"] for one in found)
        idle = 0 if waits else idle + 1
        if idle == 3:
            return []
        if time.monotonic() > ends_at:
            return [f"{name}: {one}" for name, one in zip(driver.nodes, found, strict=True)]
        await asyncio.sleep(0.7)
