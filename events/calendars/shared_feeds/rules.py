"""What a shared calendar can show. Pure."""

from enum import StrEnum

from core.errors import N_, Unacceptable


class FeedKind(StrEnum):
    """Whose or what calendar it is."""

    project = "project"
    component = "component"
    event = "event"
    room = "room"
    person = "person"


FEED_KINDS = {
    FeedKind.project: N_("All events of the project"),
    FeedKind.component: N_("Events of a component"),
    FeedKind.event: N_("Sessions of the event"),
    FeedKind.room: N_("Sessions in a room, for its door"),
    FeedKind.person: N_("Sessions of a speaker, moderator or interpreter"),
}
OF_EVENT = (FeedKind.event, FeedKind.room, FeedKind.person)
OF_PROJECT = (FeedKind.project, FeedKind.component)


def must_name_its_subject(kind: FeedKind, *, component: bool, room: bool, person: bool) -> None:
    """A component, a room or a person is named where the calendar is theirs, and nowhere else."""
    needed = {FeedKind.component: component, FeedKind.room: room, FeedKind.person: person}
    names = {FeedKind.component: "component_id", FeedKind.room: "room", FeedKind.person: "person_id"}
    for one, is_given in needed.items():
        if is_given != (kind is one):
            raise Unacceptable(names[one], N_("Please choose what the calendar is of."))
