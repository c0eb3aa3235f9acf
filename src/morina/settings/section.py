"""What every section of the settings is, and the kinds of values they share."""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Share = Annotated[float, Field(ge=0, le=1)]

Seconds = Annotated[int, Field(gt=0)]

Days = Annotated[int, Field(ge=1, le=3650)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
