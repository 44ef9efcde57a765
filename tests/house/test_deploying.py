"""What is shipped for servers starts the very programs that are tested: container, compose file, units of systemd."""

from __future__ import annotations

import re
import shlex

import pytest

from talentsync.environment import PROJECT

UNITS = PROJECT / "docs/systemd"
COMPOSE = (PROJECT / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r"^([A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
PLACES = {"${PORT:-8000}": "8000", "${VAR_DIR:-var}": "/var/lib/talentsync", "talentsync@localhost": "talentsync@%h"}
OF_COMPOSE = {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD"}  # servers' own, which TalentSync learns from its URLs


def in_procfile(process: str) -> list[str]:
    """As it is on a server."""
    lines = (PROJECT / "Procfile").read_text(encoding="utf-8").splitlines()
    command = next(line.partition(": ")[2] for line in lines if line.startswith(f"{process}: "))
    for here, there in PLACES.items():
        command = command.replace(here, there)
    return shlex.split(command)


def unit(name: str) -> str:
    return (UNITS / name).read_text(encoding="utf-8")


def started_by(text: str) -> list[str]:
    command = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    words = shlex.split(command.removeprefix("ExecStart=/srv/talentsync/.venv/bin/"))
    return [word.replace("talentsync-%i@%%h", "talentsync@%h") for word in words]


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_a_unit_starts_what_the_procfile_starts(process: str) -> None:
    name = "talentsync-worker@.service" if process == "worker" else f"talentsync-{process}.service"
    assert started_by(unit(name)) == in_procfile(process)


@pytest.mark.parametrize("process", ["worker", "beat"])
def test_compose_starts_what_the_procfile_starts(process: str) -> None:
    command = re.search(rf"^  {process}:\n.*?command: ([^\n]+)", COMPOSE, re.MULTILINE | re.DOTALL)
    assert command
    assert shlex.split(command[1]) == in_procfile(process)


def test_the_image_starts_the_web_server_for_the_network_of_its_container() -> None:
    command = re.search(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    assert command
    words = [word.strip('"').replace("0.0.0.0", "127.0.0.1") for word in command[1].split(", ")]
    assert words == in_procfile("web")


def test_what_the_image_copies_is_there_and_no_key_is_among_it() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        assert all((PROJECT / name).exists() for name in line.split()[:-1]), line
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git", ".venv"} <= set(ignored)
    assert "USER 10001" in DOCKERFILE


def test_compose_sets_only_what_is_read() -> None:
    block = re.search(r"environment: &names\n(.*?)\n  volumes", COMPOSE, re.DOTALL)
    assert block
    assert set(re.findall(r"^    ([A-Z_]+):", block[1], re.MULTILINE)) <= SETTINGS
    assert set(re.findall(r"\$\{([A-Z_]+):?", COMPOSE)) <= SETTINGS | OF_COMPOSE


def test_compose_names_the_folder_that_is_kept_also_where_the_example_leaves_it_empty() -> None:
    """What stands in `env_file` wins over the image's own environment, an empty value too; the rest is read-only."""
    volume = re.search(r"volumes:\n    - var:(.+)", COMPOSE)
    assert volume
    assert re.search(rf"^    VAR_DIR: {volume[1]}\b", COMPOSE, re.MULTILINE)
    assert f"VAR_DIR={volume[1]}\n" in DOCKERFILE


def test_a_worker_has_longer_to_stop_than_its_longest_batch() -> None:
    """A lease outlives any batch; what ends later is found again by its lease."""
    from talentsync.settings import LEASE_SECONDS

    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit("talentsync-worker@.service"))[0]) > LEASE_SECONDS
    assert int(re.findall(r"stop_grace_period: (\d+)s", COMPOSE)[0]) > LEASE_SECONDS


def test_a_command_that_is_typed_means_the_files_of_the_services() -> None:
    """Without it, `migrate` would make a database of its own beside that of the units."""
    (named,) = {
        word
        for path in UNITS.glob("*.service")
        for word in re.findall(r"^Environment=(VAR_DIR=.*)$", unit(path.name), re.M)
    }
    guide = (PROJECT / "docs/deploying.md").read_text(encoding="utf-8")
    steps = guide.partition("## As services")[2].partition("## In containers")[0]
    assert f" {named}," in steps.partition("manage.py")[0]
