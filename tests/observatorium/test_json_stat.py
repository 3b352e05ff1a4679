"""Answers in JSON-stat2, as Statistics Norway gives them and as they may come when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from portal.observatorium import json_stat
from portal.observatorium.series_points import Fault, Point, Unusable
from tests.observatorium.figures import kostra


def read(cube: Any) -> tuple[Point, ...]:
    return json_stat.read(json.dumps(cube).encode())


def fault(content: bytes) -> tuple[Fault, str]:
    with pytest.raises(Unusable) as refused:
        json_stat.read(content)
    return refused.value.fault, refused.value.detail


def test_a_table_of_kostra_gives_its_points_in_the_order_of_time() -> None:
    assert read(kostra()) == (
        Point("2022", Decimal("79.8")),
        Point("2023", Decimal("80.5")),
        Point("2024", None, ".."),
        Point("2025", Decimal("81.4")),
    )


def test_a_sparse_answer_says_the_same_as_a_full_one() -> None:
    sparse = kostra(value={"0": 79.8, "1": 80.5, "3": 81.4}, status={"2": ".."})
    assert read(sparse) == read(kostra())


def test_the_categories_of_time_may_be_a_list() -> None:
    listed = kostra()
    listed["dimension"]["Tid"]["category"]["index"] = ["2022", "2023", "2024", "2025"]
    assert read(listed) == read(kostra())


def test_the_places_of_the_categories_decide_and_not_their_order_in_the_file() -> None:
    turned = kostra()
    turned["dimension"]["Tid"]["category"]["index"] = {"2025": 0, "2024": 1, "2023": 2, "2022": 3}
    turned["value"], turned["status"] = [81.4, None, 80.5, 79.8], {"1": ".."}
    assert read(turned) == read(kostra())


def test_time_is_known_by_its_name_when_no_role_says_so() -> None:
    plain = kostra()
    del plain["role"]
    assert read(plain) == read(kostra())


def test_one_sign_may_stand_for_all_values() -> None:
    assert {point.status for point in read(kostra(status="p"))} == {"p"}


def test_decimals_come_as_they_were_written() -> None:
    content = json.dumps(kostra()).replace("81.4", "81.40").encode()
    assert str(json_stat.read(content)[-1].value) == "81.40"


def test_an_answer_that_was_cut_is_told_from_one_that_is_no_dataset() -> None:
    whole = json.dumps(kostra()).encode()
    assert fault(whole[: len(whole) // 2])[0] is Fault.NOT_JSON
    assert fault(b"<html>Feil</html>")[0] is Fault.NOT_JSON
    assert fault(b"\xff\xfe\x00")[0] is Fault.NOT_JSON
    assert fault(b"[" * 200_000)[0] is Fault.NOT_JSON
    assert fault(b"[]")[0] is Fault.NOT_DATASET
    assert fault(b'{"class": "collection", "version": "2.0"}') == (Fault.NOT_DATASET, "collection")
    assert fault(b'{"class": "dataset", "version": "1.3"}') == (Fault.VERSION, "1.3")


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def spoil(cube: dict[str, Any]) -> None:
        for step in path[:-1]:
            cube = cube[step]
        del cube[path[-1]]

    return spoil


def _with(value: Any, *path: str) -> Callable[[dict[str, Any]], None]:
    def spoil(cube: dict[str, Any]) -> None:
        for step in path[:-1]:
            cube = cube[step]
        cube[path[-1]] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_without("size"), Fault.SHAPE),
        (_without("dimension"), Fault.SHAPE),
        (_without("dimension", "Tid"), Fault.SHAPE),
        (_without("dimension", "Tid", "category", "index"), Fault.SHAPE),
        (_without("value"), Fault.SHAPE),
        (_with([1, 1, 5], "size"), Fault.SIZES),
        (_with([1, 4], "size"), Fault.SIZES),
        (_with([1, 0, 4], "size"), Fault.SIZES),
        (_with([1, 1, 4.5], "size"), Fault.SIZES),
        (_with([1, 1, 10**9], "size"), Fault.SIZES),
        (_with([1, 1, "4"], "size"), Fault.SIZES),
        (_with(["Tid", "Tid", "Tid"], "id"), Fault.SIZES),
        (_with([79.8, 80.5], "value"), Fault.SIZES),
        (_with({"9": 79.8}, "value"), Fault.SIZES),
        (_with({"2022": 0, "2023": 1, "2024": 1, "2025": 3}, "dimension", "Tid", "category", "index"), Fault.SIZES),
        (_with({"2022": "0"}, "dimension", "Tid", "category", "index"), Fault.SHAPE),
        (_with("79.8", "value"), Fault.SHAPE),
        (_with(["79,8", 80.5, None, 81.4], "value"), Fault.VALUE),
        (_with([True, 80.5, None, 81.4], "value"), Fault.VALUE),
        (_with([float("nan"), 80.5, None, 81.4], "value"), Fault.VALUE),
        (_with([None] * 4, "value"), Fault.EMPTY),
        (_with(["a", "2023", "2024", "2025"], "dimension", "Tid", "category", "index"), Fault.PERIOD),
        (_with(["2023", "2023", "2024", "2025"], "dimension", "Tid", "category", "index"), Fault.DUPLICATE),
        (_with({"time": ["Annet"]}, "role"), None),
    ],
)
def test_an_answer_that_does_not_hold_together_is_refused(
    spoil: Callable[[dict[str, Any]], None], expected: Fault | None
) -> None:
    cube = kostra()
    spoil(cube)
    if expected is None:
        assert read(cube) == read(kostra())
    else:
        assert fault(json.dumps(cube).encode())[0] is expected


def test_a_number_that_would_fill_the_memory_is_refused() -> None:
    huge = json.dumps(kostra()).replace("81.4", "1e999999999")
    assert fault(huge.encode())[0] is Fault.VALUE
    sizes = json.dumps(kostra()).replace('"size": [1, 1, 4]', '"size": [1, 1, 1e999999999]')
    assert fault(sizes.encode())[0] is Fault.SIZES


def test_several_values_for_one_time_name_the_dimension_to_narrow() -> None:
    wide = kostra()
    wide["size"] = [2, 1, 4]
    wide["value"] = [1] * 8
    assert fault(json.dumps(wide).encode()) == (Fault.SEVERAL, "KOKkommuneregion0000")


def test_a_table_without_time_is_refused() -> None:
    timeless = kostra()
    timeless["id"][2] = "Sted"
    timeless["dimension"]["Sted"] = timeless["dimension"].pop("Tid")
    del timeless["role"]
    assert fault(json.dumps(timeless).encode())[0] is Fault.NO_TIME
