"""What actions are called on pages."""

from collections.abc import Mapping

from morina.accountability import Action
from morina.desk.words import mark

ACTIONS: Mapping[Action, str] = {
    Action.OWN_ACCOUNT: mark("own account"),
    Action.SEE_STATE: mark("see the node's state"),
    Action.SEE_PASSING: mark("see passing vehicles"),
    Action.SEE_ALERTS: mark("see alerts"),
    Action.HANDLE_ALERTS: mark("handle alerts"),
    Action.SEE_HOTLISTS: mark("see hotlists"),
    Action.CHANGE_HOTLISTS: mark("change hotlists"),
    Action.SEARCH: mark("search the records"),
    Action.SEARCH_PATTERNS: mark("search for patterns"),
    Action.EXPORT: mark("export for a case"),
    Action.CORRECT_READS: mark("correct reads"),
    Action.SEE_CAMERAS: mark("see cameras"),
    Action.CHANGE_CAMERAS: mark("change cameras"),
    Action.SEND_CAPTURES: mark("send captures"),
    Action.IMPORT_RECORDS: mark("import records"),
    Action.APPROVE: mark("decide requests"),
    Action.SEE_TRAIL: mark("see the trail"),
    Action.SEE_RETENTION: mark("see retention"),
    Action.ERASE: mark("erase a plate"),
    Action.REVIEW_USE: mark("review use"),
    Action.KEEP_DUTIES: mark("keep the duties"),
    Action.SEE_PEOPLE: mark("see people"),
    Action.CHANGE_PEOPLE: mark("change people"),
    Action.SEE_METRICS: mark("see metrics"),
    Action.SEE_EXCHANGE: mark("see the exchange with partners"),
    Action.AGREE: mark("make agreements"),
    Action.ASK_PARTNERS: mark("ask partners"),
    Action.RELEASE: mark("release details to partners"),
    Action.SEE_OPERATIONS: mark("see joint operations"),
    Action.WORK_OPERATIONS: mark("work in joint operations"),
    Action.SEE_SORTIES: mark("see drone flights"),
    Action.FLY: mark("fly drones"),
    Action.REVIEW_TRACKS: mark("name tracks of drone flights"),
    Action.SEE_FLEET: mark("see the fleet"),
    Action.CHANGE_FLEET: mark("change the fleet"),
    Action.WORK_RESCUES: mark("work rescues"),
    Action.WORK_PATROLS: mark("work patrol tasks"),
}
