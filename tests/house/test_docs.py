"""The documents: links lead somewhere, nothing that an operator meets is missing, and nothing names a machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from talentsync import celery_app
from talentsync.core.roles import ROLES
from talentsync.environment import PROJECT
from talentsync.sync.states import Failure

DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
OPERATING = (PROJECT / "docs/operating.md").read_text(encoding="utf-8")
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}
NOT_TEXT = {".png", ".ico", ".woff2", ".sqlite3", ".pyc"}


def section(title: str) -> str:
    """What stands below a heading of operating.md, up to the next one."""
    return re.split(r"^#+ ", OPERATING.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> str:
    """The first column of a table."""
    return "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("|"))


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


# Links


def links(document: Path) -> Iterator[tuple[Path, str]]:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]*)?\)", document.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            yield (document.parent / target if target else document), anchor.removeprefix("#")


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_leads_somewhere(document: Path):
    for target, anchor in links(document):
        assert target.exists(), target
        assert not anchor or anchor in anchors(target), f"{target}#{anchor}"


def test_every_document_can_be_reached_from_the_readme():
    reached, new = set(), {PROJECT / "README.md"}
    while new:
        reached |= new
        new = {target.resolve() for each in new for target, _ in links(each) if target.suffix == ".md"} - reached
    assert set(DOCUMENTS) <= reached


# What an operator meets


def test_every_name_of_the_environment_is_described_and_no_other():
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^([A-Z_][A-Z_0-9]*)=", example, flags=re.MULTILINE))
    assert named(first_cells(section("Names in the environment"))) == names


def test_every_command_is_described_and_no_other():
    commands = {path.stem for path in PROJECT.glob("talentsync/*/management/commands/*.py")} - {"__init__"}
    assert named(first_cells(section("Commands"))) == commands


def test_every_command_that_is_named_exists():
    """Django's own, and those of the libraries, count as well."""
    typed = set(re.findall(r"manage\.py\s+([a-z]\w+)", "".join(each.read_text(encoding="utf-8") for each in DOCUMENTS)))
    from_django = {"check", "migrate", "collectstatic", "createsuperuser", "clearsessions", "dumpdata", "sendtestemail"}
    from_axes = {"axes_reset_username"}
    assert typed <= named(first_cells(section("Commands"))) | from_django | from_axes


def test_every_task_of_beat_is_described():
    planned = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert planned <= named(section("What beat asks for"))


def test_every_process_is_described():
    procfile = (PROJECT / "Procfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+):", procfile, flags=re.MULTILINE)) == named(first_cells(section("Processes")))


def test_every_role_is_described():
    assert ROLES.keys() <= set(re.findall(r"\w+", first_cells(section("People"))))


def test_every_reason_to_stop_for_a_person_has_its_remedy():
    remedies = first_cells(section("From the message to the remedy"))
    assert [failure.name for failure in Failure if f"Needs attention: {failure.label}" not in remedies] == []


@cache
def check_ids() -> set[str]:
    """The ids of our own system checks."""
    ids = set()
    for path in (PROJECT / "talentsync").rglob("checks.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.Constant):
                ids.add(str(node.value.value))
    return ids


def test_every_check_that_stops_the_start_has_its_remedy():
    remedies = first_cells(section("From the message to the remedy"))
    assert check_ids()
    assert {id for id in check_ids() if id not in remedies and f"`{id.split('.')[1]}`" not in remedies} == set()


def test_the_decisions_are_numbered_and_listed():
    pages = sorted(path.name for path in (PROJECT / "docs/decisions").glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d[^)]+)\)", (PROJECT / "docs/decisions/README.md").read_text(encoding="utf-8"))
    assert listed == pages
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))


# Nothing speaks of a machine

PLACES = re.compile(
    r"(?<![\w.:/-])/(root|home|Users|work|opt|mnt)/\w"  # where somebody's project lies
    r"|(?<!\w)[A-Z]:\\\w{2}"
    r"|\b[Pp]y[Pp][Ii]\b|pythonhosted|--(extra-)?index-url|--find-links|--trusted-host",  # where packages came from
)


def test_no_file_names_a_machines_path_or_a_package_index():
    here = Path(__file__).relative_to(PROJECT)
    assert [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in ours()
        if path != here
        for number, line in enumerate((PROJECT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if PLACES.search(line)
    ] == []


def ours() -> Iterator[Path]:
    for path in sorted(PROJECT.rglob("*")):
        relative = path.relative_to(PROJECT)
        hidden = any(part.startswith(".") and part not in {".ci", ".env.example"} for part in relative.parts)
        if path.is_file() and not hidden and not NOT_OURS & set(relative.parts) and path.suffix not in NOT_TEXT:
            yield relative


@pytest.mark.parametrize(
    "line",
    [
        "see /home/rosa/talentsync",
        "at /root/talentsync",
        r"C:\talentsync",
        "--index-url https://x",
        "https://pypi.org/x",
    ],
)
def test_such_a_line_is_seen(line: str):
    assert PLACES.search(line)


@pytest.mark.parametrize("line", ["/v2/jobs/1", "https://jobs.example.com/home/x", "docs/home/x.md", "workplace: /"])
def test_other_lines_are_not_taken_for_one(line: str):
    assert not PLACES.search(line)
