"""Id tokens that are not to be believed, made by hand: each is refused for its own reason."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from untrusted.openid.provider_refusal import ProviderRefusal
from untrusted.openid.signed_claims import Expected, read_id_token, read_signed_userinfo

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://id.example/api/v2", "facteur", "n-0S6_WzA2Mj"
EXPECTED = Expected(ISSUER, CLIENT, NONCE, ("eidas1",), NOW)
RSA = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "b", "use": "sig"})
ANOTHER = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
SOUND: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sub": "b6048e95bb134ec5", "nonce": NONCE, "acr": "eidas1",
    "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 60,
}  # fmt: skip


def signed(claims: dict[str, Any], key: RSAKey | ECKey = RSA, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])


def keys(*given: RSAKey | ECKey) -> Callable[[bool], KeySet]:
    return lambda anew: KeySet([ECKey.import_key(each.as_dict(private=False)) if isinstance(each, ECKey)
                                else RSAKey.import_key(each.as_dict(private=False)) for each in given])  # fmt: skip


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256")])
def test_a_sound_token_says_who_it_is(key: RSAKey | ECKey, algorithm: str) -> None:
    assert read_id_token(signed(SOUND, key, algorithm), keys(RSA, EC), EXPECTED)["sub"] == "b6048e95bb134ec5"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"iss": ISSUER + "/"}, {"aud": "another"}, {"aud": []},
        {"aud": None}, {"aud": [CLIENT, "another"]}, {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"}, {"nonce": "another"}, {"nonce": None}, {"nonce": 7}, {"acr": "eidas0"}, {"acr": None},
        {"exp": int(NOW.timestamp()) - 61}, {"exp": None}, {"exp": "tomorrow"}, {"iat": None},
        {"iat": int(NOW.timestamp()) + 3600}, {"iat": int(NOW.timestamp()) - 3600}, {"sub": ""}, {"sub": None},
        {"sub": 7}, {"sub": "x" * 256},
    ],
)  # fmt: skip
def test_a_token_for_something_else_is_refused(change: dict[str, Any]) -> None:
    claims = {name: value for name, value in (SOUND | change).items() if value is not None}
    with pytest.raises(ProviderRefusal) as refused:
        read_id_token(signed(claims), keys(RSA), EXPECTED)
    assert refused.value.code == "token"


def test_several_audiences_need_a_party_that_is_us() -> None:
    assert read_id_token(signed(SOUND | {"aud": [CLIENT, "api"], "azp": CLIENT}), keys(RSA), EXPECTED)


def test_a_token_that_nobody_signed_is_refused() -> None:
    header, payload = _packed({"alg": "none"}), _packed(SOUND)
    refuses(f"{header}.{payload}.")
    refuses(signed(SOUND).rpartition(".")[0] + ".")


def test_a_token_signed_with_what_everybody_knows_is_refused() -> None:
    """The public key, taken for a secret (HS256)."""
    said = ".".join(_packed(each) for each in ({"alg": "HS256", "kid": "a"}, SOUND))
    mark = hmac.digest(RSA.as_pem(private=False), said.encode(), "sha256")
    refuses(f"{said}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}")


def _packed(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "\N{LATIN SMALL LETTER E WITH ACUTE}.x.y", "x" * 100_000])
def test_what_is_no_token_is_refused(token: str) -> None:
    refuses(token)


def refuses(token: str) -> None:
    with pytest.raises(ProviderRefusal) as refused:
        read_id_token(token, keys(RSA), EXPECTED)
    assert refused.value.code == "token"


def test_another_key_of_the_same_name_is_refused() -> None:
    refuses(signed(SOUND, ANOTHER))


def test_keys_that_were_replaced_are_asked_for_anew() -> None:
    asked: list[bool] = []

    def rotating(anew: bool) -> KeySet:
        asked.append(anew)
        return keys(EC if anew else RSA)(anew)

    assert read_id_token(signed(SOUND, EC, "ES256"), rotating, EXPECTED)
    assert asked == [False, True]


def test_userinfo_is_of_the_same_issuer_for_us() -> None:
    told = {"iss": ISSUER, "aud": CLIENT, "sub": "b6048e95bb134ec5", "given_name": "Angela Claire Louise"}
    assert read_signed_userinfo(signed(told), keys(RSA), EXPECTED)["given_name"] == "Angela Claire Louise"
    for change in ({"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}):
        with pytest.raises(ProviderRefusal):
            read_signed_userinfo(signed(told | change), keys(RSA), EXPECTED)


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "\ud800"}, {"sub": "a\0"}, {"sub": "\ud800"}, {"sub": "é"}, {"sub": "a\n"}, {"iat": 10**400},
        {"iat": float("nan")}, {"exp": float("nan")}, {"exp": True},
    ],
)  # fmt: skip
def test_values_that_are_none_are_refused(change: dict[str, Any]) -> None:
    refuses(signed_bytes(json.dumps(SOUND | change).encode()))


@pytest.mark.parametrize("payload", [b"[1]", b"null", b"\xff", b"[" * 5000 + b"]" * 5000])
def test_a_payload_that_is_none_is_refused(payload: bytes) -> None:
    refuses(signed_bytes(payload))


@pytest.mark.parametrize(
    "header", ['"alg"', "[]", "1", '{"alg":"RS256","crit":5}', '{"alg":"RS256","kid":[]}', '{"alg":[]}']
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    packed = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
    refuses(f"{packed}.e30.eA")


def signed_bytes(payload: bytes) -> str:
    return jws.serialize_compact({"alg": "RS256", "kid": "a"}, payload, RSA, algorithms=["RS256"])
