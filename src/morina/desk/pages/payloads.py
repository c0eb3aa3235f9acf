"""What a pushing camera sent that its adapter refused, on the camera's page."""

from collections.abc import Sequence
from urllib.parse import quote

from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.sense.cameras.pushing import BadPayload

SHOWN_BYTES = 2000
_STANDS_FOR_OTHERS = "\N{REPLACEMENT CHARACTER}"


def show_payloads(visit: Visit, camera_id: str, payloads: Sequence[BadPayload]) -> None:
    """When, what was wrong and where, how large, how it begins; all of them as one file."""
    t = visit.t
    if not payloads:
        return
    with tag("section", "", "part", aria_labelledby="bad"):
        tag("h2", t("Last payloads that were refused"), id="bad")
        with tag("ul", "", "payloads"):
            for payload in payloads:
                with tag("li"):
                    tag("div", visit.local(payload.at), "muted")
                    tag("div", payload.fault, "says")
                    _begin(visit, payload)
        kept = f"/api/v1/pushing/{quote(camera_id, safe='')}/bad-payloads"
        with tag("div", "", "actions"):
            tag("a", t("Download them"), "button", href=kept, download=f"{camera_id}.json")


def readable(content: bytes) -> str:
    """The beginning as text; whatever does not print is one sign, so that nothing is feigned."""
    text = content[:SHOWN_BYTES].decode("utf-8", "replace")
    return "".join(
        one if one.isprintable() or one in "\n\t" else _STANDS_FOR_OTHERS for one in text
    )


def _begin(visit: Visit, payload: BadPayload) -> None:
    kind = payload.media_type or visit.t("of no stated type")
    with tag("details"):
        title = visit.t("How it begins ({kind}, {n} bytes)", kind=kind, n=f"{payload.size:,}")
        tag("summary", title)
        tag("pre", readable(payload.content), "payload", tabindex=0)
