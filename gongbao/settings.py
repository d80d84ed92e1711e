"""Settings: `gongbao.toml` in the working directory, overridden by `GONGBAO_*` variables, overridden by options.

    warehouse = "warehouse"        # the folder of blobs, database and releases
    processes = 2                  # of reading and extraction; the results do not depend on it
    dask = "tcp://10.0.0.5:8786"   # in their place the workers of this Dask scheduler, or local:4, its own four
    keep_releases = 30             # so many of the newest releases; `current` and the one before it always
    vocabulary = "vocabulary"      # the folder of what `gongbao review accept` decided, added to gongbao/reference
    corrections = "corrections.yml"  # figures that are wrong, see gongbao.normalise.correction_file; may be absent

    notify = "custom-webhook/operators"  # Prefect's notification block that tells the alarms of `gongbao serve`
    contact = "data@example.org"   # told to the web servers that are asked, beside the program's name

    [[source]]                     # none: the bundled samples
    name = "huimin"
    inbox = "inbox/huimin"         # a folder, relative to gongbao.toml …
    publisher = "惠民县人民政府"     # optional, as is all that follows
    place = "惠民县"
    doc_type = "work_report"       # where a text does not show what it is
    caveats = ["sample"]
    schedule = "0 2 * * 1"         # cron, in China's time; without it, every night

    [[source]]
    name = "huimin-site"
    list_page = "https://…/col/…"  # … or a list page and what its links look like (a regular expression) …
    link_pattern = "公报|工作报告"
    [source.limits]
    file_bytes = 20_000_000        # of one file or answer
    seconds = 60                   # for one address with all its tries; waits between them come on top
    interval_seconds = 1.0         # between two requests to one host
    pages = 200                    # that the list page may lead to

    [[source]]
    name = "bureau"
    urls = ["https://…/tjgb.html"] # … or addresses
    private_hosts = ["10.0.0.5:80"]  # host:port that may be reached though their address is private

    [limits]                       # of reading one file, see gongbao.ingest.limits
    read_seconds = 30

`GONGBAO_NOW` (ISO 8601) sets the clock, `GONGBAO_ALLOW_HOSTS` (host:port, separated by commas) the only hosts that may
be reached, `GONGBAO_LIMITS` (a JSON object) the limits. Unknown keys are refused: a misspelt one would be ignored for
years; unknown `GONGBAO_` variables are told by `gongbao doctor`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from gongbao import project, reference
from gongbao.errors import UsageError
from gongbao.extract.statement import DocType
from gongbao.ingest import schedule
from gongbao.ingest.limits import Limits
from gongbao.ingest.sources import Source, SourceLimits
from gongbao.ingest.web import Access, Unfetched
from gongbao.normalise import correction_file
from gongbao.normalise.correction_file import Correction
from gongbao.normalise.places import resolve_document
from gongbao.workers import Workers, local

FILE = "gongbao.toml"
_DEFAULTS = {"now": "the system's clock", "allow_hosts": "every public host", "dask": "none: processes of this machine"}
SAMPLES = "samples"
_LONGEST_NAME = 255
"""Bytes of a file's or folder's name, on any file system in use."""


def _path(path: Path) -> Path:
    if "\0" in str(path) or any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        raise ValueError(f"{str(path)[:80]!r} can be no path: a name in it is too long, or holds NUL")
    return path


LocalPath = Annotated[Path, AfterValidator(_path)]
HostPort = Annotated[str, Field(pattern=r"^(\[[0-9a-fA-F:.]+\]|[^\s/:@]+):\d{1,5}$")]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]


class SourceLimitSettings(BaseModel):
    """The `[source.limits]` table, see `gongbao.ingest.sources.SourceLimits`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_bytes: PositiveInt = SourceLimits().file_bytes
    seconds: Seconds = SourceLimits().seconds
    interval_seconds: Annotated[float, Field(ge=0, le=86_400)] = SourceLimits().interval_seconds
    pages: PositiveInt = SourceLimits().pages


