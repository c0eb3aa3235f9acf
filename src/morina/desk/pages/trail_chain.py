"""How the chain of the trail is, the file for an overseer, and what everybody may know."""

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.oversight import Checked
from morina.accountability.signing import SignatureError
from morina.desk.oversight import Oversight
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now

CHECK_AFTER_H = 26
"""The node checks once a day; later than this a check is missing."""


async def chain_part(visit: Visit, oversight: Oversight) -> None:
    """The newest seal with its hash, the last check, the export and the months."""
    t = visit.t
    with tag("section", "", "part", aria_labelledby="chain"):
        tag("h2", t("Does the trail hold?"), id="chain")
        _checked(visit, await oversight.chain.checked())
        try:
            _sealed(visit, await oversight.chain.sealed(), oversight.chain.key.fingerprint)
        except SignatureError as broken:
            tag("p", str(broken), "wrong")
        with tag("div", "", "actions"):
            with tag("form", method="post", action="/api/v1/trail/export"):
                tag("button", t("The whole trail as a signed file"), type="submit")
            tag("span", t("for the supervisory authority; that you take it is entered"), "muted")
    await _months(visit, oversight)


def _checked(visit: Visit, checked: Checked | None) -> None:
    t = visit.t
    if checked is None:
        tag("p", t("It was never checked. On the node: morina audit verify"), "wrong")
        return
    said = {"at": visit.local(checked.at), "n": checked.count, "to": checked.sealed_to}
    if checked.found:
        tag("p", t("It does not hold, as of {at}:", at=said["at"]), "wrong")
        with tag("ul"):
            for one in checked.found:
                tag("li", one)
        return
    tag("p", t("Checked at {at}: {n} entries hold, sealed to number {to}.", **said), "good")
    if (now() - checked.at).total_seconds() > CHECK_AFTER_H * 3600:
        tag("p", t("That is more than a day ago. On the node: morina audit verify"), "wrong")


def _sealed(visit: Visit, sealed: Checkpoint | None, fingerprint: str) -> None:
    t = visit.t
    if sealed is None:
        tag("p", t("Nothing is sealed yet."), "muted")
        return
    with tag("dl", "", "facts"):
        tag("dt", t("Newest seal"))
        tag("dd", t("number {n}, of the entries to {to}", n=sealed.number, to=sealed.last))
        tag("dt", t("Made at (UTC)"))
        tag("dd", sealed.made_at)
        tag("dt", t("Its hash"))
        with tag("dd"):
            tag("code", in_fours(sealed.digest))
        tag("dt", t("The node's key"))
        with tag("dd"):
            tag("code", fingerprint)
    tag("p", t("Compare the hash by telephone with who keeps copies of the seals."), "muted")


def in_fours(digest: str) -> str:
    """Hex digits as one reads them out."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


async def _months(visit: Visit, oversight: Oversight) -> None:
    t = visit.t
    with tag("details", "", "part"):
        tag("summary", t("What everybody may know: counts by the month"))
        note = t("No names, no plates; on the node: morina audit publish MONTH FILE")
        tag("p", note, "muted")
        for month in await oversight.months():
            tag("h3", month.month if month.over else t("{month}, not over", month=month.month))
            with tag("dl", "", "facts"):
                for row in month.said(oversight.authority.fewer_than)["rows"]:
                    purpose = f" ({row['purpose'].replace('_', ' ')})" if row["purpose"] else ""
                    tag("dt", row["meaning"] + purpose)
                    few = t("fewer than {n}", n=oversight.authority.fewer_than)
                    tag("dd", few if row["count"] is None else str(row["count"]))
