"""Bounds of a visit's plan, and the lists that are made of a delegation. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import N_

# Meetings with hosts, of one event.
MOST_MEETINGS = 60


class DelegationList(StrEnum):
    """`manifest` is what police, protocol and borders ask for, `visas` what a consulate does; `host` has what a host
    needs and no more: no passport, no address."""

    host = "host"
    manifest = "manifest"
    visas = "visas"


DELEGATION_LISTS: Mapping[DelegationList, str] = {
    DelegationList.host: N_("List for the host"),
    DelegationList.manifest: N_("Manifest of the delegation"),
    DelegationList.visas: N_("Visa list"),
}
