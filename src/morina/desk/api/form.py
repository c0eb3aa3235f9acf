"""Reads one uploaded file and its fields: strict, bounded, in UTF-8 or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request

from morina.desk.api.parts import Head, Parts, Sink, bad_field, text_of

FIELD_BYTES = 1_000
"""The longest a field that is not the file may be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as sent: its name, its stated type (lower case, "" when unstated), its bytes."""

    name: str
    stated_type: str
    content: bytes


async def read_form(
    request: Request, file: str, fields: Iterable[str] = ()
) -> tuple[Upload, dict[str, str]]:
    """The file in the part named ``file`` and the text of each of ``fields`` that was sent.

    ProblemError for anything else: another part, one twice, no file, bad UTF-8, an end missing.
    """
    sent: dict[str, tuple[Head, bytearray]] = {}

    def begun(head: Head) -> Sink:
        content = bytearray()
        sent[head.name] = head, content
        return content.extend if head.name == file else _short(head.name, content)

    parts = Parts(request, {file, *fields}, begun)
    async for chunk in request.stream():
        parts.take(chunk)
    parts.end()
    if file not in sent:
        raise bad_field(file, "is missing", "add the file to the form")
    head, content = sent.pop(file)
    texts = {name: text_of(name, bytes(text)) for name, (_, text) in sent.items()}
    return Upload(head.file_name, head.stated_type, bytes(content)), texts


def _short(name: str, content: bytearray) -> Sink:
    def take(data: bytes) -> None:
        content.extend(data)
        if len(content) > FIELD_BYTES:
            raise bad_field(name, f"is longer than {FIELD_BYTES} bytes", "send a short text")

    return take
