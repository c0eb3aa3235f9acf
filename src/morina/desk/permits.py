"""What each route and page is an act of: one table; what has no line in it answers nobody.

``accountability.policy`` says which roles may do an act. How it is held: ``permitting``.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.routing import compile_path

from morina.accountability import Action, User
from morina.accountability.policy import Refusal, refusal
from morina.desk.problems import ProblemError

A = Action
Acts = tuple[Action, ...]
"""Whoever may do one of these may go on; with none of them whoever is signed in."""

SIGNED_IN: Acts = ()
_PICTURES = (A.SEE_PASSING, A.SEE_ALERTS, A.SEARCH, A.CORRECT_READS)
_LABELS = (A.SEE_ALERTS, A.SEARCH, A.CORRECT_READS)
TASKS: Acts = (A.WORK_RESCUES, A.WORK_PATROLS, A.REVIEW_TRACKS)
"""Who sees tasks at all; of which kinds, and which steps they take, ``desk.rescue`` says."""

CONTENT: Acts = (A.AGREE, A.APPROVE)
"""Who may read what messages with partners say; others who see the exchange see that they passed.
"""

PAGES: Mapping[str, Acts] = {
    "/": (A.SEE_ALERTS,),
    "/alerts/{alert_id}": (A.SEE_ALERTS,),
    "/search": (A.SEARCH,),
    "/suspected-clones": (A.SEARCH,),
    "/hotlists": (A.SEE_HOTLISTS,),
    "/hotlists/{hotlist_id}": (A.SEE_HOTLISTS,),
    "/hotlists/{hotlist_id}/add": (A.CHANGE_HOTLISTS,),
    "/hotlists/{hotlist_id}/import": (A.CHANGE_HOTLISTS,),
    "/hotlists/{hotlist_id}/listings/{listing_id}/past": (A.SEARCH,),
    "/cameras": (A.SEE_CAMERAS,),
    "/cameras/{camera_id}": (A.SEE_CAMERAS,),
    "/cameras/{camera_id}/audit": (A.CORRECT_READS,),
    "/sites": (A.SEE_STATE,),
    "/retention": (A.SEE_RETENTION,),
    "/approvals": SIGNED_IN,
    "/oversight": (A.REVIEW_USE,),
    "/people": (A.SEE_PEOPLE,),
    "/account": (A.OWN_ACCOUNT,),
    "/trail": (A.SEE_TRAIL,),
    "/duties": (A.KEEP_DUTIES,),
    "/duties/breaches": (A.KEEP_DUTIES,),
    "/duties/requests": (A.KEEP_DUTIES,),
    "/duties/requests/{matter_id}/notices": (A.KEEP_DUTIES,),
    "/duties/processing": (A.KEEP_DUTIES,),
    "/duties/assessment": (A.KEEP_DUTIES,),
    "/duties/controls": (A.KEEP_DUTIES,),
    "/operations": (A.SEE_OPERATIONS,),
    "/operations/{operation_id}": (A.SEE_OPERATIONS,),
    "/ask": (A.ASK_PARTNERS,),
    "/follow-ups": (A.ASK_PARTNERS, A.RELEASE, A.APPROVE),
    "/follow-ups/{follow_up_id}": (A.ASK_PARTNERS, A.RELEASE, A.APPROVE),
    "/sightings": (A.SEE_ALERTS,),
    "/sorties": (A.SEE_SORTIES,),
    "/sorties/{sortie_id}": (A.SEE_SORTIES,),
    "/ground": (A.SEE_SORTIES,),
    "/rates": (A.SEE_SORTIES,),
    "/fleet": (A.SEE_FLEET,),
    "/rescues": (A.WORK_RESCUES, A.REVIEW_TRACKS),
    "/patrols": (A.WORK_PATROLS, A.REVIEW_TRACKS),
    "/partners": (A.SEE_EXCHANGE,),
    "/partners/{node_id}": (A.SEE_EXCHANGE,),
    "/partners/{node_id}/draft": (A.AGREE,),
    "/agreements/{agreement_id}": (A.SEE_EXCHANGE,),
    "/inbox": (A.SEE_EXCHANGE,),
    "/deliveries": (A.SEE_EXCHANGE,),
    "/deliveries/{conversation}": (A.SEE_EXCHANGE,),
    "/reconciliation": (A.SEE_EXCHANGE,),
    "/webhooks": (A.AGREE,),
}
"""Pages people work at; who may not open one gets a plain page that says who may."""

_PARTS: Mapping[str, Acts] = {
    "GET /metrics": (A.SEE_METRICS,),
    "GET /weeks.svg": (A.SEE_CAMERAS,),
    "GET /map/layers/{name}.geojson": (A.SEE_STATE,),
    "GET /map/static/{name}": (A.SEE_STATE,),
    "GET /map/tiles.json": (A.SEE_STATE,),
    "GET /map/tiles/{z:int}/{x:int}/{y:int}": (A.SEE_STATE,),
    "POST /sign-out": SIGNED_IN,
    "GET /sign-in": SIGNED_IN,
    "POST /sign-in": SIGNED_IN,
    "GET /sign-in/{path:path}": SIGNED_IN,
    "POST /sign-in/{path:path}": SIGNED_IN,
    "GET /session": SIGNED_IN,
    "POST /session": SIGNED_IN,
    "POST /account/passkeys": (A.OWN_ACCOUNT,),
    "POST /account/passkeys/options": (A.OWN_ACCOUNT,),
    "GET /healthz": SIGNED_IN,
    "GET /favicon.ico": SIGNED_IN,
    "GET /static/{path:path}": SIGNED_IN,
    "GET /_nicegui/{path:path}": SIGNED_IN,
    "GET /_nicegui_ws/{path:path}": SIGNED_IN,
    "POST /_nicegui_ws/{path:path}": SIGNED_IN,
}
"""What pages are made of, and what their handlers are reached by: those ask ``Visit.must``."""

_API: Mapping[str, Acts] = {
    "GET /openapi.json": SIGNED_IN,
    "GET /me": SIGNED_IN,
    "POST /me/password": (A.OWN_ACCOUNT,),
    "GET /health": (A.SEE_STATE,),
    "GET /sites": (A.SEE_STATE,),
    "GET /reads": (A.SEE_PASSING,),
    "GET /images/{sha256}": _PICTURES,
    "GET /events": (A.SEE_ALERTS,),
    "GET /alerts": (A.SEE_ALERTS,),
    "GET /alerts/{alert_id}": (A.SEE_ALERTS,),
    "GET /alerts/{alert_id}/way-ahead": (A.HANDLE_ALERTS,),
    "GET /alerts/{alert_id}/registered": (A.SEE_ALERTS,),
    "POST /alerts/misp": (A.EXPORT,),
    "POST /alerts/{alert_id}/transcription": (A.HANDLE_ALERTS,),
    "POST /alerts/{alert_id}/steps": (A.HANDLE_ALERTS,),
    "GET /hotlists": (A.SEE_HOTLISTS,),
    "POST /hotlists": (A.CHANGE_HOTLISTS,),
    "GET /hotlists/{hotlist_id}": (A.SEE_HOTLISTS,),
    "POST /hotlists/{hotlist_id}/export": (A.CHANGE_HOTLISTS, A.EXPORT),
    "POST /hotlists/{hotlist_id}/import": (A.CHANGE_HOTLISTS,),
    "POST /hotlists/{hotlist_id}/listings": (A.CHANGE_HOTLISTS,),
    "DELETE /hotlists/{hotlist_id}/listings/{listing_id}": (A.CHANGE_HOTLISTS,),
    "POST /hotlists/{hotlist_id}/listings/{listing_id}/past-reads": (A.SEARCH,),
    "GET /suspected-clones": _LABELS,
    "POST /suspected-clones": (A.CORRECT_READS,),
    "POST /suspected-clones/{label_id}/withdrawal": (A.CORRECT_READS,),
    "GET /cameras": (A.SEE_CAMERAS,),
    "PUT /cameras/{camera_id}": (A.CHANGE_CAMERAS,),
    "DELETE /cameras/{camera_id}": (A.CHANGE_CAMERAS,),
    "GET /health/cameras": (A.SEE_CAMERAS,),
    "GET /cameras/{camera_id}/health": (A.SEE_CAMERAS,),
    "GET /cameras/{camera_id}/notices": (A.SEE_CAMERAS,),
    "POST /notices/{notice_id}/acknowledgement": (A.CHANGE_CAMERAS,),
    "GET /cameras/{camera_id}/audits": (A.CORRECT_READS,),
    "POST /cameras/{camera_id}/audits": (A.CORRECT_READS,),
    "GET /audits/{audit_id}": (A.CORRECT_READS,),
    "PUT /audits/{audit_id}/passages/{number}": (A.CORRECT_READS,),
    "PUT /audits/{audit_id}/count": (A.CORRECT_READS,),
    "GET /pushing": (A.CHANGE_CAMERAS,),
    "PUT /pushing/{camera_id}": (A.CHANGE_CAMERAS,),
    "DELETE /pushing/{camera_id}": (A.CHANGE_CAMERAS,),
    "GET /pushing/{camera_id}/bad-payloads": (A.CHANGE_CAMERAS,),
    "GET /knocks": (A.CHANGE_CAMERAS,),
    "POST /knocks/{knock_id}/adoption": (A.CHANGE_CAMERAS,),
    "POST /captures": (A.SEND_CAPTURES,),
    "POST /records/imports": (A.IMPORT_RECORDS,),
    "POST /records/questions": (A.SEARCH,),
    "GET /records/questions": (A.SEARCH,),
    "GET /records/questions/{question_id}": (A.SEARCH,),
    "DELETE /records/questions/{question_id}": (A.SEARCH,),
    "GET /records/questions/{question_id}/answer": (A.SEARCH,),
    "POST /records/questions/{question_id}/more": (A.SEARCH,),
    "POST /records/questions/{question_id}/export": (A.EXPORT,),
    "GET /records/consultations": (A.SEARCH, A.ERASE),
    "GET /records/signing-key": SIGNED_IN,
    "GET /records/retention": (A.SEE_RETENTION,),
    "GET /records/statements": (A.SEE_RETENTION,),
    "GET /records/statements/check": (A.SEE_RETENTION,),
    "GET /records/statements/copy": (A.SEE_RETENTION,),
    "GET /records/statements/{number}": (A.SEE_RETENTION,),
    "GET /records/pins": (A.EXPORT, A.SEE_RETENTION),
    "POST /records/pins": (A.EXPORT,),
    "POST /records/pins/removal": (A.EXPORT,),
    "POST /records/pins/review": (A.EXPORT,),
    "POST /records/corrections": (A.CORRECT_READS,),
    "POST /records/pinned": (A.SEARCH,),
    "POST /records/erasures": (A.ERASE,),
    "GET /records/erasures": (A.ERASE, A.SEE_RETENTION),
    "GET /records/erasures/{erasure_id}": (A.ERASE,),
    "GET /trail": (A.SEE_TRAIL,),
    "POST /trail/plates": (A.SEE_TRAIL,),
    "GET /trail/chain": (A.SEE_TRAIL,),
    "POST /trail/export": (A.SEE_TRAIL,),
    "GET /trail/months": (A.SEE_TRAIL,),
    "GET /duties": (A.KEEP_DUTIES,),
    "GET /duties/breaches": (A.KEEP_DUTIES,),
    "POST /duties/breaches": (A.KEEP_DUTIES,),
    "POST /duties/breaches/{matter_id}/steps": (A.KEEP_DUTIES,),
    "GET /duties/requests": (A.KEEP_DUTIES,),
    "POST /duties/requests": (A.KEEP_DUTIES,),
    "POST /duties/requests/{matter_id}/steps": (A.KEEP_DUTIES,),
    "POST /duties/requests/{matter_id}/search": (A.KEEP_DUTIES,),
    "GET /duties/requests/{matter_id}/recipients": (A.KEEP_DUTIES,),
    "GET /duties/papers/{name}": (A.KEEP_DUTIES,),
    "GET /approvals": SIGNED_IN,
    "GET /approvals/{approval_id}": SIGNED_IN,
    "POST /approvals/{approval_id}/decision": (A.APPROVE,),
    "GET /oversight/alarms": (A.REVIEW_USE,),
    "GET /oversight/alarms/{alarm_id}/consultations": (A.REVIEW_USE,),
    "POST /oversight/alarms/{alarm_id}/review": (A.REVIEW_USE,),
    "GET /oversight/sample": (A.REVIEW_USE,),
    "POST /oversight/sample/{number}/review": (A.REVIEW_USE,),
    "GET /oversight/plates": (A.REVIEW_USE,),
    "POST /oversight/plates": (A.REVIEW_USE,),
    "DELETE /oversight/plates/{watch}/{mark}": (A.REVIEW_USE,),
    "GET /people": (A.SEE_PEOPLE,),
    "POST /people": (A.CHANGE_PEOPLE,),
    "PUT /people/{name}/roles": (A.CHANGE_PEOPLE,),
    "POST /people/{name}/close": (A.CHANGE_PEOPLE,),
    "GET /operations": (A.SEE_OPERATIONS,),
    "POST /operations": (A.WORK_OPERATIONS,),
    "GET /operations/{operation_id}": (A.SEE_OPERATIONS,),
    "POST /operations/{operation_id}/items": (A.WORK_OPERATIONS,),
    "POST /operations/{operation_id}/attachments": (A.WORK_OPERATIONS,),
    "PUT /operations/items/{item_id}": (A.WORK_OPERATIONS,),
    "POST /operations/items/{item_id}/steps": (A.WORK_OPERATIONS,),
    "POST /operations/items/{item_id}/withdrawal": (A.WORK_OPERATIONS,),
    "GET /operations/items/{item_id}/content": (A.SEE_OPERATIONS,),
    "GET /aerial/features": (A.SEE_SORTIES,),
    "GET /aerial/features/conformance": (A.SEE_SORTIES,),
    "GET /aerial/features/collections": (A.SEE_SORTIES,),
    "GET /aerial/features/collections/{collection_id}": (A.SEE_SORTIES,),
    "GET /aerial/features/collections/{collection_id}/items": (A.SEE_SORTIES,),
    "GET /aerial/features/collections/{collection_id}/items/{feature_id}": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/given": (A.REVIEW_TRACKS,),
    "GET /fleet": (A.SEE_FLEET,),
    "PUT /fleet/airframes/{name}": (A.CHANGE_FLEET,),
    "PUT /fleet/batteries/{name}": (A.CHANGE_FLEET,),
    "PUT /fleet/pilots/{name}": (A.CHANGE_FLEET,),
    "PUT /fleet/airspace/{airspace_id}": (A.CHANGE_FLEET,),
    "PUT /fleet/limits": (A.CHANGE_FLEET,),
    "DELETE /fleet/{kind}/{name}": (A.CHANGE_FLEET,),
    "POST /fleet/checks": (A.SEE_FLEET,),
    "POST /fleet/sorties/{sortie_id}/clearance": (A.FLY,),
    "GET /fleet/clearances": (A.SEE_FLEET,),
    "POST /fleet/sorties/{sortie_id}/flown": (A.FLY,),
    "GET /aerial/sorties": (A.SEE_SORTIES,),
    "POST /aerial/sorties": (A.FLY,),
    "GET /aerial/sorties/{sortie_id}": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/steps": (A.FLY,),
    "POST /aerial/sorties/{sortie_id}/files": (A.FLY,),
    "POST /aerial/sorties/{sortie_id}/stated": (A.FLY,),
    "GET /aerial/sorties/{sortie_id}/moments": (A.SEE_SORTIES,),
    "GET /aerial/sorties/{sortie_id}/tracks": (A.SEE_SORTIES,),
    "GET /aerial/sorties/{sortie_id}/picture": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/place": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/pixel": (A.SEE_SORTIES,),
    "POST /aerial/looked": (A.REVIEW_TRACKS,),
    "POST /aerial/viewshed": (A.SEE_SORTIES,),
    "GET /aerial/coverage": (A.SEE_SORTIES,),
    "GET /aerial/sorties/{sortie_id}/coverage": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/tracks/{track_id}/reviews": (A.REVIEW_TRACKS,),
    "GET /aerial/sorties/{sortie_id}/reviews": (A.REVIEW_TRACKS,),
    "GET /aerial/rates": (A.SEE_SORTIES,),
    "POST /aerial/sorties/{sortie_id}/tracks/{track_id}/tasks": (A.REVIEW_TRACKS,),
    "POST /aerial/sorties/{sortie_id}/rescues": (A.REVIEW_TRACKS, A.FLY),
    "GET /aerial/tasks": TASKS,
    "POST /aerial/tasks/{task_id}/steps": TASKS,
    "POST /aerial/sorties/{sortie_id}/tracks/{track_id}/way-ahead": (A.REVIEW_TRACKS,),
    "POST /exchange/questions": (A.ASK_PARTNERS,),
    "GET /exchange/questions": (A.ASK_PARTNERS,),
    "GET /exchange/questions/{question_id}": (A.ASK_PARTNERS,),
    "GET /exchange/answers/sample": (A.REVIEW_USE,),
    "POST /exchange/answers/{question_id}/review": (A.REVIEW_USE,),
    "POST /exchange/follow-ups": (A.ASK_PARTNERS,),
    "GET /exchange/follow-ups": (A.ASK_PARTNERS, A.RELEASE, A.APPROVE),
    "GET /exchange/escalations": (A.RELEASE, A.APPROVE),
    "GET /exchange/follow-ups/{follow_up_id}": (A.ASK_PARTNERS, A.RELEASE, A.APPROVE),
    "GET /exchange/follow-ups/{follow_up_id}/picture": (A.ASK_PARTNERS,),
    "POST /exchange/follow-ups/{follow_up_id}/steps": (A.ASK_PARTNERS, A.RELEASE),
    "GET /sightings": (A.SEE_ALERTS,),
    "GET /sightings/{told_by}/{sighting_id}/picture": (A.SEE_ALERTS,),
    "GET /alerts/{alert_id}/told": (A.SEE_ALERTS,),
    "POST /alerts/{alert_id}/told": (A.HANDLE_ALERTS,),
    "GET /exchange/lists": (A.SEE_HOTLISTS, A.SEE_EXCHANGE),
    "POST /hotlists/{hotlist_id}/shares": (A.CHANGE_HOTLISTS, A.AGREE),
    "DELETE /hotlists/{hotlist_id}/shares/{partner}": (A.CHANGE_HOTLISTS, A.AGREE),
    "GET /exchange/partners": (A.SEE_EXCHANGE,),
    "POST /exchange/partners/{node_id}/retry": (A.AGREE,),
    "POST /exchange/partners/{node_id}/comparison": (A.AGREE,),
    "GET /exchange/agreements": (A.SEE_EXCHANGE,),
    "GET /exchange/agreements/{agreement_id}": (A.SEE_EXCHANGE,),
    "GET /exchange/drafts": (A.AGREE,),
    "PUT /exchange/drafts/{agreement_id}": (A.AGREE,),
    "POST /exchange/agreements/{agreement_id}/signature": (A.AGREE,),
    "POST /exchange/agreements/{agreement_id}/end": (A.AGREE,),
    "GET /exchange/messages": (A.SEE_EXCHANGE,),
    "GET /exchange/messages/{message_id}": CONTENT,
    "GET /exchange/conversations/{conversation}/evidence": CONTENT,
    "GET /exchange/comparisons": (A.SEE_EXCHANGE,),
    "GET /exchange/attacks": (A.SEE_EXCHANGE,),
    "GET /exchange/inbox": (A.SEE_EXCHANGE,),
}
"""Routes below /api/v1."""


def _under_prefix(line: str) -> str:
    method, _, path = line.partition(" ")
    return f"{method} /api/v1{path}"


PERMITS: Mapping[str, Acts] = {
    **{f"GET {path}": acts for path, acts in PAGES.items()},
    **_PARTS,
    **{_under_prefix(line): acts for line, acts in _API.items()},
}
"""Method and route template to acts."""

KINDS: Mapping[str, Action] = {
    "passages": A.SEARCH,
    "texts": A.SEARCH,
    "habits": A.SEARCH,
    "journeys": A.SEARCH,
    "convoy": A.SEARCH_PATTERNS,
    "both-places": A.SEARCH_PATTERNS,
    "impossible": A.SEARCH_PATTERNS,
}
"""Kinds of question; one that has no line here is asked by nobody."""


class _Line(NamedTuple):
    method: str
    fits: re.Pattern[str]
    acts: Acts


def _lines(permits: Mapping[str, Acts]) -> tuple[_Line, ...]:
    split = [(line.partition(" "), acts) for line, acts in permits.items()]
    return tuple(_Line(one[0], compile_path(one[2])[0], acts) for one, acts in split)


_LINES = _lines(PERMITS)


def acts_of(method: str, path: str) -> Acts | None:
    """What asking for ``path`` is an act of; None where nobody decided. A socket asks by GET.

    Of templates that fit alike the first counts; that none does is tested.
    """
    asked = "GET" if method == "HEAD" else method
    fitting = (line for line in _LINES if line.method == asked and line.fits.match(path))
    return next((line.acts for line in fitting), None)


def refused(user: User, acts: Acts) -> Refusal | None:
    """None where ``user`` may do one of ``acts`` or none is needed, else why not.

    With an API token only what it was issued for counts.
    """
    meant = [action for action in acts if user.scopes is None or action in user.scopes]
    if acts and not meant:
        return Refusal(acts[0], frozenset(), by_token=True)
    found = [refusal(user.roles, action) for action in meant]
    if not found or None in found:
        return None
    why = [one for one in found if one]
    return Refusal(why[0].action, frozenset[Any]().union(*(one.roles for one in why)))


def may(user: User, *acts: Action) -> bool:
    """Whether ``user`` may do one of ``acts``."""
    return refused(user, acts) is None


def must(user: User, *acts: Action) -> None:
    """Nothing where ``user`` may do one of ``acts``; else ProblemError (403) that says who may."""
    if why := refused(user, acts):
        raise forbidden(why)


def must_ask(user: User, kind: str) -> None:
    """Nothing where ``user`` may ask questions of this kind, else ProblemError (403)."""
    if kind not in KINDS:
        raise ProblemError(403, f"nobody may ask {kind}", place="kind", mend="ask another kind")
    must(user, KINDS[kind])


def forbidden(why: Refusal, place: str = "roles") -> ProblemError:
    """The refusal over HTTP."""
    mend = "ask somebody who has such a role, or an administrator for it"
    return ProblemError(403, why.said, place=place, mend=mend)
