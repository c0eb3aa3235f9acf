"""What is said of drone flights, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    mark(
        "this node has no terrain; import some: morina aerial terrain import FILE --heights egm2008"
    ),
    mark("nothing is known of the picture at {seconds} s; choose another"),
    mark("the telemetry lacks {what}; only where the aircraft was is known"),
    mark("there is no ground: sky, or beyond reach; choose a point further down"),
    mark(
        "no height of the ground is known at {place}; import the tile: morina aerial terrain"
        " import {file} --heights egm2008"
    ),
    mark("it saw nothing of the ground; what it lacks is said beside it"),
    mark("{rows} x {columns} cells are too many; ask for a smaller area or larger cells"),
    mark("a sortie that is {state} takes no {step}; it takes {steps}"),
    mark("it is being worked through; wait until it is done"),
    mark("its files are not here; take in its video and telemetry"),
    mark("{name} is empty; every sortie needs it"),
)
