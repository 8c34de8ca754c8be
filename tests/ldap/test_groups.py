"""Groups: closure over any nesting, circles, and what can't be known."""

from hypothesis import given
from hypothesis import strategies as st

from rse.ldap import groups
from rse.ldap.entries import Entry
from rse.ldap.groups import Group, GroupGraph
from rse.ldap.profiles import ACTIVE_DIRECTORY, OPENLDAP


def group(name: str, *members: str, partial: bool = False) -> Group:
    return Group(
        f"cn={name}", name, frozenset(f"cn={member}" for member in members), partial=partial
    )


def test_members_of_sub_groups_belong() -> None:
    graph = GroupGraph.of(
        [group("a", "b", "ada"), group("b", "c"), group("c", "bob")], complete=True
    )
    found = graph.membership("A")
    assert (
        found is not None
        and found.people == {"cn=ada", "cn=bob"}
        and found.certain
        and not found.circular
    )
    flat = graph.membership("a", nested=False)
    assert flat is not None and flat.people == {"cn=ada"}


def test_a_circle_ends_and_is_told() -> None:
    graph = GroupGraph.of(
        [group("a", "b", "ada"), group("b", "a", "bob"), group("s", "s")], complete=True
    )
    found = graph.membership("a")
    assert found is not None and found.people == {"cn=ada", "cn=bob"} and found.circular
    alone = graph.membership("s")
    assert alone is not None and alone.circular and alone.is_empty


def test_two_hundred_levels_are_followed() -> None:
    chain = [group(str(n), str(n + 1)) for n in range(200)] + [group("200", "deep")]
    found = GroupGraph.of(chain, complete=True).membership("0")
    assert found is not None and found.people == {"cn=deep"}


def test_a_part_that_was_not_read_makes_the_whole_uncertain() -> None:
    graph = GroupGraph.of([group("a", "b"), group("b", "ada", partial=True)], complete=True)
    found = graph.membership("a")
    assert found is not None and not found.certain
    cut = GroupGraph.of([group("a", "ada")], complete=False).membership("a")
    assert cut is not None and not cut.certain


def test_two_groups_of_one_name_are_none() -> None:
    one, other = Group("cn=a,ou=x", "a", frozenset()), Group("cn=a,ou=y", "a", frozenset())
    graph = GroupGraph.of([one, other], complete=True)
    assert (
        graph.find("a") is None and graph.find("cn=A,ou=x") is one and graph.find("nothing") is None
    )


def test_logins_and_names_with_bits_are_members_too() -> None:
    entry = Entry(
        "cn=g,dc=x",
        {
            "cn": [b"g"],
            "memberuid": [b"Ada"],
            "uniquemember": [b"uid=bob,dc=x#'0101'B", b"uid=eve,dc=x"],
        },
    )
    read = groups.read(OPENLDAP, entry)
    assert read.logins == {"ada"} and read.members == {"uid=bob,dc=x", "uid=eve,dc=x"}


def test_the_primary_group_counts_through_its_rid() -> None:
    sid = bytes.fromhex("0105000000000005150000000102030405060708090a0b0c01020000")
    read = groups.read(
        ACTIVE_DIRECTORY,
        Entry("CN=Domain Users,DC=x", {"cn": [b"Domain Users"], "objectsid": [sid]}),
    )
    found = GroupGraph.of([read], complete=True).membership("domain users")
    assert (
        found is not None
        and found.has("cn=nobody", "nobody", 513)
        and not found.has("cn=nobody", "nobody", 514)
    )


@given(st.lists(st.lists(st.integers(0, 14), max_size=6), min_size=1, max_size=10))
def test_the_closure_equals_the_plain_definition(edges: list[list[int]]) -> None:
    graph = GroupGraph.of(
        [group(str(n), *map(str, to)) for n, to in enumerate(edges)], complete=True
    )
    reached, waiting = {0}, [0]
    while waiting:
        for child in edges[waiting.pop()]:
            if child not in reached:
                reached.add(child)
                if child < len(edges):
                    waiting.append(child)
    found = graph.membership("0")
    assert found is not None and found.people == {f"cn={n}" for n in reached if n >= len(edges)}
