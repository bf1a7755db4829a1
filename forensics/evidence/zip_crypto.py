"""The traditional cipher of zip archives (PKWARE APPNOTE 6.3.10, section 6.1): weak, slow in Python, and everywhere."""

from __future__ import annotations

from forensics.evidence.expand import CHUNK, Counted

HEADER = 12


class Decrypted:
    """Reads like `Counted`. `fits`: the header decrypts to the check byte; one wrong password in 256 does that too."""

    def __init__(self, source: Counted, password: bytes, check: int) -> None:
        self._source = source
        self._keys = (0x12345678, 0x23456789, 0x34567890)
        for byte in password:
            self._turn(byte)
        header = self.read(HEADER)
        self.fits = len(header) == HEADER and header[-1] == check

    @property
    def taken(self) -> int:
        return self._source.taken

    def read(self, size: int = CHUNK) -> bytes:
        plain = bytearray()
        for byte in self._source.read(size):
            mixed = self._keys[2] | 2
            byte ^= (mixed * (mixed ^ 1) >> 8) & 0xFF
            self._turn(byte)
            plain.append(byte)
        return bytes(plain)

    def _turn(self, byte: int) -> None:
        one, two, three = self._keys
        one = (one >> 8) ^ _TABLE[(one ^ byte) & 0xFF]
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self._keys = (one, two, (three >> 8) ^ _TABLE[(three ^ two >> 24) & 0xFF])


def _crc_of(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value


_TABLE = [_crc_of(value) for value in range(256)]
