"""What a person may set, read once at the door from the environment (`GRIDWARD_...`) or `.env`, and passed in."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]  #: the checkout


class RasterTiles(BaseModel, frozen=True):
    """One outside source of picture tiles."""

    name: str
    url: str  #: with {z}, {x} and {y}
    attribution: str


class OutsideGeocoder(BaseModel, frozen=True):
    """One outside service that searches addresses."""

    kind: Literal["nominatim", "photon", "amap", "baidu", "tianditu"]
    url: str = Field(default="", pattern=r"^(https?://.+)?$")  #: empty: where its makers run it
    key: SecretStr = SecretStr("")
    seconds: float = Field(default=2, gt=0, le=30)  #: that an answer may take
    attribution: str = ""  #: empty: the makers'


OSM = RasterTiles(
    name="OpenStreetMap",
    url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    attribution="© OpenStreetMap contributors",
)
TIANDITU = "https://t0.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk="


class Settings(BaseSettings):
    """Everything that differs between two installations. Frozen: who needs another value makes another object."""

    model_config = SettingsConfigDict(env_prefix="GRIDWARD_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    database_url: str = ""  #: postgresql://user:password@host:port/name; empty: the private cluster in `folder`
    folder: Path = ROOT / ".gridward"  #: what the product keeps on disk: cluster, places, road graphs, logs
    web: Path = ROOT / "web" / "dist"  #: the built front end
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=64)  #: processes that answer HTTP
    demo: bool = False  #: fictional crew, incidents and accounts; serves this machine alone
    secret: SecretStr = SecretStr("")  #: signs what the browser carries; empty: one is made and kept in `folder`
    public_url: str = ""  #: the address people see, behind a proxy; empty: http://host:port
    secure_cookies: bool = False  #: true behind HTTPS
    session_hours: float = Field(default=12, gt=0)
    upload_mb: int = Field(default=2048, ge=1, le=1_000_000)  #: of one file that is brought to be imported
    raster_tiles: tuple[RasterTiles, ...] = ()  #: picture tiles offered beside our own base map; JSON list
    osm_tiles: bool = False  #: offer the picture tiles of openstreetmap.org too (needs the internet)
    geocoders: tuple[OutsideGeocoder, ...] = ()  #: asked in this order for what our register is not sure of; JSON list
    geocoders_personal: bool = False  #: they may be told what residents write in reports too
    tianditu_key: str = ""  #: offer the picture tiles of Tianditu 天地图 too (needs the internet and their key)

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Self:
        if self.demo and not is_loopback(self.host):
            raise ValueError("machine.not_loopback")
        return self

    @property
    def address(self) -> str:
        """Where people find the product."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def raster(self) -> tuple[RasterTiles, ...]:
        """Every outside source of picture tiles that this installation offers; none unless somebody asked for it."""
        osm = (OSM,) if self.osm_tiles else ()
        key = self.tianditu_key
        tianditu = (RasterTiles(name="天地图", url=TIANDITU + key, attribution="© 天地图"),) if key else ()
        return self.raster_tiles + osm + tianditu

    @property
    def graphs(self) -> Path:
        return self.folder / "graphs"

    @property
    def places(self) -> Path:
        return self.folder / "places"


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
