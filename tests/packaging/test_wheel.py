"""The built wheel is the whole product: it runs its demo from an empty folder."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTING_TAKES_AT_MOST = 180.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture
def installed(wheel, tmp_path):
    """An environment that holds this wheel and borrows only the dependencies of the one the tests run in."""
    place = tmp_path / "installed"
    venv.create(place, with_pip=False)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", scripts / "python", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    own_packages = next(place.glob("lib/python*/site-packages"), place / "Lib" / "site-packages")
    # A folder named in a .pth file lends its packages, but its own .pth files, and with them this checkout, stay out.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    return scripts


def test_the_wheel_carries_everything_but_the_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder, pattern, home in (
        ("templates", "*.html", "safehouse/templates"),
        ("templates", "*.typ", "safehouse/templates"),
        ("migrations", "*.py", "safehouse/migrations"),
        ("docs/samples", "*.*", "safehouse/samples"),
        ("safehouse/translations", "*.mo", "safehouse/translations"),
        ("safehouse/web/static", "*.css", "safehouse/web/static"),
        ("safehouse", "*.py", "safehouse"),
    ):
        ours = {f"{home}/{path.relative_to(ROOT / folder).as_posix()}" for path in (ROOT / folder).rglob(pattern)}
        assert ours, f"{folder} holds nothing like {pattern}"
        assert ours <= inside, sorted(ours - inside)
    assert not [name for name in inside if name.startswith(("tests/", "bench/")) or name.endswith((".key", ".db"))]


def test_the_installed_wheel_does_not_lean_on_the_checkout(installed, tmp_path):
    where = "import safehouse; print(safehouse.__file__)"
    command = [installed / "python", "-c", where]
    told = subprocess.run(command, cwd=tmp_path, env=_plain(), capture_output=True, text=True, check=True).stdout
    assert Path(told.strip()).is_relative_to(installed.parent.resolve()) or str(installed.parent) in told


def test_the_demo_runs_from_an_empty_folder(installed, tmp_path):
    empty, data, log = tmp_path / "empty", tmp_path / "data", tmp_path / "log"
    empty.mkdir()
    port = _free_port()
    command = [installed / "safehouse", "demo", "--port", str(port), "--data", data]
    with log.open("wb") as sink:
        demo = subprocess.Popen(command, cwd=empty, env=_plain(), stdout=sink, stderr=sink)
    try:
        page = _sign_in_page(f"http://127.0.0.1:{port}/sign-in", demo, log)
    finally:
        demo.terminate()
        try:
            demo.wait(timeout=20)
        except subprocess.TimeoutExpired:
            demo.kill()
            demo.wait()
    assert "Teduh" in page
    assert (data / "demo-accounts.json").exists()
    assert list(empty.iterdir()) == []


def _sign_in_page(address, demo, log):
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as nothing:
            gone = demo.poll() is not None
            if gone or isinstance(nothing, urllib.error.HTTPError) or time.monotonic() > deadline:
                pytest.fail(f"No sign-in page ({nothing}):\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _plain():
    """The environment without what would show the wheel this checkout, or settings of another installation."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SAFEHOUSE", "VIRTUAL_ENV"))
    }
