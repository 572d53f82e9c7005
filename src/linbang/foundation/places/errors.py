"""What places refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class PlaceNameMissing(Refused):
    """A place or station needs a name."""

    code = "place_name_missing"
    status = 422
    message = _("请填写名称。")


class PlaceNameTaken(Refused):
    """A neighbour under the same parent has this name."""

    code = "place_name_taken"
    message = _("这里已经有同名的网格或楼栋，请换一个名称。")


class PlaceKindWrong(Refused):
    """Grids belong to a community, buildings to a grid."""

    code = "place_kind_wrong"
    status = 422
    message = _("网格要建在社区下，楼栋要建在网格下，请重新选择上级。")


class PlacePublished(Refused):
    """Names and codes down to the community come from the national table."""

    code = "place_published"
    message = _("社区及以上的区划来自国家统一区划，请等待下一次区划更新。")


class PlaceClosed(Refused):
    """The place was closed before."""

    code = "place_closed"
    message = _("这里已经停用，不能再修改。")


class PlaceNotEmpty(Refused):
    """A grid is closed after its buildings."""

    code = "place_not_empty"
    message = _("这个网格还有在用的楼栋，请先停用楼栋。")


class PlaceFull(Refused):
    """Three digits hold 999 places under one parent, closed ones included."""

    code = "place_full"
    message = _("这里的编号已经用完（最多 999 个），请另建网格。")


class LocationImpossible(Refused):
    """Longitude and latitude come together, and lie on Earth."""

    code = "location_impossible"
    status = 422
    message = _("经度和纬度要一起填，例如 108.335 和 22.815。")


class OpeningHoursImpossible(Refused):
    """Opening hours end after they start and do not overlap."""

    code = "opening_hours_impossible"
    status = 422
    message = _("开放时间写不对：请写成 09:00-12:00，多个时段用逗号隔开，不要重叠。")


class StationNameTaken(Refused):
    """The region has a station of this name."""

    code = "station_name_taken"
    message = _("这里已经有同名的服务站，请换一个名称。")


class StationPhoneWrong(Refused):
    """A station's phone can be dialled."""

    code = "station_phone_wrong"
    status = 422
    message = _("电话只能有数字、空格和短横线，座机请加区号。")
