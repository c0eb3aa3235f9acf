"""Who may do what: one table, by role; what stands nowhere in it is refused.

Least privilege: an administrator cannot read records, and whoever oversees cannot search them
(roles that nobody may hold at once: ``APART``). Why: decisions/0013.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is trusted with; somebody may hold several."""

    OPERATOR = "operator"
    INVESTIGATOR = "investigator"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    LIST_OWNER = "list_owner"
    CAMERA_TECHNICIAN = "camera_technician"
    LIAISON_OFFICER = "liaison_officer"
    DRONE_PILOT = "drone_pilot"
    MOUNTAIN_RESCUE = "mountain_rescue"
    PATROL = "patrol"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What may be allowed or refused; every route and page names one."""

    OWN_ACCOUNT = "own_account"
    """Their own password, factors, sessions, tokens, language."""

    SEE_STATE = "see_state"
    """Engines, queues, sites: how the node is, and nothing of anybody's passages."""

    SEE_PASSING = "see_passing"
    """Reads of the last 24 hours as they come in, with their pictures."""

    SEE_ALERTS = "see_alerts"
    HANDLE_ALERTS = "handle_alerts"
    """Acknowledge, confirm or reject by eye, close."""

    SEE_HOTLISTS = "see_hotlists"
    CHANGE_HOTLISTS = "change_hotlists"
    SEARCH = "search"
    """Ask the records about plates, places and times, under a purpose."""

    SEARCH_PATTERNS = "search_patterns"
    """Convoys, vehicles at several places, impossible journeys, new in an area."""

    EXPORT = "export"
    """Take an answer out for a case; pin reads to one."""

    CORRECT_READS = "correct_reads"
    """Correct a read, label a suspected clone, judge reads of an audit draw."""

    SEE_CAMERAS = "see_cameras"
    CHANGE_CAMERAS = "change_cameras"
    SEND_CAPTURES = "send_captures"
    """Hand captures or reads of a camera to the node."""

    IMPORT_RECORDS = "import_records"
    APPROVE = "approve"
    """Decide what another person has asked for."""

    SEE_TRAIL = "see_trail"
    SEE_RETENTION = "see_retention"
    ERASE = "erase"
    """Ask for one plate to be erased; answer subjects' requests."""

    REVIEW_USE = "review_use"
    """Samples of questions asked, alarms of misuse: see and close them."""

    KEEP_DUTIES = "keep_duties"
    """Breaches, record of processing, impact assessment, subjects' requests."""

    SEE_PEOPLE = "see_people"
    CHANGE_PEOPLE = "change_people"
    """Accounts and their roles."""

    SEE_METRICS = "see_metrics"

    SEE_EXCHANGE = "see_exchange"
    """Partners, agreements, what is sent to them and comes from them, reconciliation."""

    AGREE = "agree"
    """Propose, sign and end agreements, with a second person; set up webhooks."""

    ASK_PARTNERS = "ask_partners"
    """Ask a partner hit or no-hit about one vehicle; ask for details after a hit."""

    RELEASE = "release"
    """Answer a partner's follow-up: release details, refuse, ask for more."""

    SEE_OPERATIONS = "see_operations"
    WORK_OPERATIONS = "work_operations"
    """Joint operations: tasks, notes, checks at crossings, what is addressed to whom."""

    SEE_SORTIES = "see_sorties"
    """Drone flights: video, footprints, what was looked at."""

    FLY = "fly"
    """Plan a sortie, clear it after the checks, hand in its video and telemetry."""

    REVIEW_TRACKS = "review_tracks"
    """Name what a track is, hand it over as a task, ask when a place was seen: under a purpose."""

    SEE_FLEET = "see_fleet"
    CHANGE_FLEET = "change_fleet"
    """Airframes, batteries, pilots, airspace and height limits."""

    WORK_RESCUES = "work_rescues"
    """See rescue tasks and work them; nothing else of the sortie."""

    WORK_PATROLS = "work_patrols"
    """See tasks for a patrol and work them; nothing else of the sortie."""


R, A = Role, Action

_ALL = frozenset({A.OWN_ACCOUNT, A.SEE_STATE})
_SEES = frozenset({A.SEE_PASSING, A.SEE_ALERTS, A.SEE_HOTLISTS, A.SEE_CAMERAS})
_JOINT = frozenset({A.SEE_OPERATIONS, A.WORK_OPERATIONS})
_AERIAL = frozenset({A.SEE_SORTIES, A.REVIEW_TRACKS, A.SEE_FLEET})
_SEARCHES = _SEES | {A.SEARCH, A.EXPORT, A.CORRECT_READS}

