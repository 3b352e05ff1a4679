"""What `make run` starts: the database, demo data on the first start, web, worker and the demo's sign-in provider."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PORTAL = [sys.executable, "-m", "portal.app"]
PORT = int(os.environ.get("PORT", "8000"))
DATA = Path(os.environ.get("PORTAL_DATA", ROOT / "var")).resolve()
ADDRESS = f"http://127.0.0.1:{PORT}"


def main() -> int:
    """Start everything, wait, and stop everything."""
    _say_if_taken(PORT)
    idp_port = _free_port(PORT + 1)
    mail_port = _free_port(idp_port + 1)
    environment = _environment(idp_port, mail_port)
    DATA.mkdir(parents=True, exist_ok=True)
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run([*PORTAL, "db", "upgrade"], environment)
        first = not (DATA / "demo-loaded").exists()
        if first:
            print("Loading demo data …", flush=True)
            _run([*PORTAL, "demo", "load"], environment)
            (DATA / "demo-loaded").touch()
        processes.append(_start_idp(idp_port))
        catcher = [sys.executable, "tools/mailcatcher.py", str(mail_port), str(DATA / "mail")]
        processes.append(subprocess.Popen(catcher, cwd=ROOT))
        processes += [subprocess.Popen([*PORTAL, name], env=environment, cwd=ROOT) for name in ("serve", "worker")]
        _wait_until_ready(processes)
        print(f"\n  The portal is ready: {ADDRESS}", flush=True)
        print("  Sign in as resident@demo.example with the password demo-passord. Ctrl-C stops.\n", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    finally:
        _stop(processes)


def _environment(idp_port: int, mail_port: int) -> dict[str, str]:
    """Return the settings of the demo, kept where somebody has set them."""
    issuer = f"http://127.0.0.1:{idp_port}"
    demo = {
        "PORTAL_DEMO": "1",
        "PORTAL_DATA": str(DATA),
        "PORTAL_BASE_URL": ADDRESS,
        "PORTAL_OIDC_IDPORTEN_ISSUER": issuer,
        "PORTAL_OIDC_IDPORTEN_TITLE": "ID-porten (demo)",
        "PORTAL_OIDC_IDPORTEN_CLIENT_ID": "portal",
        "PORTAL_OIDC_IDPORTEN_CLIENT_SECRET": "demo-secret-for-the-demo-provider-only",
        "PORTAL_OIDC_IDPORTEN_ACR": "idporten-loa-substantial,idporten-loa-high",
        "PORTAL_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "PORTAL_OUTGOING_ALLOW": f"127.0.0.1:{idp_port}",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **{key: os.environ.get(key, value) for key, value in demo.items()}}


def _start_idp(port: int) -> subprocess.Popen[bytes]:
    """Start the demo's OpenID provider with the portal as its client."""
    settings = {
        "issuer": f"http://127.0.0.1:{port}",
        "clients": [
            {
                "client_id": "portal",
                "client_secret": "demo-secret-for-the-demo-provider-only",
                "redirect_uris": [f"{ADDRESS}/konto/oidc/idporten/tilbake"],
                "post_logout_redirect_uris": [f"{ADDRESS}/konto/logget-ut"],
                "backchannel_logout_uri": f"{ADDRESS}/konto/oidc/idporten/utlogging",
                "backchannel_logout_session_required": True,
            }
        ],
        "persons": json.loads((ROOT / "tools" / "idp" / "demo-persons.json").read_text(encoding="utf-8")),
    }
    file = DATA / "demo-idp.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    node = shutil.which("node", path=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}") or "node"
    log = (DATA / "demo-idp.log").open("wb")
    return subprocess.Popen([node, "provider.mjs", str(file)], cwd=ROOT / "tools" / "idp", stdout=log, stderr=log)


def _run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


def _wait_until_ready(processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(240):
        if any(process.poll() is not None for process in processes):
            raise subprocess.CalledProcessError(1, "start")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{ADDRESS}/helse/klar", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.25)
    raise subprocess.CalledProcessError(1, "start")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say_if_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is in use. Choose another: PORT=8080 make run")


def _free_port(first: int) -> int:
    for port in range(first, first + 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit("No free port for the demo's sign-in provider.")


if __name__ == "__main__":
    sys.exit(main())
