"""Settings: `gongbao.toml` in the working directory, overridden by `GONGBAO_*` variables, overridden by options.

    warehouse = "warehouse"        # the folder of blobs, database and releases
    processes = 2                  # worker processes of extraction; the results do not depend on it

    [[source]]                     # none: the bundled samples
    name = "huimin"
    inbox = "inbox/huimin"         # relative to gongbao.toml
    publisher = "惠民县人民政府"     # optional, as are place and caveats
    place = "惠民县"
    caveats = ["sample"]

`GONGBAO_NOW` (ISO 8601) sets the clock. Unknown keys are refused: a misspelt one would be ignored for years; unknown
`GONGBAO_` variables are told by `gongbao doctor`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from gongbao import project, reference
from gongbao.errors import UsageError
from gongbao.ingest.sources import Source
from gongbao.normalise.places import resolve_document

FILE = "gongbao.toml"
SAMPLES = "samples"


class SourceSettings(BaseModel):
    """One `[[source]]` table: where bulletins arrive, and what is known of all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    inbox: Path
    publisher: str | None = None
    place: str | None = None
    caveats: tuple[str, ...] = ()

    @field_validator("place")
    @classmethod
    def _is_a_place(cls, place: str | None) -> str | None:
        if place is not None and resolve_document(None, (), place).code is None:
            raise ValueError(f"{place} is no place of the list; write a path such as 山东省/惠民县, or a code")
        return place

    @field_validator("caveats")
    @classmethod
    def _are_caveats(cls, caveats: tuple[str, ...]) -> tuple[str, ...]:
        known = [row["code"] for row in reference.rows("caveats.csv")]
        for caveat in caveats:
            if caveat not in known:
                raise ValueError(f"{caveat} is no caveat; known are {', '.join(known)}")
        return caveats


class Settings(BaseSettings):
    """The settings in force; see the module's page for the file."""

    model_config = SettingsConfigDict(env_prefix="GONGBAO_", toml_file=FILE, extra="forbid", frozen=True)

    warehouse: Path = Path("warehouse")
    processes: PositiveInt = Field(default_factory=lambda: min(4, os.cpu_count() or 1))
    source: tuple[SourceSettings, ...] = ()
    now: datetime | None = None

    @field_validator("warehouse")
    @classmethod
    def _is_a_folder_of_its_own(cls, warehouse: Path) -> Path:
        if warehouse == Path():
            raise ValueError("the working directory itself cannot be the warehouse; name a folder")
        return warehouse

    @field_validator("source")
    @classmethod
    def _go_by_name(cls, source: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [each.name for each in source]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two sources are called {name}; rename one")
        return source

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options before variables before the file; no .env files and no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def sources(self) -> tuple[Source, ...]:
        """The sources to ingest: those configured, else the bundled samples with their caveat."""
        if not self.source:
            inbox = project.folder("samples") / "inbox"
            return (Source(name=SAMPLES, inbox=inbox, place="滨州市", caveats=("sample",)),)
        return tuple(
            Source(name=s.name, inbox=s.inbox, publisher=s.publisher, place=s.place, caveats=s.caveats)
            for s in self.source
        )

    def clock(self) -> datetime:
        """The present moment in UTC without a zone, or `GONGBAO_NOW`."""
        moment = self.now or datetime.now(UTC)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting in force and where it came from: option, variable, file or default."""

    name: str
    value: str
    origin: str


def load(**options: Any) -> Settings:
    """Resolve the settings; an option that is None was not given. Raises `UsageError` naming file and key."""
    given = {name: value for name, value in options.items() if value is not None}
    if Path(FILE).exists() and not Path(FILE).is_file():
        raise UsageError(f"{FILE} is no file", "make it a TOML file, or remove it")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "settings"
        origin = _origin(str(first["loc"][0]) if first["loc"] else "", given)
        raise UsageError(f"setting {key} ({origin}): {first['msg']}", f"known settings: {_known()}") from None
    except SettingsError as error:  # a variable whose value is no JSON where a table is wanted
        raise UsageError(f"a GONGBAO_ variable: {error}", "sources are set in gongbao.toml") from None
    except ValueError as error:  # tomllib's error for a file that is no TOML
        raise UsageError(f"{FILE}: {error}", "correct the line") from None


def inbox_sources(inboxes: tuple[Path, ...]) -> tuple[SourceSettings, ...] | None:
    """Sources for inboxes named on the command line, each called after its folder; None where none is named.

    Raises `UsageError` for a path that is no folder, and for two folders of one name.
    """
    if not inboxes:
        return None
    for inbox in inboxes:
        if not inbox.is_dir():
            raise UsageError(f"the inbox {inbox} is no folder", "name a folder that holds bulletins or workbooks")
    names = [inbox.resolve().name for inbox in inboxes]
    if len(set(names)) < len(names):
        raise UsageError(f"two inboxes are called {max(names, key=names.count)}", "rename one: sources go by name")
    return tuple(SourceSettings(name=name, inbox=inbox) for name, inbox in zip(names, inboxes, strict=True))


def origins(settings: Settings, options: Mapping[str, Any]) -> list[Origin]:
    """Every setting in force with its origin, for `gongbao doctor`."""
    given = {name: value for name, value in options.items() if value is not None}
    rows = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name == "source":
            value = ", ".join(f"{source.name} ({source.inbox})" for source in settings.sources())
        rows.append(Origin(name, "the system's clock" if value is None else str(value), _origin(name, given)))
    return rows


def unknown_variables() -> list[str]:
    """`GONGBAO_` variables in the environment that nothing reads: misspelt ones."""
    known = {f"GONGBAO_{name.upper()}" for name in Settings.model_fields} | {"GONGBAO_HOME"}
    return sorted(name for name in os.environ if name.startswith("GONGBAO_") and name not in known)


def _origin(name: str, options: Mapping[str, Any]) -> str:
    sources: tuple[tuple[str, PydanticBaseSettingsSource], ...] = (
        ("option", InitSettingsSource(Settings, init_kwargs=dict(options))),
        (f"GONGBAO_{name.upper()}", EnvSettingsSource(Settings)),
        (FILE, TomlConfigSettingsSource(Settings)),
    )
    return next((label for label, source in sources if name in source()), "default")


def _known() -> str:
    return ", ".join(Settings.model_fields)
