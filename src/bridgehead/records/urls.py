from django.urls import path

from bridgehead.records.views import addresses, own, requests, told

app_name = "records"

urlpatterns = [
    path("", told.kept, name="kept"),
    path("processing/", told.processing, name="processing"),
    path("agreement/", told.agreement, name="agreement"),
    path("impact-assessment/", told.impact, name="impact"),
    path("about-you/", own.own, name="own"),
    path("about-you/file/", own.own_file, name="own-file"),
    path("requests/", requests.requests, name="requests"),
    path("requests/people/<int:person_id>/", requests.person, name="person"),
    path("requests/people/<int:person_id>/file/", requests.person_file, name="person-file"),
    path("requests/people/<int:person_id>/erase/", requests.erase, name="erase"),
    path("requests/erased/<int:number>/", requests.erased, name="erased"),
    path("requests/address/", addresses.address, name="address"),
    path("requests/address/file/", addresses.address_file, name="address-file"),
    path("requests/disclosure/", requests.disclosure, name="disclosure"),
    path("requests/disclosure/file/", requests.disclosure_file, name="disclosure-file"),
    path("requests/safeguarding/", requests.contacts, name="contacts"),
]
