"""Lifecycles as pictures, drawn from their tables."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from morina.alerts.alert import State
from morina.alerts.lifecycle import TRANSITIONS

_State = TypeVar("_State", bound=StrEnum)
_Step = TypeVar("_Step", bound=StrEnum)


def diagram() -> str:
    """The lifecycle of an alert, as in docs/alerts.md."""
    return drawn(TRANSITIONS, State.RAISED)


def drawn(
    transitions: Mapping[tuple[_State, _Step], _State],
    begins: _State,
    label: Callable[[_Step], str] = str,
) -> str:
    """A Mermaid state diagram: each state and step that go together, with the state after.

    It begins in ``begins`` and ends in the states that nothing follows.
    """
    arrows = [
        f"    {before} --> {after}: {label(step)}" for (before, step), after in transitions.items()
    ]
    followed = {before for before, _ in transitions}
    ends = [f"    {state} --> [*]" for state in type(begins) if state not in followed]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {begins}", *arrows, *ends]) + "\n"
