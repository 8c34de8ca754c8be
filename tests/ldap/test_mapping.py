"""From entries to people, for each kind of server."""

import uuid
from datetime import UTC, datetime

import pytest

from rse.ldap import templates
from rse.ldap.entries import Entry
from rse.ldap.mapping import FIELDS, Candidate, Mapper, Rejected
from rse.ldap.profiles import (
    ACTIVE_DIRECTORY,
    DISABLED,
    EXPIRED,
    NETSCAPE,
    OPENLDAP,
    Profile,
    detect,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = "a1ac332e-7c5b-1041-9fe9-39728c2c715c"


def mapper(profile: Profile, salt: bytes = b"salt") -> Mapper:
    return Mapper(profile, {f: templates.parse(profile.mapping[f]) for f in FIELDS}, salt)


def posix(**attributes: list[bytes]) -> Entry:
    standard = {"entryuuid": [ID.encode()], "uid": [b"Ada"], "cn": [b"Ada Lovell"]}
    return Entry("uid=Ada,dc=x", {**standard, **attributes})


def read(profile: Profile, entry: Entry) -> Candidate:
    found = mapper(profile).read(entry, NOW)
    assert isinstance(found, Candidate)
    return found


def test_a_posix_person_is_read() -> None:
    found = read(OPENLDAP, posix(mail=[b"nonsense", b"ada@ostrelle.example"], title=[b"Engineer"]))
    assert (found.external_id, found.login, found.display_name) == (ID, "ada", "Ada Lovell")
    assert (found.mail, found.title, found.inactive) == ("ada@ostrelle.example", "Engineer", None)


def test_an_active_directory_person_is_read() -> None:
    guid = uuid.UUID(ID)
    entry = Entry(
        "CN=Lovell\\, Ada,DC=x",
        {
            "objectguid": [guid.bytes_le],
            "samaccountname": [b"ALovell"],
            "givenname": [b"Ada"],
            "sn": [b"Lovell"],
            "useraccountcontrol": [b"512"],
            "accountexpires": [b"9223372036854775807"],
            "primarygroupid": [b"513"],
        },
    )
    found = read(ACTIVE_DIRECTORY, entry)
    assert (found.external_id, found.login, found.display_name) == (ID, "alovell", "Ada Lovell")
    assert (found.primary_group, found.inactive, found.mail) == (513, None, None)


@pytest.mark.parametrize(
    ("profile", "attributes", "expected"),
    [
        (ACTIVE_DIRECTORY, {"useraccountcontrol": b"514"}, DISABLED),
        (ACTIVE_DIRECTORY, {"useraccountcontrol": b"66048"}, None),
        (ACTIVE_DIRECTORY, {"accountexpires": b"133500960000000000"}, EXPIRED),
        (ACTIVE_DIRECTORY, {"accountexpires": b"0"}, None),
        (OPENLDAP, {"pwdaccountlockedtime": b"000001010000Z"}, DISABLED),
        (OPENLDAP, {"pwdaccountlockedtime": b"20260228120000Z"}, None),
        (OPENLDAP, {"shadowexpire": b"20000"}, EXPIRED),
        (OPENLDAP, {"shadowexpire": b"-1"}, None),
        (OPENLDAP, {"shadowexpire": b"soon"}, None),
        (NETSCAPE, {"nsaccountlock": b"TRUE"}, DISABLED),
        (NETSCAPE, {"nsaccountlock": b"false"}, None),
    ],
)
def test_who_may_not_be_active(
    profile: Profile, attributes: dict[str, bytes], expected: str | None
) -> None:
    entry = Entry("cn=a", {name: [value] for name, value in attributes.items()})
    assert profile.status(entry, NOW) == expected


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ([], "may the service account read it"),
        ([b"x"], "malformed"),
        ([ID.encode(), ID.encode()], "has 2 values"),
    ],
)
def test_an_entry_without_a_usable_id_is_no_person(ids: list[bytes], reason: str) -> None:
    found = mapper(OPENLDAP).read(posix(entryuuid=ids), NOW)
    assert isinstance(found, Rejected) and reason in found.reason


def test_an_entry_without_a_login_is_no_person() -> None:
    found = mapper(OPENLDAP).read(posix(uid=[b"  "]), NOW)
    assert isinstance(found, Rejected) and found.external_id == ID


def test_odd_text_is_trimmed_and_flagged_but_never_refuses_a_person() -> None:
    long = "\u202e\U0001f600" + "x" * 2000
    found = read(OPENLDAP, posix(cn=[long.encode()], title=["caf\u00e9".encode("latin-1")]))
    assert len(found.display_name) == 120 and "\u202e" not in found.display_name
    assert found.warnings == ("some text is not UTF-8",)
    assert read(OPENLDAP, posix(mail=[b"none"])).warnings == ("no valid mail address",)


def test_a_digest_changes_with_every_value_and_with_the_mapping_but_not_with_the_order() -> None:
    one, other = posix(mail=[b"a", b"b"]), posix(mail=[b"b", b"a"])
    assert mapper(OPENLDAP).digest(one) == mapper(OPENLDAP).digest(other)
    assert mapper(OPENLDAP).digest(one) != mapper(OPENLDAP).digest(posix(mail=[b"ab"]))
    assert mapper(OPENLDAP).digest(one) != mapper(OPENLDAP, b"new").digest(one)


def test_a_search_asks_for_what_is_used_and_for_nothing_else() -> None:
    wanted = set(mapper(OPENLDAP).attributes)
    assert wanted >= {"entryuuid", "uid", "mail", "title", "pwdaccountlockedtime"}
    assert not wanted & {"*", "+", "jpegphoto", "userpassword", "memberof"}


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ({"domainfunctionality": [b"7"]}, "active-directory"),
        ({"vendorversion": [b"389-Directory/2.3.1"]}, "389ds"),
        ({"objectclass": [b"top", b"OpenLDAProotDSE"]}, "openldap"),
        ({}, "generic"),
    ],
)
def test_a_server_is_recognised(root: dict[str, list[bytes]], expected: str) -> None:
    assert detect(Entry("", root)) == expected
