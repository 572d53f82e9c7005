"""QR codes as pictures inside a page, or as files of their own."""

from io import BytesIO

import segno
from django.http import HttpResponse


def qr_svg(address: str) -> str:
    """Return an address as an SVG element that takes the width of its place."""
    image = BytesIO()
    segno.make(address, error="m").save(
        image, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True
    )
    return image.getvalue().decode()


def qr_file(address: str) -> HttpResponse:
    """Answer with an address as an SVG file."""
    image = BytesIO()
    segno.make(address, error="m").save(image, kind="svg", border=2, scale=8)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
