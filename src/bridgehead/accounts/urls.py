from django.urls import path

from bridgehead.accounts import views
from bridgehead.accounts.sign_in import again, elsewhere
from bridgehead.accounts.sign_in import views as sign_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/with/<slug:provider>/", elsewhere.go, name="sign-in-with"),
    path("sign-in/with/<slug:provider>/back/", elsewhere.back, name="back-from"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.change_password, name="change-password"),
    path("password/changed/", views.password_changed, name="password-changed"),
    path("password/set/<uidb64>/<token>/", views.set_password, name="set-password"),
    path("second-factor/", sign_in.second_factor, name="second-factor"),
    path("second-factor/set-up/", sign_in.set_up_second_factor, name="set-up-second-factor"),
    path("second-factor/remove/", sign_in.remove, name="remove-second-factor"),
    path("second-factor/codes/", sign_in.recovery_codes, name="recovery-codes"),
    path("second-factor/codes/new/", sign_in.new_recovery_codes, name="new-recovery-codes"),
    path("second-factor/passkeys/new/", sign_in.add_a_passkey, name="add-passkey"),
    path(
        "second-factor/passkeys/<int:passkey_id>/remove/",
        sign_in.remove_a_passkey,
        name="remove-passkey",
    ),
    path("sessions/", again.sessions, name="sessions"),
    path("sessions/show-again/", again.show_again, name="show-again"),
    path("audit/", views.audit, name="audit"),
]
