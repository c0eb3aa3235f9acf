"""One listing in words: what is asked, by whom, on which basis."""

from morina.desk.pages.labels import label
from morina.desk.pages.markup import tag
from morina.desk.pages.plates import sign
from morina.desk.pages.visit import Visit
from morina.watch import Listed, VehicleOfInterest


def show_listing(listed: Listed, visit: Visit) -> None:
    """The listing behind an alert; only for who may see it."""
    t = visit.t
    listing = listed.listing
    with tag("section", "", "part", aria_labelledby="listing"):
        tag("h2", t("The listing"), id="listing")
        with tag("div"):
            for marker in listing.warning_markers:
                tag("span", t("Warning: {marker}", marker=marker), "marker")
        if listing.instruction:
            tag("p", listing.instruction, "note")
        with tag("dl", "", "facts"):
            tag("dt", t("Plate"))
            with tag("dd"):
                sign(listing.plate.country, t)
                tag("span", f" {listing.plate.text}", "text")
            for name, value in _facts(listed, visit):
                if value:
                    tag("dt", name)
                    tag("dd", value)


def vehicle(listing: VehicleOfInterest) -> str:
    """What the vehicle should look like."""
    return " ".join(part for part in (listing.colour, listing.make, listing.model) if part)


def _facts(listed: Listed, visit: Visit) -> list[tuple[str, str]]:
    t = visit.t
    listing, hotlist = listed.listing, listed.hotlist
    return [
        (t("Contact, day and night"), listing.contact_24h),
        (t("Owner"), listing.owner_unit),
        (t("Action"), label(listing.action, t)),
        (t("Vehicle"), vehicle(listing)),
        (t("Reason"), label(listing.reason_code, t)),
        (t("Subject"), label(listing.subject_category, t)),
        (t("Legal basis"), listing.legal_basis),
        (t("Reference"), listing.source_reference),
        (t("Valid until"), visit.local(listing.valid_to)),
        (t("Hotlist"), t("{name}, version {version}", name=hotlist.name, version=hotlist.version)),
    ]
