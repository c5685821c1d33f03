# SPDX-License-Identifier: Apache-2.0
"""Makes a DSSE envelope of one signature that brings its public key along; the verifier alone reads it."""

import base64
import json

from reports.sealed.bundle_verifier import key_id, pre_authentication
from reports.sealed.signing_key import SigningKey


def signed_envelope(payload: bytes, payload_type: str, key: SigningKey) -> bytes:
    """Return one line of JSON that holds `payload`, its signature, and the key that verifies it.

    Raises:
        BenchFault: the token does not sign.
    """
    made = key.sign(pre_authentication(payload, payload_type))
    envelope = {
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode("ascii"),
        "signatures": [{"keyid": key_id(key.public_pem), "sig": base64.b64encode(made).decode("ascii")}],
        "publicKey": key.public_pem.decode("ascii"),
    }
    return json.dumps(envelope, separators=(",", ":")).encode("ascii") + b"\n"
