"""Whatever changes something writes the record, or is part of something that does."""

import ast

import pytest

from tests.architecture.source import MODULES, PACKAGE, functions, is_kind, named, names_called, tree_of

OPERATIONS = [path for path in MODULES if is_kind(path, "operations") and path.relative_to(PACKAGE).parts[0] != "vault"]
RECORDS = {"record", "open_values"}

# Parts that change rows and leave the record to the operation they belong to.
PARTS = {
    "access/operations/signing_in.py": {
        "start": "a sign-in is recorded by the step that was passed",
        "charge": "the attempt itself is recorded with its outcome",
        "clear": "follows a success that is recorded",
        "end": "follows unlocking, signing in or out, which are recorded",
        "follow": "the same",
        "forgive": "follows a success that is recorded",
        "burn_steps": "part of setting up the factor again",
    },
    "access/operations/sweeping.py": {"sweep": "throws away what is over; what happened stays in the record"},
    "residents/operations/people.py": {
        "make_household": "part of placing or importing a family",
        "use_alias": "part of placing, moving or importing a resident",
        "rest_alias": "part of moving a resident or ending her stay",
    },
    "residents/operations/indexing.py": {
        "index_number": "part of writing down whose number it is",
        "forget_number": "the same",
    },
    "residents/operations/safety.py": {"index_given": "part of writing down whose numbers they are"},
    "shelter/operations/answering.py": {
        "withdraw_answer": "part of withdrawing a referral",
        "take_back_withdrawn_answer": "part of taking a withdrawal back",
    },
    "shelter/operations/cleaning.py": {
        "take_into_use": "part of placing or moving",
        "not_used_after_all": "part of undoing a placement or a move",
        "not_left_after_all": "part of undoing a move or the end of a stay",
    },
    "shelter/operations/importing.py": {"key_old_rows": "what is kept of a row is spelled anew; nothing else changes"},
    "shelter/operations/families.py": {"household_of": "an empty household; what is written about it is recorded"},
    "shelter/operations/import_runs.py": {
        "keep_run": "files that wait, sealed; bringing them in is recorded",
        "keep_answers": "the same",
        "finish_run": "follows bringing them in",
        "drop_run": "files that wait are thrown away unread",
        "drop_stale_imports": "the same, after their time",
    },
    "shelter/operations/moving.py": {
        "lives_in": "part of moving, or of undoing a move or the end of a stay",
        "reopen_stay": "part of undoing a move or the end of a stay",
        "clear_if_empty": "part of moving, or of undoing a move or the end of a stay",
    },
    "shelter/operations/placing.py": {
        "lay_mattress": "part of placing or moving",
        "clear_mattress": "part of moving or of the end of a stay",
    },
    "shelter/operations/taking.py": {"write_family": "part of taking or changing a referral"},
    "access/operations/acts.py": {"begin_act": "opens the act whose operation writes the record"},
    "access/operations/enrolling.py": {"new_factor": "part of activation or recovery; binding it is recorded"},
}


def changes(function):
    """Whether this function adds, deletes or updates rows by itself."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            if name in {"add", "add_all", "delete", "update", "insert"} and not _on_plain_set(node.func):
                return True
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [one for target in targets for one in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(one, ast.Attribute) and ast.unparse(one.value) != "self" for one in flat):
                return True
    return False


def _on_plain_set(func):
    """`seen.add(x)`: only a session's add writes."""
    return isinstance(func, ast.Attribute) and ast.unparse(func.value) != "session"


def silent(trees):
    """(module, function) of every public function that changes rows and reaches no entry of the record."""
    everything = {function.name: function for tree in trees.values() for function in functions(tree)}

    def reaches(name, wanted, seen):
        if name in seen or name not in everything:
            return False
        seen.add(name)
        its = everything[name]
        return wanted(its) or any(reaches(called, wanted, seen) for called in names_called(its))

    def writes_record(function):
        return bool(RECORDS & names_called(function))

    return {
        (module, function.name)
        for module, tree in trees.items()
        for function in functions(tree)
        if not function.name.startswith("_")
        and reaches(function.name, changes, set())
        and not reaches(function.name, writes_record, set())
    }


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def place(session):\n    session.add(1)", {"place"}),
        ("def place(session):\n    session.add(1)\n    record(session)", set()),
        ("def place(session):\n    _place(session)\n\ndef _place(session):\n    session.add(1)", {"place"}),
        (
            "def place(session):\n    _put(session)\n\ndef _put(session):\n    session.add(1)\n    record(session)",
            set(),
        ),
        ("def close(session, bed):\n    bed.removed_at = 1", {"close"}),
        ("def close(session, bed):\n    bed.a, bed.b = 1, 2", {"close"}),
        ("def close(session):\n    session.execute(update(Bed).values(a=1))", {"close"}),
        ("def look(session):\n    seen = set()\n    seen.add(1)\n    return seen", set()),
        ("def look(session):\n    return session.scalar(select(Bed))", set()),
    ],
)
def test_a_change_without_an_entry_is_seen(code, found):
    assert {name for _, name in silent({"x": ast.parse(code)})} == found


def test_whatever_changes_something_writes_the_record():
    excused = {(module, name) for module, names in PARTS.items() for name in names}
    assert silent({named(path): tree_of(path) for path in OPERATIONS}) - excused == set()


def test_nothing_is_excused_that_need_not_be():
    excused = {(module, name) for module, names in PARTS.items() for name in names}
    assert excused <= silent({named(path): tree_of(path) for path in OPERATIONS})
