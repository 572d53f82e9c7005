from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("time_bank", "0005_spending")]

    operations = [
        *append_only("time_bank_redemptionpart"),
        *append_only("time_bank_payment"),
        *append_only("time_bank_refund"),
        *append_only("time_bank_gift"),
        *append_only("time_bank_giftanswer"),
        *append_only("time_bank_donation"),
        *append_only("time_bank_disputereply"),
        *append_only("time_bank_savingscard"),
    ]
