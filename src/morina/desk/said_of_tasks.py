"""What is said of reviews of tracks and tasks handed over, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    mark("a task that is {state} takes no {step}; it takes {steps}"),
    mark("a machine names no track; a person has to"),
    mark("nobody has said what the track is; name it first"),
    mark("nobody has said that the track is a vehicle; name it first"),
    mark("a person said that the track is nothing; name it anew first"),
    mark("the track is handed over as a {kind} already; see its task"),
    mark("somebody in trouble there waits for a rescue; a patrol is sent once that is finished"),
    mark("{step} says nothing; say in words what was found or why"),
    mark("there is no sortie {sortie}, or it is forgotten"),
    mark("there is no task {task}, or it is forgotten"),
    mark("no position of this flight is known yet; give the place by latitude and longitude"),
    mark("people spoke of it: {named} tracks named, {tasks} tasks; say why it is done anew"),
    mark("it would be forgotten before its time; say why"),
    mark("the sortie has no track {track}; reload the page"),
)
