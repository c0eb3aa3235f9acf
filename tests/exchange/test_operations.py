"""Joint operations of three authorities, each with a database of its own."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from PIL import Image

from joined import NOW, Node, Nodes, databases, joined
from morina.accountability import PurposeCode
from morina.exchange import Because, Category, Kind, NotAgreedError, pseudonym
from morina.exchange.adapters.operations_forgetting import forget_operations
from morina.exchange.fields import known_fields
from morina.exchange.operations import (
    OPERATION_FIELDS,
    TRANSITIONS,
    Actor,
    Attached,
    ItemKind,
    Key,
    NoSuchItemError,
    OperationItem,
    OperationView,
    RefusedItemError,
    TaskState,
    TaskStep,
    Writing,
    diagram,
)
from morina.exchange.operations.counts import StopReason, counted
from morina.exchange.operations.tasks import stepped

ANA = Actor("ana", NOW)
ALL = frozenset({"GB", "XK"})
DOCS = Path(__file__).parents[2] / "docs" / "exchange-operations.md"


class WithPostgres(Protocol):
    """The session's engines, as the top conftest gives them."""

    postgres: str


@pytest.fixture(scope="module")
def dsns(engines: WithPostgres) -> Iterator[dict[str, str]]:
    with databases(engines.postgres, "AL", "GB", "XK") as made:
        yield made


@pytest.fixture
async def nodes(dsns: dict[str, str], tmp_path: Path) -> AsyncIterator[Nodes]:
    async with joined(dsns, tmp_path) as made:
        yield made


def case(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Two crossings", "purpose": "finding stolen cars on their way out",
        "purpose_code": PurposeCode.SERIOUS_CRIME.value, "case_number": "C-7",
        "legal_basis": "Memorandum of the tests", "authorities": ["GB", "XK"],
        "begins_at": NOW.isoformat(), "ends_at": (NOW + timedelta(days=2)).isoformat(),
    } | changed  # fmt: skip


async def begun(nodes: Nodes) -> OperationItem:
    made = await nodes["AL"].operations.begin(Writing(ItemKind.CASE, case(), ALL), ANA)
    await nodes.arrive()
    return made


def task(to: frozenset[str] = ALL, **changed: Any) -> Writing:
    return Writing(ItemKind.TASK, {"title": "Watch the north road"} | changed, to)


async def seen(node: Node, operation: Key, authority: str = "") -> OperationView:
    return await node.operations.operation(operation, Actor("somebody", NOW, authority))


async def state_at(node: Node, one: OperationItem) -> tuple[str, str]:
    view = await seen(node, one.operation)
    [found] = [item for item in view.items if item.key == one.key]
    return found.text("state"), found.text("taken_by")