class SourceSettings(BaseModel):
    """One `[[source]]` table: where bulletins arrive, and what is known of all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    inbox: LocalPath | None = None
    urls: tuple[Address, ...] = ()
    list_page: Address | None = None
    link_pattern: str | None = None
    publisher: str | None = None
    place: str | None = None
    doc_type: DocType | None = None
    caveats: tuple[str, ...] = ()
    schedule: str | None = None
    private_hosts: tuple[HostPort, ...] = ()
    limits: SourceLimitSettings = SourceLimitSettings()

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if sum((self.inbox is not None, bool(self.urls), self.list_page is not None)) != 1:
            raise ValueError(f"source {self.name} needs one of inbox, urls and list_page, and only one")
        if (self.list_page is None) != (self.link_pattern is None):
            raise ValueError(f"source {self.name}: list_page and link_pattern go together")
        if len(set(self.urls)) < len(self.urls):
            raise ValueError(f"source {self.name} lists {max(self.urls, key=self.urls.count)} twice")
        try:
            Access.of(filter(None, (*self.urls, self.list_page)), self.private_hosts)
        except Unfetched as error:
            raise ValueError(f"source {self.name}: {error}") from None
        return self

    @field_validator("link_pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"{pattern} is no regular expression ({error})") from None
        return pattern

    @field_validator("schedule")
    @classmethod
    def _is_a_schedule(cls, expression: str | None) -> str | None:
        wrong = expression is not None and schedule.problem(expression)
        if wrong:
            raise ValueError(f"{expression} is no cron expression ({wrong}); 0 2 * * 1 is Mondays at two")
        return expression

    def source(self) -> Source:
        """As the library knows it."""
        slots = {name: getattr(self, name) for name in type(self).model_fields if name != "limits"}
        return Source(**slots, limits=SourceLimits(**self.limits.model_dump()))

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


class LimitSettings(BaseModel):
    """The `[limits]` table: what it names replaces a field of `gongbao.ingest.limits.Limits`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_bytes: PositiveInt | None = None
    line_characters: PositiveInt | None = None
    inflated_bytes: PositiveInt | None = None
    archive_members: PositiveInt | None = None
    sheet_cells: PositiveInt | None = None
    sheet_columns: PositiveInt | None = None
    read_seconds: Seconds | None = None
    memory_bytes: PositiveInt | None = None
    answer_bytes: PositiveInt | None = None


class Settings(BaseSettings):
    """The settings in force; see the module's page for the file."""

    model_config = SettingsConfigDict(env_prefix="GONGBAO_", toml_file=FILE, extra="forbid", frozen=True)

    warehouse: LocalPath = Path("warehouse")
    vocabulary: LocalPath = Path("vocabulary")
    corrections: LocalPath = Path("corrections.yml")
    keep_releases: PositiveInt = 30
    processes: PositiveInt = Field(default_factory=lambda: min(4, os.cpu_count() or 1))
    dask: str | None = Field(default=None, pattern=r"^((tcp|tls)://[^\s/:]+:\d{1,5}|local:[1-9]\d{0,2})$")
    source: tuple[SourceSettings, ...] = ()
    notify: str | None = Field(default=None, pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    contact: str | None = Field(default=None, pattern=r"^[!-~]{3,200}$")
    limits: LimitSettings = LimitSettings()
    allow_hosts: Annotated[tuple[HostPort, ...] | None, NoDecode] = None
    now: datetime | None = None

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _are_listed(cls, hosts: Any) -> Any:
        return tuple(host.strip() for host in hosts.split(",") if host.strip()) if isinstance(hosts, str) else hosts

    @field_validator("warehouse")
    @classmethod
    def _is_a_folder_of_its_own(cls, warehouse: Path) -> Path:
        if warehouse == Path():
            raise ValueError("the working directory itself cannot be the warehouse; name a folder")
        return warehouse

    @field_validator("vocabulary")
    @classmethod
    def _is_a_folder_for_vocabulary(cls, vocabulary: Path) -> Path:
        if vocabulary == Path() or (vocabulary.exists() and not vocabulary.is_dir()):
            raise ValueError("the vocabulary needs a folder of its own; name one, it may be absent")
        return vocabulary

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
        return tuple(each.source() for each in self.source)

    def read_corrections(self) -> tuple[Correction, ...]:
        """A curator's corrections, none where there is no file of them. Raises `UsageError` naming line and field."""
        return correction_file.read(self.corrections)

    def parse_limits(self) -> Limits:
        """The limits of reading one file."""
        return Limits(**self.limits.model_dump(exclude_none=True))

    def workers(self) -> AbstractContextManager[Workers]:
        """Those who read and extract: a Dask cluster's where one is named, else `processes` of this machine.

        Raises `UsageError` on entering where the scheduler that was named cannot be used.
        """
        if self.dask is None:
            return local(self.processes)
        from gongbao import cluster  # Dask takes most of a second to import

        return cluster.joined(self.dask, self.warehouse.resolve())

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
    use_vocabulary()  # before the sources' places and caveats are looked up in it
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "settings"
        origin = _origin(str(first["loc"][0]) if first["loc"] else "", given)
        wrong = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"setting {key} ({origin}): {wrong}", f"known settings: {_known(first['loc'])}") from None
    except SettingsError as error:  # a variable whose value is no JSON where a table is wanted
        raise UsageError(f"a GONGBAO_ variable: {error}", "sources are set in gongbao.toml") from None


