"""Institutions name people: letters, quotas, reserves, and what the organiser makes of the names."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.nominations.requests.rules import NomineeRank, NomineeState, pasted_rows, ranks_of
from tests.notifications.test_batches import batches, step
from tests.office import pdf_pages
from tests.people import FORM_TOKEN, App, Visitor, copied

LINK = re.compile(r"/n/([\w-]{20,})")
CALL = {"capacity": 2, "answer_by": "2026-03-20"}


async def institution(app: App, name: str = "İzmir Provincial Directorate", *, focal: str = "Nur Odak") -> str:
    """An institution of the kind `directorate`, with one focal point unless that is nobody."""
    made = await app.api().post(
        "/api/v1/institutions",
        json={"name": name, "project_id": str(app.project_id), "kind": "directorate"},
    )
    assert made.status_code == 201, made.text
    id: str = made.json()["id"]
    if focal:
        people = await app.api().get("/api/v1/people", params={"q": focal})
        person = people.json()["items"][0]["id"]
        answer = await app.api().put(f"/api/v1/institutions/{id}/focal-points", json={"people": [person]})
        assert answer.status_code in (200, 204), answer.text
    return id


@copied
async def called(app: App, *, capacity: int = 2, **event: Any) -> tuple[dict[str, Any], str, str]:
    """An event, a call to one institution, and its focal point's token."""
    first = await app.event(title="Where the focal point was known from")
    await app.name_people(first, ["Nur Odak"])
    made = await app.event(**event)
    id = await institution(app)
    answer = await app.api().post(
        f"/api/v1/events/{made['id']}/calls", json={**CALL, "capacity": capacity, "institution_id": id}
    )
    assert answer.status_code == 201, answer.text
    await app.api().post(f"/api/v1/events/{made['id']}/messages/release")
    letter = (await app.mails("events/call", about=made["id"]))[-1]
    found = LINK.search(letter.plain)
    assert found is not None
    rows = (await app.api().get(f"/api/v1/events/{made['id']}/calls")).json()["items"]
    return made, rows[0]["id"], found.group(1)


def person(name: str, **more: str) -> dict[str, str]:
    letters = name.lower().translate(str.maketrans("ıişğçöü", "iisgcou")).replace("i̇", "i").replace(" ", ".")
    return {"name": name, "address": f"{letters}@example.org", **more}


async def name(app: App, token: str, *names: str) -> Any:
    given = {"names": [person(n) for n in names]}
    answer = await app.guest(token).put("/api/v1/nomination/names", json=given)
    if answer.status_code != 403:
        return answer
    return await (await app.owner(token, "nomination")).put("/api/v1/nomination/names", json=given)


def capacity(answer: Any) -> dict[str, str]:
    return {n["name"]: n["rank"] for n in answer.json()["names"]}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def test_each_focal_point_gets_a_letter_that_waits_for_release(sqlite_app: App) -> None:
    event, _, _ = await called(sqlite_app)
    letters = await sqlite_app.mails("events/call", about=event["id"])
    assert [(m.to_name, m.state.value) for m in letters] == [("Nur Odak", "queued")]
    assert "İzmir Provincial Directorate" in letters[0].plain


async def test_all_institutions_of_a_kind_are_asked_once(app: App) -> None:
    event, _, _ = await called(app)
    await institution(app, "Van Provincial Directorate", focal="")
    path = f"/api/v1/events/{event['id']}/calls"
    first = await app.api().post(path, json={**CALL, "kind": "directorate"})
    again = await app.api().post(path, json={**CALL, "kind": "directorate"})
    assert (first.json(), code(again)) == ({"count": 1}, (409, "nobody-to-call"))
    rows = (await app.api().get(path)).json()["items"]
    assert [(r["institution"], r["reachable"]) for r in rows] == [
        ("İzmir Provincial Directorate", 1),
        ("Van Provincial Directorate", 0),
    ]


