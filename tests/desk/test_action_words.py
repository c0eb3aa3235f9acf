"""Whatever may be done and whoever may do it has a name on pages."""

from morina.accountability import Action, Role
from morina.desk.action_words import ACTIONS
from morina.desk.role_words import ROLES


def test_every_action_and_every_role_is_called_something() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(ROLES) == set(Role)
