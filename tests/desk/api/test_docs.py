import re
from pathlib import Path
from typing import Any

from tests.desk.api.conftest import Desk

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()


def operations(desk: Desk) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in desk.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/")
    }


async def test_the_page_and_the_api_have_the_same_routes(desk: Desk) -> None:
    written = set(re.findall(r"^\| `([A-Z]+ /[^`]+)` \|", PAGE, re.MULTILINE))
    assert written == set(operations(desk))


async def test_every_route_says_what_it_does_and_how_it_refuses(desk: Desk) -> None:
    for route, operation in operations(desk).items():
        assert operation["tags"] and operation["summary"] and operation["description"], route
        assert operation["security"], route
        assert "application/problem+json" in operation["responses"]["4XX"]["content"], route


async def test_every_parameter_of_a_route_is_on_the_page(desk: Desk) -> None:
    for route, operation in operations(desk).items():
        for parameter in operation.get("parameters", []):
            assert parameter["name"] in PAGE, (route, parameter["name"])


async def test_the_description_is_served_to_officers(desk: Desk) -> None:
    served = await desk.client.get("/api/v1/openapi.json")
    assert served.json()["paths"].keys() >= {"/api/v1/captures"}