async def test_no_institution_is_asked_for_names_by_a_day_that_is_past(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    id = await institution(sqlite_app, focal="")
    path = f"/api/v1/events/{event['id']}/calls"
    for day, said in (("2026-03-01", 422), ("2026-03-02", 201)):
        answer = await sqlite_app.api().post(path, json={**CALL, "institution_id": id, "answer_by": day})
        assert answer.status_code == said, answer.text
    one = (await sqlite_app.api().get(path)).json()["items"][0]["id"]
    sqlite_app.clock.forward(days=8)
    late = await sqlite_app.api().post(
        f"/api/v1/calls/{one}/return", json={"text": "And a woman?", "answer_by": "2026-03-09"}
    )
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "answer_by")


async def test_institutions_whose_letters_were_discarded_are_asked_again_with_what_is_given_then(app: App) -> None:
    event = await app.event()
    await app.name_people(await app.event(title="Before"), ["Nur Odak", "Ayşe Odak"])
    await institution(app)
    await institution(app, "Van Provincial Directorate", focal="Ayşe Odak")
    calls = f"/api/v1/events/{event['id']}/calls"
    await app.api().post(calls, json={**CALL, "kind": "directorate"})
    (batch,) = await batches(app, event)
    (await step(app, batch, "discard")).raise_for_status()
    again = await app.api().post(calls, json={"capacity": 3, "answer_by": "2026-03-25", "kind": "directorate"})
    assert again.json() == {"count": 2}
    rows = (await app.api().get(calls)).json()["items"]
    assert [(r["capacity"], r["letter"]) for r in rows] == [(3, "draft")] * 2
    assert (await app.api().get(f"/api/v1/calls/{rows[0]['id']}")).json()["answer_by"] == "2026-03-25"
    # Who has a letter, be it a draft, is not asked twice.
    assert code(await app.api().post(calls, json={**CALL, "kind": "directorate"})) == (409, "nobody-to-call")


