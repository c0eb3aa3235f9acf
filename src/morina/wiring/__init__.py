"""Knows every part and names the adapters.

``node`` holds the path of a read as one loop; ``reading`` what reads pictures, so that
``morina read`` need not load a whole node.
"""

from morina.wiring.reading import recogniser

__all__ = ["recogniser"]
