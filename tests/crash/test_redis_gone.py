"""Redis goes away while somebody holds messages of it: what is closed then closes."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from kombu import Connection

from talentsync import broker
from tests.crash.proxy import line_to

broker.register()

pytestmark = pytest.mark.skipif(not os.environ.get("TEST_REDIS_URL"), reason="TEST_REDIS_URL is not set")


def test_a_message_that_cannot_be_given_back_keeps_nobody_from_connecting_anew() -> None:
    with line_to(os.environ["TEST_REDIS_URL"]) as line, Connection(line.url) as connection:
        queue = connection.SimpleQueue(f"gone-{uuid4().hex}")
        queue.put("look now")
        assert queue.get(timeout=5).payload == "look now"  # and it is not acknowledged
        line.cut()
        connection.transport.client = None  # as a worker has let go of it before it closes its channels
        queue.channel.close()
        assert not list(queue.channel.qos._delivered)
        line.mend()
        with Connection(line.url) as anew:
            again = anew.SimpleQueue(f"gone-{uuid4().hex}")
            again.put("look again")
            assert again.get(timeout=5).payload == "look again"
            again.clear()


@pytest.mark.parametrize("answer", ["ack", "reject", "requeue"])
def test_a_message_of_a_channel_that_is_closed_is_nothing_any_more(answer: str) -> None:
    """A worker answers what it was handed before Redis went away when it comes to it, and that may be long after it has
    connected anew.
    """
    with line_to(os.environ["TEST_REDIS_URL"]) as line, Connection(line.url) as connection:
        queue = connection.SimpleQueue(f"gone-{uuid4().hex}")
        queue.put("look now")
        message = queue.get(timeout=5)
        line.cut()
        connection.transport.client = None
        queue.channel.close()
        getattr(message, answer)()
        assert message.acknowledged
