"""A leg moves: what follows is seen first, those concerned are told old and new, and nobody else hears of it."""

import re
from typing import Any

import pytest

from tests.events.calendars.test_personal_feeds import subscribe
from tests.people import App, problem_fields
from tests.visits.test_legs import THERE, entered, travelling
from tests.visits.test_vehicles import MINIBUS, ordered, seated

LATER = THERE | {"departs": "10:05", "arrives": "11:40"}
HOME = {"number": "tk 1886", "origin": "VIE", "destination": "IST", "day": "2026-05-15"}


async def told(app: App) -> dict[str, str]:
    """The last mail about their journey that each person got."""
    return {mail.to_name: mail.plain for mail in await app.mails("visits/journey")}


async def due(app: App, event: dict[str, Any]) -> dict[str, list[str]]:
    found = (await app.api().get(f"/api/v1/events/{event['id']}/travel-notices")).json()
    return {one["name"]: one["changes"] for one in found}


async def notify(app: App, event: dict[str, Any], role: str = "organiser", **given: Any) -> Any:
    return await app.api(role).post(f"/api/v1/events/{event['id']}/travel-notices", json=given)


async def test_those_on_a_leg_that_moves_are_told_old_and_new_and_others_hear_nothing(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Ali İki"]], number="OS 812", departs="12:00", arrives="13:35")
    desk = await app.at_desk()
    await desk.get(f"/legs/{leg['id']}")
    preview = (await desk.send(f"/legs/{leg['id']}", LATER)).text
    assert ("Ayşe Bir" in preview, "Ali İki" in preview.split("<main")[1].split("Nobody else")[0]) == (True, False)
    assert "Save, and send 1 mail" in preview
    unchanged = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert {one["departs"] for one in unchanged} == {"08:05", "12:00"}
    await desk.send(f"/legs/{leg['id']}/move-and-tell", LATER)
    mails = await told(app)
    assert mails.keys() == {"Ayşe Bir"}
    assert re.search(r"10:05.*Önceki:.*08:05", mails["Ayşe Bir"])
    assert await due(app, event) == {"Ali İki": []}


async def test_a_leg_that_is_off_is_told_as_no_longer_there(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    desk = await app.at_desk()
    await desk.get(f"/legs/{leg['id']}")
    assert "Cancel TK 1887?" in (await desk.send(f"/legs/{leg['id']}/cancel")).text
    await desk.send(f"/legs/{leg['id']}/move-and-tell", {"is_cancelled": "yes"})
    assert "İptal: TK 1887" in (await told(app))["Ayşe Bir"]


async def test_a_change_that_is_taken_back_before_it_is_told_tells_nobody(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    assert (await app.api().put(f"/api/v1/legs/{leg['id']}", json=LATER)).status_code == 200
    await notify(app, event)
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=THERE)
    assert list(await due(app, event)) == ["Ayşe Bir"]
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=LATER)
    answer = await notify(app, event)
    assert (await due(app, event), answer.status_code) == ({}, 409)
    assert "/nobody-to-tell" in answer.json()["type"]


async def test_several_changes_are_one_mail(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    home = await entered(app, event, [*of.values()], **HOME)
    for way, id in ((LATER, leg["id"]), (THERE | HOME | {"departs": "20:05", "arrives": "23:40"}, home["id"])):
        await app.api().put(f"/api/v1/legs/{id}", json=way)
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=LATER | {"number": "TK 1883"})
    assert (await notify(app, event)).json() == {"mails": 1}
    (mail,) = await app.mails("visits/journey")
    assert ("TK 1883" in mail.plain, mail.plain.count("Önceki:")) == (True, 2)
    assert (await notify(app, event)).status_code == 409


@pytest.mark.parametrize("is_recalled", [True, False])
async def test_what_has_not_left_gives_way_to_what_is_told_now(app: App, is_recalled: bool) -> None:
    app.fastapi.state.settings.recall_seconds = 60
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    (await notify(app, event)).raise_for_status()
    if is_recalled:
        found = (await app.api().get(f"/api/v1/message-batches?about_id={event['id']}")).json()["items"]
        (batch,) = [one for one in found if one["kind"] == "visits/journey"]
        (await app.api().post(f"/api/v1/message-batches/{batch['id']}/recall")).raise_for_status()
    (await app.api().put(f"/api/v1/legs/{leg['id']}", json=LATER)).raise_for_status()
    (await notify(app, event)).raise_for_status()
    app.clock.forward(seconds=61)
    await app.work()
    sent = [mail for mail in await app.mails("visits/journey") if mail.state == "sent"]
    assert sorted(mail.to_name for mail in sent) == ["Ali İki", "Ayşe Bir"]
    assert all("10:05" in mail.plain for mail in sent)


async def test_the_first_mail_tells_the_whole_journey_and_the_next_one_what_differs(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    nights = {"check_in": "2026-05-11", "check_out": "2026-05-15", "country": "AT", "city": "Vienna"}
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=nights)
    await notify(app, event)
    first = (await told(app))["Ayşe Bir"]
    assert ("TK 1887" in first, "Konaklama, Vienna" in first, "Önceki" in first) == (True, True, False)
    await app.api().put(f"/api/v1/legs/{leg['id']}", json=LATER)
    await notify(app, event, registrations=[of["Ayşe Bir"]])
    last = (await app.mails("visits/journey"))[-1].plain
    assert ("Önceki" in last, "/travel" in last) == (True, True)


async def test_a_missed_session_and_a_night_without_a_bed_are_seen_before_it_is_saved(sqlite_app: App) -> None:
    app = sqlite_app
    session = {"title": "Opening", "starts": "2026-05-11T14:00", "ends": "2026-05-11T16:00"}
    event, _ = await app.accepted_event(
        ["Ayşe Bir"],
        kind="study-visit",
        country="AT",
        zone="Europe/Vienna",
        first_day="2026-05-11",
        last_day="2026-05-15",
        sessions=[session],
    )
    of = await app.registrations(event)
    leg = await entered(app, event, [*of.values()])
    nights = {"check_in": "2026-05-11", "check_out": "2026-05-15", "country": "AT", "city": "Vienna"}
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=nights)
    await entered(app, event, [*of.values()], **HOME)
    moved = THERE | {"day": "2026-05-10", "departs": "14:05", "arrives": "15:40"}
    found = (await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=moved)).json()
    (one,) = found["concerned"]
    assert (one["nights_without_bed"], one["nights_more"], "hotel" in found["tells"]) == (["2026-05-10"], 1, True)
    late = THERE | {"departs": "13:05", "arrives": "14:40"}
    (one,) = (await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=late)).json()["concerned"]
    assert one["missed_sessions"] == ["Opening"]


