"""Authentication: signs and verifies access tokens, and makes the `Actor` of a call from them.

Access tokens are JWTs signed with EdDSA. One JWKS file, which every process reads, holds the public keys of all
issuers; each issuer (identity, or a service that calls another on its own behalf) holds only its own private key.
A token of `identity` speaks for a human; a token of another issuer speaks only for that service.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

from kernel.clock import Pause
from kernel.contract import Callers
from kernel.errors import Forbidden, Invalid, Unauthenticated

AUDIENCE = "lyceum"
#: The one issuer whose tokens speak for humans.
HUMAN_ISSUER = "identity"
ALGORITHM = "Ed25519"
SERVICE_TOKEN_SECONDS = 120
#: An unknown key id makes the verifier read the key file again, at most once in so many seconds.
RELOAD_SECONDS = 2.0
#: How many verified tokens are cached: verifying one costs a tenth of a millisecond of CPU.
REMEMBERED_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's place in one tenant: which person it is there and which roles that person holds."""

    tenant_id: UUID
    person_id: UUID
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller, acting in exactly one tenant (or in none, for data that belong to no tenant).

    Either a human (`account_id`, and `person_id` where a tenant is chosen) or a `service`.
    """

    tenant_id: UUID | None
    person_id: UUID | None = None
    account_id: UUID | None = None
    session_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    service: str | None = None

    def has(self, *roles: str) -> bool:
        """Whether the actor holds any of these roles."""
        return not self.roles.isdisjoint(roles)

    def holds(self, callers: Callers) -> bool:
        """Whether the actor is a human who holds one of the roles of `callers`."""
        return self.service is None and callers.holds(self.roles)

    @property
    def tenant(self) -> UUID:
        """The tenant of the call. Raises `Forbidden` where the call names none."""
        if self.tenant_id is None:
            raise Forbidden("Say in which school you act.", rule="school-required")
        return self.tenant_id


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says, before a tenant is chosen."""

    issuer: str
    account_id: UUID | None
    session_id: UUID | None
    roles: frozenset[str]
    memberships: tuple[Membership, ...]
    #: Seconds since the epoch.
    expires_at: float
    #: When the token was signed with the roles of that moment, in seconds since the epoch.
    issued_at: float
    #: Whether its owner has to replace a password that somebody else made.
    password_issued: bool = False

    def actor(self, tenant_id: UUID | None) -> Actor:
        """The actor in `tenant_id`, or in the account's only membership where that is None.

        Raises `Forbidden` for a tenant in which the account has no membership, whether or not that tenant exists.
        """
        if self.issuer != HUMAN_ISSUER:
            return Actor(tenant_id, roles=frozenset({"service"}), service=self.issuer)
        if tenant_id is None:
            chosen = self.memberships[0] if len(self.memberships) == 1 else None
        else:
            chosen = next((m for m in self.memberships if m.tenant_id == tenant_id), None)
            if chosen is None:
                raise Forbidden("You have no membership in this school.", rule="no-membership")
        if chosen is None:
            return Actor(None, account_id=self.account_id, session_id=self.session_id, roles=self.roles)
        return Actor(chosen.tenant_id, chosen.person_id, self.account_id, self.session_id, self.roles | chosen.roles)


@dataclass
class Signer:
    """Signs tokens with the current private key of one issuer."""

    issuer: str
    key: OKPKey

    @classmethod
    def load(cls, issuer: str, path: Path) -> Signer:
        """Read the key from a private JWK file. Raises OSError where it cannot be read."""
        return cls(issuer, OKPKey.import_key(json.loads(path.read_text())))

    def sign(self, claims: dict[str, Any], seconds: int, now: float | None = None) -> str:
        """A token that carries `claims` and is valid for `seconds` from `now` (seconds since the epoch)."""
        issued = int(time.time() if now is None else now)
        payload = {"iss": self.issuer, "aud": AUDIENCE, "iat": issued, "exp": issued + seconds, **claims}
        header = {"alg": ALGORITHM, "kid": self.key.kid}
        return jwt.encode(header, payload, self.key, algorithms=[ALGORITHM])

    def secret(self, purpose: str) -> bytes:
        """32 secret bytes for a purpose, the same as long as the key is (HKDF, RFC 5869)."""
        private = str(self.key.as_dict(private=True)["d"]).encode()
        return HKDF(SHA256(), length=32, salt=None, info=f"lyceum {purpose}".encode()).derive(private)

    def service_token(self) -> str:
        """A token with which this issuer calls another service on its own behalf."""
        return self.sign({"sub": f"service:{self.issuer}"}, SERVICE_TOKEN_SECONDS)


