"""The conversations of a node, one function each: who takes which messages, and what the desk gets.

A new kind of conversation is one function here and its line in ``ALL``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection

from morina.desk.follow_up_seen import clocks_to_see
from morina.engines import Home
from morina.exchange.adapters.agreement_takes import AgreementTakes, DirectoryTakes
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.roles import Takes
from morina.wiring.exchange.asking import asking_of
from morina.wiring.exchange.console import agreeing_of
from morina.wiring.exchange.ground import Ground
from morina.wiring.exchange.lists import ListsAndSightings
from morina.wiring.exchange.operations import HOUR_S, JointOperations
from morina.wiring.exchange.outward import LOOK_S, Outward
from morina.wiring.guarding import Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a conversation may stand on. Its own transactions take ``ground.pool``; agreements and
    directory are asked through ``ground``, which have a pool of their own."""

    ground: Ground
    directory: TufDirectory
    home: Home
    guard: Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """Something done every so often while the node runs."""

    every_s: float
    what: Callable[[], Awaitable[Any]]
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """``shown`` are fields of desk.exchange.ExchangeServices by their names."""

    takes: Sequence[Takes[AsyncConnection]] = ()
    shown: dict[str, Any] = field(default_factory=dict)
    clocked: Sequence[Clocked] = ()


def agreements(scene: Scene) -> Conversation:
    """Agreements and the directory."""
    ground = scene.ground
    takes = (
        AgreementTakes(ground.node_id, scene.directory, ground.trail),
        DirectoryTakes(ground.node_id, scene.directory, ground.outbox),
    )
    return Conversation(takes=takes, shown={"agreeing": agreeing_of(ground, scene.directory)})


def joint_operations(scene: Scene) -> Conversation:
    """Items of joint operations."""
    joint = JointOperations(scene.ground, scene.home)
    forgetting = Clocked(every_s=HOUR_S, what=joint.forget, called="items of operations")
    return Conversation(
        takes=(joint.takes,), shown={"operations": joint.operations}, clocked=(forgetting,)
    )  # fmt: skip


def asking(scene: Scene) -> Conversation:
    """Questions to partners and answers to theirs, follow-ups, the register."""
    made = asking_of(scene.ground, scene.guard)
    return Conversation(
        takes=(made.questions, made.answers, made.taken),
        shown={"questions": made.questions, "answers_given": made.answers,
               "follow_ups": made.follow_ups, "follow_up_hours": made.follow_ups.hours,
               "register": made.register,
               "more_to_see": (clocks_to_see(made.follow_ups, made.follow_ups.hours),)},
        clocked=(
            Clocked(every_s=60.0, what=made.look, called="clocks of follow-ups"),
            Clocked(every_s=3600.0, what=made.forget, called="answers of partners"),
        ),
    )  # fmt: skip


def lists_and_sightings(scene: Scene) -> Conversation:
    """Hotlists shared and partners' lists; sightings told and heard."""
    made = ListsAndSightings(scene.ground)
    clocked = tuple(Clocked(every_s=s, what=what, called=name) for s, what, name in made.work())
    return Conversation(takes=made.takes, shown=made.shown, clocked=clocked)


def outward(scene: Scene) -> Conversation:
    """What other systems of the authority are told."""
    made = Outward(scene.ground, scene.home)
    return Conversation(
        shown={"webhooks": made.subscriptions},
        clocked=(
            Clocked(every_s=LOOK_S, what=made.webhooks, called="webhooks"),
            Clocked(every_s=LOOK_S, what=made.cot, called="cursor on target"),
            Clocked(every_s=HOUR_S, what=made.forget, called="messages to webhooks"),
        ),
    )  # fmt: skip


ALL: Sequence[Callable[[Scene], Conversation]] = (
    agreements,
    asking,
    joint_operations,
    outward,
    lists_and_sightings,
)
