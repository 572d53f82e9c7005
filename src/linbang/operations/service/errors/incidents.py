"""Why a report of an incident could not be taken, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class IncidentPartMissing(Refused):
    """A part that must be told is left out (rule 82)."""

    code = "incident_part_missing"
    status = 422
    message = _("请写明这一项；没有的话写“无”。")


class IncidentNotYet(Refused):
    """What is reported lies in the past."""

    code = "incident_in_future"
    status = 422
    message = _("填写的时间还没有到，请填写发生的时间。")


class IncidentComplete(Refused):
    """The record was completed; it is kept as it was told."""

    code = "incident_complete"
    message = _("这份情况报告已经填报完成，不能再改。有新情况请另报一份并写明。")


class PhotoNotAPicture(Refused):
    """The file is no JPEG, PNG or WebP, whatever its name."""

    code = "photo_not_a_picture"
    status = 422
    message = _("这个文件不是照片。请上传 JPEG、PNG 或 WebP 格式的照片。")


class PhotoTooLarge(Refused):
    """The picture is larger than we keep."""

    code = "photo_too_large"
    status = 422
    message = _("照片太大，请选 %(megabytes)s MB 以内的，或截图后再传。")


class PhotosFull(Refused):
    """Five pictures an incident."""

    code = "photos_full"
    message = _("最多放五张照片。")
