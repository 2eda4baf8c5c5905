"""Sees to the programs the tests drive: Chromium and PostgreSQL's server.

As root on Debian or Ubuntu it installs what is missing. For everybody else it says in one line what to install.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import chromium_is_here, postgresql_programs

NOTO = Path("/usr/share/fonts/truetype/noto")
PLAYWRIGHT = [sys.executable, "-m", "playwright", "install"]


def main() -> int:
    missing = lacking()
    if not missing:
        return 0
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        install_on_debian(missing)
        missing = lacking()
        if not missing:
            return 0
    print(f"The tests need {' and '.join(missing)}. Install with: {advice(missing)}", file=sys.stderr)
    return 1


def lacking() -> list[str]:
    missing = []
    if not chromium_is_here():
        missing.append("chromium")
    if postgresql_programs() is None:
        missing.append("postgresql")
    return missing


def install_on_debian(missing: list[str]) -> None:
    print(f"Installing for the tests: {' '.join(missing)}", flush=True)
    packages = [name for name in missing if name != "chromium" or not chromium_is_a_snap()]
    if not NOTO.exists():
        packages.append("fonts-noto-core")
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=False, env=quietly)
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], check=False, env=quietly)
    if "chromium" in missing and chromium_is_a_snap():
        subprocess.run([*PLAYWRIGHT, "--with-deps", "chromium"], check=False, env=quietly)


def chromium_is_a_snap() -> bool:
    """Ubuntu's package is an empty one that asks for a snap, which a container cannot run."""
    return platform.system() == "Linux" and platform.freedesktop_os_release().get("ID") == "ubuntu"


def advice(missing: list[str]) -> str:
    browser = f"{Path(sys.executable).name} -m playwright install chromium"
    if platform.system() == "Darwin":
        lines = {"chromium": browser, "postgresql": "brew install postgresql@17"}
    elif chromium_is_a_snap():
        lines = {"chromium": browser, "postgresql": "sudo apt-get install postgresql"}
    else:
        return f"sudo apt-get install {' '.join(missing)}"
    return " && ".join(lines[name] for name in missing)


if __name__ == "__main__":
    sys.exit(main())
