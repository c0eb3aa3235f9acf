"""The reference register on PostgreSQL, and the file it comes from."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters.postgres_register import PostgresRegister, import_register
from morina.exchange.register import Named, RefusedVehicleError, RegisteredVehicle
from morina.exchange.register_file import RegisterFileError, rows
from morina.migrations.rights import give_rights

HEAD = (
    "plate,register_country,vin,make,model,colour,eu_category,power_kw,status,holder_name,"
    "valid_from,valid_to"
)
GOLF = (
    "AB 12-cde,GB,WVWZZZ1KZAW000001,Volkswagen,Golf,silver,M1,77,,A. Invented,2019-03-01,2024-01-01"
)
LATER = "AB12CDE,GB,TMBZZZ1Z9A2000002,Skoda,Fabia,red,M1,55,stolen,B. Invented,2024-01-01,"
ALBANIAN = "AB12CDE,AL,WDB1240191B000003,Mercedes-Benz,E,black,M1,,,,2010-01-01,"


async def imported(dsn: str, *lines: str) -> int:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        return await import_register(connection, [HEAD, *lines])


async def makes(
    pool: AsyncConnectionPool, named: Named, at: datetime | None = None
) -> list[object]:
    return [one.fields["make"] for one in await PostgresRegister(pool).look_up(named, at)]


async def test_a_plate_answers_with_its_country_and_a_vin_without(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    assert await imported(dsn, GOLF, LATER, ALBANIAN) == 3
    assert await makes(pool, Named.of("ab12 cde", "GB")) == ["Skoda"]
    assert await makes(pool, Named.of("AB12CDE", "AL")) == ["Mercedes-Benz"]
    assert await makes(pool, Named.of("AB12CDE", "XK")) == []
    assert await makes(pool, Named.of(vin="TMBZZZ1Z9A2000002")) == ["Skoda"]


async def test_a_reference_time_answers_with_the_state_of_that_moment(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    await imported(dsn, GOLF, LATER)
    named = Named.of("AB12CDE", "GB")
    assert await makes(pool, named, datetime(2020, 6, 1, tzinfo=UTC)) == ["Volkswagen"]
    assert await makes(pool, named, datetime(2023, 12, 31, 23, 59, tzinfo=UTC)) == ["Volkswagen"]
    assert await makes(pool, named, datetime(2024, 1, 1, tzinfo=UTC)) == ["Skoda"]
    assert await makes(pool, named, datetime(2019, 2, 28, tzinfo=UTC)) == []


async def test_fields_come_as_messages_carry_them(pool: AsyncConnectionPool, dsn: str) -> None:
    await imported(dsn, LATER)
    [one] = await PostgresRegister(pool).look_up(Named.of("AB12CDE", "GB"))
    assert one.is_stolen and one.fields["power_kw"] == 55
    assert one.plate is not None and one.plate.country == "GB"


def test_an_answer_never_tells_a_person_and_of_several_only_the_refine_set() -> None:
    vehicle = RegisteredVehicle(
        {"plate": "AB12CDE", "make": "Skoda", "colour": "red", "holder_name": "B. Invented"}
    )
    everything = frozenset({"plate", "make", "colour", "holder_name"})
    assert vehicle.told(everything, refined=False).keys() == {"plate", "make", "colour"}
    assert vehicle.told(everything, refined=True).keys() == {"plate", "make"}
    assert vehicle.told(frozenset({"make"}), refined=False) == {"make": "Skoda"}


async def test_a_bad_line_is_named_and_the_register_stays_as_it_was(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    await imported(dsn, GOLF.replace("2024-01-01", ""))
    with pytest.raises(RegisterFileError, match="line 3, power_kw: 'many' is no whole number"):
        await imported(dsn, LATER, LATER.replace("55", "many"))
    assert await makes(pool, Named.of("AB12CDE", "GB")) == ["Volkswagen"]


async def test_an_import_replaces_the_whole_and_the_node_may_still_read_it(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    service = dsn.replace("postgres:", "morina_register_test:", 1)
    give_rights(dsn, service)
    await imported(dsn, GOLF.replace("2024-01-01", ""))
    await imported(dsn, ALBANIAN)
    assert await makes(pool, Named.of("AB12CDE", "GB")) == []
    async with AsyncConnectionPool(service, min_size=1, open=False) as opened:
        assert await makes(opened, Named.of("AB12CDE", "AL")) == ["Mercedes-Benz"]


async def test_a_register_in_a_database_of_its_own_is_made_by_its_first_import(dsn: str) -> None:
    await imported(dsn, ALBANIAN)
    async with AsyncConnectionPool(dsn, min_size=1, open=False) as opened:
        assert await makes(opened, Named.of("AB12CDE", "AL")) == ["Mercedes-Benz"]


async def test_a_register_that_is_away_says_so(dsn: str) -> None:
    async with AsyncConnectionPool(dsn, min_size=1, open=False) as opened:
        with pytest.raises(ConnectionError, match="register does not answer"):
            await PostgresRegister(opened).look_up(Named.of("AB12CDE", "AL"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOLF.replace(",GB,", ",gb,"), "line 2, register_country"),
        (GOLF.replace("AB 12-cde", "AB*"), "line 2, plate: wildcards"),
        (GOLF.replace("2019-03-01", "March"), "line 2, valid_from"),
        (GOLF.replace("2019-03-01", ""), "line 2, valid_from: is empty"),
        (GOLF.replace("2019-03-01", "2025-03-01"), "line 2, valid_to: is not after"),
        (GOLF + ",more", "line 2, plate: 13 cells"),
        (GOLF.replace("AB 12-cde,GB,WVWZZZ1KZAW000001", ",GB,"), "line 2, plate: is empty"),
        (GOLF.replace("A. Invented", "\x07"), "line 2, holder_name: is not plain text"),
        (GOLF.replace("Golf", 'G"o"lf').replace("silver", '"silver'), "line 2"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_column(line: str, said: str) -> None:
    with pytest.raises(RegisterFileError, match=said):
        list(rows([HEAD, line]))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("plate,register_country,valid_from,nonsense", "line 1, nonsense: is no column"),
        ("plate,register_country", "line 1, valid_from: is missing"),
        ("register_country,valid_from", "line 1, plate: is missing"),
        ("plate,plate,register_country,valid_from", "line 1, plate: stands twice"),
        ("", "line 1, register_country: is missing"),
    ],
)
def test_what_is_wrong_with_a_header_is_said(head: str, said: str) -> None:
    with pytest.raises(RegisterFileError, match=said):
        list(rows([head]))


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"plate": "AB*", "country": "GB"}, "plate"),
        ({"plate": "AB?2CDE", "country": "GB"}, "plate"),
        ({"plate": "AB12%", "country": "GB"}, "plate"),
        ({"plate": "AB", "country": "GB"}, "plate"),
        ({"plate": "AB12CDE"}, "country"),
        ({"plate": "AB12CDE", "country": "GB", "vin": "WVWZZZ1KZAW000001"}, "plate"),
        ({}, "plate"),
        ({"vin": "WVWZZZ1KZAW00000"}, "vin"),
        ({"vin": "WVWZZZ1KZAW00000O"}, "vin"),
        ({"vin": "WVWZZZ1KZIW000001"}, "vin"),
        ({"vin": "WVWZZZ1K*AW000001"}, "vin"),
    ],
)
def test_only_one_full_plate_or_vin_is_taken(typed: dict[str, str], place: str) -> None:
    with pytest.raises(RefusedVehicleError) as refused:
        Named.of(**typed)
    assert refused.value.place == place


def test_a_plate_and_a_vin_are_taken_as_typed_by_people() -> None:
    assert Named.of(" ab12 cde ", "gb").words == "GB AB12CDE"
    assert Named.of(vin="wvwzzz1kz aw000001").words == "VIN WVWZZZ1KZAW000001"


def test_the_example_of_the_docs_can_be_imported() -> None:
    text = Path("docs/exchange-questions.md").read_text().split("```csv\n")[1].split("```")[0]
    assert len(list(rows(text.splitlines()))) >= 3
