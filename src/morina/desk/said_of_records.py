"""What is said of questions to the records and their findings, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    mark("that is what the read says; type what the picture shows"),
    mark("the read {read} is not kept; it may be forgotten by now"),
    # audits
    mark("a period needs times with a zone; add one, such as Z"),
    mark("the period ends before it begins; mend one of the two"),
    mark(
        "{captured} captured of {counted} counted cannot be; count at least one vehicle, and of"
        " those the captured ones"
    ),
    # questions to the records
    mark("cancelled"),
    mark("it took too long; ask for less time or fewer cameras"),
    mark("it could not be written down, so nothing is shown; ask again when the node is well"),
    mark("the node failed to answer it, which was logged; ask again, or tell who runs the node"),
    mark("whether cameras were down meanwhile could not be told in time"),
    mark("begins too long ago; begin it at most {days} days ago (setting search.days_back)"),
    mark("ends in the future; end it now"),
    mark(
        "character {character} at place {place} is not on any plate; use letters, digits, ? for one"
        " character and * for any number"
    ),
    mark("{n} fixed characters in {pattern}; give at least {least}"),
    mark("{n} characters; give at least {least}"),
    mark("{n} characters or more; a plate has at most {most}"),
    mark("is no day; choose one"),
    mark("is no time; choose day and time"),
    mark("is no time; write it such as 22:30"),
    mark("is not asked for; empty it, or choose a plate"),
    mark("is not chosen; choose a site or a camera"),
    mark("is no whole number; write one, or leave it empty"),
    mark("{n} known character; give at least {least}"),
    mark("{n} characters; give {least} to {most} or none"),
    mark("area {number}"),
    mark("is out of reach; give up to a year"),
    mark("nothing is drawn; press the map, corner by corner"),
    mark("is not chosen; tick one or more"),
    mark("is no number; write metres, such as 300"),
    mark(
        "{part} is no place; write latitude and longitude, such as 42.05 20.40; 42.10 20.45"
    ),
    mark("{place} is not on Earth; write latitude, then longitude, in degrees"),
    mark("{n} corners; give {least} to {most}"),
    mark("{n} points; give {least} to {most}"),
    mark("{n} metres; give more than 0 and at most {most}"),
    mark("no camera stands at {site}; choose one that `morina camera list` shows"),
    mark("holds no camera; choose another place, or cameras by id"),
    # who travelled with a vehicle
    mark(
        "{n} passages of {plate} on {journeys} journeys; {others} other vehicles passed within"
        " {seconds} s of one"
    ),
    mark("only its newest {n} passages were looked at; ask for less time"),
    mark("{n} passages at cameras whose place is not known were left out"),
    mark("{n} more were met at enough places, and were not scored"),
    mark("met at {places} of {of_places} places on {journeys} of {all} journeys"),
    mark(
        "its text is like the target's and was read with it: perhaps the target misread"
    ),
    mark("one journey shared is what traffic does, so it says nothing"),
    mark("not scored: see the notes of the answer"),
    mark("that is less than {level}, so chance does not explain it"),
    mark("that is {level} or more, so chance explains it"),
    mark(
        "by chance {n} journeys expected, from its own passages there and the flow of each site"
    ),
    mark("of {n} vehicles compared, such a coincidence is expected {times} times"),
    # habits and journeys
    mark("counted in what is still remembered: it may have passed before its first time there"),
    mark("the oldest journey has more passages than are shown at once: it may have begun earlier"),
    mark(
        "what is usual between cameras is still being learned; where it is not known yet, journeys"
        " end as the straight way says"
    ),
    mark("what passed later is in the answer before"),
    mark("no later passage was found"),
    mark("the next passage came {span} later, and after {most} another journey begins"),
    mark("that is twice the {slow} in which nine of ten get there, and {pause} more"),
    mark("the place of a camera is not known, so the way there counts for nothing"),
    mark(
        "too little is known of that way, so it is twice the straight one at {kmh} km/h, and"
        " {pause} more"
    ),
    # impossible journeys
    mark(
        "Read at camera {one} and {span} later at camera {other}, {km} km away: {kmh} km/h, and"
        " {most} km/h is the most taken as possible there."
    ),
    mark("The clock of {camera} was wrong, so the times say nothing."),
    mark(
        "{n} plates were too fast between these cameras at about that time: the clock or the place"
        " of a camera is wrong."
    ),
    mark("Look at both first."),
    mark("Look at {camera} first."),
    mark("No other plate that could be taken for this one fits either place."),
    mark("The country was not read: two countries may have issued this text."),
    mark("The make agrees: {one}, {other}."),
    mark("The make differs: {one}, {other}."),
    mark("The colour agrees: {one}, {other}."),
    mark("The colour differs: {one}, {other}."),
    mark("Two vehicles may bear this plate, and its keeper may be innocent."),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate was read at camera {other}"
        " {span} later, {n} times in all within {minutes} min."
    ),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate was read at camera {other}"
        " {span} before, {n} times in all within {minutes} min."
    ),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate passed this camera on {n} of"
        " the last {days} days."
    ),
    mark("of two cameras with a clock or place fault, one journey a day is shown"),
    mark(
        "{n} journeys or more were too fast on a day: of that day only the last are judged; look"
        " at the places of the cameras first"
    ),
    mark(
        "the reason has to be {least} words or more and {most} characters at most; say what was"
        " seen"
    ),
    mark("review_on is not after today; say when to look again"),
    mark("{plate} is labelled already; withdraw that label first, if it is to be said anew"),
    # two places
    mark("{n} vehicles in all"),
    mark("passages are told apart by text as it was read; countries and corrections are not"),
)  # fmt: skip