async def test_who_rides_in_the_same_vehicle_is_told_of_another_pick_up_and_no_other_vehicle_hears(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki", "Can Üç"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Ali İki"]], number="OS 830", departs="08:35", arrives="10:10")
    await entered(app, event, [of["Can Üç"]], number="OS 834", departs="15:00", arrives="16:35")
    for name, riders in (("Minibus 1", ["Ayşe Bir", "Ali İki"]), ("Taxi", ["Can Üç"])):
        vehicle = await ordered(app, event, name=name)
        assert (await seated(app, vehicle, [of[rider] for rider in riders])).status_code < 300
    desk = await app.at_desk()
    await desk.get(f"/legs/{leg['id']}")
    later = THERE | {"departs": "09:05", "arrives": "10:40"}
    preview = (await desk.send(f"/legs/{leg['id']}", later)).text
    assert ("11:10 → 11:40" in re.sub(r"\s+", " ", preview), "Franz Huber" in preview) == (True, True)
    await desk.send(f"/legs/{leg['id']}/move-and-tell", later)
    mails = await told(app)
    assert mails.keys() == {"Ayşe Bir", "Ali İki"}
    assert ("11:40" in mails["Ali İki"], "TK 1887" in mails["Ali İki"]) == (True, False)


async def test_a_pick_up_set_by_hand_that_fits_no_longer_is_named_and_not_told_as_if_it_stood(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Ali İki"]], number="OS 830", departs="08:15", arrives="09:50")
    vehicle = await ordered(app, event, pick_up="11:00", name="Minibus 2")
    await seated(app, vehicle, [*of.values()])
    desk = await app.at_desk()
    for departs, arrives, minutes in (("12:15", "13:50", 230), ("13:15", "14:50", 290)):
        later = THERE | {"departs": departs, "arrives": arrives}
        followed = (await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=later)).json()
        assert (followed["tells"], followed["pick_ups_to_set"]) == (["driver"], [vehicle["id"]])
        assert [(one["name"], "transfer" in one["why"]) for one in followed["concerned"]] == [("Ayşe Bir", True)]
        await desk.get(f"/legs/{leg['id']}")
        preview = re.sub(r"\s+", " ", (await desk.send(f"/legs/{leg['id']}", later)).text)
        for said in ("Pick-up of Minibus 2", f"leaves {minutes} min before they are out", "Franz Huber", "the driver"):
            assert said in preview, said
        await desk.send(f"/legs/{leg['id']}/move-and-tell", later)
        (mail,) = [one.plain for one in (await app.mails("visits/journey"))[-1:]]
        stands = mail.rpartition("Önceki:")[2].partition("\n")[2]
        assert (arrives in stands, "11:00" in stands, "alınış saatini bildireceğiz" in stands) == (True, False, True)
    assert (await told(app)).keys() == {"Ayşe Bir"}
    # Whoever has landed by then is told it; the page and calendar of the other say it no more.
    await notify(app, event, registrations=[of["Ali İki"]])
    assert "11:00" in (await told(app))["Ali İki"]
    feed = (await app.stranger().get(await subscribe(app, tokens["Ayşe Bir"]))).text
    assert ("T110000" in feed, "DTSTART;VALUE=DATE:20260511" in feed) == (False, True)
    phone = await app.owners_browser(tokens["Ayşe Bir"])
    assert "11:00" not in (await phone.get(f"/i/{tokens['Ayşe Bir']}/travel/itinerary")).text
    # Another time, and she is told it.
    await app.api().put(f"/api/v1/vehicles/{vehicle['id']}", json=MINIBUS | {"name": "Minibus 2", "pick_up": "16:00"})
    assert any("16:00" in line for line in (await due(app, event))["Ayşe Bir"])


