"""What is said wherever an alert's plate is labelled as a suspected clone."""

from morina.desk.words import mark

WARNING = mark(
    "Suspected clone: two vehicles may bear this plate. Compare make, colour and place before "
    "anybody is stopped. The keeper may be innocent."
)
SHORT = mark("Suspected clone: the keeper may be innocent.")
