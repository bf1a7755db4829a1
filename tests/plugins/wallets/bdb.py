"""A Berkeley DB file made from records: a main btree that names one database, `main`, with its own btree.

Pages, by number: 0 meta of the file, 1 its leaf, 2 meta of `main`, 3 its root, then leaves and overflow pages.
"""

import struct

MAGIC, VERSION = 0x00053162, 9
META, LEAF, INTERNAL, OVERFLOW = 9, 5, 3, 7
DELETED = 0x80


def file(records, order="<", page_size=512, name=b"main", per_leaf=4, deleted=()):
    """The bytes of the file. `records`: [(key, value)]; `deleted`: indexes of records marked as deleted."""
    pages = _Pages(order, page_size)
    pages.add(lambda number: pages.meta(number, root=1))
    pages.add(lambda number: pages.leaf(number, [(name, (2).to_bytes(4, "big"), False)]))
    pages.add(lambda number: pages.meta(number, root=3))
    leaves = [range(start, min(start + per_leaf, len(records))) for start in range(0, len(records), per_leaf)] or [
        range(0)
    ]
    root = pages.reserve()
    numbers = []
    for indexes in leaves:
        items = [(*records[index], index in deleted) for index in indexes]
        numbers.append(pages.add(lambda number, items=items: pages.leaf(number, items)))
    pages.set(root, pages.internal(root, numbers))
    return pages.bytes()


class _Pages:
    def __init__(self, order, page_size):
        self.order, self.size, self.pages = order, page_size, []

    def reserve(self):
        self.pages.append(bytes(self.size))
        return len(self.pages) - 1

    def set(self, number, page):
        self.pages[number] = page

    def add(self, make):
        number = self.reserve()
        self.set(number, make(number))
        return number

    def bytes(self):
        return b"".join(self.pages)

    def meta(self, number, root):
        page = bytearray(self.size)
        struct.pack_into(f"{self.order}4I", page, 8, number, MAGIC, VERSION, self.size)
        page[25] = META
        struct.pack_into(f"{self.order}I", page, 88, root)
        return bytes(page)

    def leaf(self, number, items):
        return self.page(number, LEAF, [part for key, value, gone in items for part in self.pair(key, value, gone)])

    def pair(self, key, value, gone):
        return self.item(key, False), self.item(value, gone)

    def item(self, data, gone):
        flag = DELETED if gone else 0
        if len(data) > self.size // 4:
            first = self.overflow(data)
            return struct.pack(f"{self.order}HBBII", 0, 3 | flag, 0, first, len(data))
        return struct.pack(f"{self.order}HB", len(data), 1 | flag) + data

    def overflow(self, data):
        room = self.size - 26
        parts = [data[start : start + room] for start in range(0, len(data), room)]
        numbers = [self.reserve() for _ in parts]
        for number, part, following in zip(numbers, parts, [*numbers[1:], 0], strict=True):
            head = struct.pack(f"{self.order}8x3I2HBB", number, 0, following, 1, len(part), 0, OVERFLOW)
            self.set(number, (head + part).ljust(self.size, b"\0"))
        return numbers[0]

    def internal(self, number, children):
        items = [struct.pack(f"{self.order}HBBII", 0, 1, 0, child, 0) for child in children]
        return self.page(number, INTERNAL, items)

    def page(self, number, kind, items):
        """Items fill a page from its end; the list of their offsets stands behind the header."""
        page, end, offsets = bytearray(self.size), self.size, []
        for item in items:
            end -= len(item)
            page[end : end + len(item)] = item
            offsets.append(end)
        assert 26 + 2 * len(items) <= end, "too many records for a page: choose larger pages"
        struct.pack_into(f"{self.order}3I2HBB", page, 8, number, 0, 0, len(items), end, 1, kind)
        struct.pack_into(f"{self.order}{len(items)}H", page, 26, *offsets)
        return bytes(page)
