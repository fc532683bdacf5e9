"""What a slice has to be named in beside its own folder, or it is served, merged, erased or worded only in part."""

import ast
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from tests.architecture import Source, called

# Columns that say which records are one, which merging writes itself.
OF_MERGING = {"person.merged_into_id", "merge.kept_id", "merge.merged_id"} | {
    f"distinct_people.{name}" for name in ("first_id", "second_id")
}


def unwired(files: Iterable[Source]) -> set[str]:
    """Endpoints and jobs that neither the wiring of a package nor the application names: nobody serves or runs them."""
    files, named = list(files), set()
    for file in files:
        if file.path.endswith(("/wiring.py", "/routers.py")) or file.path.startswith("heyet/"):
            for node in file.nodes(ast.ImportFrom):
                named |= {str(node.module), *(f"{node.module}.{one.name}" for one in node.names)}
    return {file.module for file in files if _is_wireable(file)} - named


def _is_wireable(file: Source) -> bool:
    has_router = any(called(call) == "APIRouter" for call in file.nodes(ast.Call))
    return has_router or file.path.endswith("/jobs.py")


def columns_to(metadata: sa.MetaData, table: str) -> set[str]:
    """Columns that point to rows of a table, as `other.column`."""
    return {
        f"{other.name}.{column.name}"
        for other in metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.column.table.name == table
    }


def acts_without_words(files: Iterable[Source], acts: Collection[str]) -> set[str]:
    """Acts that code records and the history has no words for: people would read `event.moved`."""
    recorded = set()
    for file in files:
        for call in file.nodes(ast.Call):
            if (
                called(call) in ("record", "record_each")
                and len(call.args) > 1
                and isinstance(call.args[1], ast.Constant)
            ):
                recorded.add(call.args[1].value)
    return recorded - set(acts)
