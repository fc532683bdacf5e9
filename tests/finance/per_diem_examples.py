"""Worked examples of our own, beyond those that finance keeps: facts in, one short line out for each line."""

from datetime import date, timedelta
from typing import Any

ISTANBUL, BERLIN, NEW_YORK = "Europe/Istanbul", "Europe/Berlin", "America/New_York"
Case = dict[str, Any]


def away(start: str, end: str, zone: str = ISTANBUL, end_zone: str = "") -> Case:
    return {"from": start, "from_zone": zone, "to": end, "to_zone": end_zone or zone}


def night(day: str, country: str = "AT", bed: str = "self", **more: Any) -> Case:
    return {"date": day, "country": country, "bed": bed, **more}


def meal(day: str, kind: str, by: str = "organiser", **more: Any) -> Case:
    return {"date": day, "meal": kind, "by": by, **more}


def leg(start: str, zone: str, origin: str, end: str, end_zone: str, to: str, means: str = "air") -> Case:
    times = {"departs": start, "departs_zone": zone, "arrives": end, "arrives_zone": end_zone}
    return {"from": origin, "to": to, "means": means, **times}


def rate(country: str, amount: Any, **more: Any) -> Case:
    return {"country": country, "amount": amount, "valid_from": "2020-01-01", **more}


def german(country: str, full: int, partial: int, **more: Any) -> Case:
    return rate(country, full, full=full, partial=partial, **more)


TR_HOME = {"country": "TR", "city": "Ankara", "zone": ISTANBUL}
DE_HOME = {"country": "DE", "city": "Berlin", "zone": BERLIN}
SHARES = {"bed": "0.5", "breakfast": "0.06", "lunch": "0.12", "dinner": "0.12"}
EU = {"rule_set": "eu_external", "currency": "EUR", "home": TR_HOME, "rates": [rate("AT", "200")]}
DE_RATES = [
    german("DE", 28, 14),
    german("AT", 50, 33),
    german("LU", 63, 42),
    german("US", 59, 40),
    german("FR", 53, 36),
]
DE = {"rule_set": "de_bmf", "currency": "EUR", "home": DE_HOME, "rates": DE_RATES}
US_RATES = [rate("US", 68), rate("JP", "300"), rate("US", 92, city="Boston")]
US = {"rule_set": "us_gsa", "currency": "USD", "place": "US", "rates": US_RATES}
UN = {"rule_set": "un_dsa", "currency": "USD", "place": "CH", "rates": [rate("CH", "200"), rate("AT", "300")]}
TR = {
    "rule_set": "tr_6245",
    "currency": "TRY",
    "home": TR_HOME,
    "place": "TR/Konya",
    "rates": [rate("TR", "600", grade="1-4"), rate("TR", "300")],
}
ABROAD = {"rule_set": "tr_6245_abroad", "currency": "USD", "place": "CN", "rates": [rate("CN", "100")]}
STAFF = {
    "rule_set": "eu_missions",
    "currency": "EUR",
    "place": "AT",
    "rates": [rate("AT", "100", hotel_ceiling="132"), rate("HU", "64")],
}
COSTS = {
    "rule_set": "actuals",
    "currency": "EUR",
    "fx": [
        {"currency": "USD", "month": "2026-03", "per_euro": "1.25"},
        {"currency": "TRY", "month": "2026-03", "per_euro": "50"},
    ],
}
NIGHTS = [f"2026-03-0{number}" for number in range(2, 8)]