async def test_an_item_reaches_those_it_is_addressed_to_and_nobody_else(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    al = nodes["AL"].operations
    await al.add(operation, Writing(ItemKind.NOTE, {"words": "for nobody"}), ANA)
    await al.add(operation, Writing(ItemKind.NOTE, {"words": "for GB"}, frozenset({"GB"})), ANA)
    gone = await nodes.arrive()
    assert [one.to for one in gone] == ["GB"]
    said = {
        name: {item.text("words") for item in (await seen(nodes[name], operation)).items}
        for name in ("AL", "GB", "XK")
    }
    assert said == {"AL": {"for nobody", "for GB"}, "GB": {"for GB"}, "XK": set()}


async def test_names_of_officers_leave_as_pseudonyms(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    writing = Writing(ItemKind.OFFICER, {"officer": "ben", "duty": "north"}, frozenset({"GB"}))
    await nodes["AL"].operations.add(operation, writing, ANA)
    [message] = await nodes.arrive()
    assert "ben" not in str(message) and "'ana'" not in str(message)
    [there] = (await seen(nodes["GB"], operation)).items
    assert there.text("officer") == pseudonym("secret of AL", "AL", "ben")
    [here] = (await seen(nodes["AL"], operation)).items
    assert here.text("officer") == "ben"


async def test_without_an_agreement_nothing_is_kept_or_told(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    nodes.agreed.end("AL", "XK")
    with pytest.raises(NotAgreedError, match="XK: ") as refused:
        await nodes["AL"].operations.add(operation, task(), ANA)
    assert refused.value.denial.because is Because.NO_AGREEMENT
    assert await nodes.waiting() == []
    assert (await seen(nodes["AL"], operation)).items == []


async def test_a_field_that_is_not_agreed_is_named(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    nodes.agreed.end("AL", "GB")
    nodes.agreed.add("AL", "GB", fields=frozenset({"title", "state"}))
    with pytest.raises(NotAgreedError, match="GB: the field words is not among those agreed"):
        await nodes["AL"].operations.add(operation, task(words="by night"), ANA)


async def test_only_who_takes_part_is_addressed(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    with pytest.raises(RefusedItemError, match="ME takes no part"):
        await nodes["AL"].operations.add(operation, task(frozenset({"ME"})), ANA)


async def test_an_addressee_neither_changes_nor_passes_an_item_on(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    note = Writing(ItemKind.NOTE, {"words": "for GB"}, frozenset({"GB"}))
    told = await nodes["AL"].operations.add(operation, note, ANA)
    await nodes.arrive()
    gb = nodes["GB"].operations
    for change in (
        gb.revise(told.key, replace(note, addressed=frozenset({"XK"})), ANA),
        gb.withdraw(told.key, ANA),
    ):
        with pytest.raises(RefusedItemError, match="it is AL's"):
            await change
    assert await nodes.waiting() == []


async def test_a_task_is_taken_by_one_and_all_addressees_learn_it(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    one = await nodes["AL"].operations.add(operation, task(), ANA)
    await nodes.arrive()
    await nodes["GB"].operations.step(one.key, TaskStep.TAKE, ANA)
    await nodes["XK"].operations.step(one.key, TaskStep.TAKE, ANA)
    await nodes.arrive(twice=True)
    assert [await state_at(nodes[n], one) for n in ("AL", "GB", "XK")] == [("taken", "GB")] * 3
    assert nodes["AL"].refused[:1] == ["step"]
    await nodes["GB"].operations.step(one.key, TaskStep.FINISH, ANA)
    await nodes.arrive()
    assert [await state_at(nodes[n], one) for n in ("AL", "GB", "XK")] == [("done", "GB")] * 3


async def test_only_those_a_task_is_addressed_to_take_a_step_of_it(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    one = await nodes["AL"].operations.add(operation, task(frozenset({"GB"})), ANA)
    await nodes.arrive()
    with pytest.raises(NoSuchItemError):
        await nodes["XK"].operations.step(one.key, TaskStep.TAKE, ANA)
    await nodes["GB"].operations.step(one.key, TaskStep.TAKE, ANA)
    [asked] = await nodes.waiting()
    nodes.agreed.kept = [
        replace(kept, giver="XK") if (kept.giver, kept.receiver) == ("GB", "AL") else kept
        for kept in nodes.agreed.kept
    ]
    nodes.passed.append(asked)
    await nodes.hand(replace(asked, sender="XK", message_id=uuid4()))
    assert nodes["AL"].refused == ["step"]
    assert await state_at(nodes["AL"], one) == ("open", "")


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("step", TaskStep)
async def test_every_step_that_is_not_in_the_table_is_refused(
    state: TaskState, step: TaskStep
) -> None:
    fields = {"state": state.value, "taken_by": "GB"}
    if (state, step) in TRANSITIONS:
        assert stepped(fields, step, "AL", "AL")["state"] == TRANSITIONS[state, step]
    else:
        with pytest.raises(RefusedItemError, match=f"the task is {state}"):
            stepped(fields, step, "AL", "AL")


async def test_what_is_taken_back_is_gone_everywhere_though_the_agreement_ended(
    nodes: Nodes,
) -> None:
    operation = (await begun(nodes)).key
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    file = Attached("plan.png", picture.getvalue(), ALL)
    one = await nodes["AL"].operations.attach(operation, file, ANA)
    await nodes.arrive()
    there, content = await nodes["GB"].operations.content(one.key, ANA)
    assert (content, there.text("media_type")) == (file.content, "image/png")
    nodes.agreed.end("AL", "GB")
    await nodes["AL"].operations.withdraw(one.key, ANA)
    gone = await nodes.arrive()
    assert {(m.to, m.kind, m.items) for m in gone} == {
        ("GB", Kind.OPERATION_WITHDRAW, ()), ("XK", Kind.OPERATION_WITHDRAW, ())
    }  # fmt: skip
    for name in ("AL", "GB", "XK"):
        assert (await seen(nodes[name], operation)).items == []
        with pytest.raises(NoSuchItemError):
            await nodes[name].operations.content(one.key, ANA)
    for name in ("GB", "XK"):
        assert not await nodes[name].ways.files.has(one.text("sha256"))  # type: ignore[attr-defined]


async def test_who_is_no_longer_addressed_has_it_no_longer(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    note = Writing(ItemKind.NOTE, {"words": "for both"}, ALL)
    one = await nodes["AL"].operations.add(operation, note, ANA)
    await nodes.arrive()
    less = Writing(ItemKind.NOTE, {"words": "for GB alone"}, frozenset({"GB"}))
    await nodes["AL"].operations.revise(one.key, less, ANA)
    await nodes.arrive(twice=True)
    assert [i.text("words") for i in (await seen(nodes["GB"], operation)).items] == ["for GB alone"]
    assert (await seen(nodes["XK"], operation)).items == []


async def test_an_older_revision_that_comes_late_changes_nothing(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    note = Writing(ItemKind.NOTE, {"words": "first"}, frozenset({"GB"}))
    one = await nodes["AL"].operations.add(operation, note, ANA)
    [first] = await nodes.arrive()
    await nodes["AL"].operations.revise(one.key, replace(note, fields={"words": "second"}), ANA)
    await nodes.arrive()
    await nodes.hand(first)
    assert [i.text("words") for i in (await seen(nodes["GB"], operation)).items] == ["second"]
    await nodes["AL"].operations.withdraw(one.key, ANA)
    await nodes.arrive()
    await nodes.hand(first)
    assert (await seen(nodes["GB"], operation)).items == []


async def test_what_is_counted_at_a_check_adds_up_at_its_owner(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    check = Writing(ItemKind.CHECK, {"title": "Lorries", "crossing": "North"}, ALL)
    one = await nodes["AL"].operations.add(operation, check, ANA)
    await nodes.arrive()
    for name, vehicles in (("AL", 40), ("GB", 12), ("XK", 8)):
        fields = {"task": str(one.key), "vehicles_checked": vehicles, "hits": 1,
                  "stopped": ["documents:2"]}  # fmt: skip
        to = frozenset() if name == "AL" else frozenset({"AL"})
        await nodes[name].operations.add(operation, Writing(ItemKind.RESULT, fields, to), ANA)
    await nodes.arrive()
    total = counted((await seen(nodes["AL"], operation)).of(ItemKind.RESULT))
    assert (total.vehicles_checked, total.hits) == (60, 3)
    assert total.stopped == {StopReason.DOCUMENTS: 6}
    assert counted((await seen(nodes["GB"], operation)).of(ItemKind.RESULT)).vehicles_checked == 12


@pytest.mark.parametrize(
    "fields",
    [
        {"vehicles_checked": -1}, {"vehicles_checked": True}, {"stopped": ["Agim Hoxha:1"]},
        {"stopped": ["documents:x"]}, {"vehicles_checked": 1, "words": "a name"},
    ],
)  # fmt: skip
async def test_a_result_holds_numbers_only(nodes: Nodes, fields: dict[str, Any]) -> None:
    operation = (await begun(nodes)).key
    full = {"task": f"AL.{uuid4()}", "vehicles_checked": 1} | fields
    with pytest.raises(RefusedItemError):
        await nodes["AL"].operations.add(operation, Writing(ItemKind.RESULT, full), ANA)


async def test_a_liaison_officer_sees_what_is_addressed_to_their_authority_alone(
    nodes: Nodes,
) -> None:
    operation = (await begun(nodes)).key
    al, liaison = nodes["AL"].operations, Actor("lena", NOW, "GB")
    await al.add(operation, Writing(ItemKind.NOTE, {"words": "ours"}), ANA)
    await al.add(operation, Writing(ItemKind.NOTE, {"words": "for XK"}, frozenset({"XK"})), ANA)
    await al.add(operation, Writing(ItemKind.NOTE, {"words": "for GB"}, frozenset({"GB"})), ANA)
    own = await al.add(operation, Writing(ItemKind.NOTE, {"words": "by lena"}), liaison)
    view = await al.operation(operation, liaison)
    assert {item.text("words") for item in view.items} == {"for GB", "by lena"}
    theirs = next(item for item in view.items if item.by == "ana")
    assert (own.by, own.by_authority) == ("lena", "GB")
    ours = next(i for i in (await seen(nodes["AL"], operation)).items if i.text("words") == "ours")
    with pytest.raises(NoSuchItemError):
        await al.withdraw(ours.key, liaison)
    with pytest.raises(RefusedItemError, match="it is AL's"):
        await al.withdraw(theirs.key, liaison)
    with pytest.raises(RefusedItemError, match="own officers"):
        await al.begin(Writing(ItemKind.CASE, case()), liaison)
    private = await al.begin(Writing(ItemKind.CASE, case(authorities=["XK"])), ANA)
    with pytest.raises(NoSuchItemError):
        await al.operation(private.key, liaison)
    assert [one.key for one in await al.operations(liaison)] == [operation]


async def test_a_case_is_told_by_its_lead_and_an_item_to_this_node(nodes: Nodes) -> None:
    await nodes["AL"].operations.begin(Writing(ItemKind.CASE, case(), ALL), ANA)
    message, other = await nodes.waiting()
    nodes.passed += [message, other]
    forged = replace(message, said={**message.said, "operation": f"XK.{uuid4()}"})
    await nodes.hand(forged)
    elsewhere = replace(message, said={**message.said, "addressed": ["XK"]})
    await nodes.hand(elsewhere)
    broken = replace(message, said={**message.said, "revision": "many"})
    await nodes.hand(broken)
    assert nodes[message.to].refused == ["not_owner", "not_addressed", "malformed"]
    assert await nodes[message.to].operations.operations(ANA) == []


async def test_an_item_of_who_takes_no_part_is_not_shown(nodes: Nodes) -> None:
    fields = case(authorities=["GB"])
    made = await nodes["AL"].operations.begin(
        Writing(ItemKind.CASE, fields, frozenset({"GB"})), ANA
    )
    await nodes.arrive()
    note = Writing(ItemKind.NOTE, {"words": "for GB"}, frozenset({"GB"}))
    await nodes["AL"].operations.add(made.key, note, ANA)
    [message] = await nodes.waiting()
    nodes.passed.append(message)
    under = nodes.agreed.add("XK", "GB")
    assert message.why
    why = replace(message.why, agreement_id=under.agreement_id)
    await nodes.hand(replace(message, sender="XK", why=why))
    assert (await seen(nodes["GB"], made.key)).items == []


async def test_a_partners_items_are_forgotten_when_the_agreement_says_so(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    file = Attached("a.txt", b"plain words\n", frozenset({"GB"}))
    one = await nodes["AL"].operations.attach(operation, file, ANA)
    await nodes.arrive()
    gb = nodes["GB"]
    assert await forget_operations(gb.pool, gb.ways, NOW + timedelta(days=9)) == 0
    assert await forget_operations(gb.pool, gb.ways, NOW + timedelta(days=11)) == 2
    assert await gb.operations.operations(ANA) == []
    assert not await gb.ways.files.has(one.text("sha256"))  # type: ignore[attr-defined]
    al = nodes["AL"]
    assert await forget_operations(al.pool, al.ways, NOW + timedelta(days=300)) == 0
    assert await forget_operations(al.pool, al.ways, NOW + timedelta(days=368)) == 2


async def test_every_act_is_in_the_trail_under_the_persons_name(nodes: Nodes) -> None:
    operation = (await begun(nodes)).key
    one = await nodes["AL"].operations.add(operation, task(), Actor("lena", NOW, "GB"))
    await nodes.arrive()
    await nodes["GB"].operations.step(one.key, TaskStep.TAKE, ANA)
    await nodes.arrive()
    async with nodes["AL"].pool.connection() as connection:
        rows = await connection.execute(
            "SELECT who, act, what ->> 'step', with_whom, why ->> 'case_number' FROM trail"
        )
        found = await rows.fetchall()
    assert ("ana", "alteration", "case added", "GB, XK", "C-7") in found
    assert ("lena", "alteration", "task added", "GB, XK", "C-7") in found
    assert ("morina", "alteration", "task take by GB", "GB, XK", "C-7") in found


def test_an_agreement_may_name_every_field_of_an_item_and_no_other() -> None:
    assert known_fields(Category.OPERATION) == OPERATION_FIELDS


def test_the_diagram_of_the_page_is_the_one_drawn_from_the_table() -> None:
    found = re.search(
        r"<!-- tasks.*?-->\n```mermaid\n(.*?)```\n<!-- end -->", DOCS.read_text(), re.DOTALL
    )
    assert found
    assert found[1] == diagram()
