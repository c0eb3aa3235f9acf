"""Adding one entry to a hotlist, with what it would cost shown before it is saved."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.listing_seen import listing_seen
from morina.desk.pages.fields import NAMES, REQUIRED, choices
from morina.desk.pages.frame import focus, frame
from morina.desk.pages.hotlists import found
from morina.desk.pages.markup import Fields, form, say, tag
from morina.desk.pages.misreads import show_misreads
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.watch import AlreadyListedError, Hotlist, RefusedFileError, listing_from

_MOMENTS = ("valid_from", "valid_to", "source_checked_at")
_NEEDED = tuple(name for name in NAMES if name in REQUIRED)
_MORE = tuple(name for name in NAMES if name not in REQUIRED and name != "created_by")
VALID_DAYS = 30
"""How long an entry holds unless the officer says otherwise."""


async def entry_page(visit: Visit, hotlist_id: str) -> None:
    """The form for one entry of the hotlist of that id."""
    t = visit.t
    hotlist = await found(visit, hotlist_id)
    if hotlist is None:
        return
    with frame(visit, t("Add an entry"), "/hotlists"):
        with tag("div", "", "head"):
            tag("h1", t("Add an entry"))
            tag("span", hotlist.name, "muted")
            with tag("div", "", "actions"):
                back = f"/hotlists/{hotlist.hotlist_id}"
                tag("a", t("Back to the hotlist"), href=back, data_key="Escape")
        with tag("div", "", "beside"):
            entry = _Entry(visit, hotlist)
            with tag("section", "", "part", aria_labelledby="cost", aria_live="polite"):
                tag("h2", t("What else would it match?"), id="cost")
                entry.preview = tag("div")
        entry.forecast("")


class _Entry:
    """The form; what is wrong stands under its field, and nothing is lost."""

    preview: Element

    def __init__(self, visit: Visit, hotlist: Hotlist) -> None:
        self._visit = visit
        self._hotlist = hotlist
        self._wrong: dict[str, Element] = {}
        t = visit.t
        with form(self._save, "part", novalidate=True):
            self._whole = tag("p", "", "wrong", role="alert")
            for title, names in ((t("Needed"), _NEEDED), (t("If known"), _MORE)):
                with tag("fieldset"):
                    tag("legend", title)
                    with tag("div", "", "fields"):
                        for name in names:
                            self._field(name)
            with tag("div", "", "actions"):
                tag("button", t("Save the entry"), "first", type="submit")
                tag("a", t("Cancel"), "button quiet", href=f"/hotlists/{hotlist.hotlist_id}")

    def _field(self, name: str) -> None:
        t = self._visit.t
        options = choices(name, t)
        with tag("label", "", "field wide" if name == "instruction" else "field"):
            tag("span", t(NAMES[name]), "field-label")
            if options is not None:
                with tag("select", name=name):
                    tag("option", t("choose"), value="")
                    for value, text in options.items():
                        tag("option", text, value=value)
            else:
                control = tag("input", name=name, autocomplete="off", **self._kind(name))
                if name == "plate":
                    control.on("input", self._plate_typed, throttle=0.3,
                               js_handler="(e) => emit(e.target.value)")  # fmt: skip
            self._wrong[name] = tag("span", "", "field-wrong", role="alert")

    def _kind(self, name: str) -> dict[str, object]:
        here = self._visit.here(now()).replace(second=0, microsecond=0, tzinfo=None)
        later = here + timedelta(days=VALID_DAYS)
        kinds: dict[str, dict[str, object]] = {
            "plate": {"class": "typed", "maxlength": "20", "autofocus": True},
            "priority": {"type": "number", "min": "0", "max": "100", "value": "50"},
            "legal_basis": {"value": self._hotlist.legal_basis},
            "owner_unit": {"value": self._hotlist.owner},
            "valid_from": {"type": "datetime-local", "value": here.isoformat()},
            "valid_to": {"type": "datetime-local", "value": later.isoformat()},
            "review_at": {"type": "date", "value": later.date().isoformat()},
            "source_checked_at": {"type": "datetime-local"},
        }
        return kinds.get(name, {"type": "text"})

    def _plate_typed(self, event: GenericEventArguments) -> None:
        self.forecast(str(event.args))

    def forecast(self, typed: str) -> None:
        """Show which misreads an entry with this text would accept."""
        self.preview.clear()
        with self.preview:
            show_misreads(typed, self._visit)

    async def _save(self, fields: Fields) -> None:
        self._visit.must(Action.CHANGE_HOTLISTS)
        officer = self._visit.user.name
        cells = {name: self._written(name, text) for name, text in fields.items()}
        for place in (self._whole, *self._wrong.values()):
            say(place, "")
        try:
            listing = listing_from(cells | {"created_by": officer}, now=now())
            hotlist_id, services = self._hotlist.hotlist_id, self._visit.services
            await listing_seen(services, officer, hotlist_id, [listing])
            await services.hotlists.add(hotlist_id, listing, officer)
        except RefusedFileError as refused:
            self._refuse(refused)
        except AlreadyListedError:
            text = self._visit.t(
                "This vehicle is on the hotlist already; withdraw that entry first."
            )
            say(self._whole, text)
        else:
            here = f"/hotlists/{self._hotlist.hotlist_id}?saved={listing.listing_id}"
            self._whole.client.open(here)

    def _written(self, name: str, text: str) -> str:
        """A field as the exchange file writes it: times typed here are in the officer's zone."""
        if name not in _MOMENTS or not text:
            return text
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            return text
        return typed.replace(tzinfo=ZoneInfo(self._visit.user.time_zone)).isoformat()

    def _refuse(self, refused: RefusedFileError) -> None:
        t = self._visit.t
        n = len(refused.errors)
        say(self._whole, t.many("{n} field is to be mended.", "{n} fields are to be mended.", n))
        for error in refused.errors:
            say(self._wrong.get(error.field, self._whole), translated(error.mend, t))
        focus(self._whole, f"[name={refused.errors[0].field}]")
