"""What the history of visits says, in words."""

from core.errors import N_

ACTS = {
    "stays.booked": N_("Nights entered"),
    "booking.uploaded": N_("Bookings uploaded"),
    "booking.taken": N_("Bookings taken over"),
    "stays.removed": N_("Nights taken away"),
    "leg.added": N_("Leg entered"),
    "leg.told": N_("Leg told by the traveller"),
    "leg.changed": N_("Leg changed"),
    "leg.cancelled": N_("Leg cancelled"),
    "visit.planned": N_("Purpose and head of the delegation said"),
    "host.added": N_("Host added"),
    "host.changed": N_("Host changed"),
    "host.removed": N_("Host removed"),
    "delegation.listed": N_("List of the delegation made"),
    "task.added": N_("Task added"),
    "task.usual": N_("Usual tasks added"),
    "task.changed": N_("Task changed"),
    "task.done": N_("Task done"),
    "task.not-needed": N_("Task not needed"),
    "task.open": N_("Task open again"),
    "task.removed": N_("Task removed"),
    "travel.notified": N_("Travellers told how their journey stands"),
    "leg.left": N_("Traveller left a leg"),
    "leg.passenger": N_("Passenger of a leg changed"),
    "travel.told": N_("Told for the journey"),
    "travel.visa": N_("State of a visa changed"),
    "travel.revealed": N_("Passport and account shown whole"),
    "travel.seen": N_("Finding marked as seen"),
    "travel.unseen": N_("Finding counts again"),
}
