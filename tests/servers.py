"""Private servers for tests: started on a free loopback port, stopped afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 30.0
STOP_SECONDS = 10.0
ATTEMPTS = 3
"""Another process may take the free port before the server does."""

FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}
"""Nothing here outlives the tests, so nothing needs to be safe on disk."""


class ServerMissing(RuntimeError):
    """A server that the tests need is not installed, or may not be started; the text says what
    to do."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Runs a PostgreSQL of its own, and yields its URL (``postgresql://…``, an empty database).

    It is found in PATH or where Debian puts it. PostgreSQL does not run as root, so root hands it
    to the user ``postgres`` or ``nobody``.

    Raises:
        ServerMissing: no PostgreSQL is installed.
        RuntimeError: it does not start; the text holds the end of its log.
    """
    initdb, postgres = _binary("initdb"), _binary("postgres")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        made = subprocess.run(
            [
                *(initdb, "--pgdata", str(data), "--username", "doorstep", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **_as(user),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()[-2000:]}")
        process, port = _start(postgres, data, folder / "log", user)
        try:
            yield f"postgresql://doorstep@127.0.0.1:{port}/postgres"
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port on the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binary(name: str) -> str:
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]) if path.parts[-3][0].isdigit() else 0.0,
    )
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise ServerMissing(
            f"PostgreSQL is not installed: {name} is neither in PATH nor under "
            "/usr/lib/postgresql. Install it with: apt-get install postgresql "
            "(make test does so where it may)."
        )
    return found


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerMissing("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _start(
    postgres: str, data: Path, log: Path, user: pwd.struct_passwd | None
) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(ATTEMPTS):
        port = free_port()
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **FAST}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [postgres, "-D", str(data), "-p", str(port), *settings],
                cwd=data.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server
                **_as(user),
            )
        if _is_ready(process, log):
            return process, port
        _stop(process)
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text(errors='replace')[-2000:]}")


def _is_ready(process: subprocess.Popen[bytes], log: Path) -> bool:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if b"ready to accept connections" in log.read_bytes():
            return True
        time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open connections are cut."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
