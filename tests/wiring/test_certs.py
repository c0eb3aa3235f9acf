import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from morina.cli import app
from morina.engines.authority import Authority, AuthorityError, new_authority
from morina.settings import Desk, Settings
from morina.wiring import certs_commands
from morina.wiring.certs_commands import certificates_of
from morina.wiring.refused import RefusedError
from morina.wiring.tls import desk_tls, state_of

WITHIN = ["--within", "border.example", "--within", "10.0.0.0/8"]


def certs(home: Path, *arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["certs", *arguments, "--home", str(home)])
    return ran.exit_code, ran.output


def verified(home: Path, name: str, *more: str) -> str:
    """What openssl, which is not ours, says of a certificate."""
    folder = home / "certs"
    command = ["openssl", "verify", "-x509_strict", "-CAfile", str(folder / "ca.pem"), *more]
    ran = subprocess.run(
        [*command, str(folder / f"{name}.pem")], capture_output=True, text=True, check=False
    )
    return ran.stdout + ran.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    status, said = certs(tmp_path, "ca", *WITHIN)
    assert status == 0, said
    return tmp_path


def test_what_the_authority_signs_is_accepted_by_openssl(home: Path) -> None:
    assert certs(home, "node", "desk.border.example", "10.1.2.3")[0] == 0
    assert verified(home, "desk.border.example", "-purpose", "sslserver",
                    "-verify_hostname", "desk.border.example").endswith("OK\n")  # fmt: skip
    status, said = certs(home, "camera", "north-1")
    assert status == 0
    assert "sha256:" in said
    assert verified(home, "north-1", "-purpose", "sslclient").endswith("OK\n")
    assert "unsuitable certificate purpose" in verified(home, "north-1", "-purpose", "sslserver")


def test_keys_are_their_owners_alone(home: Path) -> None:
    certs(home, "node", "desk.border.example")
    for key in (home / "secrets").iterdir():
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["desk.elsewhere.example", "192.0.2.1", "evilborder.example"])
def test_it_vouches_for_no_name_beyond_those_it_was_made_for(home: Path, name: str) -> None:
    status, said = certs(home, "node", name)
    assert status == 1
    assert "outside what this authority vouches for" in said


def test_clients_refuse_a_name_beyond_it_by_themselves(home: Path) -> None:
    kept = certificates_of(Settings(home=home))
    rogue = kept._authority(b"").server(["desk.elsewhere.example"], datetime.now(UTC))
    (home / "certs" / "rogue.pem").write_bytes(rogue.certificate)
    assert "permitted subtree violation" in verified(home, "rogue")


def test_a_revoked_certificate_is_on_the_list(home: Path) -> None:
    certs(home, "camera", "north-1")
    listed = str(home / "certs" / "ca.crl")
    assert verified(home, "north-1", "-crl_check", "-CRLfile", listed).endswith("OK\n")
    assert certs(home, "revoke", "north-1")[0] == 0
    assert "certificate revoked" in verified(home, "north-1", "-crl_check", "-CRLfile", listed)
    assert certs(home, "revoke", "north-1")[0] == 1


def test_renewing_makes_a_fresh_key_under_the_same_names(home: Path) -> None:
    certs(home, "node", "desk.border.example", "10.1.2.3")
    kept = certificates_of(Settings(home=home))
    key = kept.key_of("desk.border.example").read_bytes()
    assert certs(home, "renew", "desk.border.example")[0] == 0
    assert kept.key_of("desk.border.example").read_bytes() != key
    assert [one.names for one in kept.issued()] == [("desk.border.example", "10.1.2.3")]
    assert certs(home, "renew", "nobody")[0] == 1


def test_an_authority_can_be_kept_behind_a_passphrase(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("a long enough one\n")
    assert "chmod 600" in certs(tmp_path, "ca", *WITHIN, "--passphrase-file", str(secret))[1]
    secret.chmod(0o600)
    assert certs(tmp_path, "ca", *WITHIN, "--passphrase-file", str(secret))[0] == 0
    assert b"ENCRYPTED" in (tmp_path / "secrets" / "ca.key").read_bytes()
    status, said = certs(tmp_path, "node", "desk.border.example")
    assert (status, "--passphrase-file" in said) == (1, True)
    ran = certs(tmp_path, "node", "desk.border.example", "--passphrase-file", str(secret))
    assert ran[0] == 0


def test_no_second_authority_and_no_name_that_is_a_path(home: Path) -> None:
    assert certs(home, "ca", *WITHIN)[0] == 1
    for name in ("../x", "ca", "a/b", ""):
        assert certs(home, "camera", name)[0] == 1


def test_an_authority_for_every_name_is_refused() -> None:
    with pytest.raises(AuthorityError, match="--within"):
        new_authority("All", [], datetime.now(UTC))


def test_no_certificate_outlives_its_authority() -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3640)
    authority = Authority.opened(new_authority("Old", ["border.example"], long_ago))
    pair = authority.server(["desk.border.example"], datetime.now(UTC))
    made = x509.load_pem_x509_certificate(pair.certificate)
    assert made.not_valid_after_utc == authority.certificate.not_valid_after_utc


def test_what_ends_soon_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certs(home, "node", "desk.border.example")
    assert certs(home, "list")[0] == 0
    pem = home / "certs" / "desk.border.example.pem"
    settings = Settings(desk=Desk(certificate=pem, key=home / "secrets/desk.border.example.key"))
    later = datetime.now(UTC) + timedelta(days=380)
    assert state_of(settings, datetime.now(UTC)) == "up"
    assert "morina certs renew" in state_of(settings, later)
    monkeypatch.setattr(certs_commands, "_now", lambda: later)
    status, said = certs(home, "list")
    assert (status, "renew soon: desk.border.example" in said) == (1, True)


def test_a_desk_with_another_key_or_an_open_one_does_not_start(home: Path) -> None:
    certs(home, "node", "desk.border.example")
    certs(home, "node", "other.border.example")
    pem = home / "certs" / "desk.border.example.pem"
    own, other = (home / "secrets" / f"{n}.border.example.key" for n in ("desk", "other"))
    assert desk_tls(Settings(desk=Desk(certificate=pem, key=own))) is not None
    with pytest.raises(Exception, match=r"desk\.certificate and desk\.key cannot be used"):
        desk_tls(Settings(desk=Desk(certificate=pem, key=other)))
    own.chmod(0o644)
    with pytest.raises(Exception, match="chmod 600"):
        desk_tls(Settings(desk=Desk(certificate=pem, key=own)))


def test_tls_is_at_least_of_version_1_2(home: Path) -> None:
    certs(home, "node", "desk.border.example")
    key = home / "secrets" / "desk.border.example.key"
    tls = desk_tls(Settings(desk=Desk(
        certificate=home / "certs" / "desk.border.example.pem", key=key)))  # fmt: skip
    assert tls is not None
    assert tls.context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_home_without_an_authority_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="morina certs ca"):
        certificates_of(Settings(home=tmp_path)).issue("node", ["a.example"], b"")
