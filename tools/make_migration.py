"""Makes a migration from the difference between the models and the migrations so far."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import flask_migrate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.app import create_app
from tests.support.databases import settings

if __name__ == "__main__":
    if not sys.argv[1:] or not sys.argv[1]:
        sys.exit('Say what it does: make migration m="add the table of measures"')
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(f"sqlite:///{folder}/new.sqlite3", Path(folder)), testing=True)
        with app.app_context():
            if any((ROOT / "migrations" / "versions").glob("*.py")):
                flask_migrate.upgrade()
            flask_migrate.migrate(message=sys.argv[1])
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", "migrations"], cwd=ROOT, check=False)
    subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "--fix", "migrations"], cwd=ROOT, check=False)
