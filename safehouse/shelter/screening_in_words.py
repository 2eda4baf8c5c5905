"""The questions of a screening and what follows from the answers, as people read them.

Nothing about the violence is asked: only what is needed to keep her safe and well from now on.
"""

from flask_babel import lazy_gettext as _l

from safehouse.shelter.rules.screening import Choice, Part, Question, Tonight

QUESTIONS = {
    Question.DANGER: _l("Danger"),
    Question.REPORTED: _l("Who must not find her"),
    Question.AVOID: _l("Districts and persons to avoid"),
    Question.HEALTH: _l("Health now"),
    Question.PREGNANCY: _l("Pregnancy"),
    Question.INFANTS: _l("Infants"),
    Question.MEDICINES: _l("Medicines"),
    Question.MOBILITY: _l("Mobility"),
    Question.DISABILITY: _l("Disability"),
    Question.LANGUAGE: _l("Language"),
    Question.FAITH: _l("Faith"),
    Question.LEFT_BEHIND: _l("What was left behind"),
}
PARTS = {
    Part.THREAT: _l("Is she or a child threatened with injury or death?"),
    Part.WEAPON: _l("Does the reported person have a weapon or a network?"),
    Part.WORSE: _l("Has it become more frequent or worse this month?"),
    Part.KNOWN: _l("Is it known who must not find her?"),
    Part.KNOWS_PLACE: _l("Does the reported person know where she is?"),
    Part.PHONE_TRACED: _l("Could her phone or an account be traced?"),
    Part.AVOID: _l("Are there districts or persons she must avoid?"),
    Part.DOCTOR: _l("Does she or a child need a doctor?"),
    Part.RECENT: _l("Was it less than 72 hours ago?"),
    Part.CONTAGIOUS: _l("Must someone sleep apart because of an illness that others catch?"),
    Part.SELF_HARM: _l("Does she think of ending her life?"),
    Part.PREGNANCY: _l("Is she or a child pregnant?"),
    Part.INFANTS: _l("Does a baby need milk, nappies or a cot?"),
    Part.MEDICINES: _l("Does someone take medicines?"),
    Part.MOBILITY: _l("Does someone need help to move?"),
    Part.DISABILITY: _l("Does someone live with a disability?"),
    Part.LANGUAGE: _l("Does she need an interpreter?"),
    Part.FAITH: _l("Does her faith ask for something here?"),
    Part.LEFT_BEHIND: _l("Did someone or something important stay behind?"),
}
HINTS = {
    Part.RECENT: _l("Only the time. Some help of a doctor is of use within 72 hours."),
    Part.SELF_HARM: _l("Asking does no harm. She may leave it unanswered."),
}
DETAILS = {
    Question.AVOID: _l("Which districts, which persons"),
    Question.HEALTH: _l("What the doctor should know"),
    Question.PREGNANCY: _l("Which month, and when she was last examined"),
    Question.INFANTS: _l("What the baby needs tonight"),
    Question.MEDICINES: _l("Which, and when the next one is due"),
    Question.MOBILITY: _l("What helps her to move"),
    Question.DISABILITY: _l("What she needs from us"),
    Question.LANGUAGE: _l("Which language or sign language"),
    Question.FAITH: _l("Food, prayer, clothing"),
    Question.LEFT_BEHIND: _l("A child, papers, medicines, animals"),
}
CHOICES = {
    Choice.YES: _l("Yes"),
    Choice.TONIGHT: _l("Tonight"),
    Choice.LATER: _l("Yes, not tonight"),
    Choice.WHEELCHAIR: _l("Wheelchair"),
    Choice.STAIRS: _l("Cannot climb stairs"),
    Choice.NO: _l("No"),
    Choice.UNKNOWN: _l("Not known yet"),
}
# When it is due, what is to be done, and how.
TONIGHT = {
    Tonight.NOT_ALONE: (_l("at once"), _l("Do not leave her alone"), _l("Call the psychologist or doctor on duty")),
    Tonight.DOCTOR: (_l("tonight"), _l("See a doctor"), _l("The doctor on duty of the hospital or puskesmas")),
    Tonight.WITHIN_72_HOURS: (
        _l("as soon as possible"),
        _l("See a doctor before 72 hours have passed"),
        _l("Counted from what happened. Afterwards some help is of no use"),
    ),
    Tonight.PHONE_LOCATION: (
        _l("at once"),
        _l("Switch off the location on her phone"),
        _l("Before she sets out; log out of accounts others know"),
    ),
    Tonight.ANOTHER_WAY: (
        _l("at once"),
        _l("Do not wait where she is now"),
        _l("Ask the police to come along, take another way"),
    ),
    Tonight.MEDICINES: (
        _l("tonight"),
        _l("Get her medicines before the next one is due"),
        _l("Ask for them now; a puskesmas can write a new prescription"),
    ),
    Tonight.INFANT: (_l("tonight"), _l("Milk, nappies and a cot for the baby"), ""),
    Tonight.INTERPRETER: (
        _l("24 hours"),
        _l("Find an interpreter"),
        _l("Never a child, a relative or the one who brought her"),
    ),
    Tonight.FETCH_NOTHING: (
        _l("24 hours"),
        _l("Nobody fetches what was left behind alone"),
        _l("Her caseworker arranges it with the police"),
    ),
}
# The same for a family that lives here already: she waits nowhere, and does not set out.
INSIDE = {
    Tonight.PHONE_LOCATION: (
        _l("first"),
        _l("Switch off the location on her phone"),
        _l("Log out of accounts others know"),
    ),
    Tonight.ANOTHER_WAY: (
        _l("first"),
        _l("Tell the manager that he knows where she is"),
        _l("Ask for another house, and do not let her go out alone"),
    ),
    Tonight.DOCTOR: (_l("first"), _l("See a doctor"), _l("The doctor on duty of the hospital or puskesmas")),
    Tonight.MEDICINES: (
        _l("first"),
        _l("Get her medicines before the next one is due"),
        _l("Ask for them now; a puskesmas can write a new prescription"),
    ),
    Tonight.INFANT: (_l("first"), _l("Milk, nappies and a cot for the baby"), ""),
}
