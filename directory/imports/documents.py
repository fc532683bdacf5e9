"""A list as it is kept, and the lines that were left out as a table to download."""

import json
from collections.abc import Mapping, Sequence

from core.documents.tables import Cell, Line, Sheet, Workbook
from core.i18n import Words
from directory.imports.rules import VERDICTS, ImportRow, ListField, Note


def packed(workbook: Workbook) -> str:
    """The sheets as JSON; cells are kept as lists, for there are many."""
    sheets = [
        {
            "name": sheet.name,
            "lines": [[line.number, [_cell(cell) for cell in line.cells]] for line in sheet.lines],
        }
        for sheet in workbook.sheets
    ]
    warnings = [[one.message, {key: str(fact) for key, fact in one.facts.items()}] for one in workbook.warnings]
    kept = {"sheets": sheets, "encodings": workbook.encodings, "warnings": warnings}
    return json.dumps(kept, ensure_ascii=False)


def _cell(cell: Cell) -> str | list[object]:
    return [cell.text, cell.is_formula, cell.is_filled] if cell.is_formula or cell.is_filled else cell.text


def unpacked(content: str) -> list[Sheet]:
    """The sheets that `packed` kept."""
    found = json.loads(content or '{"sheets": []}')
    return [
        Sheet(
            sheet["name"],
            [
                Line(number, [Cell(cell) if isinstance(cell, str) else Cell(*cell) for cell in cells])
                for number, cells in sheet["lines"]
            ],
        )
        for sheet in found["sheets"]
    ]


def encodings_of(content: str) -> list[str]:
    """What else a text file may be read as; nothing for a workbook."""
    found: list[str] = json.loads(content or "{}").get("encodings", [])
    return found


def warnings_of(content: str) -> list[Note]:
    """What the reader of the file warned of."""
    found = json.loads(content or "{}").get("warnings", [])
    return [Note(text=text, facts=facts) for text, facts in found]


def reencoded(sheets: Sequence[Sheet], before: str, after: str) -> list[Sheet]:
    """The same bytes read as another encoding. What the first reading has lost stays lost."""

    def again(text: str) -> str:
        return text.encode(before or "utf-8", errors="replace").decode(after, errors="replace")

    return [
        Sheet(
            sheet.name,
            [
                Line(line.number, [Cell(again(c.text), c.is_formula, c.is_filled) for c in line.cells])
                for line in sheet.lines
            ],
        )
        for sheet in sheets
    ]


def left_out_table(rows: Sequence[ImportRow], fields: Mapping[str, ListField], say: Words) -> list[list[object]]:
    """Lines that were not imported, as they were read, with the reason in the last column."""
    used = [name for name in fields if any(row.values.get(name) or row.was.get(name) for row in rows)]
    heads = [say.translate("Line"), *(say.translate(fields[name].label) for name in used), say.translate("Reason")]
    table: list[list[object]] = [[*heads]]
    for row in rows:
        reasons = [sentence(note.text, note.facts, say) for note in row.notes] or [say.translate(VERDICTS[row.verdict])]
        table.append([row.number, *(row.was.get(n) or row.values.get(n, "") for n in used), " ".join(reasons)])
    return table


def sentence(text: str, facts: Mapping[str, str | int], say: Words) -> str:
    """A note in the reader's language."""
    return say.translate(text, **facts) if facts else say.translate(text)