def human_claims(
    account_id: UUID,
    session_id: UUID,
    memberships: tuple[Membership, ...],
    roles: frozenset[str] = frozenset(),
    *,
    issued: bool = False,
) -> dict[str, Any]:
    """The claims of a human's access token; `roles` are the roles outside any tenant.

    `issued` says why there are none: the password is somebody else's making, and has to be replaced first.
    """
    why = {"pwd": "issued"} if issued else {}
    return {
        **why,
        "sub": str(account_id),
        "sid": str(session_id),
        "roles": sorted(roles),
        "mem": [[str(m.tenant_id), str(m.person_id), sorted(m.roles)] for m in memberships],
    }


@dataclass
class Verifier:
    """Verifies tokens and reads their claims. Safe for several threads."""

    keys_path: Path
    #: A monotonic clock, in seconds.
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, tuple[str, OKPKey]] = field(default_factory=dict)
    _known: OrderedDict[str, Claims] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._until_reading = Pause(RELOAD_SECONDS, self.clock)

    def claims(self, token: str) -> Claims:
        """The claims of `token`. Raises `Unauthenticated` unless it is genuine, meant for Lyceum and not expired."""
        known = self._known.get(token)
        if known is None:
            known = self._verify(token)
            with self._lock:
                self._known[token] = known
                while len(self._known) > REMEMBERED_TOKENS:
                    self._known.popitem(last=False)
        if known.expires_at <= time.time():
            raise Unauthenticated("The access token has expired.", rule="token-expired")
        return known

    def _verify(self, token: str) -> Claims:
        invalid = Unauthenticated("The access token is not valid.", rule="token-invalid")
        try:
            issuer, key = self._key(str(extract_compact(token.encode()).headers()["kid"]))
            payload = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            if payload["iss"] != issuer or payload["aud"] != AUDIENCE or payload.get("nbf", 0) > time.time():
                raise invalid
            return _claims(payload)
        except (JoseError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise invalid from None

    def _key(self, kid: str) -> tuple[str, OKPKey]:
        if kid not in self._keys and self._until_reading.over():
            with self._lock:
                self._keys = read_keys(self.keys_path)
                self._until_reading.begin()
        return self._keys[kid]


def _claims(payload: dict[str, Any]) -> Claims:
    human = payload["iss"] == HUMAN_ISSUER
    return Claims(
        issuer=payload["iss"],
        account_id=UUID(payload["sub"]) if human else None,
        session_id=UUID(payload["sid"]) if human else None,
        roles=frozenset(payload.get("roles", ())),
        memberships=tuple(Membership(UUID(t), UUID(p), frozenset(r)) for t, p, r in payload.get("mem", ())),
        expires_at=float(payload["exp"]),
        issued_at=float(payload["iat"]),
        password_issued=payload.get("pwd") == "issued",
    )


def read_keys(path: Path) -> dict[str, tuple[str, OKPKey]]:
    """Key id → (issuer, public key) of the JWKS file; each key names its issuer in the member `iss`."""
    entries = json.loads(path.read_text())["keys"]
    return {entry["kid"]: (entry["iss"], OKPKey.import_key(_public(entry))) for entry in entries}


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name in {"kty", "crv", "x", "kid", "use", "alg"}}


def make_keys(folder: Path, issuers: tuple[str, ...]) -> None:
    """Make a new signing key for each issuer: `<issuer>/private.jwk` (owner-readable only), and an entry in
    `public/public.jwks`. Separate folders let a machine or container hold only the keys that it needs.

    Older public keys stay, so that tokens signed before a rotation are accepted until they expire.
    """
    public_path = folder / "public" / "public.jwks"
    public_path.parent.mkdir(parents=True, exist_ok=True)
    entries = json.loads(public_path.read_text())["keys"] if public_path.exists() else []
    for issuer in issuers:
        if "/" in issuer or issuer in ("", ".", "..", "public"):
            raise Invalid("{issuer} cannot be the name of an issuer.", issuer=issuer)
        key = OKPKey.generate_key("Ed25519", auto_kid=True)
        private = folder / issuer / "private.jwk"
        private.parent.mkdir(mode=0o700, exist_ok=True)
        private.touch(mode=0o600)
        private.write_text(json.dumps({**key.as_dict(private=True), "kid": key.kid}))
        entries.append({**key.as_dict(private=False), "kid": key.kid, "iss": issuer})
    partial = public_path.with_suffix(".new")
    partial.write_text(json.dumps({"keys": entries}))
    partial.replace(public_path)


__all__ = ["Actor", "Claims", "Membership", "Signer", "Verifier", "human_claims", "make_keys", "read_keys"]
