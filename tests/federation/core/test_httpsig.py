"""HTTP message signatures against the RFC's own vector, and everything our profile refuses."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import digest, httpsig, sf
from rse.federation.core.httpsig import Message, Refused

NOW = 1_800_000_000
KEYID = "https://brumelis.example/fed/actor#root"
TARGET = "https://ostrelle.example/fed/inbox"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

# RFC 9421, appendix B.1.4 and B.2.6.
RFC_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
RFC_PARAMS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)


def test_the_vector_of_the_rfc_signs_to_the_same_bytes() -> None:
    message = Message(
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        [
            ("Host", "example.com"),
            ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("Content-Type", "application/json"),
            ("Content-Length", "18"),
        ],
    )
    params = sf.parse_dictionary(f"sig-b26={RFC_PARAMS}")["sig-b26"]
    assert isinstance(params, sf.InnerList)
    covers = [str(item.value) for item in params.items]
    base = httpsig.signature_base(message, covers, sf.serialise(params))
    key = load_pem_private_key(RFC_KEY, None)
    assert isinstance(key, Ed25519PrivateKey)
    assert base64.b64encode(key.sign(base)).decode() == RFC_SIGNATURE


def test_the_digest_of_rfc_9530() -> None:
    header = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
    assert digest.content_digest(b'{"hello": "world"}') == header
    assert digest.matches(header, b'{"hello": "world"}')


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:",
        "sha-256=:AAAA:",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-256=:AAAA:",
        'sha-256="X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="',
        "sha-256",
    ],
)
def test_a_digest_that_is_missing_wrong_or_double_does_not_match(header: str) -> None:
    assert not digest.matches(header, b'{"hello": "world"}')


def signed(method: str = "POST", **changes: str) -> Message:
    headers = [("content-type", "application/activity+json")]
    if method == "POST":
        headers.append(("content-digest", digest.content_digest(b"{}")))
    message = Message(method, TARGET, headers)
    signature = httpsig.sign(message, KEY, KEYID, now=NOW, nonce="n-1")
    headers = [
        (name, changes.get(name.replace("-", "_"), value)) for name, value in [*headers, *signature]
    ]
    return Message(changes.get("http_method", method), changes.get("target", TARGET), headers)


def check(message: Message, now: int = NOW) -> None:
    claim = httpsig.read(message)
    httpsig.verify(claim, message, KEY.public_key(), now=now)
    if message.method == "POST":
        httpsig.check_body(message, b"{}")


def test_what_we_sign_verifies() -> None:
    check(signed())
    check(signed("GET"))


@pytest.mark.parametrize(
    "changes",
    [
        {"http_method": "GET"},
        {"http_method": "PUT"},
        {"target": "https://ostrelle.example/fed/stream"},
        {"target": "https://else.example/fed/inbox"},
        {"content_type": "text/html"},
        {"content_digest": digest.content_digest(b"{ }")},
    ],
)
def test_a_changed_component_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Refused):
        check(signed(**changes))


@pytest.mark.parametrize("offset", [-301, 61, 7200, -7200])
def test_a_signature_made_too_early_or_late_is_refused(offset: int) -> None:
    with pytest.raises(Refused):
        check(signed(), now=NOW - offset)


def resigned(params: sf.InnerList, label: str = "partner") -> Message:
    """A message signed rightly over whatever `params` says."""
    headers = [
        ("content-type", "application/activity+json"),
        ("content-digest", digest.content_digest(b"{}")),
    ]
    message = Message("POST", TARGET, headers)
    covers = [str(item.value) for item in params.items]
    base = httpsig.signature_base(message, covers, sf.serialise(params))
    fields = [
        ("signature-input", sf.serialise_dictionary({label: params})),
        ("signature", sf.serialise_dictionary({label: sf.Item(KEY.sign(base))})),
    ]
    return Message("POST", TARGET, headers + fields)


GOOD: dict[str, sf.Bare] = {
    "created": NOW,
    "expires": NOW + 300,
    "keyid": KEYID,
    "nonce": "n",
    "tag": httpsig.TAG,
}


@pytest.mark.parametrize(
    "covers",
    [
        (),
        ("@method", "@target-uri", "content-type"),
        ("@target-uri", "content-digest", "content-type"),
        ("@method", "content-digest", "content-type"),
        ("@method", "@target-uri", "content-digest"),
        (*httpsig.POST_COVERS, "@authority"),
    ],
)
def test_covering_more_or_less_than_the_profile_is_refused(covers: tuple[str, ...]) -> None:
    message = resigned(sf.InnerList(tuple(sf.Item(name) for name in covers), GOOD))
    with pytest.raises(Refused):
        check(message)


@pytest.mark.parametrize(
    "changes",
    [
        {"created": None},
        {"expires": None},
        {"keyid": None},
        {"nonce": None},
        {"nonce": ""},
        {"tag": None},
        {"tag": "other"},
        {"expires": NOW},
        {"expires": NOW - 1},
        {"expires": NOW + 315_360_000},
        {"alg": "none"},
        {"alg": "rsa-v1_5-sha256"},
        {"created": True},
        {"tag": sf.Token(httpsig.TAG)},
        {"extra": 1},
    ],
)
def test_parameters_outside_the_profile_are_refused(changes: dict[str, sf.Bare | None]) -> None:
    values = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
    items = tuple(sf.Item(name) for name in httpsig.POST_COVERS)
    with pytest.raises(Refused):
        check(resigned(sf.InnerList(items, values)))


def test_component_parameters_and_repetition_are_refused() -> None:
    plain = [sf.Item(name) for name in httpsig.POST_COVERS]
    for odd in (sf.Item("@method", {"req": True}), sf.Item("content-type", {"bs": True})):
        with pytest.raises(Refused):
            check(resigned(sf.InnerList((*plain[1:], odd), GOOD)))
    with pytest.raises(Refused):
        check(resigned(sf.InnerList((*plain, plain[0]), GOOD)))


def test_a_second_label_or_header_is_refused() -> None:
    good = signed()
    fields = dict(good.headers)
    for name in ("signature", "signature-input"):
        with pytest.raises(Refused):
            httpsig.read(Message("POST", TARGET, [*good.headers, (name, fields[name])]))
    doubled = [
        (
            name,
            f"{value}, other{value.removeprefix('partner')}"
            if name.startswith("signature")
            else value,
        )
        for name, value in good.headers
    ]
    with pytest.raises(Refused):
        httpsig.read(Message("POST", TARGET, doubled))


def test_a_covered_header_that_comes_twice_is_refused() -> None:
    good = signed()
    with pytest.raises(Refused):
        check(Message("POST", TARGET, [*good.headers, ("content-type", "text/html")]))


@given(st.binary(max_size=200), st.binary(min_size=64, max_size=64))
def test_no_other_signature_verifies(noise: bytes, signature: bytes) -> None:
    message = signed()
    claim = httpsig.read(message)
    forged = httpsig.Claim(
        claim.keyid,
        claim.created,
        claim.expires,
        claim.nonce,
        claim.covers,
        signature,
        claim.params,
    )
    with pytest.raises(Refused):
        httpsig.verify(forged, message, KEY.public_key(), now=NOW)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_header_text_is_read_or_refused(inputs: str, signature: str) -> None:
    message = Message("POST", TARGET, [("signature-input", inputs), ("signature", signature)])
    with pytest.raises(Refused):
        check(message)
