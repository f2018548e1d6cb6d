"""The embedded servers: closed to others, back after kill -9 with every row, never fooled by a stale number."""

import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from config.launch.account import account
from config.launch.cluster import Cluster
from config.launch.kernel import find_process, is_running
from config.launch.locks import hold
from config.launch.postgres import Postgres
from config.launch.roles import database_url
from config.launch.valkey import Valkey


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_sockets_and_secrets_are_closed(cluster: Cluster) -> None:
    places = cluster.places
    assert mode(places.sockets) == "0o700"
    assert mode(places.sockets / ".s.PGSQL.5432") == "0o700"
    assert mode(cluster.valkey.socket) == "0o700"
    assert places.sockets.stat().st_uid == places.account.uid
    assert mode(places.secrets) == "0o700"
    assert {mode(path) for path in places.secrets.iterdir()} == {"0o600"}
    assert mode(cluster.valkey.data / "valkey.conf") == "0o600"


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(cluster.places.sockets), user="postgres", dbname="postgres", password="guessed")
    with cluster.postgres.connect() as connection:
        methods = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
        addresses = connection.execute("show listen_addresses").fetchone()
    assert methods == [("scram-sha-256",)]
    assert addresses == ("",)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(cluster.valkey.socket))
        client.sendall(b"PING\r\n")
        assert client.recv(64).startswith(b"-NOAUTH")


def test_servers_are_dropped_from_root(cluster: Cluster) -> None:
    for server in (cluster.postgres, cluster.valkey):
        pid = server.pid()
        assert pid
        assert Path(f"/proc/{pid}").stat().st_uid == account().uid
        assert os.geteuid() != 0 or account().uid != 0


def test_database_has_checksums_and_the_builtin_locale(cluster: Cluster) -> None:
    with cluster.postgres.connect("polisdesk") as connection:
        row = connection.execute(
            "select current_setting('data_checksums'), datlocprovider, datlocale"
            " from pg_database where datname = 'polisdesk'"
        ).fetchone()
    assert row == ("on", "b", "C.UTF-8")


def test_rows_and_messages_survive_kill_9(cluster: Cluster) -> None:
    owner = database_url(cluster.postgres, "bo_owner")
    with psycopg.connect(owner) as connection:
        connection.execute("create table kept as select n from generate_series(1, 20000) n")
    command = f"AUTH {cluster.valkey.password}\r\nCONFIG SET appendfsync always\r\nRPUSH single job\r\n"
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(cluster.valkey.socket))
        client.sendall(command.encode())
        reply = client.makefile("rb")
        assert [reply.readline() for _ in range(3)][-1] == b":1\r\n"
    for server in (cluster.postgres, cluster.valkey):
        pid = server.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert server.child
        server.child.wait()
        assert server.pid() is None  # its number still stands in the file

    began = time.monotonic()
    assert cluster.postgres.start()
    assert cluster.valkey.start()
    assert time.monotonic() - began < 10
    with psycopg.connect(owner) as connection:
        assert connection.execute("select count(*), sum(n) from kept").fetchone() == (20000, 200010000)
        connection.execute("drop table kept")
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(cluster.valkey.socket))
        client.sendall(f"AUTH {cluster.valkey.password}\r\nLPOP single\r\n".encode())
        reply = client.makefile("rb")
        assert [reply.readline() for _ in range(3)][-1] == b"job\r\n"


def test_number_of_another_program_or_a_zombie_does_not_count(cluster: Cluster, tmp_path: Path) -> None:
    assert not is_running(os.getpid(), program="postgres", word=cluster.postgres.mark)
    child = subprocess.Popen(["true"])
    while (found := find_process(child.pid)) and found.state != "Z":
        time.sleep(0.01)
    assert not is_running(child.pid, program="true", word="")
    child.wait()


def test_stale_number_left_behind_is_no_hindrance(cluster: Cluster) -> None:
    cluster.postgres.stop()
    cluster.postgres.pid_file.write_text(f"{os.getpid()}\n{cluster.postgres.data}\n0\n5432\n")
    cluster.places.account.own(cluster.postgres.pid_file)
    assert cluster.postgres.pid() is None
    assert cluster.postgres.start()


def test_running_servers_are_shared_and_the_last_user_stops_them(cluster: Cluster) -> None:
    other = Cluster(cluster.places.var, test=True)
    pid = cluster.postgres.pid()
    other.start()
    assert other.postgres.pid() == pid
    assert other.postgres.child is None
    assert other.stop() is False
    assert cluster.postgres.pid() == pid
    assert hold(cluster.places.root / "in-use.lock", shared=False) is None


def test_another_launchers_servers_can_be_stopped(cluster: Cluster) -> None:
    for server in (Valkey(cluster.places), Postgres(cluster.places, quick=True)):
        assert server.pid()
        server.stop()
        assert server.pid() is None
    cluster.postgres.start()
    cluster.valkey.start()