def use_vocabulary() -> None:
    """Have this process, and those it starts, read the curator's folder after gongbao/reference.

    It is that of `GONGBAO_VOCABULARY`, else of the file. Raises `UsageError` for a file that is no TOML.
    """
    if Path(FILE).exists() and not Path(FILE).is_file():
        raise UsageError(f"{FILE} is no file", "make it a TOML file, or remove it")
    try:
        of_file = TomlConfigSettingsSource(Settings)().get("vocabulary")
    except ValueError as error:  # tomllib's error
        raise UsageError(f"{FILE}: {error}", "correct the line") from None
    except RecursionError:
        raise UsageError(f"{FILE}: values lie too deep in each other", "correct the file") from None
    named = os.environ.get("GONGBAO_VOCABULARY") or of_file or Settings.model_fields["vocabulary"].default
    try:
        os.environ[reference.OVERLAY] = str(_path(Path(str(named))).resolve())
    except (ValueError, OSError) as error:
        raise UsageError(f"setting vocabulary: {error}", "name a folder; it may be absent") from None


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
            value = ", ".join(f"{source.name} ({source.where})" for source in settings.sources())
        if name == "limits":
            value = ", ".join(f"{key} {each:,}" for key, each in asdict(settings.parse_limits()).items())
        if name == "allow_hosts" and value is not None:
            value = ", ".join(value) or "none"
        rows.append(Origin(name, _DEFAULTS.get(name, "none") if value is None else str(value), _origin(name, given)))
    return rows


def unknown_variables() -> list[str]:
    """`GONGBAO_` variables in the environment that nothing reads: misspelt ones."""
    known = {f"GONGBAO_{name.upper()}" for name in Settings.model_fields}
    known |= {"GONGBAO_HOME", "GONGBAO_COMPILED", reference.OVERLAY}
    return sorted(name for name in os.environ if name.startswith("GONGBAO_") and name not in known)


def _origin(name: str, options: Mapping[str, Any]) -> str:
    sources: tuple[tuple[str, PydanticBaseSettingsSource], ...] = (
        ("option", InitSettingsSource(Settings, init_kwargs=dict(options))),
        (f"GONGBAO_{name.upper()}", EnvSettingsSource(Settings)),
        (FILE, TomlConfigSettingsSource(Settings)),
    )
    return next((label for label, source in sources if name in source()), "default")


def _known(where: tuple[int | str, ...]) -> str:
    """The keys of the table in which a key is wrong."""
    tables: dict[tuple[str, ...], type[BaseModel]] = {
        ("source",): SourceSettings, ("source", "limits"): SourceLimitSettings, ("limits",): LimitSettings,
    }  # fmt: skip
    path = tuple(part for part in where[:-1] if isinstance(part, str)) or tuple(map(str, where[:1]))
    return ", ".join(tables.get(path, Settings).model_fields)
