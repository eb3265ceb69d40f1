"""An order and its acknowledgement survive the wire byte for byte; what is none is refused with its reason."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.orders.errors import BadWire
from casework.orders.wire import (
    Acknowledgement,
    Answer,
    Order,
    OrderKind,
    acknowledgement_from,
    order_from,
    to_bytes,
)

ORDER = Order(
    order="6f1c2d3e-0000-4000-8000-000000000001", kind=OrderKind.SUSPEND, place_code="H11010100001",
    practitioner_code="D110101000001", begins=date(2026, 4, 1), ends=date(2026, 9, 30),
    law="医保发〔2024〕23号 第十八条", issued=datetime(2026, 3, 31, 17, 5, 9), issuer="110000",
    reverses=None, sequence=1,
)  # fmt: skip
BYTES = (
    '{"begins":"2026-04-01","ends":"2026-09-30","issued":"2026-03-31T17:05:09","issuer":"110000",'
    '"kind":"suspend","law":"医保发〔2024〕23号 第十八条","order":"6f1c2d3e-0000-4000-8000-000000000001",'
    '"place_code":"H11010100001","practitioner_code":"D110101000001","reverses":null,"sequence":1}'
).encode()

ids = st.from_regex(r"[0-9A-Za-z_-]{8,64}", fullmatch=True)
codes = st.from_regex(r"[0-9A-Z一-龥]{1,20}", fullmatch=True)
times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))
days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)
orders = st.builds(
    Order, order=ids, kind=st.sampled_from(OrderKind), place_code=codes, practitioner_code=codes,
    begins=days, ends=st.none() | st.dates(date(2050, 1, 1), date(2099, 1, 1)), law=texts, issued=times,
    issuer=codes, reverses=st.none() | ids, sequence=st.integers(1, 2**53 - 1),
)  # fmt: skip
acknowledgements = st.builds(
    Acknowledgement, order=ids, status=st.sampled_from(Answer), receipt=texts, received=times,
    reason=st.none() | texts,
)  # fmt: skip


def test_the_bytes_of_an_order_are_these():
    assert to_bytes(ORDER) == BYTES
    assert order_from(BYTES) == ORDER


@settings(max_examples=40, deadline=None)
@given(orders)
def test_an_order_survives_the_wire(order):
    assert order_from(to_bytes(order)) == order


@settings(max_examples=40, deadline=None)
@given(acknowledgements)
def test_an_acknowledgement_survives_the_wire(one):
    assert acknowledgement_from(to_bytes(one)) == one


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"kind": "pause"}, "kind: Input should be 'suspend'"),
        ({"order": "a b"}, "order: String should match"),
        ({"begins": "1.4.2026"}, "begins: "),
        ({"ends": "2026-03-31"}, "it ends before it begins"),
        ({"issued": "2026-03-31T17:05:09Z"}, "issued: .* timezone"),
        ({"sequence": "1"}, "sequence: "),
        ({"sequence": 0}, "sequence: "),
        ({"law": ""}, "law: "),
        ({"practitioner_code": "D/1"}, "practitioner_code: "),
        ({"practitioner_name": "赵明"}, "practitioner_name: Unexpected"),
    ],
    ids=str,
)
def test_what_is_no_order_is_told_by_its_field(changed, why):
    with pytest.raises(BadWire, match=why) as refused:
        order_from(json.dumps(json.loads(BYTES) | changed).encode())
    assert refused.value.what == "order"


@pytest.mark.parametrize("cut", [b"", b"[]", b"\xff", BYTES[:-1], BYTES[:60]], ids=len)
def test_what_is_cut_is_no_order(cut):
    with pytest.raises(BadWire):
        order_from(cut)
    with pytest.raises(BadWire, match="no acknowledgement"):
        acknowledgement_from(cut)
