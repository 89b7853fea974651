"""The settings at the door."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.machine import secret
from api.settings import Settings, is_loopback

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_demo_accounts_are_never_served_to_other_machines(host: str) -> None:
    with pytest.raises(ValidationError, match="not_loopback"):
        Settings(demo=True, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_demo_mode_serves_this_machine(host: str) -> None:
    assert Settings(demo=True, host=host).demo


def test_a_host_name_that_looks_local_is_not() -> None:
    assert not is_loopback("localhost.example.org")


def test_no_outside_tiles_unless_somebody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().raster == ()
    assert [source.name for source in Settings(osm_tiles=True, tianditu_key="k").raster] == ["OpenStreetMap", "天地图"]


def test_the_environment_sets_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_PORT", "9123")
    assert Settings().address == "http://127.0.0.1:9123"


def test_the_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path)
    first = secret.keep(settings)
    assert len(first.get_secret_value()) >= 40
    assert secret.keep(settings) == first
    assert (settings.folder / "secret").stat().st_mode & 0o077 == 0
    assert first.get_secret_value() not in repr(first)
