"""Exchange with partners: who this node is to them, where it answers, how long things may take."""

from pathlib import Path

from pydantic import Field

from morina.settings.section import Days, Seconds, Section


class Exchange(Section):
    """Exchange with partners (docs/exchange.md); without ``node_id`` there is none."""

    node_id: str = Field(
        "",
        description="Name partners know this node by: country, and a name where it has several"
        " nodes: GB, GB-COAST.",
    )
    host: str = Field("0.0.0.0", description="Address partners' messages come in at.")  # noqa: S104 - partners are elsewhere
    port: int = Field(0, ge=0, le=65535, description="Port partners' messages come in at. 0: none.")
    address: str = Field("", description="Where partners reach it: https://HOST:PORT.")
    certificate: Path | None = Field(
        None, description="Certificate chain shown to partners (PEM); morina certs makes one."
    )
    key: Path | None = Field(None, description="Private key of that certificate (PEM).")
    directory: Path | None = Field(
        None, description="File of the first root of the directory, compared on paper (TUF)."
    )
    directory_grace_days: Days = Field(
        30, description="Days an expired directory still serves, with an alarm."
    )
    skew_s: Seconds = Field(
        300, description="A message waits whose clock is ahead of ours by more, seconds."
    )
    message_bytes: int = Field(
        8_000_000, gt=0, description="Largest message taken from a partner, bytes, sealed."
    )
    retry_max_s: Seconds = Field(
        10, description="Longest pause before a partner that did not answer is tried again."
    )
    handling_tries: int = Field(
        8, ge=1, description="Times a message is tried to be acted on before it is set aside."
    )
    log_days: Days = Field(
        1096,
        description="Days messages are kept with content; an agreement may ask for more. Their"
        " digests stay.",
    )
    attacks_kept: int = Field(
        10_000, gt=0, description="Most records kept of what was refused at the inbox's door."
    )
    checkpoint_every_h: int = Field(
        24, ge=1, description="Hours between two comparisons with each partner."
    )
    timestamp_url: str = Field(
        "", description="Timestamp authority (RFC 3161) that stamps the head of the trail."
    )
    timestamp_root: Path | None = Field(
        None, description="Root certificate of that authority (PEM)."
    )
    timestamp_every_s: Seconds = Field(60, description="Seconds between two stamps.")
    timestamp_alarm_h: int = Field(
        4, ge=1, description="Hours without a stamp after which an alarm is shown."
    )
    sample_every: int = Field(
        50, ge=1, description="One answer in so many is sampled for the data protection officer."
    )
    register_dsn: str = Field(
        "", description="PostgreSQL database the register of vehicles is in; empty: the node's."
    )
    register_within_s: Seconds = Field(
        5, description="Seconds the register is waited for before a question is undecidable."
    )
    follow_up_characters: int = Field(
        40, ge=1, description="Least characters of the justification of a follow-up."
    )
    acknowledge_h: int = Field(
        1, ge=1, description="Hours within which a follow-up is to be acknowledged."
    )
    answer_h: int = Field(48, ge=1, description="Hours within which a follow-up is to be answered.")
    weekend_h: int = Field(
        72, ge=0, description="The same where that time touches a weekend. 0: no longer."
    )
    attachment_bytes: int = Field(
        2_500_000, gt=0, le=3_000_000,
        description="Largest file of a joint operation, bytes.",
    )  # fmt: skip
    list_old_h: int = Field(
        48, ge=1,
        description="Hours after which a partner's hotlist nothing was heard of is shown as old; it"
        " is matched still.",
    )  # fmt: skip
    operation_days: Days = Field(
        365, description="Days this node's own items are kept after their joint operation ended."
    )
    cot_url: str = Field(
        "",
        description="Where confirmed alerts are told as Cursor on Target: tcp://HOST:PORT,"
        " tls://HOST:PORT or udp://HOST:PORT. Empty: nowhere.",
    )
    cot_certificate: Path | None = Field(
        None, description="Certificate and key this node shows there (PEM), for tls."
    )
    cot_root: Path | None = Field(
        None, description="Root certificate of whoever answers there (PEM), for tls."
    )
    cot_stale_s: Seconds = Field(
        600, description="How long an alert told so is shown; older ones are not told."
    )
    cot_partner_entries: bool = Field(
        False,
        description="Whether confirmed alerts on partners' entries are told at cot_url too, without"
        " what their owner says of them: only where nobody but this authority's own reads it.",
    )
    cot_rescues_url: str = Field(
        "",
        description="Where places of people in trouble, seen from drones, are told as Cursor on"
        " Target, as cot_url is written; an address of its own. Empty: nowhere.",
    )
    cot_patrols_url: str = Field(
        "",
        description="Where places patrols are asked to look at, seen from drones and named by a"
        " person, are told so. Empty: nowhere.",
    )
    webhooks_may_be_local: bool = Field(
        False, description="Whether webhooks may lead to this machine or a private network."
    )
