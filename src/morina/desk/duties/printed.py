"""The papers there are."""

from collections.abc import Callable, Mapping

from morina.desk.authority import Authority
from morina.desk.duties.assessment import assessment
from morina.desk.duties.controls import controls
from morina.desk.duties.papers import Paper
from morina.desk.duties.processing import processing
from morina.desk.duties.standing import Standing

PAPERS: Mapping[str, Callable[[Authority, Standing], Paper]] = {
    "processing": processing,
    "assessment": assessment,
    "controls": controls,
}
"""Name of a paper, as in its address, to what makes it."""
