"""Where the browser of the browser tests is, and what to say when there is none."""

from __future__ import annotations

import os
import shutil

CHROMIUM = shutil.which("chromium")
IS_REQUIRED = os.environ.get("MATS_BROWSER") == "required"
HOW_TO = "Browser tests skipped: no chromium here. Get it with: apt-get install chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
