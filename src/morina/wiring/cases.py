"""The case system the settings name."""

from morina.accountability.adapters.http_cases import HttpCases
from morina.engines import EngineError
from morina.settings import Purpose


def cases_of(purpose: Purpose) -> HttpCases | None:
    """None where there is none; EngineError where its token cannot be read or is none."""
    if not purpose.case_url:
        return None
    return HttpCases(
        template=purpose.case_url, token=_token(purpose), within_s=purpose.case_timeout_s
    )


def _token(purpose: Purpose) -> str:
    if purpose.case_token_file is None:
        return ""
    mend = "write the token there, in one line, readable by the node only"
    try:
        token = purpose.case_token_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EngineError(f"purpose.case_token_file: {error.strerror}; {mend}") from None
    except UnicodeDecodeError:
        raise EngineError(f"purpose.case_token_file: not plain letters; {mend}") from None
    if not token.isprintable() or len(token.split()) != 1:
        raise EngineError(f"purpose.case_token_file: holds no token; {mend}")
    return token
