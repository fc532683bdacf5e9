"""How often one caller may try one thing."""

import ipaddress
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from core.errors import TooMany

log = structlog.get_logger()
Counted = TypeVar("Counted")


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
        await self._counting(lambda limiter: _must_hit(limiter, item, what, *who))

    async def allows(self, rate: str, what: str, *who: str) -> bool:
        """Count one attempt, and say whether it is still within the rate."""
        item: RateLimitItem = parse(rate)
        return await self._counting(lambda limiter: limiter.hit(item, what, *who))

    async def has_room(self, rate: str, what: str, *who: str) -> bool:
        """Whether one more would be within the rate; counts nothing."""
        item: RateLimitItem = parse(rate)
        return await self._counting(lambda limiter: limiter.test(item, what, *who))

    async def _counting(self, count: Callable[[MovingWindowRateLimiter], Awaitable[Counted]]) -> Counted:
        try:
            return await count(self._common)
        except (RedisError, OSError) as error:
            # Nobody is shut out, and nobody let in without counting, because Redis is away.
            log.warning("limits are counted here", kind=type(error).__name__)
            return await count(self._own)


def limits_of(request: Request) -> Limits:
    """Those of the installation that answers."""
    limits: Limits = request.app.state.limits
    return limits


def network_of(host: str) -> str:
    """Whom one customer's attempts are counted for: an IPv4 address, or the /64 that every IPv6 customer has all of."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))


async def _must_hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, *whose: str) -> None:
    if not await limiter.hit(item, *whose):
        stats = await limiter.get_window_stats(item, *whose)
        raise TooMany(retry_after=max(1, int(stats.reset_time - time.time()) + 1))


def _in_redis(url: str) -> RedisStorage:
    return RedisStorage(f"async+{url}", implementation="redispy", socket_timeout=2.0, socket_connect_timeout=2.0)
