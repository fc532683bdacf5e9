"""What the tables of visits hold of people."""

from core.personal_data import Erasing, Keeping, PersonalData, by, impersonal
from events.privacy.erasure.rules import in_events
from visits.booking_files.models import BookingFile
from visits.booklets.models import Booklet, BookletText
from visits.cost_lines.models import CostLine, VisitBudget
from visits.delegations.models import HostMeeting, VisitPlan
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.journeys.models import SeenFinding
from visits.legs.models import Leg, LegPassenger
from visits.project_settings.models import ProjectTravelSettings
from visits.rooming_lists.models import RoomingLine, RoomingList
from visits.stays.models import Stay
from visits.tasks.models import VisitTask
from visits.travel_details.models import TravelDetails
from visits.travel_notices.models import TravelNotice
from visits.vehicles.models import Vehicle
from visits.visa_rules.models import VisaRule

_OWN = by("registration_id", "registration")

PERSONAL = [
    PersonalData(
        Stay,
        ("country", "city"),
        _OWN,
        Erasing.keep,
        Keeping.evidence,
        "Where a night was spent that was paid; without a name it says nobody’s.",
    ),
    PersonalData(
        TravelDetails,
        ("home", "wishes", "room", "passport", "visa", "insurance"),
        _OWN,
        Erasing.delete,
        Keeping.told,
    ),
    PersonalData(TravelDetails, ("page_name",), _OWN, Erasing.delete, Keeping.told),
    PersonalData(TravelDetails, ("page_hash",), _OWN, Erasing.delete, Keeping.told, is_file=True),
    PersonalData(TravelDetails, ("home", "wishes", "room"), in_events(), Erasing.redact, Keeping.told),
    PersonalData(
        LegPassenger, ("seat", "reference", "ticket_number", "ticket_name"), _OWN, Erasing.blank, Keeping.told
    ),
    PersonalData(
        LegPassenger,
        ("travel_class", "fare_currency"),
        _OWN,
        Erasing.keep,
        Keeping.evidence,
        "What a journey cost that was paid; without a name it says nobody’s.",
    ),
    PersonalData(
        Leg,
        ("origin", "destination", "carrier", "number", "origin_terminal", "destination_terminal"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(BookingFile, ("file_name", "reading"), _OWN, Erasing.delete, Keeping.told),
    PersonalData(BookingFile, ("file_hash",), _OWN, Erasing.delete, Keeping.told, is_file=True),
    # A mail about several people cannot be cut: it goes as a whole, and nobody's legs with it.
    PersonalData(
        BookingFile, ("file_name", "reading", "file_hash"), in_events(), Erasing.redact, Keeping.told, is_one=True
    ),
    PersonalData(VisitPlan, ("purpose", "goals"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        HostMeeting,
        ("institution", "address", "contact_name", "contact_phone", "contact_address", "interpreter", "note"),
        in_events(),
        Erasing.redact,
        Keeping.told,
    ),
    # Drivers and contacts are nobody of the event: what is known of them is emptied sixty days after it by a sweep.
    PersonalData(
        Vehicle,
        (
            "name",
            "plate",
            "driver_name",
            "driver_phone",
            "contact_name",
            "contact_phone",
            "meeting_point",
            "sign_text",
            "baggage",
            "origin",
            "destination",
        ),
        in_events(),
        Erasing.redact,
        Keeping.told,
    ),
    PersonalData(
        BookletText, ("emergency", "contacts", "addresses", "rules"), in_events(), Erasing.redact, Keeping.told
    ),
    PersonalData(Booklet, ("file_hash",), _OWN, Erasing.delete, Keeping.told, is_file=True),
    PersonalData(CostLine, ("text", "document_number"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(VisitBudget, ("budget_line",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(VisitTask, ("title", "note", "wording"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(TravelNotice, ("content",), _OWN, Erasing.delete, Keeping.told),
    PersonalData(TravelNotice, ("content",), in_events(), Erasing.redact, Keeping.told),
    PersonalData(
        Hotel,
        ("name", "address", "city", "phone", "email", "contact", "remarks"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(Room, ("room_number", "remarks"), in_events(), Erasing.redact, Keeping.told),
    PersonalData(RoomBlock, ("code",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(RoomingLine, ("content",), _OWN, Erasing.blank, Keeping.told),
    PersonalData(RoomingLine, ("content",), in_events(), Erasing.redact, Keeping.told),
    PersonalData(RoomingList, ("content",), in_events(), Erasing.redact, Keeping.told),
    PersonalData(SeenFinding, ("reason",), _OWN, Erasing.blank, Keeping.told),
    PersonalData(SeenFinding, ("reason",), in_events(), Erasing.redact, Keeping.told),
]
IMPERSONAL = (
    impersonal(VisitPlan, "sending_country", "a code from a list")
    | impersonal(HostMeeting, "map_url", "the address of a map of a place")
    | impersonal(CostLine, "currency", "a code from a list")
    | impersonal(VisitBudget, "currency rates", "codes from a list, and numbers")
    | impersonal(VisaRule, "nationality country", "codes from a list")
    | impersonal(VisaRule, "source", "who says what holds for a country, of nobody")
    | impersonal(ProjectTravelSettings, "own", "numbers")
    | impersonal(VisitTask, "key", "of a usual task")
    | impersonal(Leg, "origin_code destination_code origin_country destination_country", "a code from a list")
    | impersonal(Leg, "origin_zone destination_zone", "the name of a zone")
    | impersonal(Booklet, "language", "a code from a list")
    | impersonal(BookletText, "language", "a code from a list")
    | impersonal(Vehicle, "zone", "the name of a zone")
    | impersonal(Hotel, "country check_in_from check_out_until", "a code from a list, or a clock")
    | impersonal(RoomBlock, "rate_currency", "a code from a list")
    | impersonal(RoomingLine, "changed", "names of columns")
    | impersonal(BookingFile, "digest", "of the whole file")
    | impersonal(SeenFinding, "about", "a code and a hash of numbers")
)
