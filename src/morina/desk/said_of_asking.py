"""What is said of questions to partners and follow-ups, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    # questions
    mark("{place}: wildcards are not asked across a border"),
    mark("plate: give one plate with its country, or one VIN"),
    mark("country: name the country that issued the plate"),
    mark("plate: write the whole plate; parts are not asked for"),
    mark("vin: {n} characters; a VIN has 17; write the whole VIN"),
    mark(
        "vin: {character} stands in no VIN: letters A-Z without I, O and Q, and digits; write the"
        " whole VIN"
    ),
    mark("partners: name at least one partner to ask"),
    mark("at: lies ahead; leave it empty for now"),
    mark("no agreement in force lets this node ask {partner} about vehicles"),
    # follow-ups
    mark("no agreement in force lets this node ask {partner} for details for {code}"),
    mark(
        "justification: {n} characters; the owner judges by it: write {least} or more on what"
        " happened and why these details are needed"
    ),
    mark("offence: is empty; name the offence the case is about"),
    mark("wanted: is empty; name the details that are needed"),
    mark("{place}: {field} is not agreed; there are: {agreed}"),
    mark("fields: nothing is released; choose fields, or refuse"),
    mark("words: write 3 words or more, at most {most} characters"),
    mark("about: {partner} told this node no hit of that id"),
    mark("details from a partner need a second person"),
    mark("step: it is {stage}; {step} cannot follow, {steps} can"),
    mark("the agreement it was asked under is in force no more; refuse it"),
)
