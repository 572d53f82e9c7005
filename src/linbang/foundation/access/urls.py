from django.urls import path

from linbang.foundation.access.views import account, roles, sign_in

app_name = "access"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.send_code, name="send_code"),
    path("sign-in/password/", sign_in.sign_in_with_password, name="sign_in_with_password"),
    path("sign-in/reset/", sign_in.reset_password, name="reset_password"),
    path("sign-in/reset/code/", sign_in.send_reset_code, name="send_reset_code"),
    path("sign-in/second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-in/registration/", sign_in.unregistered, name="unregistered"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.factor, name="factor"),
    path("account/second-factor/removal/", account.factor_removal, name="factor_removal"),
    path("account/recovery-codes/", account.recovery_codes, name="recovery_codes"),
    path("account/devices/closure/", account.devices_closure, name="devices_closure"),
    path(
        "account/devices/<uuid:device_id>/closure/", account.device_closure, name="device_closure"
    ),
    path("console/roles/", roles.roles, name="roles"),
    path("console/roles/new/", roles.role_new, name="role_new"),
    path("console/roles/<int:grant_id>/ending/", roles.role_ending, name="role_ending"),
]
