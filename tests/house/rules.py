"""The rules of the house as functions from one source file to complaints. They read syntax trees and import nothing."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath


@dataclass(frozen=True, kw_only=True)
class Source:
    path: str  # from the project's root, with slashes
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def package(self) -> list[str]:
        return list(PurePosixPath(self.path).parent.parts)

    @cached_property
    def imports(self) -> list[str]:
        """Dotted names of all that is imported, anywhere; `from a import b` gives `a.b`, as b may be a module."""
        return [name for node in ast.walk(self.tree) for name in imported(node, self.package)]

    def within(self, *folders: str) -> bool:
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)

    def is_module(self, name: str) -> bool:
        """Is it `name.py`, or in a package called `name`?"""
        return name in PurePosixPath(self.path).with_suffix("").parts


Rule = Callable[[Source], Iterator[str]]


def imported(node: ast.AST, package: list[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        yield from (f"{module}.{alias.name}" for alias in node.names)


def is_of(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def forbid(source: Source, *modules: str) -> Iterator[str]:
    yield from (f"imports {name}" for name in source.imports if is_of(name, *modules))


# Who may know whom


def connectors_are_plain_python(source: Source) -> Iterator[str]:
    if source.within("connectors"):
        yield from forbid(source, "talentsync", "tests", "django", "celery", "kombu", "environ")


def vendors_do_not_know_each_other(source: Source) -> Iterator[str]:
    others = {"linkedin": "greenhouse", "greenhouse": "linkedin"}
    for vendor, other in others.items():
        if source.within(f"connectors/{vendor}"):
            yield from forbid(source, f"connectors.{other}")
    if source.within("connectors/base"):
        yield from forbid(source, *(f"connectors.{vendor}" for vendor in others))


def simulators_use_the_standard_library_alone(source: Source) -> Iterator[str]:
    """Sharing code with the client, both would make the same mistake, and no test would see it."""
    chassis = source.within("connectors/base/simulation", "connectors/base/simulation.py")
    if not (chassis or (source.within("connectors") and source.is_module("simulator"))):
        return
    own = ["connectors.base.simulation"]
    if not chassis:
        own.append(".".join([*source.package[:2], "simulator"]))
    for name in source.imports:
        if not is_of(name, *own) and name.partition(".")[0] not in sys.stdlib_module_names:
            yield f"imports {name}"


HTTP_LIBRARIES = {
    "requests": ("connectors/base/transport.py",),
    "urllib3": ("connectors/base/transport.py", "connectors/base/deadline.py"),  # a deadline reaches below requests
}


def only_the_transport_speaks_http(source: Source) -> Iterator[str]:
    for library, allowed in HTTP_LIBRARIES.items():
        if source.path not in allowed:
            yield from forbid(source, library)


DOMAIN_APPS = ("jobs", "candidates", "applications", "resumes", "imports")
APP_LABEL = re.compile(rf"({'|'.join(DOMAIN_APPS)})(\.\w+)?")


def sync_names_no_domain_app(source: Source) -> Iterator[str]:
    if not source.within("talentsync/sync"):
        return
    yield from forbid(source, *(f"talentsync.{app}" for app in DOMAIN_APPS))
    for call in calls(source.tree, "get_model", "ForeignKey", "OneToOneField", "ManyToManyField"):
        for text in strings(call):
            if APP_LABEL.fullmatch(text):
                yield f"line {call.lineno} names {text}"


# Which way calls go inside an app


def models_import_no_services(source: Source) -> Iterator[str]:
    if source.within("talentsync") and (source.is_module("models") or source.is_module("querysets")):
        for name in source.imports:
            if name.startswith("talentsync.") and {"services", "tasks", "engine", "admin"} & set(name.split(".")):
                yield f"imports {name}"


def services_import_no_tasks(source: Source) -> Iterator[str]:
    """Nor does anyone else: a task is named by string, and beat and workers find it by themselves."""
    if source.within("talentsync"):
        for name in source.imports:
            if name.startswith("talentsync.") and "tasks" in name.split(".")[2:]:
                yield f"imports {name}"


OF_APPS = ("talentsync.imports", "talentsync.resumes")
TASKS_MAY_CALL = (
    "engine",
    "erasing",
    "runs",
    "housekeeping",
    "pruning",
    "nudges",
    "slots",
    "models",
)  # and the import loader, once there are imports


def tasks_call_the_engine_and_runs(source: Source) -> Iterator[str]:
    if source.within("talentsync") and source.path.endswith("/tasks.py"):
        allowed = [f"talentsync.sync.{module}" for module in TASKS_MAY_CALL]
        for name in source.imports:
            if name.startswith("talentsync.") and not is_of(name, "talentsync.core", *OF_APPS, *allowed):
                yield f"imports {name}"


def admin_calls_services(source: Source) -> Iterator[str]:
    if source.within("talentsync") and source.is_module("admin"):
        yield from forbid(source, "talentsync.sync.engine", "talentsync.sync.settling", "connectors.base.transport")


# What may be written where

SUMMARY_WRITERS = ("talentsync/sync/services.py", "talentsync/sync/engine.py", "talentsync/sync/summary.py")
READING_CALLS = (
    "filter",
    "exclude",
    "get",
    "Q",
    "When",
    "values",
    "order_by",
    "count",
    "exists",
    "annotate",
    "aggregate",
)
WRITING_BY_NAME = ("bulk_update", "update_rows", "save", "setattr", "bulk_create")


def sync_state_has_three_writers(source: Source) -> Iterator[str]:
    if source.path in SUMMARY_WRITERS or source.within("tests") or "/migrations/" in source.path:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "sync_state" and isinstance(node.ctx, ast.Store):
            yield f"line {node.lineno} assigns sync_state"
        elif isinstance(node, ast.Call) and writes_sync_state(node):
            yield f"line {node.lineno} writes sync_state"


def writes_sync_state(call: ast.Call) -> bool:
    name = called(call)
    if any(keyword.arg == "sync_state" for keyword in call.keywords) and name not in READING_CALLS:
        return True
    keys = [key for node in ast.walk(call) if isinstance(node, ast.Dict) for key in node.keys]
    if any(isinstance(key, ast.Constant) and key.value == "sync_state" for key in keys):
        return True
    return name in WRITING_BY_NAME and "sync_state" in strings(call)


def nobody_sleeps(source: Source) -> Iterator[str]:
    """A sleeping worker is a line standing still: waiting is a column. A simulator may be slow on purpose."""
    if not source.within("connectors/base/simulation", "tests"):
        yield from (f"imports {name}" for name in source.imports if name == "time.sleep")
        yield from (f"line {call.lineno} sleeps" for call in calls(source.tree, "sleep"))


LATE_IMPORTS = {  # why each is needed stands beside it
    "ready": "Django fills the registry before it calls ready, and models cannot be imported earlier",
}


def imports_stand_at_the_top(source: Source) -> Iterator[str]:
    """An import in a function makes the order of imports a secret."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not (
            function.name in LATE_IMPORTS and source.path.endswith("/apps.py")
        ):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"line {node.lineno} imports inside {function.name}"


def no_signals_for_business(source: Source) -> Iterator[str]:
    if source.within("talentsync"):
        yield from forbid(source, "django.db.models.signals", "django.dispatch")


# Reading trees


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def strings(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


RULES: tuple[Rule, ...] = (
    connectors_are_plain_python,
    vendors_do_not_know_each_other,
    simulators_use_the_standard_library_alone,
    only_the_transport_speaks_http,
    sync_names_no_domain_app,
    models_import_no_services,
    services_import_no_tasks,
    tasks_call_the_engine_and_runs,
    admin_calls_services,
    sync_state_has_three_writers,
    nobody_sleeps,
    imports_stand_at_the_top,
    no_signals_for_business,
)