POLICY: Mapping[Role, frozenset[Action]] = {
    R.OPERATOR: _ALL | _SEES | _JOINT | _AERIAL | {A.HANDLE_ALERTS, A.CORRECT_READS,
                                                   A.WORK_RESCUES},
    R.INVESTIGATOR: _ALL | _SEARCHES | _JOINT | _AERIAL | {A.ASK_PARTNERS},
    R.ANALYST: _ALL | _SEARCHES | {A.SEARCH_PATTERNS, A.ASK_PARTNERS, A.SEE_OPERATIONS},
    R.SUPERVISOR: _ALL | _SEES | _JOINT | _AERIAL | {A.HANDLE_ALERTS, A.APPROVE, A.REVIEW_USE,
                                           A.SEE_RETENTION, A.SEE_EXCHANGE, A.CHANGE_FLEET},
    R.LIST_OWNER: _ALL | {A.SEE_HOTLISTS, A.CHANGE_HOTLISTS, A.SEE_ALERTS},
    R.CAMERA_TECHNICIAN: _ALL | {A.SEE_CAMERAS, A.CHANGE_CAMERAS, A.SEND_CAPTURES,
                                 A.CORRECT_READS, A.SEE_METRICS, A.IMPORT_RECORDS},
    R.LIAISON_OFFICER: _ALL | _JOINT | {A.SEE_ALERTS, A.SEE_HOTLISTS, A.SEE_EXCHANGE, A.AGREE,
                                        A.ASK_PARTNERS, A.RELEASE},
    R.DRONE_PILOT: _ALL | {A.SEE_SORTIES, A.FLY, A.SEE_FLEET},
    R.MOUNTAIN_RESCUE: _ALL | {A.WORK_RESCUES},
    R.PATROL: _ALL | {A.WORK_PATROLS},
    R.DATA_PROTECTION_OFFICER: _ALL | {A.SEE_TRAIL, A.SEE_RETENTION, A.ERASE, A.REVIEW_USE,
                                       A.KEEP_DUTIES, A.SEE_PEOPLE, A.SEE_EXCHANGE},
    R.ADMINISTRATOR: _ALL | {A.CHANGE_PEOPLE, A.SEE_PEOPLE, A.SEE_RETENTION, A.IMPORT_RECORDS,
                             A.SEE_METRICS},
}  # fmt: skip

APART: tuple[tuple[Role, frozenset[Role]], ...] = (
    (R.ADMINISTRATOR, frozenset(R) - {R.ADMINISTRATOR}),
    (R.DATA_PROTECTION_OFFICER, frozenset({R.OPERATOR, R.INVESTIGATOR, R.ANALYST, R.SUPERVISOR,
                                           R.LIST_OWNER})),
)  # fmt: skip
"""Roles nobody holds together with those beside them. An administrator holds no other: a list owner
sees alerts, and a camera technician draws reads for an audit."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not allowed, in words for the person who asked."""

    action: Action
    roles: frozenset[Role]
    """Those that may."""

    by_token: bool = False
    """Whether the roles would do and the API token that asks was not issued for it."""

    @property
    def said(self) -> str:
        """One sentence that names the roles that may."""
        if self.by_token:
            return f"this token was not issued for: {self.action.value.replace('_', ' ')}"
        may = ", ".join(role.value.replace("_", " ") for role in sorted(self.roles))
        return f"{self.action.value.replace('_', ' ')} is for: {may or 'nobody'}"


class RefusedRolesError(ValueError):
    """Roles that one person may not hold together."""


def refusal(roles: Iterable[Role], action: Action) -> Refusal | None:
    """None where one of ``roles`` may do ``action``, else why not."""
    held = frozenset(roles)
    may = frozenset(role for role, actions in POLICY.items() if action in actions)
    return None if may & held else Refusal(action, may)


def checked(roles: Iterable[Role]) -> frozenset[Role]:
    """``roles`` where one person may hold them together; RefusedRolesError names the two."""
    held = frozenset(roles)
    for role, others in APART:
        if role in held and (both := held & others):
            raise RefusedRolesError(
                f"{role.value} and {min(both).value} may not be one person; give one to another"
            )
    return held
