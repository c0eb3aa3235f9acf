"""What breaches and requests look like alike: their facts, their steps, the form of the next."""

from collections.abc import Mapping

from morina.accountability import Action
from morina.accountability.duties import Matter, RefusedMatterError
from morina.accountability.trail import acts_as
from morina.desk.duties.keeping import step_of
from morina.desk.oversight import Oversight
from morina.desk.pages.duties import clock_line
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated

Names = Mapping[str, str]
"""A field or a step to what people call it."""


class MatterPart:
    """One breach or request, and the form by which the next step is taken."""

    def __init__(
        self, visit: Visit, oversight: Oversight, matter: Matter, words: tuple[Names, Names]
    ) -> None:
        self._visit, self._oversight, self._matter = visit, oversight, matter
        self._fields, self._steps = words
        self._part = tag("section", "", "part")
        self._draw()

    def _draw(self) -> None:
        visit, one, t = self._visit, self._matter, self._visit.t
        self._part.clear()
        with self._part:
            began = visit.local(one.began_at)
            tag("h2", t("No. {n}, since {at}", n=one.number, at=began), id=str(one.matter_id))
            if one.is_closed:
                tag("p", t("closed"), "muted")
            else:
                clock_line(visit, self._oversight, one)
            self._facts(one.said)
            with tag("ol", "", "told"):
                for step in one.steps:
                    with tag("li"):
                        said = {"step": t(self._steps[step.kind]), "who": step.by}
                        tag("div", t("{step}: {who}, {at}", at=visit.local(step.at), **said))
                        self._facts(step.said)
            if not one.is_closed:
                self._form()
            self.more()

    def more(self) -> None:
        """What a kind of matter adds at the end."""

    def _facts(self, said: Mapping[str, str]) -> None:
        with tag("dl", "", "facts"):
            for name, text in said.items():
                tag("dt", self._visit.t(self._fields[name]) if name in self._fields else name)
                tag("dd", text)

    def _form(self) -> None:
        t = self._visit.t
        with tag("details"):
            tag("summary", t("Take a step"))
            with form(self._take, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                choice(t("Step"), "kind", {kind: t(name) for kind, name in self._steps.items()})
                for name in self.asked():
                    field(t(self._fields[name]), name, maxlength=4000)
                with tag("div", "", "actions"):
                    tag("button", t("Take the step"), "first", type="submit")

    def asked(self) -> tuple[str, ...]:
        """Fields of its steps."""
        raise NotImplementedError

    async def _take(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.KEEP_DUTIES)
        acts_as(visit.user.name)
        said = {name: text for name, text in fields.items() if name != "kind" and text.strip()}
        step = (fields["kind"], said, len(self._matter.steps))
        try:
            self._matter = await step_of(self._oversight, self._matter, step, visit.user.name)
        except RefusedMatterError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._draw()