# Name, case, and for each line what differs from line to line: "amount reason", "open: what is missing".
EXAMPLES: list[tuple[str, Case, list[str]]] = [
    (
        "providers who count",
        {
            **EU,
            "nights": [night("2026-03-02"), night("2026-03-03", bed="host")],
            "meals": [
                meal("2026-03-02", "lunch", "carrier"),
                meal("2026-03-02", "dinner", "self"),
                meal("2026-03-03", "breakfast", "hotel"),
                meal("2026-03-03", "lunch", "fee"),
                meal("2026-03-03", "lunch", "organiser"),
                meal("2026-03-03", "dinner", "host", snack=True),
            ],
            "switches": {"shares": SHARES},
        },
        ["188.00", "76.00"],
    ),
    (
        "never below nothing, bed first",
        {
            **EU,
            "nights": [night("2026-03-02", bed="organiser", breakfast=True)],
            "meals": [meal("2026-03-02", "lunch")],
            "switches": {"shares": {"bed": "0.9", "breakfast": "0.2", "lunch": "0.2"}},
        },
        ["0.00 bed 180.00 breakfast 20.00"],
    ),
    (
        "a real cost above the rate",
        {
            **EU,
            "nights": [night("2026-03-02", bed="organiser", provided_cost="250"), night("2026-03-03", bed="organiser")],
            "switches": {"bed_mode": "actual_cost"},
        },
        ["0.00 bed 200.00", "open: cost AT"],
    ),
    (
        "on board, at home, in the town of home; unpaid nights need no rate",
        {
            **EU,
            "nights": [
                night("2026-03-02", bed="vehicle"),
                night("2026-03-03", "TR", "home"),
                night("2026-03-04", "TR", city="Ankara"),
                night("2026-03-05", "XK", personal=True),
                night("2026-03-06", ""),
            ],
        },
        ["0.00 vehicle", "0.00 home", "0.00 home", "0.00 personal", "open: place"],
    ),
    (
        "two nights of one date, eastward over the date line, share no meal",
        {
            **EU,
            "rates": [rate("NZ", "200"), rate("US", "300")],
            "nights": [night("2026-03-02", "NZ"), night("2026-03-02", "US")],
            "meals": [meal("2026-03-02", "lunch")],
            "switches": {"shares": SHARES},
        },
        ["176.00 lunch 24.00", "300.00"],
    ),
    (
        "a night on board that the project pays",
        {**EU, "nights": [night("2026-03-02", bed="vehicle")], "switches": {"vehicle_night_pays": True}},
        ["200.00"],
    ),
    (
        "a contract older than every list",
        {**EU, "nights": [night("2026-03-02")], "switches": {"rate_date": "contract", "contract_date": "2019-05-01"}},
        ["open: rate AT"],
    ),
    (
        "the rate changes in the middle of a journey",
        {
            **EU,
            "rates": [rate("AT", "200", valid_to="2026-03-02"), rate("AT", "210", valid_from="2026-03-03")],
            "nights": [night("2026-03-02"), night("2026-03-03")],
        },
        ["200.00", "210.00"],
    ),
    (
        "a city is found whatever its letters, and before its row its country",
        {
            **EU,
            "rates": [rate("TR", "150"), rate("TR", "180", city="İzmir", valid_from="2026-03-03")],
            "nights": [night("2026-03-02", "TR", city="Izmir"), night("2026-03-03", "TR", city="IZMIR")],
        },
        ["150.00", "180.00"],
    ),
    (
        "an hour of the clock is no hour of absence",
        {**STAFF, "absence": away("2026-03-28T20:00", "2026-03-29T08:30", BERLIN), "nights": [night("2026-03-28")]},
        ["50.00"],
    ),
    (
        "meals by their hour, of the whole allowance",
        {
            **STAFF,
            "absence": away("2026-03-02T08:00", "2026-03-03T12:00", BERLIN),
            "nights": [night("2026-03-02")],
            "meals": [
                meal("2026-03-03", "breakfast", zone=BERLIN),
                meal("2026-03-03", "lunch", zone=BERLIN),
                meal("2026-03-02", "dinner", "carrier", zone=BERLIN),
            ],
        },
        ["100.00", "35.00 breakfast 15.00"],
    ),
    (
        "bills of hotels: own, given, and without a ceiling",
        {
            **STAFF,
            "absence": away("2026-03-02T08:00", "2026-03-05T08:00", BERLIN),
            "nights": [
                night("2026-03-02", cost="132.01"),
                night("2026-03-03", bed="organiser", cost="99"),
                night("2026-03-04", "HU", cost="80"),
            ],
        },
        ["100.00", "100.00", "64.00", "132.00 ceiling", "open: hotel ceiling HU"],
    ),
    (
        "the day trip's meals are of its own share",
        {
            **UN,
            "absence": away("2026-03-02T07:00", "2026-03-02T20:00"),
            "nights": [],
            "meals": [meal("2026-03-02", "lunch")],
        },
        ["70.40 lunch 9.60"],
    ),
    (
        "two nights of one date share no meal here either",
        {
            **UN,
            "nights": [night("2026-03-02", "CH", breakfast=True), night("2026-03-02", "AT")],
            "meals": [meal("2026-03-03", "breakfast", "hotel"), meal("2026-03-02", "dinner", "host")],
        },
        ["164.00 breakfast 12.00 dinner 24.00", "300.00"],
    ),
    (
        "nine weeks and more at one place, at the first rate in the end",
        {
            **UN,
            "rates": [rate("CH", "200"), rate("CH", "250", valid_from="2026-03-15")],
            "nights": [night((date(2026, 3, 1) + timedelta(days=n)).isoformat(), "CH") for n in range(121)],
        },
        [*["200.00"] * 14, *["250.00"] * 46, *["187.50"] * 60, "120.00"],
    ),
    (
        "a project's share goes before the place's",
        {
            **UN,
            "rates": [rate("CH", "150", room_percent=65)],
            "nights": [night("2026-03-02", "CH", "organiser")],
            "switches": {"shares": {"bed": "0.4"}},
        },
        ["90.00 bed 60.00"],
    ),
    (
        "over midnight, the greater part on the second day",
        {**DE, "place": "DE", "absence": away("2026-03-02T22:00", "2026-03-03T07:00", BERLIN), "nights": []},
        ["14.00 over_midnight"],
    ),
    (
        "over midnight and too short",
        {**DE, "place": "DE", "absence": away("2026-03-02T20:00", "2026-03-03T04:00", BERLIN), "nights": []},
        ["0.00 up_to_8_hours"],
    ),
    (
        "a country without a row, an overseas part, a flight over the sea",
        {
            **DE,
            "absence": away("2026-03-02T08:00", "2026-03-07T20:00", BERLIN),
            "legs": [leg("2026-03-04T20:00", "America/Martinique", "MQ", "2026-03-06T06:00", "UTC", "XK", "sea")],
            "nights": [night("2026-03-02", "XK"), night("2026-03-03", "MQ"), night("2026-03-06", "XK")],
            "work": [{"date": "2026-03-06", "country": "XK"}],
        },
        ["42.00", "53.00", "53.00", "63.00 at_sea", "63.00", "42.00"],
    ),
    (
        "a stopover is no arrival",
        {
            **DE,
            "absence": away("2026-03-02T18:00", "2026-03-05T20:00", BERLIN),
            "legs": [
                leg("2026-03-02T20:00", BERLIN, "DE", "2026-03-02T22:30", "Europe/Paris", "FR"),
                leg("2026-03-02T23:30", "Europe/Paris", "FR", "2026-03-04T02:00", NEW_YORK, "US"),
            ],
            "nights": [night("2026-03-04", "US")],
        },
        ["14.00", "50.00 in_flight", "59.00", "40.00"],
    ),
    (
        "private days behind: back as early as the official journey allows",
        {
            **DE,
            "absence": away("2026-03-02T08:00", "2026-03-06T20:00", BERLIN),
            "nights": [night(day, personal=day > "2026-03-03") for day in NIGHTS[:4]],
        },
        ["33.00", "50.00", "33.00", "0.00 personal", "0.00 personal"],
    ),
    (
        "the own journey is the higher one, and its line stays",
        {
            **DE,
            "absence": away("2026-03-02T08:00", "2026-03-03T20:00", BERLIN),
            "nights": [night("2026-03-02")],
            "also": [{"date": "2026-03-03", "place": "DE", "rate": "14", "share": "partial", "amount": "14"}],
        },
        ["33.00", "33.00 higher_of_two_journeys"],
    ),
    (
        "half from the 15th day at one place, where the project says so",
        {
            **DE,
            "absence": away("2026-03-01T08:00", "2026-03-16T20:00", BERLIN),
            "nights": [night(f"2026-03-{number:02}") for number in range(1, 16)],
            "switches": {"half_from_day_15": True},
        },
        ["33.00", *["50.00"] * 13, "25.00", "16.50"],
    ),
    (
        "the highest of several places under 24 hours",
        {**US, "absence": away("2026-03-02T06:00", "2026-03-03T04:00", NEW_YORK), "tdy": ["US", "US/Boston"]},
        ["69.00", "69.00"],
    ),
    (
        "exactly 24 hours are a journey of days",
        {
            **US,
            "absence": away("2026-03-02T06:00", "2026-03-03T06:00", NEW_YORK),
            "nights": [night("2026-03-02", "US", city="Boston", breakfast=True)],
            "meals": [meal("2026-03-03", "lunch", "host")],
        },
        ["69.00", "43.00 lunch 26.00"],
    ),
    (
        "over the date line started days, and meals of a rate without a row",
        {
            **US,
            "absence": away("2026-03-02T10:00", "2026-03-05T09:00", NEW_YORK),
            "legs": [
                leg("2026-03-02T12:00", NEW_YORK, "US", "2026-03-03T16:00", "Asia/Tokyo", "JP"),
                leg("2026-03-05T11:00", "Asia/Tokyo", "JP", "2026-03-05T09:00", NEW_YORK, "US"),
            ],
            "nights": [night("2026-03-03", "JP"), night("2026-03-04", "JP")],
            "meals": [meal("2026-03-04", "dinner")],
        },
        ["225.00", "180.00 dinner 120.00", "225.00"],
    ),
    (
        "on the way to a new place the new one's rate, home again the last one's",
        {
            **US,
            "absence": away("2026-03-02T18:00", "2026-03-05T09:00", NEW_YORK),
            "nights": [night("2026-03-02", "", "vehicle"), night("2026-03-03", "US", city="Boston")],
        },
        ["69.00", "92.00", "92.00", "69.00"],
    ),
    (
        "a person's grade, and lodging of another year",
        {
            **TR,
            "grade": "1-4",
            "absence": away("2023-05-02T08:00", "2023-05-03T20:00"),
            "nights": [night("2023-05-02", "TR", cost="2000")],
        },
        ["600.00", "400.00", "900.00 ceiling"],
    ),
    (
        "back before leaving",
        {**TR, "absence": away("2026-05-02T23:00", "2026-05-02T04:00"), "nights": []},
        ["open: absence"],
    ),
    (
        "no absence, and only the way out is known",
        {**US, "legs": [{"departs": "2026-03-02T10:00", "departs_zone": NEW_YORK, "from": "US", "to": "US"}]},
        ["open: absence"],
    ),
    (
        "without door to door the first departure and the last arrival",
        {
            **US,
            "legs": [
                leg("2026-03-02T08:00", NEW_YORK, "US", "2026-03-02T10:00", NEW_YORK, "US"),
                leg("2026-03-02T18:00", NEW_YORK, "US", "2026-03-02T20:30", NEW_YORK, "US"),
            ],
        },
        ["51.00"],
    ),
    (
        "a night needs 04:00, not only 24:00",
        {**TR, "absence": away("2026-05-02T23:00", "2026-05-03T04:00"), "nights": []},
        ["0.00 no_meal_time", "0.00 no_meal_time"],
    ),
    (
        "nothing within the place of duty",
        {**TR, "place": "TR/Ankara", "absence": away("2026-05-02T09:00", "2026-05-02T21:00"), "nights": []},
        ["0.00 home"],
    ),
    (
        "two thirds from the 91st day in a year",
        {
            **TR,
            "absence": away("2026-05-02T08:00", "2026-05-03T20:00"),
            "nights": [],
            "switches": {"days_before": 89},
        },
        ["300.00", "133.33"],
    ),
    (
        "each exit has its ten days; what others pay never goes below nothing",
        {
            **ABROAD,
            "absence": away("2026-03-02T08:00", "2026-03-15T08:00"),
            "nights": [night("2026-03-12", "TR", "home")],
            "switches": {"received_per_day": "120"},
        },
        [*["30.00"] * 10, "0.00 home", "30.00", "30.00"],
    ),
    (
        "nights that are not paid do not use up the number",
        {
            "rule_set": "eu_experts",
            "currency": "EUR",
            "place": "BE",
            "rates": [rate("BE", "92", night="100")],
            "meeting_days": ["2026-03-04"],
            "nights": [
                night("2026-03-02", "BE", "organiser"),
                night("2026-03-03", "BE"),
                night("2026-03-04", "BE"),
                night("2026-03-05", "BE"),
            ],
        },
        ["92.00", "0.00 provided", "100.00", "100.00", "0.00 more_nights_than_meeting_days_plus_one"],
    ),
    (
        "without rates the tables that come with Heyet",
        {
            "rule_set": "eu_experts",
            "place": "BE",
            "meeting_days": ["2026-03-04"],
            "nights": [night("2026-03-03", "BE")],
            "switches": {"distance_km": 100, "night_amount": "110"},
            "attended": None,
        },
        ["46.00", "100.00"],
    ),
    (
        "a row without a night's amount",
        {
            "rule_set": "eu_experts",
            "place": "BE",
            "rates": [rate("BE", "95")],
            "nights": [night("2026-03-03", "BE")],
            "meeting_days": ["2026-03-04"],
            "switches": {"night_amount": "110"},
        },
        ["95.00", "110.00"],
    ),
    (
        "from one foreign currency into another, two ceilings at once",
        {
            **COSTS,
            "pay_currency": "TRY",
            "receipts": [
                {"date": "2026-03-03", "kind": "meal", "amount": "40", "currency": "EUR"},
                {"date": "2026-03-02", "kind": "meal", "amount": "25", "currency": "USD"},
                {"date": "2026-03-03", "kind": "taxi", "amount": None, "currency": "EUR"},
                {"date": "2026-03-03", "kind": "taxi", "amount": "7", "currency": "EUR", "file": None},
            ],
            "ceilings": [
                {"kind": "meal", "per": "day", "amount": "1800"},
                {"kind": "meal", "per": "trip", "amount": "2500"},
            ],
        },
        ["1000.00", "1500.00 ceiling", "open: amount", "open: file"],
    ),
    *(
        (
            f"British hours of a day, {start} to {end}",
            {
                "rule_set": "uk_hmrc_day",
                "currency": "GBP",
                "absence": away(f"{day}T{start}", f"{day}T{end}", "Europe/London"),
            },
            [told],
        )
        for day, start, end, told in [
            ("2026-03-02", "09:00", "13:59", "0.00 under_5_hours"),
            ("2026-03-02", "09:00", "14:00", "5.00"),
            ("2026-03-02", "09:00", "19:00", "10.00"),
            ("2026-03-02", "04:00", "19:59", "10.00"),
            ("2026-03-02", "05:00", "20:01", "25.00"),
            ("2026-03-29", "00:30", "05:30", "0.00 under_5_hours"),
        ]
    ),
    (
        "a night counts by the next day's signature, a day does not",
        {
            "rule_set": "flat",
            "currency": "JPY",
            "rates": [{"amount": "3333", "currency": "JPY"}],
            "units": [{"date": "2026-03-02", "share": "0.5"}, {"date": "2026-03-03", "provided": ["lunch"]}],
            "attended": ["2026-03-03"],
            "switches": {"unit": "night", "shares": {"lunch": "0.3"}},
        },
        ["1667", "2333 lunch 1000"],
    ),
]
