"""Orders, events and master rows to JSON and back, exactly: decimals as text, enums by value.

What has the value that its type gives it by default is left out: a third of the bytes, and of the time to read them. So
the default of a stored field is never changed; a field that means something else gets another name.
"""

from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter

from gateway.canonical.house import Warehouse
from gateway.orders.events import Event
from gateway.orders.order import Order

_EVENTS: dict[str, type] = {each.__name__: each for each in get_args(Event)}


def order_to_text(order: Order) -> str:
    """The order as JSON."""
    text: str = _serializer(Order).to_json(order, exclude_defaults=True).decode()
    return text


def order_from_text(text: str) -> Order:
    """The order of a row."""
    found: Order = _adapter(Order).validate_json(text)
    return found


def event_to_text(event: Event) -> tuple[str, str]:
    """The name of an event and its JSON."""
    kind: Any = type(event)
    return kind.__name__, _serializer(kind).to_json(event, exclude_defaults=True).decode()


def event_from_text(name: str, text: str) -> Event:
    """The event of a row."""
    found: Event = _adapter(_EVENTS[name]).validate_json(text)
    return found


def warehouse_to_text(warehouse: Warehouse) -> str:
    """The warehouse as JSON."""
    return warehouse.model_dump_json()


def warehouse_from_text(text: str) -> Warehouse:
    """The warehouse of a row."""
    return Warehouse.model_validate_json(text)


@cache
def _serializer(kind: Any) -> Any:
    """What writes JSON; asking the adapter for it each time costs as much as writing an event does."""
    return _adapter(kind).serializer


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
