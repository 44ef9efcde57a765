"""Redis as the broker: kombu's transport, but for a worker that loses Redis with messages in its hands.

Kombu gives such messages back when it closes a channel. Where the connection is gone already it trips over that, and
the worker ends instead of connecting anew. Nobody needs them back: a message is only a nudge, the sweep finds in the
database whatever is due, and Redis hands them out again after an hour.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """The messages that a channel has taken and not acknowledged."""

    def restore_unacked(self, client: Any = None) -> None:
        if self.channel.connection.client is not None:
            super().restore_unacked(client)
        elif self._delivered:
            self._delivered.clear()


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    """What kombu opens for `redis://` and `rediss://`."""

    Channel = Channel
