from django.urls import path

from bridgehead.people.views import appointments, buddies, groups, invitations, roles

app_name = "people"

urlpatterns = [
    path("people/", appointments.people, name="list"),
    path("people/appoint/", appointments.appoint_person, name="appoint"),
    path("people/invite/", invitations.invite_person, name="invite"),
    path("people/invited/<int:invitation_id>/", invitations.invited, name="invited"),
    path(
        "people/invited/<int:invitation_id>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw",
    ),
    path("people/<int:appointment_id>/", appointments.appointed, name="appointed"),
    path("people/<int:appointment_id>/end/", appointments.end, name="end"),
    path("people/of/<int:urn>/", invitations.own_people, name="own"),
    path("people/of/<int:urn>/invite/", invitations.invite_own, name="invite-own"),
    path("invitation/<str:token>/", invitations.accept_invitation, name="accept"),
    path("groups/", groups.groups, name="groups"),
    path("groups/add/", groups.add_group, name="add-group"),
    path("groups/<int:group_id>/", groups.one_group, name="group"),
    path("groups/<int:group_id>/join/", groups.join, name="join-group"),
    path("groups/members/<int:member_id>/leave/", groups.leave, name="leave-group"),
    path("groups/parts/<int:part_id>/leave/", groups.part, name="part-group"),
    path("buddy/", buddies.buddy, name="buddy"),
    path("buddies/", buddies.buddies, name="buddies"),
    path("buddies/<int:request_id>/", buddies.name, name="name-buddy"),
    path("role/", roles.choose_role, name="choose-role"),
    path("signed-in/", roles.signed_in, name="signed-in"),
    path("who-can-see/", roles.who_can_see, name="who-can-see"),
]
