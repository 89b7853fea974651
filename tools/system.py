"""What comes from the system's packages: PostgreSQL with PostGIS; Chromium, Chinese fonts and GDAL for the tests."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

from steps import ROOT, Stop, run, step, there
from words import say

MINIMUM = 15
NO_CLUSTER = "/etc/postgresql-common/createcluster.d/gridward.conf"


def postgres() -> None:
    """PostgreSQL with PostGIS, from apt where it is missing. No cluster of the system's is made or touched."""
    version = _postgres_there()
    if version:
        there("postgres", f"PostgreSQL {version}")
        return
    _demand_apt(say("postgres"), f"postgresql-{MINIMUM} postgis")
    package = _newest_postgis()
    _announce(package)
    # With its first server package Debian makes and starts a cluster on port 5432. Nobody asked for one.
    fresh = not glob.glob("/usr/lib/postgresql/*/bin/postgres")
    with step("postgres"):
        if fresh:
            _as_root(
                "sh",
                "-c",
                f"mkdir -p {os.path.dirname(NO_CLUSTER)} && echo 'create_main_cluster = false' >{NO_CLUSTER}",
            )
        try:
            _install([package])
        finally:
            if fresh:
                _as_root("rm", "-f", NO_CLUSTER)


def python_venv() -> None:
    """The module venv of the system's own Python, a package of its own on Debian and Ubuntu."""
    _demand_apt(say("python"), "python3-venv")
    _announce("python3-venv")
    with step("python.venv"):
        _install(["python3-venv"])


def browser() -> None:
    """Chromium and a font with Chinese characters, for the tests alone."""
    packages = []
    if not chromium():
        packages.append("chromium")
    if not _has_chinese_font():
        packages.append("fonts-noto-cjk")
    if not packages:
        there("chromium")
        return
    _demand_apt(say("chromium"), " ".join(packages))
    if "chromium" in packages and not _candidate("chromium"):
        packages.remove("chromium")  # Ubuntu has it as a snap only: Playwright brings its own
    _announce(*packages)
    with step("chromium"):
        if packages:
            _install(packages)
        if not chromium():
            run(ROOT / ".venv" / "bin" / "playwright", "install", "--with-deps", "chromium")


def gdal() -> None:
    """ogrinfo and ogr2ogr, for the tests alone: they read the layers as other programs do."""
    if shutil.which("ogrinfo") and shutil.which("ogr2ogr"):
        there("gdal")
        return
    _demand_apt(say("gdal"), "gdal-bin")
    _announce("gdal-bin")
    with step("gdal"):
        _install(["gdal-bin"])


def chromium() -> str | None:
    """A Chromium that runs headless; Ubuntu's `chromium-browser` is a stub that asks for snap."""
    for path in map(shutil.which, ("chromium", "google-chrome", "google-chrome-stable", "chrome")):
        if path and "snap" not in os.path.realpath(path):
            return path
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or os.path.expanduser("~/.cache/ms-playwright")
    found = sorted(glob.glob(f"{cache}/chromium-*/chrome-linux*/chrome"))
    return found[-1] if found else None


def _postgres_there() -> int | None:
    """The newest major version with both the server and PostGIS, MINIMUM or newer."""
    versions = []
    for folder in (
        glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin") + [os.environ.get("GRIDWARD_PG_BIN", "")]
    ):
        version = _server_version(folder)
        if version and version >= MINIMUM and _has_postgis(folder, version):
            versions.append(version)
    return max(versions, default=None)


def _server_version(folder: str) -> int | None:
    try:
        answer = subprocess.run(
            [f"{folder}/postgres", "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\) (\d+)", answer)
    return int(match[1]) if match else None


def _has_postgis(folder: str, version: int) -> bool:
    shares = [f"/usr/share/postgresql/{version}"]
    if os.path.exists(f"{folder}/pg_config"):
        shares.append(
            subprocess.run(
                [f"{folder}/pg_config", "--sharedir"], capture_output=True, text=True, check=False
            ).stdout.strip()
        )
    return any(os.path.exists(f"{share}/extension/postgis.control") for share in shares)


def _has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())
    return bool(glob.glob("/usr/share/fonts/**/*CJK*", recursive=True))


def _newest_postgis() -> str:
    """The package of the newest PostGIS that apt offers for PostgreSQL 15 or newer. Raises Stop."""
    found = _offered() or (_refresh() or _offered())
    if not found:
        raise Stop(say("no.postgis"))
    return f"postgresql-{max(found)}-postgis-3"


def _offered() -> list[int]:
    out = subprocess.run(["apt-cache", "pkgnames", "postgresql-"], capture_output=True, text=True, check=False).stdout
    versions = (int(match[1]) for match in re.finditer(r"^postgresql-(\d+)-postgis-3$", out, re.MULTILINE))
    return [version for version in versions if version >= MINIMUM and _candidate(f"postgresql-{version}-postgis-3")]


def _candidate(package: str) -> bool:
    out = subprocess.run(
        ["apt-cache", "policy", package], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    ).stdout
    match = re.search(r"Candidate: (\S+)", out)
    return bool(match and match[1] != "(none)" and "snap" not in match[1])


def _demand_apt(what: str, packages: str) -> None:
    """Raise Stop, with the way out, where packages cannot be installed."""
    if not shutil.which("apt-get"):
        raise Stop(say("no.apt", what=what, packages=packages))
    if os.geteuid() != 0 and not shutil.which("sudo"):
        raise Stop(say("no.root", what=what, command=f"apt-get install -y {packages}"))
    if os.geteuid() != 0 and subprocess.run(["sudo", "-v"], check=False).returncode:
        raise Stop(say("no.root", what=what, command=f"apt-get install -y {packages}"))


def _announce(*packages: str) -> None:
    """Say what is about to be installed, before it is."""
    if packages:
        who = "root" if os.geteuid() == 0 else "root (sudo)"
        print("    " + say("will.apt", who=who, packages=" ".join(packages)), flush=True)


def _refresh() -> None:
    _as_root("apt-get", "update", "-qq")


def _install(packages: list[str]) -> None:
    words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    try:
        _as_root(*words)
    except Stop:  # the lists were old
        _refresh()
        _as_root(*words)


def _as_root(*words: str) -> None:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", *words]
    run(*(quiet if os.geteuid() == 0 else ["sudo", "-n", *quiet]), cwd=Path("/"))
