"""Who may ask what and how they sign in; duties."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    field_validator,
    model_validator,
)

from morina.settings.section import LOOPBACK, Section, Share


class Duties(Section):
    """What the authority answers for and states of itself (docs/duties.md)."""

    authority: str = Field("", description="Name of the authority that runs this node.")
    controller: str = Field(
        "", description="Who answers for the data there, and how to reach them."
    )
    officer: str = Field("", description="Its data protection officer, and how to reach them.")
    overseer: str = Field("", description="Its supervisory authority, and how to reach it.")
    oversight_basis: str = Field(
        "Directive (EU) 2016/680, article 25(2)",
        description="Legal basis offered where the trail is asked who looked at a plate.",
    )
    fewer_than: int = Field(
        5,
        ge=2,
        le=1000,
        description="Public counts from 1 up to, not including, this are not told.",
    )
    breach_hours: int = Field(
        72, ge=1, le=72, description="Hours from noticing a breach until it must be reported."
    )
    request_days: int = Field(
        30, ge=1, le=180, description="Days until a person's request must be answered."
    )
    review_ahead_days: int = Field(
        30, ge=1, le=365, description="How many days ahead what is due for review is shown."
    )
    statements: dict[str, str] = Field(
        {}, description="What nobody can check by machine, in the authority's words, by name."
    )


class PurposeTier(Section):
    """Who may ask about reads of which age, and for what (docs/accountability.md)."""

    name: str
    up_to_days: int = Field(ge=1, le=3660)
    roles: tuple[str, ...]
    codes: tuple[str, ...] = ()
    patterns: bool = False
    second_person: bool = False
    needs_place: bool = False
    most_rows: int = Field(0, ge=0)


class Purpose(Section):
    """What every question must say, and who may ask what (docs/accountability.md)."""

    case_format: str = Field(
        "", description="Regular expression every case number must fit. Empty: any text."
    )
    barred: tuple[str, ...] = Field((), description="Purpose codes nobody may choose here.")
    least_words: int = Field(4, ge=3, le=50, description="Fewest words of a justification.")
    compared: int = Field(
        20, ge=0, le=1000,
        description="With so many justifications before, of one officer, a new one is compared.",
    )  # fmt: skip
    alike: float = Field(
        0.9, gt=0.5, le=1,
        description="From this likeness on a justification is refused as copied from another case.",
    )  # fmt: skip
    tiers: tuple[PurposeTier, ...] = Field(
        (), description="Who may ask about which age, tables `[[purpose.tiers]]`. Empty: the usual."
    )
    approval_hours: float = Field(
        24.0, gt=0, le=720,
        description="How long a request waits for a second person, and an approval for its use,"
        " hours.",
    )  # fmt: skip
    export_alone: int = Field(
        1000, ge=0, description="Most passages in an export that needs no second person."
    )
    case_url: str = Field(
        "",
        description="Address asked whether a case exists: https://HOST/cases/{case_number}."
        " Empty: not asked.",
    )
    case_token_file: Path | None = Field(
        None, description="File that holds the bearer token for it. Empty: none sent."
    )
    case_timeout_s: float = Field(
        3.0, gt=0, le=30,
        description="Without an answer for so long a case is written down as not checked, seconds.",
    )  # fmt: skip

    @field_validator("case_url")
    @classmethod
    def _holds_one_case(cls, template: str) -> str:
        parts = urlsplit(template)
        place, local = "{case_number}", parts.scheme == "http" and parts.hostname in LOOPBACK
        if template and not (parts.scheme == "https" and parts.hostname) and not local:
            raise ValueError("must be an https:// address")
        if "@" in parts.netloc:
            raise ValueError("must hold no login; write a token in the file case_token_file")
        if template and (template.count(place), parts.path.split("/").count(place)) != (1, 1):
            raise ValueError(f"must hold {place} once, as a whole part: https://HOST/cases/{place}")
        return template

    @field_validator("case_format")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from None
        return pattern


class Oversight(Section):
    """When look-ups raise an alarm of misuse, and the sample (docs/accountability.md)."""

    sample: Share = Field(0.05, description="Share of questions drawn for review.")
    same_plate: int = Field(
        5, ge=2, description="One plate so often by one officer, under several cases, is an alarm."
    )
    same_days: int = Field(30, ge=1, le=365, description="Within so many days.")
    often: int = Field(
        30, ge=2, description="One plate so often by one officer is an alarm under one case too."
    )
    volume_k: float = Field(
        6.0, gt=0, description="Deviations above the middle of peers that a day's questions may be."
    )
    volume_least: int = Field(
        20, ge=1, description="Fewer questions of an officer in a day are never unusual."
    )
    peers: int = Field(
        3, ge=1, description="Fewest officers of the same role to compare an officer with."
    )
    trail_check_hours: float = Field(
        24.0, ge=0, le=720,
        description="The node checks its whole trail so often, hours. 0: only by command.",
    )  # fmt: skip
    trail_check_per_s: int = Field(
        2000, ge=10, description="Most entries of the trail it checks in a second."
    )
    checkpoints_to: Path | None = Field(
        None,
        description="Folder outside the home, best of a share, checkpoints of the trail are written"
        " to as well; it must be there. Empty: none.",
    )
    shifts: dict[str, str] = Field(
        {}, description="Hours of work by account, such as `06:00-14:00`; `*` for all others."
    )

    @field_validator("shifts")
    @classmethod
    def _are_hours(cls, shifts: dict[str, str]) -> dict[str, str]:
        for name, hours in shifts.items():
            if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", hours):
                raise ValueError(f"{name}: {hours!r} are no hours; write them such as 06:00-14:00")
        return shifts


class Sessions(Section):
    """How long one stays signed in."""

    idle_minutes: int = Field(
        30, ge=0, le=720, description="Nobody did anything for so long: signed out. 0: never."
    )


class SignIn(Section):
    """How one signs in (docs/accountability.md)."""

    second_factor: Literal["optional", "required", "passkey"] = Field(
        "optional", description="Besides a password: `optional`, `required`, or a `passkey`."
    )
    address: str = Field(
        "", description="Where people open the desk, such as https://morina.example. "
        "Empty: as each browser asks.",
    )  # fmt: skip
    token_days: int = Field(90, ge=1, le=3660, description="Longest life of an API token, days.")

    @field_validator("address")
    @classmethod
    def _is_an_origin(cls, address: str) -> str:
        parts = urlsplit(address)
        is_origin = (
            parts.scheme in {"http", "https"} and parts.hostname and not parts.path.strip("/")
        )
        if address and not is_origin:
            raise ValueError("address is scheme, host and port only: https://morina.example")
        return address.rstrip("/")


class Oidc(Section):
    """Signing in at an OpenID provider of the authority (docs/accountability.md)."""

    issuer: str = Field("", description="Issuer of the OpenID provider. Empty: none.")
    client_id: str = Field("", description="What this node is called there.")
    client_secret_file: Path | None = Field(None, description="File that holds its secret there.")
    name: str = Field("", description="What the button to it says. Empty: the issuer's host.")
    claim: str = Field(
        "preferred_username", description="Claim of the ID token that names the account here."
    )
    makes_accounts: bool = Field(
        False, description="Whether whom it names gets an account here, without roles."
    )
    roles_claim: str = Field(
        "", description="Claim that lists groups, for oidc.roles. Empty: roles are given here only."
    )
    roles: dict[str, str] = Field({}, description="Group of that claim to role here.")
    needs_acr: tuple[str, ...] = Field(
        (), description="The ID token's acr must be one of these. Empty: any."
    )
    needs_amr: tuple[str, ...] = Field(
        (), description="The ID token's amr must name one of these, such as mfa. Empty: any."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        parts = urlsplit(self.issuer)
        if self.issuer and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("issuer must be an https:// address")
        if self.issuer and not self.client_id:
            raise ValueError("client_id is missing; write what the provider calls this node")
        if bool(self.roles_claim) != bool(self.roles):
            raise ValueError("roles_claim and roles belong together; write both or neither")
        return self
