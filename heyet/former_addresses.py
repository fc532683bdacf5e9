"""Addresses of the former version answer 308 for one version: programs that follow redirects go on working."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from directory.accounts.access import Anyone

router = APIRouter(include_in_schema=False)
# Former address to present one; what stands in braces is carried over.
MOVED = {
    "/i/{token}/maybe": "/i/{token}/tentative",
    "/calls/{call_id}/refuse": "/calls/{call_id}/reject",
    "/api/v1/invitation/refusal": "/api/v1/invitation/decline",
    "/api/v1/calls/{call_id}/refusal": "/api/v1/calls/{call_id}/rejection",
}


async def _moved(request: Request, caller: Anyone) -> RedirectResponse:
    """The same method and body, at the present address. Whoever may call that is asked there."""
    present = MOVED[request.scope["route"].path].format(**request.path_params)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(present + query, 308)


for _former in MOVED:
    router.add_api_route(_former, _moved, methods=["POST"])
