"""What the image holds, built by the Dockerfile's own lines and run as the image runs it, on a machine without Docker."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
_, BUILD, RUN = DOCKERFILE.split("\nFROM ")
UV = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
PYTHON = Path("/usr/bin/python3")
USER = "10001"
PATIENCE = 120.0

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(900)]

# A place of its own in the tree of files: the image in /opt, the volume, and nothing else that can be written.
INSIDE = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /opt && mkdir /opt/tilth && mount --bind "$IMAGE" /opt/tilth
mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/tilth && mount --bind "$VOLUME" /var/lib/tilth
"""
SEALED = """
mount -o remount,bind,ro / && mount -o remount,ro /opt && mount -o remount,bind,ro /opt/tilth && mount -o remount,ro /var/lib
mount -t tmpfs tmpfs /tmp
cd /var/lib/tilth
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


def find_obstacle() -> str:
    """Why this machine cannot do it; empty where it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    missing = [one for one in ("unshare", "setpriv", "mount") if shutil.which(one) is None]
    if missing or not Path(UV).exists() or not PYTHON.exists():
        return f"needs {', '.join(missing) or 'uv and /usr/bin/python3'}"
    tried = subprocess.run(
        ["unshare", "--mount", "sh", "-c", "mount --make-rprivate / && mount -o remount,bind,ro /"],
        capture_output=True,
        check=False,
    )
    return "" if tried.returncode == 0 else "no file systems of its own may be mounted here"


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """Return the folder that /opt/tilth of the image is, installed by the lines of the Dockerfile."""
    if why := find_obstacle():
        pytest.skip(why)
    # Not in pytest's folder: nobody but root may go in there.
    with tempfile.TemporaryDirectory(prefix="tilth-image-", dir="/var/tmp") as made:
        place = Path(made)
        place.chmod(0o755)
        for name in ("image", "source", "volume"):
            (place / name).mkdir()
        copied = [
            word for line in re.findall(r"^COPY ([^-].*)", BUILD, re.MULTILINE) for word in line.split()
        ]
        for name in dict.fromkeys(copied):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place / "source" / name, dirs_exist_ok=True)
            elif (ROOT / name).is_file():
                shutil.copy(ROOT / name, place / "source" / name)
        (extras,) = re.findall(r'^ARG EXTRAS="(.*)"$', BUILD, re.MULTILINE)
        (settings,) = re.findall(r"^ENV (.*)$", BUILD, re.MULTILINE)
        told = dict(pair.split("=", 1) for pair in settings.split())
        folder = place / "bin"
        folder.mkdir()
        (folder / "uv").symlink_to(UV)
        told |= {"PATH": f"{folder}:/usr/bin:/bin", "EXTRAS": extras, "UV_PYTHON": str(PYTHON)}
        told |= {
            name: value
            for name, value in os.environ.items()
            if name in ("HOME", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR", "SSL_CERT_FILE")
        }
        for step in re.findall(r"^RUN (.*)$", BUILD, re.MULTILINE):
            done = inside(place, f'cd "{place}/source"\n{step}', told)
            if done.returncode and "error sending request" in done.stderr:
                pytest.skip("the packages cannot be fetched here")
            assert done.returncode == 0, done.stderr
        os.chown(place / "volume", int(USER), int(USER))
        (place / "volume").chmod(0o700)
        yield place


def inside(place: Path, script: str, told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    own = {"IMAGE": str(place / "image"), "VOLUME": str(place / "volume")}
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", INSIDE + script],
        env=told | own,
        capture_output=True,
        text=True,
        check=False,
    )


def sealed(place: Path, *words: str) -> list[str]:
    """The command line of something that runs as the image would run it; each step gives its process to the next."""
    return ["unshare", "--mount", "sh", "-c", INSIDE + SEALED, "sh", *words]


def image_settings(place: Path) -> dict[str, str]:
    (settings,) = re.findall(r"^ENV (.*)$", RUN, re.MULTILINE)
    told = dict(pair.split("=", 1) for pair in settings.split())
    path = told["PATH"].replace("$PATH", "/usr/bin:/bin")
    own = {"IMAGE": str(place / "image"), "VOLUME": str(place / "volume"), "HOME": "/var/lib/tilth"}
    # A free port, for others may have the usual one; everything else is the image's.
    return told | own | {"PATH": f"{path}:/usr/sbin:/sbin", "TILTH_WEB__PORT": "0"}


def ask(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        sealed(place, *words), env=image_settings(place), capture_output=True, text=True, check=False
    )


def test_nothing_can_be_written_but_the_volume(image: Path):
    for path in ("/etc/x", "/opt/tilth/x", "/opt/x", "/var/lib/x", "/root/x", "/usr/x"):
        assert ask(image, "touch", path).returncode != 0, path
    assert ask(image, "touch", "/var/lib/tilth/x").returncode == 0
    assert ask(image, "id", "-u").stdout.strip() == USER


def test_it_runs_is_well_and_ends_quietly(image: Path):
    process = subprocess.Popen(
        sealed(image, "tilth", "run", "--hold"), env=image_settings(image), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not (image / "volume" / "health.json").is_file():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.2)
        known = ask(image, "tilth", "status")
        assert "outbox" in known.stdout, known.stdout + known.stderr
        (check,) = re.findall(r'HEALTHCHECK .* CMD \["(\w+)", "(\w+)"\]', RUN)
        well = ask(image, *check)
        assert well.returncode == 0, well.stdout
        copy = ask(image, "tilth", "backup", "/var/lib/tilth/copy.db")
        assert copy.returncode == 0, copy.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said[1]
    assert ask(image, "tilth", "health").returncode == 1
    modes = {path.name: path.stat().st_mode & 0o077 for path in (image / "volume").glob("*.db")}
    assert modes == dict.fromkeys(modes, 0), "readable by its owner only"


def test_the_extras_are_there(image: Path):
    for name in ("psycopg", "fpdf", "prometheus_client"):
        assert ask(image, "python", "-c", f"import {name}").returncode == 0, name
    assert ask(image, "python", "-c", "import pytest").returncode != 0
