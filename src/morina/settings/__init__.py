"""Every setting of a node: one typed object, from ``morina.toml`` and ``MORINA_*``.

``docs/settings.md`` is held to this module by a test. Unknown keys are refused.
"""

import os
from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from morina.settings.accounting import (
    Duties,
    Oidc,
    Oversight,
    Purpose,
    PurposeTier,
    Sessions,
    SignIn,
)
from morina.settings.exchange import Exchange
from morina.settings.keeping import CloneCorridor, Clones, Retention, RetentionGroup, Search
from morina.settings.node import Backup, Desk, Engines, Node
from morina.settings.seeing import (
    Aerial,
    Broker,
    Cameras,
    Drop,
    Edge,
    Health,
    Images,
    Listener,
    LiveSource,
    Push,
    Reading,
    Sites,
    SiteTargets,
)
from morina.settings.watching import Alerts, Matching

__all__ = [
    "Aerial",
    "Alerts",
    "Backup",
    "Broker",
    "Cameras",
    "CloneCorridor",
    "Clones",
    "Desk",
    "Drop",
    "Duties",
    "Edge",
    "Engines",
    "Exchange",
    "Health",
    "Images",
    "Listener",
    "LiveSource",
    "Matching",
    "Node",
    "Oidc",
    "Oversight",
    "Purpose",
    "PurposeTier",
    "Push",
    "Reading",
    "Retention",
    "RetentionGroup",
    "Search",
    "Sessions",
    "Settings",
    "SettingsError",
    "SignIn",
    "SiteTargets",
    "Sites",
    "keys",
    "load_settings",
]


class Settings(BaseSettings):
    """All settings. Environment: ``MORINA_DESK__PORT=8601`` overrides ``[desk] port``."""

    model_config = SettingsConfigDict(
        env_prefix="MORINA_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Field(
        Path("morina-home"), description="The folder that holds all data of the node."
    )
    node: Node = Node()
    desk: Desk = Desk()
    cameras: Cameras = Cameras()
    engines: Engines = Engines()
    alerts: Alerts = Alerts()
    matching: Matching = Matching()
    reading: Reading = Reading()
    images: Images = Images()
    push: Push = Push()
    sites: Sites = Sites()
    edge: Edge = Edge()
    health: Health = Health()
    search: Search = Search()
    clones: Clones = Clones()
    retention: Retention = Retention()
    backup: Backup = Backup()
    sessions: Sessions = Sessions()
    sign_in: SignIn = SignIn()
    oidc: Oidc = Oidc()
    purpose: Purpose = Purpose()
    oversight: Oversight = Oversight()
    duties: Duties = Duties()
    exchange: Exchange = Exchange()
    aerial: Aerial = Aerial()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


class SettingsError(Exception):
    """The settings are not usable; the message names each place and what to do."""


def load_settings(file: Path = Path("morina.toml"), home: Path | None = None) -> Settings:
    """The settings of ``file`` (it may be absent) and the environment; ``home`` overrides both.

    Raises SettingsError naming every wrong key or value.
    """

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    _refuse_unknown_variables()
    try:
        return FromFile(**({} if home is None else {"home": home}))  # type: ignore[arg-type]  # a one-key splat
    except TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}; mend the TOML there") from None
    except PydanticSettingsError as error:
        raise SettingsError(f"{error}; mend that MORINA_* variable") from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        known = "docs/settings.md lists every setting"
        raise SettingsError(f"{file} or MORINA_*: " + "; ".join(lines) + f"; {known}") from None


def keys() -> dict[str, FieldInfo]:
    """Every setting by its dotted name."""
    found: dict[str, FieldInfo] = {}
    for name, info in Settings.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            found |= {f"{name}.{key}": inner for key, inner in section.model_fields.items()}
        else:
            found[name] = info
    return found


def _refuse_unknown_variables() -> None:
    known = {f"MORINA_{key.upper().replace('.', '__')}" for key in keys()}
    sections = {variable.partition("__")[0] for variable in known if "__" in variable}
    for variable in os.environ:
        ours = variable.startswith("MORINA_") and not variable.startswith("MORINA_TEST_")
        if ours and variable not in known | sections:
            raise SettingsError(f"{variable} is no setting; docs/settings.md lists every one")
