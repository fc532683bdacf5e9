"""How often one caller may try one thing."""

import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from core.errors import TooMany


class Limits:
    """Counts in memory, or in Redis where several processes serve one installation."""

    def __init__(self, redis_url: str = "") -> None:
        storage = (
            RedisStorage(f"async+{redis_url}", implementation="redispy") if redis_url else MemoryStorage()
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def must_allow(self, rate: str, what: str, *who: str) -> None:
        """Count one attempt; raises TooMany with the seconds to wait.

        `rate` reads like "10/15 minutes".
        """
        item: RateLimitItem = parse(rate)
        if not await self._limiter.hit(item, what, *who):
            stats = await self._limiter.get_window_stats(item, what, *who)
            raise TooMany(retry_after=max(1, int(stats.reset_time - time.time()) + 1))
