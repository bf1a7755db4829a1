"""Read-only views of evidence: folders, archives, single files. `forensics.evidence.open.open_source` is the door.

What a source does with hostile evidence, by the numbers the tests use:

H-1   names with `..`, control characters, backslashes; absolute names: data, never a path of ours; shown in a safe form
H-2   two members of one name: two entries, told apart by their place
H-3   more bytes than declared, wrong checksums, damage: every good byte, then a DamagedMember
H-4   directory entries that share or overlap bytes: read once, the others recorded as hostile
H-5   bombs: limits on ratio, member, total and number, counted on the bytes that come out
H-6   links in zips, H-7 links, devices and FIFOs in tars: recorded with their target, never followed
H-8   negative, absurd and endless sizes in tar headers: recorded, the walk goes on
H-9   encrypted, unknown, cut off: recorded; the rest is read, if need be by a search without the directory
H-10  names in any encoding: bytes kept as hex, shown as well as can be
H-11  loops, links out of the folder, FIFOs, sockets, sparse and unreadable files: recorded, never followed
"""
