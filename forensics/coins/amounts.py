"""Coin amounts as decimal text. Chains count in whole smallest units; text keeps every digit, a float would not."""


def coins(units: int, decimals: int = 8) -> str:
    """`150000000` satoshi is `1.5` BTC; no exponent, no needless zeros."""
    sign, units = "-" if units < 0 else "", abs(units)
    whole, part = divmod(units, 10**decimals)
    text = f"{part:0{decimals}d}".rstrip("0") if part else ""
    return f"{sign}{whole}.{text}" if text else f"{sign}{whole}"
