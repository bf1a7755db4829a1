"""Base58 and Base58Check, the text form of Bitcoin's keys and older addresses.

Source: the Bitcoin developer reference, "Base58Check encoding".
"""

from forensics.coins.digests import sha256d

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
LONGEST = 256  # the longest thing written in Base58Check, an extended key, has 111; decoding costs length squared


def encode(data: bytes) -> str:
    """The Base58 text of some bytes; each leading zero byte becomes a `1`."""
    number, letters = int.from_bytes(data, "big"), []
    while number:
        number, value = divmod(number, 58)
        letters.append(ALPHABET[value])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def decode(text: str) -> bytes:
    """The bytes of a Base58 text. ValueError for other letters, or more than 256 of them."""
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} letters are too many for Base58")
    number = 0
    for letter in text:
        if letter not in VALUES:
            raise ValueError(f"{letter!r} is not a letter of Base58")
        number = number * 58 + VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def check_encode(payload: bytes) -> str:
    """The Base58Check text of a payload that begins with its version byte."""
    return encode(payload + sha256d(payload)[:4])


def check_decode(text: str) -> bytes:
    """The payload, version first, of a Base58Check text. ValueError when the checksum is wrong."""
    data = decode(text)
    if len(data) < 5 or sha256d(data[:-4])[:4] != data[-4:]:
        raise ValueError("the checksum is wrong")
    return data[:-4]
