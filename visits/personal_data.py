"""What nights hold of people."""

from core.personal_data import Erasing, Keeping, PersonalData, by
from visits.stays.models import Stay

PERSONAL = [
    PersonalData(
        Stay,
        ("country", "city"),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "Where a night was spent that was paid; without a name it says nobody’s.",
    ),
]
