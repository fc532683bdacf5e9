"""What the directory brings, and what it is told of by the packages above."""

from core import audit
from core.wiring import Wiring
from directory import personal_data
from directory.accounts import access
from directory.accounts import api as accounts_api
from directory.accounts import pages as accounts_pages
from directory.accounts import service as accounts
from directory.acts import ACTS
from directory.components import api as components_api
from directory.components import pages as components_pages
from directory.duplicates import api as duplicates_api
from directory.duplicates import pages as duplicates_pages
from directory.import_memory.models import ImportMemory
from directory.imports import api as imports_api
from directory.imports import pages as imports_pages
from directory.imports import service as imports
from directory.institution_batches import api as institution_batches_api
from directory.institution_batches import pages as institution_batches_pages
from directory.institution_grid import pages as institution_grid_pages
from directory.institution_lists import api as institution_lists_api
from directory.institution_lists import pages as institution_lists_pages
from directory.institution_lists import service as institution_lists
from directory.institution_merges import api as institution_merges_api
from directory.institution_merges import pages as institution_merges_pages
from directory.institutions import api as institutions_api
from directory.institutions import pages as institutions_pages
from directory.institutions import service as institutions
from directory.own_account import pages as own_account_pages
from directory.people import api as people_api
from directory.people import pages as people_pages
from directory.people import service as people
from directory.projects import api as projects_api
from directory.projects import pages as projects_pages
from directory.projects.service import zone_of
from directory.suggestions import pages as suggestions_pages
from directory.tasks import api as tasks_api


def wire() -> Wiring:
    """The directory's share. The history names accounts and people by their ids."""
    access.ZONES[:] = [zone_of]
    audit.NAMES[:] = [accounts.name_of, people.name_of]
    institutions.REFERENCES.append(institutions.InstitutionReference(ImportMemory, "value", hinders=False))
    imports.PURPOSES[institution_lists.INSTITUTIONS] = institution_lists.LIST
    return Wiring(
        routers=[
            accounts_pages.router,
            own_account_pages.router,
            people_pages.router,
            suggestions_pages.router,
            # Before /institutions/{institution_id}, which would take their addresses for an id.
            institution_grid_pages.router,
            institution_batches_pages.router,
            institution_merges_pages.router,
            institution_lists_pages.router,
            institutions_pages.router,
            duplicates_pages.router,
            projects_pages.router,
            components_pages.router,
            imports_pages.router,
            imports_pages.memory,
            imports_pages.overview,
            accounts_api.router,
            tasks_api.router,
            projects_api.router,
            people_api.router,
            institutions_api.router,
            institution_batches_api.router,
            institution_lists_api.router,
            institution_merges_api.router,
            duplicates_api.router,
            components_api.router,
            imports_api.router,
            imports_api.memory,
        ],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
