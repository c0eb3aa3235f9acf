"""What went wrong, in words an officer can act on: RFC 9457 problem details."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent: where, what stands there, how to mend it.

    ``line`` is the 1-based line (CSV) or entry (JSON) of a file; None outside files.
    """

    field: str
    value: str
    mend: str
    line: int | None = None


class ProblemError(HTTPException):
    """A refusal that names the place and what to do there.

    ``status`` is the HTTP status; ``place`` the file, field or path at fault; ``approval_id`` the
    request that another person has to approve first.
    """

    approval_id: str = ""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        place: str = "",
        mend: str = "",
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__(status_code=status, detail=detail)
        self.place = place
        self.mend = mend
        self.faults = tuple(faults)

    def response(self) -> Response:
        """The refusal as it is sent. ASCII only, so that it can carry any text sent to us."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "detail": self.detail,
            "place": self.place,
            "mend": self.mend,
        }
        if self.approval_id:
            document["approval_id"] = self.approval_id
        if self.faults:
            document["faults"] = [asdict(fault) for fault in self.faults]
        return Response(json.dumps(document), self.status_code, media_type=MEDIA_TYPE)


_TEXT = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "place", "mend"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "what is wrong"},
        "place": {**_TEXT, "description": "the file, field or path at fault"},
        "mend": {**_TEXT, "description": "what to do"},
        "approval_id": {**_TEXT, "description": "what another person has to approve first"},
        "faults": {
            "type": "array",
            "description": "every bad field, or every bad row of a file",
            "items": {
                "type": "object",
                "properties": {
                    "line": {"type": ["integer", "null"]},
                    "field": _TEXT,
                    "value": _TEXT,
                    "mend": _TEXT,
                },
            },
        },
    },
    "example": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no camera has the id 'north-1'",
        "place": "camera_id",
        "mend": "use an id that GET /api/v1/cameras lists, or add the camera first",
    },
}
"""The JSON schema of a refusal, for the OpenAPI description."""
