"""Keys, proofs, codes and invite links."""

import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from rse.federation.core import invite, keys, proof
from rse.federation.core.jsonsafe import JsonObject

# FEP-8b32's own signing example.
FEP_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
FEP_METHOD = "https://server.example/users/alice#ed25519-key"
FEP_CREATED = "2023-02-24T23:36:38Z"
FEP_DOCUMENT: JsonObject = {
    "@context": [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v1",
    ],
    "type": "Create",
    "actor": "https://server.example/users/alice",
    "object": {"type": "Note", "content": "Hello world"},
}
FEP_PROOF = (
    "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2"
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
METHOD = "https://brumelis.example/fed/actor#root"


def fep_key() -> Ed25519PrivateKey:
    return keys.load_private(keys.read_multibase(FEP_SECRET)[2:])


def test_the_vector_of_fep_8b32_verifies() -> None:
    stated: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": FEP_METHOD,
        "proofPurpose": "assertionMethod",
        "created": FEP_CREATED,
        "proofValue": FEP_PROOF,
    }
    proof.check(FEP_DOCUMENT, stated, fep_key().public_key(), FEP_METHOD)


@pytest.mark.parametrize(
    "change",
    [
        {"proofPurpose": "authentication"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"verificationMethod": "https://else.example/fed/actor#root"},
        {"created": "2023-02-24T23:36:39Z"},
        {"proofValue": "z111"},
        {"proofValue": "u3sX"},
        {"proofValue": None},
        {"challenge": "x"},
    ],
)
def test_a_changed_proof_is_refused(change: JsonObject) -> None:
    made = proof.prove(FEP_DOCUMENT, KEY, METHOD, FEP_CREATED)
    proof.check(FEP_DOCUMENT, made, KEY.public_key(), METHOD)
    with pytest.raises(proof.BadProof):
        proof.check(FEP_DOCUMENT, made | change, KEY.public_key(), METHOD)
    with pytest.raises(proof.BadProof):
        proof.check(FEP_DOCUMENT | {"id": "x"}, made, KEY.public_key(), METHOD)
    with pytest.raises(proof.BadProof):
        proof.check(FEP_DOCUMENT, [made], KEY.public_key(), METHOD)


def test_a_multikey_reads_back() -> None:
    text = keys.to_multikey(KEY.public_key())
    assert text.startswith("z6Mk")
    assert keys.from_multikey(text).public_bytes_raw() == KEY.public_key().public_bytes_raw()
    for bad in ("", "z", "z6Mk", text[:-1], "m" + text[1:], text + "1", "z" + "0" * 40):
        with pytest.raises(keys.BadKey):
            keys.from_multikey(bad)


@given(st.binary(max_size=80))
def test_base58_reads_back(data: bytes) -> None:
    assert keys.base58_decode(keys.base58_encode(data)) == data


TRANSCRIPT = keys.Transcript(
    partnership="p",
    inviter_origin="https://ostrelle.example",
    inviter_fingerprint="aa",
    inviter_nonce="01",
    joiner_origin="https://brumelis.example",
    joiner_fingerprint="bb",
    joiner_nonce="02",
)


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(keys.Transcript)])
def test_the_code_depends_on_everything_that_was_seen(name: str) -> None:
    changed = dataclasses.replace(TRANSCRIPT, **{name: "other"})
    assert changed.code() != TRANSCRIPT.code()
    assert len(TRANSCRIPT.code()) == 12
    assert TRANSCRIPT.code().isdecimal()


def test_a_code_may_be_typed_with_spaces() -> None:
    code = TRANSCRIPT.code()
    assert keys.same_code(f" {code[:4]} {code[4:8]}-{code[8:]} ", code)
    assert not keys.same_code(code[:-1], code)
    assert not keys.same_code("", code)


def test_a_nonce_must_open_its_commitment() -> None:
    nonce = bytes(32)
    assert keys.opens(nonce, keys.commitment(nonce))
    assert not keys.opens(bytes(31) + b"\1", keys.commitment(nonce))
    assert not keys.opens(b"", keys.commitment(b""))


INVITE = invite.Invite("https://ostrelle.example", "p1", bytes(range(32)), "ab" * 32, 1_800_000_000)


def test_an_invite_link_reads_back_and_keeps_everything_in_the_fragment() -> None:
    link = INVITE.link()
    assert invite.Invite.read(f"  {link}\n") == INVITE
    assert link.startswith("https://ostrelle.example/federation/join#")


@given(st.text(max_size=300))
def test_any_other_text_is_no_invite_link(text: str) -> None:
    with pytest.raises(invite.BadLink):
        invite.Invite.read(text)


def test_a_link_that_names_another_origin_than_its_page_is_refused() -> None:
    fragment = INVITE.link().partition("#")[2]
    with pytest.raises(invite.BadLink):
        invite.Invite.read(f"https://else.example/federation/join#{fragment}")


def test_the_proof_of_the_token_binds_the_whole_offer() -> None:
    key = invite.proof_key(INVITE.token)
    header = invite.write_proof(key, "p1", "https://a.example/x", b"body")
    claimed = invite.read_proof(header)
    assert claimed is not None
    partnership, mac = claimed
    assert invite.proves(mac, key, partnership, "https://a.example/x", b"body")
    assert not invite.proves(mac, key, partnership, "https://a.example/x", b"Body")
    assert not invite.proves(mac, key, partnership, "https://b.example/x", b"body")
    assert not invite.proves(mac, key, "p2", "https://a.example/x", b"body")
    assert not invite.proves(mac, bytes(32), partnership, "https://a.example/x", b"body")
    for odd in ("", "offer", "offer=:AA==:", 'offer=1;id="p"', 'other=:AA==:;id="p"'):
        assert invite.read_proof(odd) is None
