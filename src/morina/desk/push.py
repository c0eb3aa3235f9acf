"""Where cameras that read plates themselves push what they read, at the desk: see ``push_door``."""

from fastapi import APIRouter

from morina.desk.api.route import Route
from morina.desk.push_door import FIXED, METHODS, PushDoor
from morina.desk.services import Services


def router(services: Services) -> APIRouter:
    """The push addresses. ``push_door.PUSH_PATHS`` lets them through the gate to here."""
    door = PushDoor(
        services.pushing,
        services.receiving,
        services.session_secret,
        services.limits.certificate_header,
    )
    routes = APIRouter(route_class=Route, include_in_schema=False)
    methods = list(METHODS)
    routes.add_api_route("/push/{secret}", door.by_secret, methods=methods)
    routes.add_api_route("/push/{secret}/{rest:path}", door.by_secret, methods=methods)
    for path in FIXED:
        routes.add_api_route(path + "{rest:path}", door.at_fixed_path, methods=methods)
    return routes
