"""The lifecycle as a picture, drawn from its table."""

from morina.alerts.alert import State
from morina.alerts.lifecycle import OPEN, TRANSITIONS


def diagram() -> str:
    """The lifecycle as a Mermaid state diagram, as in docs/alerts.md."""
    arrows = [f"    {before} --> {after}: {step}" for (before, step), after in TRANSITIONS.items()]
    ends = [f"    {state} --> [*]" for state in State if state not in OPEN]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.RAISED}", *arrows, *ends]) + "\n"
