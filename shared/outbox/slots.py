"""A worker's slot is free again although the broker was away when its task ended.

kombu's Redis transport forgets a delivery only after Redis has: if Redis does not answer just then, the error is
logged, the delivery stays, and a worker that takes one task at a time waits for it forever. The message itself
comes again after the visibility timeout, and the inbox knows it.
"""

from kombu.transport import redis, virtual


class ReleasingQoS(redis.QoS):
    """Forgets a delivery whatever Redis says."""

    def ack(self, delivery_tag: str) -> None:
        try:
            self._remove_from_indices(delivery_tag).execute()  # type: ignore[no-untyped-call]
        finally:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]


def release_slots() -> None:
    """For every channel that this process opens from now on."""
    redis.Channel.QoS = ReleasingQoS
