"""Chassis of the simulated vendors: standard library only, and not a line shared with the clients.

A client and a simulator that were written apart from the same pages keep each other honest.
"""

from __future__ import annotations

from connectors.base.simulation.calls import Call
from connectors.base.simulation.clock import DAY_SECONDS, VirtualClock, iso
from connectors.base.simulation.exchange import (
    Document,
    HangUp,
    Refused,
    Sent,
    SimulatedAnswer,
    SimulatedRequest,
    Stall,
    Swallowed,
    json_answer,
)
from connectors.base.simulation.moods import Mood, mood_from
from connectors.base.simulation.simulator import Door, Simulator, Table, World
from connectors.base.simulation.store import Collection, Store

__all__ = [
    "DAY_SECONDS",
    "Call",
    "Collection",
    "Document",
    "Door",
    "HangUp",
    "Mood",
    "Refused",
    "Sent",
    "SimulatedAnswer",
    "SimulatedRequest",
    "Simulator",
    "Stall",
    "Store",
    "Swallowed",
    "Table",
    "VirtualClock",
    "World",
    "iso",
    "json_answer",
    "mood_from",
]
