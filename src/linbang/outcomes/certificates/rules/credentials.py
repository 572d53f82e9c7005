"""A certificate as a W3C Verifiable Credential 2.0 that is an Open Badges 3.0 credential.

Secured by a Data Integrity proof, cryptosuite eddsa-jcs-2022. Our documents hold text, whole
numbers, lists and objects with ASCII keys only, so that sorted compact JSON is their RFC 8785 form.
Source: https://www.w3.org/TR/vc-data-model-2.0/, https://www.w3.org/TR/vc-di-eddsa/,
https://www.imsglobal.org/spec/ob/v3p0/.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

SUITE = "eddsa-jcs-2022"
_CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
_ED25519_PUBLIC = b"\xed\x01"  # multicodec of the key's kind
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a credential tells of a certificate."""

    number: str
    name: str
    issuer: str
    first: date
    last: date
    minutes: int
    issued_at: datetime
    title: str
    description: str
    criteria: str
    unit: str


def did_of(site: str) -> str:
    """Return the issuer's identifier, whose document lies at /certificates/did.json of the site.

    site: the address of the site, as https://linbang.example/.
    """
    return f"did:web:{quote(urlsplit(site).netloc, safe='')}:certificates"


def did_document(site: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the document that tells with which keys the site signs; 32 bytes a key."""
    did = did_of(site)
    methods = [
        {
            "id": f"{did}#{key_id}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": "z" + base58(_ED25519_PUBLIC + key),
        }
        for key_id, key in keys.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def credential_of(facts: Facts, *, site: str) -> dict[str, Any]:
    """Return the credential without its proof; the volunteer is named as on the paper."""
    return {
        "@context": _CONTEXTS,
        "id": f"{site}certificates/check/?n={facts.number}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title,
        "issuer": {"id": did_of(site), "type": ["Profile"], "name": facts.issuer},
        "validFrom": facts.issued_at.replace(microsecond=0).isoformat(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": facts.name,
                    "identityType": "name",
                }
            ],
            "activityStartDate": f"{facts.first.isoformat()}T00:00:00+08:00",
            "activityEndDate": f"{facts.last.isoformat()}T23:59:59+08:00",
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{site}certificates/keys/#minutes",
                    "value": str(facts.minutes),
                }
            ],
            "achievement": {
                "id": f"{site}certificates/keys/#volunteer-service",
                "type": ["Achievement"],
                "achievementType": "CommunityService",
                "name": facts.title,
                "description": facts.description,
                "criteria": {"narrative": facts.criteria},
                "resultDescription": [
                    {
                        "id": f"{site}certificates/keys/#minutes",
                        "type": ["ResultDescription"],
                        "name": facts.unit,
                        "resultType": "ext:ServiceMinutes",
                    }
                ],
            },
        },
    }


def proof_options(*, site: str, key_id: str, now: datetime) -> dict[str, Any]:
    """Return the proof without its value."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": now.replace(microsecond=0).isoformat(),
        "verificationMethod": f"{did_of(site)}#{key_id}",
        "proofPurpose": "assertionMethod",
    }


def signing_input(credential: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Return what is signed: the hashes of the options and of the document, 64 bytes."""
    configuration = {**options, "@context": credential["@context"]}
    return _hash(configuration) + _hash(credential)


def secured(
    credential: Mapping[str, Any], options: Mapping[str, Any], signature: bytes
) -> dict[str, Any]:
    """Return the credential with its proof."""
    value = "z" + base58(signature)
    proof = {**options, "@context": credential["@context"], "proofValue": value}
    return {**credential, "proof": proof}


def base58(data: bytes) -> str:
    """Write bytes in the alphabet of Bitcoin."""
    number, text = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _hash(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()
