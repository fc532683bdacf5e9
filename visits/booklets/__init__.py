"""The booklet of a visit: programme, contacts, addresses, emergency numbers and rules, and each one's own itinerary."""
