"""What a node says its sites must hold to, whatever their own settings are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """The node's word. ``only_hits`` are cameras (ids) of which only hits may be kept; the rest is
    the most bytes of an overview and of a patch that a site encodes, 0 for no limit."""

    only_hits: tuple[str, ...] = ()
    overview_bytes: int = 0
    patch_bytes: int = 0


def narrower(one: int, other: int) -> int:
    """The lower of two limits of which 0 is none."""
    return min(filter(None, (one, other)), default=0)
