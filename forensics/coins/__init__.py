"""Bitcoin and its relatives: addresses, keys and raw transactions, in plain Python.

Every function here is pure: text or bytes in, values out, nothing stored, nothing looked up. Checksums decide what is
an address; what a chain's consensus would say about a transaction is not judged.

```
base58       Base58 and Base58Check
bech32       Bech32 (BIP 173) and Bech32m (BIP 350), SegWit addresses
digests      SHA-256 twice, RIPEMD-160, HASH160
networks     version bytes and prefixes of each chain
addresses    text -> address, script -> address, public key -> address
keys         WIF and extended keys (BIP 32, SLIP 132) by their checksums
wire         the serialisation of Bitcoin: compact sizes, strings, hashes
transactions raw transactions
amounts      coin amounts as decimal text
masking      how a secret is shown without being shown
```
"""
