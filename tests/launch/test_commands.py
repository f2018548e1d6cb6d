"""The commands of bin/: what they refuse, which of them ask for servers, how a failing process ends the application."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.launch.account import Account
from config.launch.commands import demo
from config.launch.commands.manage import needs_database
from config.launch.errors import LaunchError
from config.launch.mailbox import Mailbox
from config.launch.places import LONGEST_SOCKET, ROOT, Places, places
from config.launch.ports import free_port
from config.launch.postgres import find_binaries
from config.launch.processes import Child, Process, wait_ready


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "DATABASE_URL_FILE"])
def test_demo_refuses_chosen_servers(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for other in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "anything")
    assert demo.main([]) == 2
    assert f"refuses to run with {name} set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("product_check nl-horse-trailer.json", False),
        ("product_quote nl-horse-trailer.json answers.json", False),
        ("import_statement file.xml --dry-run", False),
        ("import_statement file.xml --company duinbaken", True),
        ("ledger_verify --company duinbaken", True),
        ("ledger_verify --help", False),
        ("migrate", True),
        ("", False),
    ],
)
def test_servers_start_for_commands_that_need_them(line: str, needed: bool) -> None:
    assert needs_database(line.split()) is needed


@pytest.mark.parametrize(("command", "code"), [("bench", 2), ("proof", 2), ("nothing", 2)])
def test_wrong_use_exits_2(command: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.launch", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert done.stdout == ""


def test_wrong_postgres_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in (("initdb", ""), ("postgres", "#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("EMBEDDED_PG_BIN", str(tmp_path))
    with pytest.raises(LaunchError, match=r"Expected PostgreSQL 18 .* found postgres \(PostgreSQL\) 15.4"):
        find_binaries()


def test_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    place = Places(tmp_path / ("deep" * 30), Account(None))
    assert len(str(place.sockets / ".s.PGSQL.5432.lock")) < LONGEST_SOCKET
    place.sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_checkout_in_a_closed_home_keeps_its_data_outside(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    place = places(tmp_path / "var")
    assert not place.root.is_relative_to(tmp_path)
    assert place.account.reaches(place.root)
    place.root.rmdir()


def test_ended_process_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    child = Child(
        process=Process("office", "Office", lambda port, places: [], probe="http"),
        arguments=[sys.executable, "-c", "print('no such setting'); raise SystemExit(3)"],
        env={}, log=tmp_path / "office.log", options={}, port=free_port(0, taken=set()),
    )  # fmt: skip
    child.start()
    with pytest.raises(LaunchError, match=r"Office ended with code 3:\s+no such setting"):
        wait_ready([child], seconds=20)


def test_processes_end_with_a_killed_launcher(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from config.launch.processes import Child, Process\n"
        "env = {'PATH': '/bin:/usr/bin'}\n"
        "child = Child(Process('x', 'X', lambda p, q: []), ['sleep', '60'], env, Path(sys.argv[1]), {})\n"
        "child.start(); print(child.popen.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "log"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert launcher.stdout
    pid = int(launcher.stdout.readline())
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    launcher.stdout.close()
    until = time.monotonic() + 5
    while _lives(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _lives(pid)


def test_mailbox_files_a_mail_whole(tmp_path: Path) -> None:
    import asyncio
    from types import SimpleNamespace

    envelope = SimpleNamespace(content=b"Subject: Your quotation\r\n\r\nText\r\n", rcpt_tos=["client@example.org"])
    answer = asyncio.run(Mailbox(tmp_path).handle_DATA(None, None, envelope))  # type: ignore[arg-type]
    (mail,) = tmp_path.iterdir()
    assert answer.startswith("250")
    assert mail.suffix == ".eml"
    assert mail.read_bytes() == b"X-Envelope-To: client@example.org\r\nSubject: Your quotation\r\n\r\nText\r\n"


def _lives(pid: int) -> bool:
    from config.launch.kernel import find_process

    found = find_process(pid)
    return bool(found and found.state != "Z")


def test_roles_file_of_a_test_run_is_closed() -> None:
    path = Path(os.environ["POLISDESK_TEST_ROLES"])
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert set(json.loads(path.read_text())) >= {
        "bo_owner",
        "bo_app",
        "bo_public",
        "bo_operator",
        "bo_backup",
        "bo_test",
    }
