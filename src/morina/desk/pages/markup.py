"""Plain HTML elements: the desk uses the browser's own controls, not a widget library."""

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

Fields = dict[str, str]
"""What a form was sent with: field name to text."""


def tag(name: str, text: str = "", classes: str = "", /, **attributes: object) -> Element:
    """One HTML element; ``aria_label`` becomes ``aria-label``, a trailing ``_`` is dropped.

    The ``value`` of an input or textarea is what it starts with. It is set as the default, for
    whatever changes elsewhere on the page would otherwise write it again over what the user is
    typing. ``selected`` of an option and ``open`` of details are written only when they change.
    """
    if name in ("input", "textarea") and "value" in attributes:
        attributes["defaultValue"] = attributes.pop("value")
    element = Element(name)
    if text:
        element._text = text
    if classes:
        element.classes(classes)
    element.props.update(
        {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    )
    return element


def say(element: Element, text: str) -> None:
    """Change the text of an element that ``tag`` made."""
    if element._text != text:
        element._text = text
        element.update()


def open_details(details: Element) -> None:
    """Open a ``details``, also one that was opened so before and shut by the user since."""
    details.client.run_javascript(f"getHtmlElement({details.id})?.setAttribute('open', '')")


def button(
    text: str,
    on_click: Callable[[], Awaitable[None]],
    classes: str = "",
    **attributes: object,
) -> Element:
    """A button; ``data_key="a"`` gives it the shortcut ``a``, shown beside its text."""
    element = tag("button", text, classes, type="button", **attributes)
    element.on("click", lambda: on_click(), args=[])
    if key := attributes.get("data_key"):
        with element:
            tag("kbd", str(key).upper() if len(str(key)) == 1 else str(key), aria_hidden="true")
    return element


def form(
    on_send: Callable[[Fields], Awaitable[None]], classes: str = "", **attributes: object
) -> Element:
    """A form; ``on_send`` gets the text of every field when it is sent (Enter or its button)."""

    async def send(event: GenericEventArguments) -> None:
        await on_send({str(k): str(v) for k, v in dict(event.args).items()})

    return tag("form", "", classes, **attributes).on(
        "submit",
        send,
        js_handler="(e) => { e.preventDefault();"
        " emit(Object.fromEntries(new FormData(e.target))) }",
    )


def field(label: str, name: str, hint: str = "", /, **attributes: object) -> Element:
    """A labelled input; returns the input."""
    with tag("label", "", "field"):
        tag("span", label, "field-label")
        control = tag("input", name=name, **{"type": "text", "autocomplete": "off"} | attributes)
        if hint:
            tag("span", hint, "hint")
    return control


def choice(label: str, name: str, options: dict[str, str], chosen: str = "") -> Element:
    """A labelled selection of value to text; returns the select."""
    with tag("label", "", "field"):
        tag("span", label, "field-label")
        control = tag("select", name=name)
        with control:
            for value, text in options.items():
                tag("option", text, value=value, selected=value == chosen)
    return control
