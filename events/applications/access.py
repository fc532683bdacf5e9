"""How often strangers may knock."""

from fastapi import Request

from core.web import client_of


async def slow_down(request: Request) -> None:
    """Anybody at a form that needs no link."""
    await request.app.state.limits.must_allow("30/15 minutes", "strangers-form", client_of(request))


async def must_not_flood_applicant(request: Request, address: str) -> None:
    """The mailbox that applications are written to."""
    await request.app.state.limits.must_allow("5/hour", "applies", address.casefold())


async def must_not_flood_searcher(request: Request, address: str) -> None:
    """The mailbox that lost links are written to."""
    await request.app.state.limits.must_allow("3/hour", "lost-link", address.casefold())
