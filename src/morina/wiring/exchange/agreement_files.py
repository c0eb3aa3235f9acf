"""Agreements in files: drafts as people write them (TOML), versions as they are signed (JSON)."""

import json
from pathlib import Path

from morina.exchange import Agreement
from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.agreement_rules import agreement_of
from morina.exchange.draft_file import read_draft
from morina.wiring.refused import RefusedError


def agreement_in(file: Path) -> Agreement:
    """The agreement a file holds; RefusedError with the line to mend."""
    try:
        text = file.read_text()
        if file.suffix != ".json":
            return read_draft(text)
        said = json.loads(text)
        if not isinstance(said, dict):
            raise ValueError("it is no JSON object")
        return agreement_of(said)
    except RefusedAgreementError as error:
        raise RefusedError(f"{file}: {error}") from None
    except (OSError, ValueError) as error:
        raise RefusedError(f"{file} cannot be read: {error}") from None
