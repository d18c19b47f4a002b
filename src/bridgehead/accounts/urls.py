from django.urls import path

from bridgehead.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.change_password, name="change-password"),
    path("password/changed/", views.password_changed, name="password-changed"),
    path("password/set/<uidb64>/<token>/", views.set_password, name="set-password"),
    path("audit/", views.audit, name="audit"),
]