async def test_a_name_that_is_no_institution_is_said_beside_its_field(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/calls")
    typed = {"kind": "", "institution": "Ministry of Nothing", "capacity": "2", "answer_by": "2026-03-20"}
    answer = await desk.send(f"/events/{event['id']}/calls", typed)
    assert answer.status_code == 422
    assert 'id="institution-wrong"' in answer.text
    assert "The project has no institution of this name." in answer.text
    assert 'value="Ministry of Nothing"' in answer.text


@pytest.mark.parametrize(
    ("focal", "said"),
    [
        ("", "Institutions asked: 1. No focal point has an e-mail address: please print the letters."),
        ("Nur Odak", "Institutions asked: 1. Letters that wait for you to send them: 1."),
    ],
)
async def test_the_organiser_reads_whether_there_are_letters_to_send(sqlite_app: App, focal: str, said: str) -> None:
    await sqlite_app.name_people(await sqlite_app.event(title="Before"), ["Nur Odak"])
    event = await sqlite_app.event()
    await institution(sqlite_app, "Ankara Courthouse", focal=focal)
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/calls")
    typed = {"kind": "", "institution": "Ankara Courthouse", "capacity": "2", "answer_by": "2026-03-20"}
    await desk.send(f"/events/{event['id']}/calls", typed)
    assert said in desk.page


async def test_names_beyond_the_places_are_reserves_in_order(app: App) -> None:
    _, _, token = await called(app, capacity=2)
    answer = await name(app, token, "Ayşe Bir", "Mehmet İki", "Oğuz Üç")
    assert capacity(answer) == {"Ayşe Bir": "named", "Mehmet İki": "named", "Oğuz Üç": "reserve"}


async def test_the_list_can_be_changed_until_the_deadlines_day_is_over(sqlite_app: App) -> None:
    _, _, token = await called(sqlite_app)
    await name(sqlite_app, token, "Ayşe Bir")
    assert capacity(await name(sqlite_app, token, "Mehmet İki")) == {"Mehmet İki": "named"}
    sqlite_app.clock.now = sqlite_app.clock.now.replace(day=20, hour=20, minute=59)
    assert (await name(sqlite_app, token, "Oğuz Üç")).status_code == 200
    sqlite_app.clock.forward(minutes=1)
    assert code(await name(sqlite_app, token, "Ayşe Bir")) == (409, "naming-over")


async def test_accepting_takes_those_within_the_places_and_a_reserve_moves_up_for_one_refused(
    app: App,
) -> None:
    event, call, token = await called(app, capacity=2)
    named = (await name(app, token, "Ayşe Bir", "Mehmet İki", "Oğuz Üç")).json()["names"]
    await app.api().post(f"/api/v1/calls/{call}/rejection", json={"nominees": [named[0]["id"]]})
    answer = await app.api().post(f"/api/v1/calls/{call}/acceptance", json={})
    assert capacity(answer) == {"Ayşe Bir": "rejected", "Mehmet İki": "accepted", "Oğuz Üç": "accepted"}
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert {(p["name"], p["status"], p["institution"]) for p in people} == {
        ("Mehmet İki", "nominated", "İzmir Provincial Directorate"),
        ("Oğuz Üç", "nominated", "İzmir Provincial Directorate"),
    }


async def test_a_reserve_is_accepted_where_the_organiser_chooses_it(sqlite_app: App) -> None:
    _, call, token = await called(sqlite_app, capacity=1)
    named = (await name(sqlite_app, token, "Ayşe Bir", "Mehmet İki")).json()["names"]
    chosen = {"nominees": [named[1]["id"]]}
    for _ in range(2):
        answer = await sqlite_app.api().post(f"/api/v1/calls/{call}/acceptance", json=chosen)
    assert code(answer) == (409, "no-names")
    assert capacity(await sqlite_app.api().get(f"/api/v1/calls/{call}")) == {
        "Ayşe Bir": "named",
        "Mehmet İki": "accepted",
    }


async def test_who_was_accepted_stays_when_the_institution_changes_its_list(sqlite_app: App) -> None:
    _, call, token = await called(sqlite_app, capacity=2)
    await name(sqlite_app, token, "Ayşe Bir")
    await sqlite_app.api().post(f"/api/v1/calls/{call}/acceptance", json={})
    answer = await name(sqlite_app, token, "Ayşe Bir", "Mehmet İki")
    assert capacity(answer) == {"Ayşe Bir": "accepted", "Mehmet İki": "named"}


async def test_the_institution_sends_somebody_else_until_names_freeze(sqlite_app: App) -> None:
    event, call, token = await called(sqlite_app, names_freeze_on="2026-04-01")
    await name(sqlite_app, token, "Ayşe Bir")
    await sqlite_app.api().post(f"/api/v1/calls/{call}/acceptance", json={})
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    accepted = (await (await sqlite_app.owner(token, "nomination")).get("/api/v1/nomination")).json()["names"][0]
    path = f"/api/v1/nomination/names/{accepted['id']}/substitution"
    answer = await (await sqlite_app.owner(token, "nomination")).post(path, json=person("Deniz Vekil"))
    assert capacity(answer) == {"Deniz Vekil": "accepted"}
    people = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert {p["name"]: p["status"] for p in people} == {"Ayşe Bir": "substituted", "Deniz Vekil": "invited"}
    sqlite_app.clock.now = sqlite_app.clock.now.replace(month=4, day=2)
    late = await (await sqlite_app.owner(token, "nomination")).post(path, json=person("Can Geç"))
    assert code(late) == (409, "names-frozen")


async def test_a_name_that_was_not_invited_yet_is_replaced_without_a_mail(app: App) -> None:
    event, call, token = await called(app)
    await name(app, token, "Ayşe Bir")
    accepted = await app.api().post(f"/api/v1/calls/{call}/acceptance", json={})
    id = accepted.json()["names"][0]["id"]
    owner = await app.owner(token, "nomination")
    before = len(await app.mails(about=event["id"]))
    await owner.post(f"/api/v1/nomination/names/{id}/substitution", json=person("Deniz Vekil"))
    assert len(await app.mails(about=event["id"])) == before
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    assert [m.to_name for m in await app.mails("events/invitation")] == ["Deniz Vekil"]


async def test_the_silent_are_reminded_once_three_days_before_and_by_hand(app: App) -> None:
    event, _, token = await called(app)
    app.clock.now = app.clock.now.replace(day=17, hour=6, minute=0)  # nine in Istanbul
    await app.work()
    await app.work()
    assert len(await app.mails("events/call-reminder")) == 1
    path = f"/api/v1/events/{event['id']}/calls/reminders"
    assert (await app.api().post(path)).json() == {"count": 1}
    await name(app, token, "Ayşe Bir")
    assert code(await app.api().post(path)) == (409, "nobody-to-remind")


async def test_the_organiser_writes_back_with_a_new_deadline(app: App) -> None:
    _, call, token = await called(app)
    app.clock.now = app.clock.now.replace(day=22)
    answer = await app.api().post(
        f"/api/v1/calls/{call}/return", json={"text": "Please name a woman too.", "answer_by": "2026-03-25"}
    )
    assert (answer.json()["note"], answer.json()["answer_by"]) == ("Please name a woman too.", "2026-03-25")
    assert "Please name a woman too." in (await app.mails("events/call-return"))[0].plain
    assert (await name(app, token, "Ayşe Bir")).status_code == 200


async def test_an_ended_call_opens_to_nobody_and_keeps_who_was_accepted(sqlite_app: App) -> None:
    event, call, token = await called(sqlite_app)
    await name(sqlite_app, token, "Ayşe Bir")
    await sqlite_app.api().post(f"/api/v1/calls/{call}/acceptance", json={})
    assert (await sqlite_app.api().delete(f"/api/v1/calls/{call}")).status_code == 204
    assert (await sqlite_app.stranger().get(f"/n/{token}")).status_code == 410
    assert (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["total"] == 1


async def test_another_projects_call_is_not_there(sqlite_app: App) -> None:
    _, call, _ = await called(sqlite_app)
    await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await sqlite_app.api("other-organiser").get(f"/api/v1/calls/{call}")).status_code == 404


async def test_a_guessed_link_of_an_institution_opens_nothing(sqlite_app: App) -> None:
    statuses = [(await sqlite_app.stranger().get(f"/n/{'x' * 20}{n:04}")).status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ([{"name": " "}], "names.0.name"),
        ([person("A"), {"name": "B", "address": "b@@x"}], "names.1.address"),
        ([person("A", colour="red")], "names.0.colour"),
        ([{"name": "=HYPERLINK(\u202e)"}], "names.0.name"),
        ([person("A"), person("A")], "names"),
    ],
)
async def test_names_that_do_not_fit_are_pointed_at_and_none_is_kept(
    sqlite_app: App, names: list[dict[str, str]], field: str
) -> None:
    _, _, token = await called(sqlite_app)
    answer = await sqlite_app.guest(token).put("/api/v1/nomination/names", json={"names": names})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    assert (await (await sqlite_app.owner(token, "nomination")).get("/api/v1/nomination")).json()["names"] == []


