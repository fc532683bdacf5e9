"""What the files of a sheet say besides numbers, in the language of the document."""

from core.errors import N_
from core.i18n import Words
from finance.payees.rules import GRADES
from finance.rules.sentences import open_explanation
from finance.sheet_files.rules import SIGNATURE_ROLES, SheetDocument
from finance.statements.rules import ConvertedTotal, PersonStatement

NO_EXCHANGE = N_("The exchange rate from %(currency)s to %(into)s is missing.")
EXCHANGE = N_("%(factor)s %(into)s = %(divisor)s %(currency)s (%(source)s)")


def missing_of(statement: PersonStatement, words: Words) -> list[str]:
    """Why a statement has no total."""
    said = [open_explanation(one, words) for one in statement.open]
    return said + [
        words.translate(NO_EXCHANGE, currency=code, into=statement.currency) for code in statement.without_exchange
    ]


def exchange_of(total: ConvertedTotal, currency: str, words: Words) -> str:
    """The rate at which a total was converted, its source and day."""
    source = ", ".join(filter(None, [total.source, words.day(total.day) if total.day else ""]))
    said = words.translate(
        EXCHANGE,
        factor=words.exact(total.factor),
        into=currency,
        divisor=words.exact(total.divisor),
        currency=total.currency,
        source=source,
    )
    return said.removesuffix(" ()")


def heading_of(document: SheetDocument, words: Words) -> list[str]:
    """The lines that stand under the title."""
    rules = ", ".join(document.rule_titles)
    rule, state, budget = words.translate("Rule"), words.translate("State"), words.translate("Budget line")
    return [
        " · ".join(filter(None, [words.days(*document.days), document.place, document.code])),
        " · ".join(
            filter(
                None,
                [document.project, document.contract, document.budget_line and f"{budget}: {document.budget_line}"],
            )
        ),
        f"{rule}: {rules} · {state}: {document.state} · {document.currency}",
        document.statement,
    ]


def number_of(document: SheetDocument, words: Words) -> str:
    """Number and version of the sheet; a draft has none yet."""
    if not document.version:
        return document.number
    version = words.translate("version %(version)s", version=document.version)
    return ", ".join(filter(None, [document.number, version]))


def approvals_of(document: SheetDocument, words: Words) -> list[tuple[str, str]]:
    """All that an auditor asks of a sheet: which it is, by which rules, and who answers for it."""
    facts = [
        (words.translate("Per-diem sheet"), number_of(document, words)),
        (words.translate("Event"), " · ".join(filter(None, [document.title, document.code]))),
        (words.translate("Days"), words.days(*document.days)),
        (words.translate("Place"), document.place),
        (words.translate("Project"), document.project),
        (words.translate("Contract"), document.contract),
        (words.translate("Budget line"), document.budget_line),
        (words.translate("Rule"), "\n".join(document.rule_titles)),
        (words.translate("Currency of payment"), document.currency),
        (words.translate("State"), document.state),
    ]
    for role, name in SIGNATURE_ROLES.items():
        signature = document.signature_of(role)
        moment = words.stamp(signature.at, document.zone) if signature.at else ""
        facts.append((words.translate(name), " · ".join(filter(None, [signature.name, moment]))))
    facts.append((words.translate("Made on"), words.stamp(document.made_at, document.zone)))
    return facts


def grade_in(grade: str, words: Words) -> str:
    """A grade in the reader's language; one that no list knows as it was entered."""
    return words.translate(GRADES[grade]) if grade in GRADES else grade
