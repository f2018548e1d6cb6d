"""No process is told another role's password: neither by the launcher nor by docker-compose.yml."""

from typing import Any

import pytest
import yaml

from config.launch.cluster import Cluster
from config.launch.environment import ROLE_OF, environment
from config.launch.places import ROOT
from config.launch.roles import LOGINS, role_password

OWN = {
    "web-office": "bo_app", "web-public": "bo_public", "web-operator": "bo_operator", "worker": "bo_app",
    "beat": "bo_app", "migrate": "bo_owner",
}  # fmt: skip


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.mark.parametrize("process", ROLE_OF)
def test_process_knows_its_own_password_alone(cluster: Cluster, process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://bo_owner:secret@/polisdesk")
    env = environment(cluster, process)
    told = "\n".join(env.values())
    passwords = {role: role_password(cluster.postgres, role) for role in (*LOGINS, "bo_test")}
    assert [role for role, secret in passwords.items() if secret in told] == [ROLE_OF[process]]
    assert cluster.postgres.superuser_password not in told
    assert "OWNER_DATABASE_URL" not in env
    assert env["POLISDESK_PROCESS"] == process


def test_every_secret_is_declared_and_made(compose: dict[str, Any]) -> None:
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    script = (ROOT / "docker/make-secrets").read_text()
    for name, where in compose["secrets"].items():
        assert where == {"file": f"./docker/secrets/{name}"}
        assert name.removeprefix("database_url_") in script


def test_secret_files_named_in_the_environment_are_mounted(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        files = {
            v.removeprefix("/run/secrets/") for k, v in service.get("environment", {}).items() if k.endswith("_FILE")
        }
        assert files <= set(service.get("secrets", [])), name


def test_container_holds_its_own_roles_secret_alone(compose: dict[str, Any]) -> None:
    for name, role in OWN.items():
        held = {secret for secret in compose["services"][name]["secrets"] if "bo_" in secret}
        assert held == {f"database_url_{role}"}, name
    others = set(compose["services"]) - set(OWN) - {"postgres"}
    assert not any("bo_" in secret for name in others for secret in compose["services"][name].get("secrets", []))


def test_servers_stand_on_a_closed_network_and_nothing_but_the_proxy_is_published(compose: dict[str, Any]) -> None:
    assert compose["networks"]["data"]["internal"] is True
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    for name in ("postgres", "valkey"):
        assert compose["services"][name]["networks"] == ["data"]
    assert "data" not in compose["services"]["proxy"]["networks"]


def test_our_containers_are_unprivileged_and_watched(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert "no-new-privileges:true" in service["security_opt"], name
        if name in OWN:
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert "healthcheck" in service or name.startswith("web-"), name  # the image brings the doors' check
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "\nUSER polisdesk\n" in dockerfile
    assert "--require-hashes" in dockerfile


def test_production_has_the_builtin_locale_and_scram(compose: dict[str, Any]) -> None:
    arguments = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    for word in (
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=scram-sha-256",
    ):
        assert word in arguments


def test_container_proves_what_it_is_and_nothing_else(compose: dict[str, Any]) -> None:
    keys = {"entrance_key", "service_key"}
    held = {name: keys & set(service.get("secrets", [])) for name, service in compose["services"].items()}
    assert {name: found for name, found in held.items() if found} == {
        "migrate": keys, "web-office": {"entrance_key"}, "web-public": {"entrance_key"},
        "web-operator": {"entrance_key"}, "worker": {"service_key"}, "beat": {"service_key"},
    }  # fmt: skip
