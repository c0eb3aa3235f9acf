"""What is said of one flight's telemetry and video, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    # why nothing is plotted
    mark("it is not said which way the camera points; record with gimbal angles"),
    mark("no field of view; state that of the camera for this flight"),
    mark("a height or an angle is no number; leave this moment out"),
    mark("it is not known what its height is counted from; state it for this flight"),
    mark(
        "its height is counted from the take-off, whose height is not said; state it for this"
        " flight, or that it took off from the ground at its first position"
    ),
    mark(
        "its first position is {metres} m above the take-off, not at it; state the height of the"
        " take-off above the sea"
    ),
    mark(
        "the camera would be {metres} m under the ground at {place}; look at what its height is"
        " counted from, and at the take-off height"
    ),
    mark("terrain that is imported cannot be read: {fault}"),
    mark("{n} pictures at whose time the telemetry says nothing"),
    # how telemetry was taken
    mark("mean sea level taken as EGM96: the log does not say which"),
    mark("sea level taken as EGM96: the header does not say which"),
    mark("{n} positions of other aircraft passed over"),
    mark("{n} positions without a fix passed over"),
    mark("mount_orientation passed over: it does not say what its yaw counts from"),
    mark("{n} rows without a position passed over"),
    mark("{n} rows before the first recording passed over"),
    mark("{n} recordings in one log: seconds count from the first; they began at {times} s"),
    mark("the log does not say when the video began: seconds count from its start"),
    mark(
        "the aircraft leaves its first place {n} s into the telemetry: that less the second of the"
        " video that shows it is where the video begins"
    ),
    mark("order {order}: {ground}"),
    mark("{n} packets without a position passed over"),
    mark("{n} dialects in one file: recordings put together"),
    mark("the position jumps {n} times, faster than {speed} m/s"),
    mark("gimbal heading taken as from true north: the file does not say"),
    mark("gimbal angles missing in {n} of {all} packets"),
    mark("{n} packet passed over, {why}: at {places}"),
    mark("{n} packets passed over, {why}: at {places}"),
    mark("no leap seconds are said (item 136): its clock is taken for UTC"),
    mark("its clock goes back after {at} s: what comes later is left out; cut it there"),
    # why it failed
    mark(
        "{file}: after {at} its time goes back to {back}; cut it there and give each part with its"
        " own telemetry"
    ),
    mark(
        "{file}: ends at {at} of {whole}, cut short or damaged there; what was seen until then is"
        " kept; copy the file again"
    ),
    mark("{file}: no picture can be decoded; give MPEG-TS, MP4, MOV or MKV with H.264 or H.265"),
    mark("{file}: there is no such file; hand it in again"),
    mark("{file}: no video; give MPEG-TS, MP4, MOV or MKV with H.264 or H.265"),
    mark(
        "{file}: no video, or its beginning is missing; give MPEG-TS, MP4, MOV or MKV with H.264 or"
        " H.265"
    ),
    mark("{file}: {across} x {down} is too large"),
    mark("takes more than reading.memory_bytes; send a smaller video or raise it"),
    mark(
        "its worker ended twice without a word, likely for want of memory; see logs/sorties.log,"
        " send a smaller video, or raise reading.memory_bytes"
    ),
    mark("its files are not here; take in its video and telemetry again"),
    mark("{file}: no telemetry known here; bring one of: {formats}"),
    mark(
        "{place}: {dialect} does not say which number is the latitude; compare with the place flown"
        " and say order=lat_lon or order=lon_lat"
    ),
    # what cannot be stated
    mark("{what}: {value} cannot be; state {least} to {most} {unit}"),
    mark("the take-off is stated twice; state its height or the ground, not both"),
    mark("the field of view is stated down alone; state it across too"),
    mark("{text} is no number; write one such as 12.5"),
    mark("it is cancelled; plan another flight"),
    # what is recorded live
    mark("no live source is set for this airframe; hand in the recording after landing"),
    mark(
        "what comes in live cannot be written down ({fault}); it is tried again, hand in the"
        " recording after landing where this stays"
    ),
)

VALUES = (
    mark("what a footprint needs"), mark("the video"),
    mark("the beginning of the video"), mark("the take-off"),
    mark("the field of view"), mark("seconds"), mark("degrees"), mark("metres above the sea"),
    mark("the fields are named"), mark("the operator states it"),
    mark("the first number goes beyond 90: it is the longitude"),
    mark("the second number goes beyond 90: it is the longitude"),
    mark("only so does the distance from home fit what is written"),
)  # fmt: skip
"""What stands in those shapes and is said in the user's language too."""
