"""What is said of joint operations and their agreements, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    mark("{to}: there is no agreement about operations with it; have one made with that partner"),
    mark("{to}: the field {field} is not among those agreed"),
    mark("{to}: {purpose} is not among its purposes: {may}"),
    mark("{node} takes no part in the operation; address it to: {others}"),
    mark("an operation is begun by this node's own officers"),
    mark("it is {owner}'s; only {other} changes it"),
    mark("the task is {state}; {step} cannot follow, {steps} can"),
    mark("the task was taken by {node}; leave it to them"),
    mark("nothing of that id is kept here, or it is not addressed to you"),
    mark("the operation it belongs to is not kept here any more"),
    mark("the file has {n} bytes; 1 to {most} are taken"),
    mark("the file is no PNG, JPEG, PDF or plain text in UTF-8 by its content; send one"),
    mark("{name} is empty; write it"),
    mark("write plain text of at most {most} characters"),
    mark("write a whole number from 0 on"),
    mark("write a date and a time"),
    mark("it ends before it begins; write a later end"),
)
