# untranslated file: what is signed says the same to every reader
"""A certificate as a file for machines: W3C Verifiable Credential 2.0, Open Badges 3.0."""

import json
from datetime import datetime
from typing import Any

from linbang.outcomes.certificates import actions
from linbang.outcomes.certificates.models import Certificate
from linbang.outcomes.certificates.rules import Facts
from linbang.outcomes.certificates.schemas.paper import TITLE, hours

TYPE = "application/vc+ld+json"


def credential_of(certificate: Certificate, *, site: str, now: datetime) -> dict[str, Any]:
    """Return a certificate as a signed credential of the site."""
    return actions.sign_credential(facts=facts_of(certificate), site=site, now=now)


def facts_of(certificate: Certificate) -> Facts:
    """Return what the credential tells."""
    proved, entered = certificate.proved_minutes, certificate.entered_minutes
    return Facts(
        number=certificate.number,
        name=certificate.name,
        issuer=certificate.issuer,
        first=certificate.first_date,
        last=certificate.last_date,
        minutes=certificate.minutes,
        issued_at=certificate.issued_at,
        title=TITLE,
        description=(
            f"志愿服务 {hours(certificate.minutes)}："
            f"信用时长 {hours(proved)}，荣誉时长 {hours(entered)}。"
        ),
        criteria="服务由记录单位记录，签到证明或经第二人审核后生效。",
        unit="服务时长（分钟）",
    )


def written(certificate: Certificate, *, site: str, now: datetime) -> bytes:
    """Write the credential as a file."""
    told = credential_of(certificate, site=site, now=now)
    return json.dumps(told, ensure_ascii=False, indent=2).encode()
