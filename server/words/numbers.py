"""Numbers as Vietnamese writes them."""

import math


def number(value: float, digits: int = 1) -> str:
    """``1.234,5``: half up, no zeros at the end.

    >>> number(1234.5), number(0.25, 1), number(-0.04), number(12.0)
    ('1.234,5', '0,3', '0', '12')
    """
    scale = 10**digits
    whole = math.floor(abs(value) * scale + 0.5 + 1e-9)
    front, back = divmod(whole, scale)
    said = f"{front:,}".replace(",", ".") + (f",{back:0{digits}d}".rstrip("0").rstrip(",") if digits else "")
    return f"-{said}" if value < 0 and whole else said
