from pathlib import Path

import pytest

from morina.settings import SettingsError, keys, load_settings

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "absent.toml").desk.port == 8600


def test_the_environment_overrides_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "morina.toml"
    file.write_text("[desk]\nport = 1\nupload_bytes = 5\n")
    monkeypatch.setenv("MORINA_DESK__PORT", "2")
    settings = load_settings(file, home=tmp_path / "elsewhere")
    assert (settings.desk.port, settings.desk.upload_bytes) == (2, 5)
    assert settings.home == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[desk]\nprot = 8600\n", "desk.prot"),
        ("hime = 'x'\n", "hime"),
        ("[desk]\nport = 'many'\n", "desk.port"),
        ("[alerts]\nlive_within_s = 0\n", "alerts.live_within_s"),
        ("[desk\n", "line 1"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "morina.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=place):
        load_settings(file)


@pytest.mark.parametrize("variable", ["MORINA_DESK__PROT", "MORINA_HIME"])
def test_an_unknown_variable_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsError, match=variable):
        load_settings(tmp_path / "absent.toml")


def test_the_docs_name_every_setting_with_its_default_and_meaning() -> None:
    rows = [line for line in DOCS.read_text().splitlines() if line.startswith("| `")]
    documented = {row.split("`")[1]: row for row in rows}
    assert documented.keys() == keys().keys()
    for key, setting in keys().items():
        assert setting.description
        assert setting.description in documented[key]
        shown = documented[key].split("|")[2].strip().strip("`")
        assert shown == _shown(setting.default), key


def _shown(default: object) -> str:
    if default in ("", None, ()):
        return "empty"
    return f"{default:,}".replace(",", "_") if isinstance(default, int) else str(default)
