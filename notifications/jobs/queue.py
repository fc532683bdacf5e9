"""The queue in Redis. It carries no work, only the news that there is some."""

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool

# A server that hangs is treated like one that is gone: the tables say what there is to do.
PATIENCE = 3.0


def queue_at(url: str) -> ArqRedis:
    """The queue of an installation; connects when it is first used. What waits too long raises RedisError."""
    return ArqRedis(ConnectionPool.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE))
