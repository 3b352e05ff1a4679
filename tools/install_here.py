"""Make the portal importable from its own folder, without a build: a line in a .pth file and the console script."""

from __future__ import annotations

import stat
import sys
import sysconfig
from pathlib import Path

root = Path(__file__).resolve().parent.parent
site = Path(sysconfig.get_path("purelib"))
(site / "portal-here.pth").write_text(f"{root}\n", encoding="utf-8")
script = Path(sysconfig.get_path("scripts")) / "portal"
script.write_text(f"#!{sys.executable}\nfrom portal.app import main\n\nmain()\n", encoding="utf-8")
script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
