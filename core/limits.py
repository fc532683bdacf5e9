"""How often one caller may try one thing."""

import time

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from core.errors import TooMany

log = structlog.get_logger()


class Limits:
    """Counts in memory, or in Redis where several processes serve one installation."""

    def __init__(self, redis_url: str = "") -> None:
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._common = MovingWindowRateLimiter(_in_redis(redis_url)) if redis_url else self._own

    async def must_allow(self, rate: str, what: str, *who: str) -> None:
        """Count one attempt; raises TooMany with the seconds to wait.

        `rate` reads like "10/15 minutes".
        """
        item: RateLimitItem = parse(rate)
        try:
            await _must_hit(self._common, item, what, *who)
        except (RedisError, OSError) as error:
            # Nobody is shut out, and nobody let in without counting, because Redis is away.
            log.warning("limits are counted here", kind=type(error).__name__)
            await _must_hit(self._own, item, what, *who)


async def _must_hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, *whose: str) -> None:
    if not await limiter.hit(item, *whose):
        stats = await limiter.get_window_stats(item, *whose)
        raise TooMany(retry_after=max(1, int(stats.reset_time - time.time()) + 1))


def _in_redis(url: str) -> RedisStorage:
    return RedisStorage(
        f"async+{url}", implementation="redispy", socket_timeout=2.0, socket_connect_timeout=2.0
    )
