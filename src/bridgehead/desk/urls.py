from django.urls import URLPattern, URLResolver, path

from bridgehead.desk.views import area, data, home, kept, reference, school, schools, seen, series

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home_page, name="home"),
    path("area/", area.area, name="area"),
    path("schools/", schools.listing, name="schools"),
    path("schools/schools.csv", schools.download, name="schools-csv"),
    path("schools/<int:urn>/", school.dials, name="school"),
    path("schools/<int:urn>/standards/", school.standards, name="standards"),
    path("schools/<int:urn>/inspections/", school.inspections, name="inspections"),
    path(
        "schools/<int:urn>/inspections/inspections.csv",
        school.inspections_file,
        name="inspections-csv",
    ),
    path("schools/<int:urn>/similar/", school.similar, name="similar"),
    path("schools/<int:urn>/similar/keep/", kept.keep, name="keep-similar"),
    path("schools/<int:urn>/similar/kept/<int:kept_id>/", kept.kept_set, name="kept-similar"),
    path("schools/<int:urn>/who-has-looked/", seen.who_has_looked, name="seen"),
    path("schools/<int:urn>/sources/", school.sources, name="sources"),
    path("schools/<int:urn>/series/<str:key>/", series.series_page, name="series"),
    path("schools/<int:urn>/series/<str:key>/figures.csv", series.download, name="series-csv"),
    path("data/", data.data, name="data"),
    path("data/<str:release_id>/", data.release, name="release"),
    path("measures/", reference.all_measures, name="measures"),
    path("measures/<str:key>/", reference.one_measure, name="measure"),
    path("how-we-work-out-direction/", reference.direction, name="direction"),
    path("how-we-work-out-direction/estimated/", reference.estimated, name="estimated"),
    path("accessibility/", reference.accessibility, name="accessibility"),
]
