"""What is said of the exchange with partners, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    # agreements
    mark("an agreement with a partner needs a second person"),
    mark("valid_to is not after valid_from"),
    mark("version and keep_days start at 1"),
    mark("{field}: write 0 to {most}"),
    mark("legal_basis, camera_groups: write plain text, 1 to {most} characters"),
    mark("purposes: write one at least"),
    mark("valid_to: it is past; draft it anew"),
    mark("it was ended; make one with a new id"),
    mark("both signed a later version; change that one"),
    mark("this node signed it already"),
    mark(
        "version {version} is known with another text, or is not the next; make it version {next}"
    ),
    mark("the directory lists another text for this version; make it the next version"),
    mark("nobody signed an agreement of that id; see the list"),
    mark("{name} is not a whole number; write digits only"),
    mark("{name} is not a day; write it as 2026-11-22"),
    # what an agreement does not let pass
    mark("no agreement about sightings with {partner} is in force"),
    mark("no agreement about sightings is in force"),
    mark("cameras of {name} are not among those agreed"),
    mark("it is older than the {n} days agreed"),
    mark("the entry is no longer known here"),
    mark("{partner} did not take it on {time} UTC: {said}"),
    # answers given
    mark("words: write {n} or more on what you found"),
    mark("no answer of the sample has that id, or it was reviewed"),
    # webhooks
    mark("{address}: write https://HOST/PATH, without a login"),
    mark(
        "{host} leads to this machine or a private network; set exchange.webhooks_may_be_local"
        " where it should"
    ),
    mark("{host} is elsewhere, so write https://"),
    mark("nobody knows the address: {why}"),
    mark("plates: only to this machine or a private network"),
    mark("no webhook {name} is told anything"),
    mark("no webhook {name} is paused"),
    # what passes
    mark("{n} messages wait for {partner} since {since} UTC: {why}"),
    mark(
        "{n} messages of {partner} could not be acted on (set_aside); look at the log, then have"
        " them tried again"
    ),
    mark("{n} messages were refused at the door since yesterday, the last: {said}"),
    mark("what {partner} and this node have differs: look at the reconciliation"),
    mark(
        "nothing of the trail since {since} UTC has a timestamp; see whether"
        " exchange.timestamp_url answers. Messages pass as before"
    ),
)
