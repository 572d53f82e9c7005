from ninja import Field, Schema


class FieldProblemOut(Schema):
    field: str
    code: str | None = Field(None, description="Which rule, where one refusal has several reasons")
    detail: str


class ReasonOut(Schema):
    """One reason why a person may not take a post, and where it can be settled."""

    code: str = Field(description="A cause of clearance; a qualification's is code:which")
    detail: str
    url: str = Field(description="A page of ours, if there is one that helps")


class ProblemOut(Schema):
    """Why something was refused, after RFC 9457; ``code`` is stable, ``detail`` is for people."""

    type: str
    status: int
    code: str
    detail: str
    field: str | None = Field(None, description="The input at fault, if one is")
    errors: list[FieldProblemOut] | None = Field(
        None, description="Every reason, where there are several"
    )
    causes: list[ReasonOut] | None = Field(None, description="With code not_cleared")
