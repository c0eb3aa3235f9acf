from pathlib import Path

import pytest

from case_system import case_system
from morina.engines import EngineError
from morina.settings import Purpose, Settings
from morina.wiring.cases import cases_of


def test_without_an_address_there_is_no_case_system() -> None:
    assert cases_of(Settings().purpose) is None


async def test_the_settings_lead_to_the_case_system(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    with case_system() as server:
        server.cases = {"/api/cases/C-7"}
        cases = cases_of(
            Purpose(case_url=server.template, case_token_file=token, case_timeout_s=29)
        )
        assert cases is not None
        assert cases.within_s == 29
        assert await cases.exists("C-7")
        assert server.tokens == ["Bearer s3cret"]


@pytest.mark.parametrize(
    "content", [None, b"", b"two words", b"two\nlines", b"a\x00b", b"\xc3\xab"]
)
def test_a_token_file_that_holds_no_token_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    purpose = Purpose(case_url="https://cases.example/{case_number}", case_token_file=file)
    with pytest.raises(EngineError, match=r"purpose\.case_token_file: .*write the token there"):
        cases_of(purpose)


@pytest.mark.parametrize(
    "url",
    [
        "http://cases.example/{case_number}",
        "ftp://127.0.0.1/{case_number}",
        "https:///{case_number}",
        "https://cases.example/",
        "https://cases.example/?case={case_number}",
        "https://cases.example/case-{case_number}",
        "https://cases.example/{case_number}/{case_number}",
        "https://{case_number}/{case_number}",
        "https://me:secret@cases.example/{case_number}",
    ],
)
def test_an_address_that_will_not_do_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="case_url"):
        Purpose(case_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://cases.example:8443/api/{case_number}/brief?fields=none",
        "http://127.0.0.1:8080/{case_number}",
        "http://[::1]/{case_number}",
    ],
)
def test_an_address_that_will_do(url: str) -> None:
    assert Purpose(case_url=url).case_url == url
