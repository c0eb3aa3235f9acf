"""A paper to be printed, each line with where it is from."""

from morina.desk.duties.papers import SOURCES, From, Paper
from morina.desk.duties.printed import PAPERS
from morina.desk.duties.standing import standing_of
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now


async def paper_page(visit: Visit, name: str) -> None:
    """The paper of that name as it stands now."""
    t, oversight = visit.t, visit.services.oversight
    if oversight is None:
        return
    made = PAPERS[name](oversight.authority, await standing_of(visit.services))
    with frame(visit, t(made.title), "/duties"):
        with tag("div", "", "head"):
            tag("h1", t(made.title))
            said = {"name": oversight.authority.name or "______", "at": visit.local(now())}
            tag("span", t("{name}, as of {at}", **said), "muted")
            with tag("div", "", "actions"):
                tag("a", t("Back to the duties"), "button", href="/duties")
        _parts(visit, made)


def _parts(visit: Visit, made: Paper) -> None:
    t = visit.t
    for part in made.parts:
        with tag("section", "", "part"):
            with tag("h2", t(part.title)):
                tag("span", " " + t("article {number}", number=part.article), "muted")
            with tag("ul", "", "told"):
                for line in part.lines:
                    values = {
                        name: t(value) if name == "what" and isinstance(value, str) else value
                        for name, value in line.values.items()
                    }
                    with tag("li", "", "wrong" if line.source is From.MISSING else ""):
                        tag("span", t(line.text, **values))
                        tag("span", f" [{t(SOURCES[line.source])}]", "muted")
