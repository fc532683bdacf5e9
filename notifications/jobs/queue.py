"""The queue in Redis. It carries no work, only the news that there is some.

arq polls, and twenty polls a second cost a core two per cent for nothing. So whoever enqueues adds to a stream, too,
that every worker waits at: one that hears of nothing polls rarely, and one that hears of something at once.
"""

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool

# A server that hangs is treated like one that is gone: the tables say what there is to do.
PATIENCE = 3.0
# Seconds that one question for news waits. Its answer, that there is none, also says that the connection is sound.
WAIT = 30.0
NEWS = "heyet:news"


def queue_at(url: str, *, patience: float = PATIENCE) -> ArqRedis:
    """The queue of an installation; connects when it is first used. What waits longer than `patience` (seconds) raises
    RedisError."""
    return ArqRedis(ConnectionPool.from_url(url, socket_timeout=patience, socket_connect_timeout=PATIENCE))


async def tell_workers(queue: ArqRedis) -> None:
    """Enqueue a look at what is due, and wake every worker. Raises RedisError or OSError where Redis is away."""
    await queue.enqueue_job("run_due")
    await queue.xadd(NEWS, {"due": 1}, maxlen=1, approximate=False)


class Announcements:
    """The news as one worker hears it: from a stream, so that nothing is missed between two questions."""

    def __init__(self, url: str) -> None:
        self._redis = queue_at(url, patience=WAIT + PATIENCE)
        # What was told before this worker came counts as well: it costs one look.
        self._last: bytes | str = "0-0"

    async def wait(self) -> bool:
        """Whether something was told, once it was or WAIT is over. Raises RedisError or OSError."""
        heard = await self._redis.xread({NEWS: self._last}, block=int(WAIT * 1000))
        for _, entries in heard:
            self._last = entries[-1][0]
        return bool(heard)

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)
