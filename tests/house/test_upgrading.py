"""Old code goes on beside tables that the new code has migrated: what migrations may do, and which are exempt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from talentsync.environment import PROJECT

FIRST_RELEASE = {
    "core": 8,
    "customers": 3,
    "sync": 10,
    "jobs": 4,
    "candidates": 3,
    "applications": 3,
    "resumes": 3,
    "imports": 3,
    "monitoring": 1,
}
"""The last migration of each app that the first release brings: nobody has older tables."""

ADDING = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.RunPython,
    operations.RemoveConstraint,
)
STOP_EVERYTHING = "**Stop everything**"


def number(name: str) -> int:
    return int(name.partition("_")[0])


def disturbs(operation: Operation, app: str, before: ProjectState) -> bool:
    """Whether code that does not know of it would fail, or would be believed wrongly."""
    match operation:
        case operations.AddField():
            return not leaves_old_inserts_alone(operation.field)
        case operations.AlterField():
            old = before.models[app, operation.model_name_lower].fields[operation.name]
            return stored(old) != stored(operation.field)
        case _:
            return not isinstance(operation, ADDING)


def leaves_old_inserts_alone(field: models.Field) -> bool:
    """An insert that does not name the column is taken: a default of Python alone is not known to the database."""
    return field.many_to_many or field.null or field.has_db_default()


def stored(field: models.Field) -> tuple[object, ...]:
    return field.db_parameters(connection)["type"], field.null, field.unique, field.db_column


def migrated_later() -> Iterator[tuple[str, str]]:
    """Each migration since the first release that old code could not work beside."""
    loader = MigrationLoader(None)
    for app, name in sorted(loader.disk_migrations):
        if app in FIRST_RELEASE and number(name) > FIRST_RELEASE[app]:
            state = loader.project_state((app, name), at_end=False)
            for operation in loader.get_migration(app, name).operations:
                if disturbs(operation, app, state):
                    yield app, f"{name}: {operation.describe()}"
                operation.state_forwards(app, state)


def test_old_code_can_work_beside_what_each_migration_leaves() -> None:
    """`docs/deploying.md`: unless the changelog says so in the first line of the release."""
    newest = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## ")[2].partition("\n")[2].lstrip()
    assert newest.startswith(STOP_EVERYTHING) or not list(migrated_later())


def test_before_the_first_release_every_migration_is_of_it() -> None:
    headings = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    ours = [(app, number(name)) for app, name in sorted(MigrationLoader(None).disk_migrations) if app in FIRST_RELEASE]
    assert headings != ["Unreleased"] or dict(ours) == FIRST_RELEASE


def test_every_app_with_migrations_is_known_here() -> None:
    ours = {path.parent.parent.name for path in (PROJECT / "talentsync").glob("*/migrations/__init__.py")}
    assert ours == set(FIRST_RELEASE)


BEFORE = ProjectState()
BEFORE.add_model(
    ModelState(
        "sync", "Lane", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]
    )
)
CASES = [
    (operations.AddField("Lane", "shard", models.IntegerField(null=True)), False),
    (operations.AddField("Lane", "shard", models.IntegerField(db_default=0)), False),
    (operations.AddField("Lane", "shard", models.IntegerField(default=0)), True),
    (operations.AlterField("Lane", "name", models.CharField("called", max_length=9)), False),
    (operations.AlterField("Lane", "name", models.CharField(max_length=5)), True),
    (operations.AlterField("Lane", "name", models.CharField(max_length=9, unique=True)), True),
    (operations.RemoveField("Lane", "name"), True),
    (operations.RenameField("Lane", "name", "title"), True),
    (operations.AddConstraint("Lane", models.UniqueConstraint(fields=["name"], name="once")), True),
    (operations.CreateModel("Other", []), False),
]


@pytest.mark.parametrize(
    ("operation", "is_disturbing"), CASES, ids=lambda case: getattr(case, "describe", lambda: "")()
)
def test_what_disturbs_old_code(operation: Operation, is_disturbing: bool) -> None:
    assert disturbs(operation, "sync", BEFORE) == is_disturbing
