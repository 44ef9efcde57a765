"""Reads the text format of Prometheus, strictly: what it does not know is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = r"[a-z_][a-z0-9_]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (-?[0-9.e+-]+)")
LABEL = re.compile(rf'({NAME})="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
SUFFIXES = {"histogram": {"_bucket", "_sum", "_count"}, "gauge": {""}, "counter": {""}}


@dataclass(frozen=True, kw_only=True)
class Sample:
    name: str
    labels: tuple[tuple[str, str], ...]
    value: float


def read(text: str) -> list[Sample]:
    assert text.endswith("\n")
    samples, name, kind = [], "", ""
    seen: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert name not in seen, f"{name} stands twice"
            seen.add(name)
        elif line.startswith("# TYPE "):
            _, _, typed, kind = line.split()
            assert typed == name
            assert (kind == "counter") == name.endswith("_total")
        else:
            found = SAMPLE.fullmatch(line)
            assert found, line
            assert found[1].removeprefix(name) in SUFFIXES[kind], line
            samples.append(Sample(name=found[1], labels=_labels(found[2] or ""), value=float(found[3])))
    places = [(sample.name, sample.labels) for sample in samples]
    assert len(places) == len(set(places)), "a sample stands twice"
    return samples


def _labels(text: str) -> tuple[tuple[str, str], ...]:
    assert LABEL.sub("", text) == "", text
    return tuple(
        (name, re.sub(r"\\(.)", lambda at: {"n": "\n"}.get(at[1], at[1]), value)) for name, value in LABEL.findall(text)
    )
