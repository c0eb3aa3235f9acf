"""From a fresh clone on a bare machine to the first alert on screen: `make demo`, as a stranger.

Clones this repository into a temporary folder, runs `make demo` there, signs in with Chromium and
waits for the first alert. Port 8600 must be free. --quick starts the demo of this environment.
"""

import argparse
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent.parent
DESK = "http://127.0.0.1:8600"
TARGET_AFTER_SET_UP_S = 60.0
PATIENCE_S = 600.0


@dataclass(frozen=True)
class Times:
    """Seconds from the start: dependencies installed, desk answering, first alert on screen."""

    set_up_s: float
    desk_s: float
    first_alert_s: float


def watched(output: IO[str], lines: "queue.Queue[str]") -> None:
    """Pass lines on as they come."""
    with output:
        for line in output:
            lines.put(line)


def measured(command: list[str], folder: Path) -> Times:
    """Run the demo until its first alert is on screen, then end it with Ctrl-C."""
    started = time.monotonic()
    lines: queue.Queue[str] = queue.Queue()
    demo = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout is not None
    threading.Thread(target=watched, args=(demo.stdout, lines), daemon=True).start()
    try:
        said, set_up_s = "", 0.0
        while not (password := re.search(r"Sign in as operator, .*:\n\s+(\S+)", said)):
            said += lines.get(timeout=PATIENCE_S)
            if "Starting the node" in said and not set_up_s:
                set_up_s = time.monotonic() - started
        desk_s = time.monotonic() - started
        on_screen(password[1])
        return Times(set_up_s, desk_s, time.monotonic() - started)
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(60)


def on_screen(password: str) -> None:
    """Sign in and wait until an alert stands on the live page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(DESK)
        page.fill("[name=name]", "operator")
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.locator(".waiting .row").first.wait_for(timeout=PATIENCE_S * 1000)
        browser.close()


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="without clone and set-up")
    arguments = parser.parse_args()
    if arguments.quick:
        found = measured([sys.executable, "-m", "morina.cli", "demo"], HERE)
    else:
        folder = Path(tempfile.mkdtemp(prefix="morina-fresh-"))
        folder.chmod(0o755)
        try:
            clone = folder / "morina"
            subprocess.run(["git", "clone", "-q", str(HERE), str(clone)], check=True)  # noqa: S607 - git
            found = measured(["make", "demo"], clone)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    after = found.first_alert_s - found.set_up_s
    missed = [] if after < TARGET_AFTER_SET_UP_S else [f"first alert {after:.0f} s after set-up"]
    if arguments.json:
        print(json.dumps(asdict(found) | {"after_set_up_s": after, "missed": missed}))
        return
    print(f"dependencies installed after {found.set_up_s:6.1f} s")
    print(f"desk answers after           {found.desk_s:6.1f} s")
    print(f"first alert on screen after  {found.first_alert_s:6.1f} s, {after:.1f} s after set-up")
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
