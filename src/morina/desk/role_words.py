"""What roles are called on pages."""

from collections.abc import Mapping

from morina.accountability import Role
from morina.desk.words import mark

ROLES: Mapping[Role, str] = {
    Role.OPERATOR: mark("operator"),
    Role.INVESTIGATOR: mark("investigator"),
    Role.ANALYST: mark("analyst"),
    Role.SUPERVISOR: mark("supervisor"),
    Role.LIST_OWNER: mark("list owner"),
    Role.CAMERA_TECHNICIAN: mark("camera technician"),
    Role.LIAISON_OFFICER: mark("liaison officer"),
    Role.DRONE_PILOT: mark("drone pilot"),
    Role.MOUNTAIN_RESCUE: mark("mountain rescue"),
    Role.PATROL: mark("patrol"),
    Role.DATA_PROTECTION_OFFICER: mark("data protection officer"),
    Role.ADMINISTRATOR: mark("administrator"),
}
