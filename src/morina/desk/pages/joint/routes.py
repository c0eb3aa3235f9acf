"""The addresses of the pages of joint operations."""

from collections.abc import Callable

from fastapi import Request

from morina.desk.pages.joint.list import operations_page
from morina.desk.pages.joint.operation import operation_page
from morina.desk.pages.serving import page
from morina.desk.pages.visit import Visit


def add_operations_pages(visit: Callable[[Request], Visit]) -> None:
    """Serve them."""

    @page("/operations")
    async def operations(request: Request) -> None:
        await operations_page(visit(request))

    @page("/operations/{operation_id}")
    async def operation(request: Request, operation_id: str) -> None:
        await operation_page(visit(request), operation_id)
