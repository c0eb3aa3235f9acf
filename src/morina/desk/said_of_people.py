"""What is said of accounts, of purposes, approvals and oversight, by its shape; see said.py."""

from morina.desk.words import mark

SHAPES = (
    # accounts
    mark("name and password do not fit; try again"),
    mark("there is a user {name} already"),
    mark("there is no user {name}"),
    mark("{name} cannot be a user name; choose another"),
    mark("{name} cannot be a full name; write it in short text"),
    mark("{name} is the only administrator; give another person that role first"),
    mark("{role} and {other} may not be one person; give one to another"),
    mark("too many tries; wait up to 15 minutes and try again"),
    mark("a password has {least} to {most} characters"),
    mark("the new password is the old one; choose another"),
    mark("the code does not fit; type the one your app shows now"),
    mark("that took too long; begin again with your password"),
    mark("that took too long; try again"),
    mark("this passkey is not known here; sign in otherwise and add it to your account"),
    mark("the passkey's answer does not hold; try again"),
    mark("this answer of the passkey was given already; try again"),
    mark("this passkey is known already; use another"),
    mark("a passkey needs a name; write one"),
    mark("you signed in too long ago for this"),
    mark("the provider's answer does not hold; begin again"),
    mark("the provider did not let you in; ask whoever runs it"),
    mark("the provider does not say {claim}; set oidc.claim to a claim it does say"),
    mark(
        "the provider does not say that you signed in there as this node asks; use your second"
        " factor there and begin again"
    ),
    mark("the provider does not answer; try again, or sign in otherwise"),
    mark("the provider calls itself otherwise; mend oidc.issuer"),
    mark("the provider did not say who you are; begin again"),
    mark("you have no account here; ask an administrator for one"),
    mark("the provider names an account that cannot be: {why}"),
    mark("choose what the token may do, and fewer days"),
    mark("label {label} is no short text; say what the token is for"),
    # purposes, approvals and oversight
    mark(
        "{n} words; at least {least} are asked for; say in a sentence which vehicle or person"
        " is looked for, and what happened"
    ),
    mark(
        "repeats itself; say in a sentence which vehicle or person is looked for, and what "
        "happened"
    ),
    mark(
        "could stand under any question; say in a sentence which vehicle or person is looked "
        "for, and what happened"
    ),
    mark("is what you wrote for case {case}; say what is looked for in this case, and why"),
    mark("is not of this authority's form; write it as {form} (setting purpose.case_format)"),
    mark("is no case of this authority; open the case first, or mend its number"),
    mark("names no file; write the reference of your own file, such as DPO-2026-4"),
    mark("names no law; write the law and its article"),
    mark(
        "{code} is barred here; choose another, or ask who runs the node"
        " (setting purpose.barred)"
    ),
    mark("is too long ago for anybody to ask; ask for {days} days"),
    mark(
        "reads of up to {days} days are for: {roles}; have one of them ask; or ask for the "
        "last {last} days"
    ),
    mark("reads of up to {days} days are for: {roles}; have one of them ask"),
    mark("questions about patterns are for: {roles}; have one of them ask"),
    mark(
        "reads of up to {days} days are not for {code}; only for: {codes}; or ask for the "
        "last {last} days"
    ),
    mark("questions about patterns are not for {code}; only for: {codes}"),
    mark("questions about patterns need a stated place; name sites, groups, cameras or an area"),
    mark(
        "reads of up to {days} days need a second person; without one ask for the last {last}"
        " days"
    ),
    mark("questions about patterns need a second person"),
    mark("exports of more than {n} passages need a second person"),
    mark("reads of this age that were pinned by somebody else need a second person"),
    mark("the erasure of a plate needs a second person"),
    mark("the role of an administrator or data protection officer needs a second person"),
    mark(
        "no more than {n} are shown of such a question; ask for a smaller place or a"
        " shorter time"
    ),
    mark("reason: write {n} words or more on why"),
    mark(
        "approval_id: it was given for another request; send just what was approved, or have "
        "this approved"
    ),
    mark("approval_id: nobody decided it yet; wait, or ask one who may"),
    mark("approval_id: it was refused ({reason}); mend that and ask anew"),
    mark("approval_id: it was used; ask anew"),
    mark("approval_id: its time is over; ask anew"),
    mark("it is {stage} already; only open ones are decided"),
    mark("another person decided it just now"),
    mark("officer: you asked for it yourself; have another person decide"),
    mark("officer: they would be your own roles; have another person decide"),
    mark("{who} asked for one plate {n} times in {days} days under {cases} case numbers"),
    mark("{who} asked for one plate {n} times in {days} days under {cases} case number"),
    mark("{who} asked for a plate of their own household"),
    mark("{who} asked for or was shown a plate of their own household"),
    mark("{who} put a plate of their own household on a hotlist"),
    mark("{who} put a plate on the sensitive list on a hotlist: {note}"),
    mark("{who} asked for or was shown a plate on the sensitive list: {note}"),
    mark("an alert is on a plate on the sensitive list: {note} (alert {alert})"),
    mark("{who} asked at {time}, outside the shift {shift}"),
    mark(
        "{who} asked {n} questions in a day; {peers} peers asked {middle} in the middle, and "
        "up to {most} is usual"
    ),
    mark("{who} gave {account} the role of {roles}; find out that it is another person"),
    mark("roles that were given are reviewed by a data protection officer"),
    mark("words: write {n} or more on why"),
    mark("it is about your own questions; another must review it"),
    mark("it was reviewed already; reviews stay"),
    mark("nothing to review has that id; look at the list anew"),
    mark("note: is empty; say why it is watched over, not which it is"),
    mark("officer: name one for a household, none for other plates"),
    mark("officer: it is your own household; have another person do it"),
)  # fmt: skip
