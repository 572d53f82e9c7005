from typing import Any

from ninja import Router, Status

from linbang.foundation import clock
from linbang.operations.service_records import actions, queries, rules
from linbang.operations.service_records.schemas.policies import (
    PolicyAdoptionIn,
    PolicyAdoptionOut,
    PolicyPreviewOut,
    RegionPoliciesOut,
)

router = Router(tags=["records"])


@router.get(
    "/credit-policies/{region}", response=RegionPoliciesOut, operation_id="list_credit_policies"
)
def list_credit_policies(request: Any, region: str) -> Any:
    """List the crediting policies, which one holds in a region, and what was decided."""
    place = queries.region_with_policy(request.actor, region)
    page = queries.policy_page(request.actor, place, clock.now())
    policies = [
        {
            "code": policy.code,
            "version": policy.version,
            "label": head.label,
            "is_in_force": head.is_in_force,
            "words": {str(line.label): line.words[n] for line in page.lines},
        }
        for n, (policy, head) in enumerate(zip(rules.PRESETS, page.heads, strict=True))
    ]
    return {"region": place.code, "policies": policies, "history": page.history}


@router.get(
    "/credit-policies/{region}/preview",
    response=PolicyPreviewOut,
    operation_id="preview_credit_policy",
)
def preview_credit_policy(request: Any, region: str, code: str, version: int) -> Any:
    """Tell what a policy would have made of the region's last ninety days; nothing is stored."""
    place = queries.region_with_policy(request.actor, region)
    preview = queries.preview_of(place.code, (code, version), clock.now())
    found = preview.comparison
    return {
        "label": preview.label,
        "since": preview.since,
        "is_sample": preview.is_sample,
        "largest": preview.largest,
        **{name: getattr(found, name) for name in _COMPARED},
    }


_COMPARED = (
    *("services", "changed", "people", "before", "after"),
    *("approvals_before", "approvals_after"),
)


@router.post(
    "/credit-policy-adoptions",
    response={201: PolicyAdoptionOut},
    operation_id="adopt_credit_policy",
)
def adopt_credit_policy(request: Any, order: PolicyAdoptionIn) -> Any:
    """Let a policy hold in a region from a day ahead; old records stay as they are."""
    adopted = actions.adopt_policy(by=request.actor, now=clock.now(), **order.dict())
    history = queries.adoption_history(order.region)
    return Status(201, next(one for one in history if one.public_id == adopted.public_id))
