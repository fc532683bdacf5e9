"""The project and the staff that every test begins with."""

from tests.people import App
from tests.snapshots import Snapshot, put, taken

# By the key that signed what is in the rows.
_done: dict[str, Snapshot] = {}


async def found(app: App) -> None:
    """Let an empty installation have them."""
    settings = app.fastapi.state.settings
    snapshot = _done.get(settings.key)
    if snapshot is None:
        _done[settings.key] = await taken(app.database, settings.var, lambda: _found(app))
    else:
        await put(snapshot, app.database, settings.var)
        project_id, accounts, tokens = snapshot.known
        app.project_id, app.accounts, app.tokens = project_id, dict(accounts), dict(tokens)
    app.is_untouched = True


async def _found(app: App) -> object:
    await app.found()
    return app.project_id, dict(app.accounts), dict(app.tokens)
