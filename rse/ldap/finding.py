"""Finds one person in a directory by what somebody typed. Blocking."""

from rse.ldap import filters, names
from rse.ldap.ber import Search
from rse.ldap.directory import Directory
from rse.ldap.entries import Entry
from rse.ldap.reader import Reader


def find_one(directory: Directory, reader: Reader, name: str) -> list[Entry]:
    """The entries that match a typed name: none, the one, or two, which is as bad as none.

    The filter is built from bytes, so whatever was typed is a value and never a filter.
    """
    typed = name.strip()
    matches = [filters.eq(attribute, typed) for attribute in sorted(_attributes(directory))]
    wanted = filters.and_(directory.user_filter, filters.or_(*matches))
    found: dict[str, Entry] = {}
    for base in directory.settings.users.bases:
        search = Search(base, wanted, directory.mapper.attributes, size_limit=2)
        for entry in reader.few(search):
            key = names.key(entry.dn)
            if not directory.excludes(key):
                found[key] = entry
    return list(found.values())[:2]


def _attributes(directory: Directory) -> set[str]:
    """The attributes in which a typed name may be found."""
    templates, attributes = directory.mapper.templates, set[str]()
    for way in directory.settings.login.by:
        if way == "upn":
            attributes.add("userprincipalname")
        else:
            attributes |= templates["login" if way == "login" else "mail"].attributes
    return attributes