async def paste(app: App, token: str, pasted: str) -> tuple[Visitor, Any]:
    visitor = app.stranger()
    await visitor.get(f"/n/{token}")
    found = FORM_TOKEN.search(visitor.page)
    assert found is not None
    return visitor, await visitor.send(f"/n/{token}/names", {"pasted": pasted})


async def test_cells_pasted_from_a_spreadsheet_become_names(sqlite_app: App) -> None:
    _, _, token = await called(sqlite_app)
    await paste(sqlite_app, token, "Ad Soyad\tUnvan\tE-posta\nAyşe Bir\tHâkim\tayse@example.org\n")
    shown = (await (await sqlite_app.owner(token, "nomination")).get("/api/v1/nomination")).json()["names"]
    assert [(n["name"], n["title"], n["address"]) for n in shown] == [("Ayşe Bir", "Hâkim", "ayse@example.org")]


async def test_a_pasted_line_with_a_wrong_address_comes_back_in_its_row(sqlite_app: App) -> None:
    _, _, token = await called(sqlite_app)
    _, answer = await paste(sqlite_app, token, "Ayşe Bir;Judge;ayse@example.org\nCan İki;Judge;can@@x")
    assert answer.status_code == 422
    assert 'value="Ayşe Bir"' in answer.text
    assert 'id="address-1-wrong"' in answer.text
    assert (await (await sqlite_app.owner(token, "nomination")).get("/api/v1/nomination")).json()["names"] == []


