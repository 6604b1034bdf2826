"""A PostgreSQL server of the tests' own, on a loopback port, with a password that must never be seen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "opensesame-42"


def binaries() -> Path | None:
    """The folder of the server's programs and psql; Debian keeps them out of the path, newest last."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    folders = [*reversed(debian), *([Path(on_path).parent] if on_path else [])]
    return next(
        (f for f in folders if all((f / name).exists() for name in ("initdb", "pg_ctl", "psql"))), None
    )


@dataclass(frozen=True)
class Cluster:
    """A running server: where its programs, its files and its passwords are, and its port."""

    binaries: Path
    folder: Path
    port: int
    passwords: Path

    def sql(self, database: str, *statements: str, file: Path | None = None, **values: str) -> str:
        """What psql says to statements or to a file of them, as the superuser."""
        command = [
            str(self.binaries / "psql"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "postgres",
            "-d",
            database,
            "-At",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        for name, value in values.items():
            command += ["-v", f"{name}={value}"]
        for statement in statements:
            command += ["-c", statement]
        command += ["-f", str(file)] if file else []
        environment = {**os.environ, "PGPASSFILE": str(self.passwords)}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def control(self, *arguments: str) -> None:
        """Run pg_ctl on this server; as root it would refuse."""
        as_whom = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [self.binaries / "pg_ctl", "-D", self.folder / "data", "-w", "-s", *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_whom,  # type: ignore[call-overload]
        )

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.control("start", "-o", settings, "-l", str(self.folder / "log"))

    def catalogue(self, database: str, user: str = "postgres") -> str:
        """A database of this server in the words of libpq."""
        return f"dbname={database} host=127.0.0.1 port={self.port} user={user}"


@contextmanager
def running() -> Iterator[Cluster]:
    """A new server in a temporary folder, gone at the end of the block."""
    programs = binaries()
    assert programs is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory(prefix="scorecard-lake-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        passwords, asked = folder / "pgpass", folder / "password"
        passwords.write_text(f"127.0.0.1:{port}:*:*:{PASSWORD}\n", encoding="utf-8")
        passwords.chmod(0o600)
        asked.write_text(PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:  # the server runs as its own user
            for path in (folder, asked):
                shutil.chown(path, "postgres", "postgres")
        cluster = Cluster(programs, folder, port, passwords)
        cluster.control("initdb", "-o", f"-U postgres -A scram-sha-256 --pwfile={asked} --no-sync")
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.control("stop", "-m", "immediate")
