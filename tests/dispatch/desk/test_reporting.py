"""Intake: nothing that was acknowledged is lost, nothing is taken in twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from dispatch import desk, store
from dispatch.desk import Report
from dispatch.errors import Invalid, KeyReused, Unknown
from dispatch.model import Outcome, Source, Stage
from gis.errors import OutsidePlace
from gis.model import Place, Point
from gis.store import contents
from tests.dispatch.make import HERE, MANHOLE, Town, new_key


def _count(town: Town) -> int:
    with town.engine.connect() as tx:
        return int(tx.execute(text("SELECT count(*) FROM incident")).scalar_one())


def _down(said: str | None, pin: Point | None) -> Place:
    raise TimeoutError("the geocoder is away")


def test_a_geocoder_that_is_down_keeps_no_report_out(town: Town) -> None:
    said = Report(district=town.district, class_code="C0101", source=Source.WEB, text="Behind the market hall")
    kept = desk.report(town.desk, who=None, report=said, locate=_down, key=new_key()).incident
    assert (kept.found, kept.point, kept.place) == ("not_located", None, "Behind the market hall")
    assert _count(town) == 1


def test_a_pin_is_kept_when_nobody_can_name_it(town: Town) -> None:
    said = Report(district=town.district, class_code="C0101", source=Source.WEB, point=HERE)
    kept = desk.report(town.desk, who=None, report=said, locate=_down, key=new_key()).incident
    assert (kept.found, kept.point, kept.cell) == ("pin", HERE, None)


def test_an_unknown_address_is_kept_as_it_was_said_and_located_later(town: Town) -> None:
    case = town.report(town.dispatcher, text="Nowhere Street 1")
    assert (case.found, case.area, case.place) == ("not_located", None, "Nowhere Street 1")
    with town.engine.connect() as tx:
        assert [c.id for c in store.unlocated(tx, town.district)] == [case.id]
    after = desk.relocate(
        town.desk,
        who=town.dispatcher,
        incident=case.id,
        version=case.version,
        text="Korkeavuorenkatu 30",
        point=None,
        locate=town.locate,
        key=new_key(),
    )
    assert (after.found, after.area, after.cell) == ("exact", town.north, town.north_cell)
    with town.engine.connect() as tx:
        assert store.unlocated(tx, town.district) == []


def test_a_pin_outside_the_district_is_told_to_whoever_set_it(town: Town) -> None:
    def outside(said: str | None, pin: Point | None) -> Place:
        raise OutsidePlace(lon=0.0, lat=0.0, district="HEL")

    said = Report(district=town.district, class_code="C0101", source=Source.WEB, point=Point(0.0, 0.0))
    with pytest.raises(OutsidePlace):
        desk.report(town.desk, who=None, report=said, locate=outside, key=new_key())
    assert _count(town) == 0


def test_a_phone_that_repeats_a_report_gets_the_same_answer(town: Town) -> None:
    said = Report(district=town.district, class_code="C0101", source=Source.WEB, text="Korkeavuorenkatu 30")
    first = desk.report(town.desk, who=None, report=said, locate=town.locate, key="k-1")
    again = desk.report(town.desk, who=None, report=said, locate=town.locate, key="k-1")
    assert again == first
    assert first.token
    assert _count(town) == 1


def test_one_key_does_not_stand_for_two_reports(town: Town) -> None:
    town.report(town.dispatcher, key="k-1")
    with pytest.raises(KeyReused):
        town.report(town.dispatcher, key="k-1", description="something else")
    assert _count(town) == 1


def test_two_people_with_one_key_do_not_share_a_case(town: Town) -> None:
    town.report(town.dispatcher, key="k-1")
    with pytest.raises(KeyReused) as heard:
        town.report(town.supervisor, key="k-1")
    assert heard.value.params["key"] == "k-1"


def test_the_same_report_sent_by_eight_threads_at_once_makes_one_case(town: Town) -> None:
    gate = Barrier(8)

    def send(_: int) -> int:
        gate.wait(timeout=10)
        return town.report(town.dispatcher, key="k-1").id

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))
    assert len(answers) == 1
    assert _count(town) == 1


def test_numbers_of_reports_at_once_are_all_different(town: Town) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: town.report(town.dispatcher).number, range(24)))
    assert len(set(numbers)) == 24
    assert sorted(numbers)[-1].endswith("-0024")
    assert numbers[0].startswith("HEL-")


def test_the_staffs_report_is_filed_with_its_clocks(town: Town) -> None:
    case = town.report(town.worker, source=Source.FIELD, filing_criterion="broken")
    assert (case.stage, case.filing_criterion, case.handle_seconds) == (Stage.FILED, "broken", 4 * 3600)
    assert case.due_accept_at is not None
    assert (case.due_accept_at - case.reported_at).total_seconds() == 600
    assert case.due_handle_at is None  # starts when somebody is sent


@pytest.mark.parametrize("who", ["resident", "volunteer"])
def test_a_residents_report_waits_even_with_an_account(town: Town, who: str) -> None:
    assert town.report(getattr(town, who), source=Source.FIELD).stage is Stage.COLLECTED


def test_a_report_without_a_title_is_called_by_its_class_in_the_language_of_the_reporter(town: Town) -> None:
    said = Report(district=town.district, class_code=MANHOLE.code, source=Source.WEB, description="x", point=HERE)
    told = {
        language: desk.report(
            town.desk, who=None, report=said, locate=_down, key=new_key(), language=language
        ).incident.title
        for language in ("en", "zh-Hans", "zh-Hant")
    }
    assert told == {language: MANHOLE.names[language] for language in told}


def test_a_resident_chooses_among_public_classes_only(town: Town) -> None:
    with pytest.raises(Invalid):
        town.report(None, source=Source.WEB, class_code="X9996")
    assert town.report(town.dispatcher, class_code="X9996").class_code == "X9996"


def test_a_class_that_is_not_in_the_table_is_unknown(town: Town) -> None:
    with pytest.raises(Unknown):
        town.report(town.dispatcher, class_code="C9999")


@pytest.mark.parametrize("wrong", [{"description": "x" * 4001}, {"text": "a\x00b"}, {"point": Point(200.0, 0.0)}])
def test_what_cannot_be_stored_is_refused_with_its_field(town: Town, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid) as heard:
        town.report(town.dispatcher, **wrong)
    assert heard.value.params["field"] in wrong


def test_whoever_holds_the_token_follows_the_case_and_judges_it_once_it_is_closed(town: Town) -> None:
    said = Report(district=town.district, class_code="C0101", source=Source.WEB, text="Korkeavuorenkatu 30")
    made = desk.report(town.desk, who=None, report=said, locate=town.locate, key=new_key())
    assert made.token
    assert desk.follow(town.desk, token=made.token).id == made.incident.id
    with pytest.raises(Unknown):
        desk.follow(town.desk, token="somebody else's")
    filed = town.fed_back(town.assigned(made.incident, town.worker), town.worker, Outcome.OK).incident
    done = town.fed_back(town.assigned(filed, town.worker), town.worker).incident
    desk.close(town.desk, who=town.dispatcher, incident=done.id, version=None, criterion="restored", key=new_key())
    judged = desk.evaluate_public(town.desk, token=made.token, score=4, comment="quick", key=new_key())
    assert (judged.stage, judged.score) == (Stage.EVALUATED, 4)


ELSEWHERE = Point(24.9405, 60.1650)


def moved(town: Town, point: Point, said: str = "Behind the market hall") -> None:
    """Reported by words that somebody then corrects with a pin, twice over: the second time teaches nothing more."""
    case = town.report(town.dispatcher, text=said)
    for pin in (point, Point(point.lon + 1e-3, point.lat)):
        case = desk.relocate(
            town.desk,
            who=town.dispatcher,
            incident=case.id,
            version=case.version,
            text=None,
            point=pin,
            locate=town.locate,
            key=new_key(),
        )


def confirmed(town: Town) -> list[tuple[str, int]]:
    with town.engine.connect() as tx:
        return [(row[0], row[1]) for row in tx.execute(text("SELECT name, confirmed FROM register_alias ORDER BY id"))]


def test_a_pin_that_was_moved_becomes_a_name_after_a_second_case(town: Town) -> None:
    with town.engine.begin() as tx:
        before = contents.version(tx, town.district)
    moved(town, ELSEWHERE)
    assert confirmed(town) == [("Behind the market hall", 1)]
    moved(town, ELSEWHERE)
    assert confirmed(town) == [("Behind the market hall", 2)]
    with town.engine.begin() as tx:
        assert contents.version(tx, town.district) > before


def test_a_pin_next_to_where_the_words_were_found_teaches_nothing(town: Town) -> None:
    moved(town, Point(HERE.lon, HERE.lat + 1e-4), said="Korkeavuorenkatu 30")
    assert confirmed(town) == []
    moved(town, ELSEWHERE, said="Korkeavuorenkatu 30")
    assert confirmed(town) == [("Korkeavuorenkatu 30", 1)]