async def test_the_letter_is_a_pdf_with_the_quota_for_both(sqlite_app: App) -> None:
    _, call, token = await called(sqlite_app)
    mine = await sqlite_app.stranger().get(f"/n/{token}/letter.pdf")
    theirs = await sqlite_app.api().get(f"/api/v1/calls/{call}/letter.pdf")
    for answer, quota in ((mine, "Kontenjanınız +2\n"), (theirs, "Kontenjanınız +2\n")):
        assert re.search(quota, "\n".join(pdf_pages(answer.content)))


states = st.lists(st.sampled_from(list(NomineeState)), max_size=12)


@given(states=states, quota=st.integers(1, 6))
def test_no_more_names_than_places_stand_within_the_quota_and_none_is_a_reserve_while_there_is_room(
    states: list[NomineeState], quota: int
) -> None:
    found = ranks_of(states, quota)
    kept = [p for p in found if p is not NomineeRank.rejected]
    assert len(found) == len(states)
    assert NomineeRank.reserve not in kept[:quota]
    assert NomineeRank.named not in kept[quota:]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Ayşe Bir", [(1, "Ayşe Bir", "", "")]),
        ("ayse@example.org;Ayşe Bir;Judge", [(1, "Ayşe Bir", "Judge", "ayse@example.org")]),
        ("\n\nAyşe Bir\t\tayse@example.org\n", [(3, "Ayşe Bir", "", "ayse@example.org")]),
        ("Ayşe Bir\tJudge\tayse (at) x.org", [(1, "Ayşe Bir", "Judge", "ayse@x.org")]),
        ("E-mail\tName\n\na@x.org\tAyşe Bir", [(3, "Ayşe Bir", "", "a@x.org")]),
    ],
)
def test_pasted_lines_are_read_with_and_without_headings(text: str, rows: list[tuple[int, str, str, str]]) -> None:
    assert pasted_rows(text) == rows


async def test_institutions_that_were_asked_are_sorted_by_name_deadline_and_names_given(app: App) -> None:
    event = await app.event()
    for office, until in (("Bursa Directorate", "2026-03-20"), ("Adana Directorate", "2026-03-25")):
        id = await institution(app, office, focal="")
        call = {**CALL, "institution_id": id, "answer_by": until}
        made = await app.api().post(f"/api/v1/events/{event['id']}/calls", json=call)
        assert made.status_code == 201, made.text
    firsts = {}
    for sort in ("institution", "-institution", "deadline", "-deadline", "nominated"):
        found = await app.api().get(f"/api/v1/events/{event['id']}/calls?sort={sort}")
        firsts[sort] = found.json()["items"][0]["institution"]
    assert firsts == {
        "institution": "Adana Directorate",
        "-institution": "Bursa Directorate",
        "deadline": "Bursa Directorate",
        "-deadline": "Adana Directorate",
        "nominated": "Adana Directorate",
    }


async def test_a_letter_back_to_several_focal_points_waits_to_be_sent(app: App) -> None:
    event, call, _ = await called(app)
    people = (await app.api().get("/api/v1/people")).json()["items"]
    other = {"name": "Can İki", "address": "can@example.org", "project_id": str(app.project_id)}
    second = (await app.api().post("/api/v1/people", json=other)).json()["id"]
    known = (await app.api().get("/api/v1/institutions", params={"kind": "directorate"})).json()["items"]
    asked = (await app.api().get(f"/api/v1/calls/{call}")).json()["institution"]
    path = f"/api/v1/institutions/{next(one['id'] for one in known if one['name'] == asked)}/focal-points"
    added = await app.api().put(path, json={"people": [people[0]["id"], second]})
    assert added.is_success, added.text
    desk = await app.at_desk()
    answer = await desk.send(f"/calls/{call}/return", {"text": "Please name a woman too."})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/mail/waiting?about={event['id']}")
    mails = await app.mails("events/call-return")
    assert [mail.state for mail in mails] == ["draft", "draft"]
    batch = await desk.client.get(answer.headers["location"], follow_redirects=True)
    assert "Letters back to institutions" in batch.text
