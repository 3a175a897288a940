"""Which network addresses lie outside: the only ones a webhook may reach."""

import ipaddress

# For protocols of the network itself; how much of it is public is told differently by each Python.
_ASSIGNED = ipaddress.ip_network("192.0.0.0/24")
# The way to a relay that is no more (RFC 7526), and addresses of documents (RFC 9637): a Python may
# be older than either.
_NOT_IN_USE = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "3fff::/20")))
# Ways to write an IPv4 address as an IPv6 one that a router on the way may undo.
_TRANSLATED = tuple(
    map(ipaddress.ip_network, ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"))
)


def is_public(address: str) -> bool:
    """Whether the address, as a resolver gives it, is of a machine on the open network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if parsed.is_site_local or any(parsed in network for network in _TRANSLATED):
            return False
    if parsed in _ASSIGNED or any(parsed in network for network in _NOT_IN_USE):
        return False
    inside = parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    return parsed.is_global and not inside
