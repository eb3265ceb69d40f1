"""Check digits of identity numbers (GB 11643) and 统一社会信用代码 (GB 32100): the one door to stdnum.

The standard library of check digits has the last word; what passes Arrow arithmetic need not ask it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CHECKS = np.frombuffer(b"10X98765432", np.uint8)


def certno_passes(certno: str) -> bool:
    """Whether an 18-character identity number carries the right check digit. Other forms do not."""
    number = certno.upper()
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    return bool(ric.calc_check_digit(number) == number[17])


def uscc_passes(code: str) -> bool:
    """Whether a 统一社会信用代码 is well formed and carries the right check character."""
    try:
        uscc.validate(code.upper())
    except ValidationError:
        return False
    return True


def failing_certnos(certnos: pa.Array) -> pa.Array:
    """Those of the distinct `certnos` (text) whose check digit is wrong or whose form is no certno's."""
    certnos = pc.drop_null(certnos)
    eighteen = pc.and_(
        pc.equal(pc.binary_length(certnos), 18),
        pc.match_substring_regex(certnos, r"^\d{17}[\dXx]$"),
    )
    formed = pc.filter(certnos, eighteen)
    text = "".join(formed.to_pylist()).encode("ascii")
    digits = np.frombuffer(text, np.uint8).reshape(-1, 18)
    checks = _CHECKS[(digits[:, :17].astype(np.int64) - 48) @ _WEIGHTS % 11]
    given = np.where(digits[:, 17] == ord("x"), ord("X"), digits[:, 17])
    doubtful = pc.filter(formed, pa.array(checks != given)).to_pylist()
    wrong = [certno for certno in doubtful if not certno_passes(certno)]
    rest = pc.filter(certnos, pc.invert(eighteen)).to_pylist()
    return pa.array([*wrong, *rest], pa.string())
