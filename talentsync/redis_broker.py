"""Redis as the broker: kombu's transport, but for a worker that loses Redis with messages in its hands.

Kombu gives such messages back when it closes a channel, and asks Redis to forget those that are answered later, when
their turn comes. Where the connection or the channel is gone by then it trips over that, and the worker ends instead of
connecting anew. Nobody needs either: a message is only a nudge, the sweep finds in the database whatever is due, and
Redis hands them out again after an hour.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """The messages that a channel has taken and not acknowledged."""

    def restore_unacked(self, client: Any = None) -> None:
        if self._reaches_redis:
            super().restore_unacked(client)
        elif self._delivered:
            self._delivered.clear()

    def ack(self, delivery_tag: str) -> None:
        if self._reaches_redis:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if self._reaches_redis:
            super().reject(delivery_tag, requeue=requeue)

    @property
    def _reaches_redis(self) -> bool:
        """A channel that is closed has no connection any more, and a connection that is closed no client."""
        connection = self.channel.connection
        return connection is not None and connection.client is not None


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    """What kombu opens for `redis://` and `rediss://`."""

    Channel = Channel
