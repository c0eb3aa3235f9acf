"""Timestamps of an authority (RFC 3161) over HTTP: asked for, checked, handed back as they came."""

from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

_TYPE = "application/timestamp-query"


class NoStampError(Exception):
    """No timestamp was had, or one that does not hold. Nothing waits for it."""


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Asks one authority; its stamps are checked against ``root`` (PEM) where one is named."""

    url: str
    root: Path | None = None

    async def stamp(self, data: bytes) -> bytes:
        """The whole answer (DER) to a request for SHA-256 over ``data``; NoStampError."""
        request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
                answer = await client.post(
                    self.url, content=request.as_bytes(), headers={"content-type": _TYPE}
                )
            answer.raise_for_status()
            response = decode_timestamp_response(answer.content)
            if response.tst_info.nonce != request.nonce:
                raise NoStampError(f"{self.url} answers another question than was asked")
            self.check(answer.content, data)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NoStampError(f"{self.url} gives no timestamp: {error}") from None
        return answer.content

    def check(self, answer: bytes, data: bytes) -> None:
        """NoStampError where it is not one of ``data`` by an authority below ``root``."""
        if self.root is None:
            return
        roots = x509.load_pem_x509_certificates(self.root.read_bytes())
        builder = VerifierBuilder()
        for one in roots:
            builder = builder.add_root_certificate(one)
        try:
            builder.build().verify_message(decode_timestamp_response(answer), data)
        except VerificationError as error:
            raise NoStampError(f"the timestamp of {self.url} does not hold: {error}") from None