async def test_who_may_not_send_mail_moves_a_leg_and_tells_nobody(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    desk = await app.at_desk("assistant")
    await desk.get(f"/legs/{leg['id']}")
    assert "move-and-tell" not in (await desk.send(f"/legs/{leg['id']}", LATER)).text
    assert (await desk.send(f"/legs/{leg['id']}/move-and-tell", LATER)).status_code == 403
    page = await desk.send(f"/legs/{leg['id']}/move", LATER)
    assert (page.headers["location"], await told(app)) == (f"/events/{event['id']}/travel-notices", {})
    assert (await notify(app, event, "assistant")).status_code == 403
    assert list(await due(app, event)) == ["Ayşe Bir"]


async def test_moving_a_leg_does_not_tell_others_what_was_left_for_later(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    other = await entered(app, event, [of["Ali İki"]], number="OS 812", departs="12:00", arrives="13:35")
    desk = await app.at_desk()
    await desk.get(f"/legs/{other['id']}")
    await desk.send(f"/legs/{other['id']}/move", THERE | {"number": "OS 812", "departs": "13:00", "arrives": "14:35"})
    assert "Save, and send 1 mail" in (await desk.send(f"/legs/{leg['id']}", LATER)).text
    await desk.send(f"/legs/{leg['id']}/move-and-tell", LATER)
    assert (await told(app)).keys() == {"Ayşe Bir"}
    assert list(await due(app, event)) == ["Ali İki"]


async def test_a_leg_of_somebody_without_an_address_moves_and_no_mail_is_offered(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event(kind="study-visit", country="AT", first_day="2026-05-11", last_day="2026-05-15")
    made = await app.upload(event, "Name;Institution\nAyşe Bir;Court".encode())
    await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    (person,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    chosen = {"action": "add", "invitations": [person["invitation_id"]]}
    await app.api().post(f"/api/v1/events/{event['id']}/people/bulk", json=chosen)
    await app.work()
    leg = await entered(app, event, [*(await app.registrations(event)).values()])
    desk = await app.at_desk()
    await desk.get(f"/legs/{leg['id']}")
    preview = (await desk.send(f"/legs/{leg['id']}", LATER)).text
    assert ("no address" in preview, "move-and-tell" in preview) == (True, False)
    # Sent all the same, by a page that was open before: the leg moves, and nobody is written to.
    assert (await desk.send(f"/legs/{leg['id']}/move-and-tell", LATER)).status_code == 303
    (moved,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert (moved["departs"], await told(app)) == ("10:05", {})


async def test_a_wrong_time_comes_back_beside_its_field_with_what_was_typed(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    desk = await app.at_desk()
    await desk.get(f"/legs/{leg['id']}")
    page = await desk.send(f"/legs/{leg['id']}", LATER | {"arrives": "07:00", "number": "TK 99"})
    assert (page.status_code, 'id="arrives-wrong"' in page.text, "TK 99" in page.text) == (422, True, True)
    answer = await app.api().post(f"/api/v1/legs/{leg['id']}/effects", json=LATER | {"arrives": "07:00"})
    assert list(problem_fields(answer)) == ["arrives"]


async def test_who_looked_at_an_older_state_of_a_leg_undoes_nothing(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    one, other = await app.at_desk(), await app.at_desk("assistant")
    for desk in (one, other):
        await desk.get(f"/legs/{leg['id']}")
    seen = {"sequence": str(leg["revision"])}
    preview = (await other.send(f"/legs/{leg['id']}", LATER | seen)).text
    assert f'name="sequence" value="{leg["revision"]}"' in preview
    assert (await one.send(f"/legs/{leg['id']}/move", THERE | {"departs": "08:15"} | seen)).status_code == 303
    late = await other.send(f"/legs/{leg['id']}/move", LATER | seen)
    assert (late.status_code, "10:05" in late.text, "Somebody saved this" in late.text) == (412, True, True)
    path, tagged = f"/api/v1/legs/{leg['id']}", {"If-Match": f'"r{leg["revision"]}"'}
    assert (await app.api().put(path, json=LATER, headers=tagged)).status_code == 412
    (shown,) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    assert shown["departs"] == "08:15"


@pytest.mark.parametrize("people", [1, 12])
async def test_what_is_to_be_told_costs_as_many_queries_for_one_as_for_twelve(sqlite_app: App, people: int) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, [f"Kişi {letter}" for letter in "ABCDEFGHIJKL"[:people]])
    await entered(app, event, [*of.values()])
    with app.counting() as statements:
        await app.api().get(f"/api/v1/events/{event['id']}/travel-notices")
    assert len(statements) <= 14
