"""What each reader finds on the desk's pages, what no neighbour finds, and what it takes."""

import csv
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.core.years import label
from bridgehead.measures.loader import measures
from bridgehead.picture.alike_words import expectation_words, match_words
from bridgehead.picture.sentences import chart_sentence
from bridgehead.web.words import typeset
from tests.cast import Site
from tests.desk.conftest import Get, keep_only

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
STAFF = ("officer", "broker")
#: The pages looked at are those of Tom Reyes's school.
NEIGHBOURS = ("head", "governor", "board_member", "administrator")
SCHOOL_PAGES = ("school", "standards", "inspections", "sources")
#: Words that stand on a page only where something was worked out about the school.
WORKED_OUT = (
    "likely to be",
    "nderlying level",
    "similar schools",
    "Proposed:",
    "No clear change",
    "to expect",
)

#: The marks of what carries a sentence.
PLAIN = re.compile(r"</?strong>")
TOKEN = re.compile(r'value="\w{64}"')


@pytest.mark.parametrize("who", ["other_head", *STAFF])
def test_a_school_is_seen_in_full_by_its_own_people_and_by_officers(get: Get, site: Site, who):
    page = get(who, "desk:school", site.other_school.urn)
    assert "where its underlying level likely lies" in page
    assert reverse("desk:similar", args=[site.other_school.urn]) in page
    assert "similar schools" in get(who, "desk:similar", site.other_school.urn).lower()


def test_englands_line_is_in_the_key_only_where_it_is_drawn(get: Get, site: Site):
    urn = site.other_school.urn
    assert "dashed: England" not in get("broker", "desk:series", urn, "census.pupils")
    assert "dashed: England" in get("broker", "desk:series", urn, "ks2.rwm_expected")


def test_englands_figure_has_a_name_where_columns_have_none(get: Get, site: Site):
    page = get("head", "desk:school", site.other_school.urn)
    assert 'class="bh-dials__alone">England</span> <span class="bh-dials__value">' in page


@pytest.mark.parametrize("page", SCHOOL_PAGES)
@pytest.mark.parametrize("who", NEIGHBOURS)
def test_neighbours_find_nothing_that_is_worked_out(get: Get, site: Site, who, page):
    text = get(who, f"desk:{page}", site.other_school.urn)
    body = text[text.index("<main") : text.index("bh-who")]
    assert not [words for words in WORKED_OUT if words in body]


def test_the_words_that_neighbours_must_not_find_are_there_for_the_broker(get: Get, site: Site):
    pages = [get("broker", f"desk:{page}", site.other_school.urn) for page in SCHOOL_PAGES]
    text = " ".join(pages)
    assert all(words in text for words in ("likely to be", "nderlying level", "Proposed:"))


def test_what_is_expected_is_said_before_it_is_counted(get: Get, site: Site, picture):
    schools = picture.schools.filter(picture.schools["la"] == "990")["urn"].to_list()
    key = "ks2.rwm_expected"
    told = ((urn, picture.expected(key, urn)) for urn in schools)
    urn, one = next(found for found in told if found[1] is not None and found[1].value is not None)
    page = get("officer", "desk:similar", urn)
    sentence = expectation_words(one, picture.measure(key))
    assert page.index(sentence) < page.index("Headline figures beside what is expected")
    assert match_words(picture.match(urn)) in page


@pytest.mark.parametrize("who", NEIGHBOURS)
def test_neighbours_have_no_page_of_similar_schools(get: Get, site: Site, who):
    get(who, "desk:similar", site.other_school.urn, status=404)


@pytest.mark.parametrize("who", NEIGHBOURS)
def test_the_page_and_the_file_of_a_series_keep_the_level_from_neighbours(
    get: Get, site: Site, who
):
    page = get(who, "desk:series", site.other_school.urn, "ks2.rwm_expected")
    assert not [
        words for words in WORKED_OUT if words in page[page.index("<main") :].split("bh-who")[0]
    ]
    file = get(who, "desk:series-csv", site.other_school.urn, "ks2.rwm_expected")
    assert "Underlying level" not in file
    assert "expect" not in file
    assert "Underlying level" in get(
        "other_head", "desk:series-csv", site.other_school.urn, "ks2.rwm_expected"
    )


@pytest.mark.parametrize("page", ["school", "standards", "series"])
def test_each_chart_says_its_verdict_in_sentences(get: Get, site: Site, page):
    one = site.picture.school(site.other_school.urn).series["ks2.rwm_expected"]
    full, published = (typeset(chart_sentence(one, full=sight)) for sight in (True, False))
    assert full != published
    args = (site.other_school.urn, one.key) if page == "series" else (site.other_school.urn,)
    for who, said in (("broker", full), ("head", published)):
        seen = PLAIN.sub("", get(who, f"desk:{page}", *args))
        assert re.search(rf"<p[^>]*>\s*{re.escape(said)}", seen)
        assert re.search(rf"<desc[^>]*>{re.escape(said)} ", seen)


@pytest.mark.parametrize("page", ["school", "standards", "series"])
def test_what_to_expect_is_drawn_and_tabled_apart_from_what_is_published(
    get: Get, site: Site, page
):
    one = site.picture.school(site.other_school.urn).series["ks2.rwm_expected"]
    ahead = one.ahead
    assert ahead is not None
    low, high = one.measure.format(ahead.low), one.measure.format(ahead.high)
    args = (site.other_school.urn, one.key) if page == "series" else (site.other_school.urn,)
    text = get("broker", f"desk:{page}", *args)
    assert 'class="bh-ahead"' in text
    assert f"not published yet: {low} to {high}, 8 chances in 10." in text
    table = text[text.index("<table", text.index('class="bh-ahead"')) :]
    row = table[table.index(label(ahead.year)) :].split("</tr>")[0]
    assert f"What to expect next year: {low} to {high}, 8 chances in 10" in row
    assert "not published yet" in row


def test_the_file_of_a_series_keeps_what_to_expect_in_columns_of_its_own(get: Get, site: Site):
    one = site.picture.school(site.other_school.urn).series["ks2.rwm_expected"]
    ahead = one.ahead
    assert ahead is not None
    file = get("broker", "desk:series-csv", site.other_school.urn, one.key)
    heads, *rows = csv.reader(file.lstrip("\ufeff").splitlines())
    assert all(len(row) == len(heads) for row in rows)
    last = dict(zip(heads, rows[-1], strict=True))
    assert last.pop("Year") == label(ahead.year)
    assert last.pop("Why there is no value") == "not published yet"
    told = {name: float(last.pop(name)) for name in heads[-3:]}
    assert list(told.values()) == [ahead.value, ahead.low, ahead.high]
    assert not any(last.values())
    assert not any(row[-1] for row in rows[:-1])


def test_a_predecessors_inspection_is_told_as_the_predecessors(get: Get, site: Site):
    urn, theirs = next(
        (urn, one)
        for urn in site.urns
        for one in site.picture.school(urn).inspections
        if not one.this_urn
    )
    page = get("broker", "desk:inspections", urn)
    assert f"Of a school that this one replaced, URN {theirs.urn}" in page
    assert "(predecessor)" in page
    assert "A hollow mark" in page
    file = get("head", "desk:inspections-csv", urn)
    assert f"no: a school that it replaced,{theirs.urn}," in file


def test_a_school_without_inspections_is_told_so(get: Get, site: Site):
    urn = next(urn for urn in site.urns if not site.picture.school(urn).inspections)
    page = get("broker", "desk:inspections", urn)
    assert "No inspection of this school has been loaded." in page
    assert "A hollow mark" not in page


def test_the_list_shows_direction_to_officers_and_brokers_only(get: Get):
    for who in STAFF:
        assert "Direction of travel" in get(who, "desk:schools")
    for who in NEIGHBOURS:
        page = get(who, "desk:schools")
        assert "bh-direction" not in page
        assert "Direction of travel" not in page.split("bh-who")[0]


def test_a_list_by_direction_is_by_name_for_those_who_may_not_see_it(get: Get):
    assert names(get("head", "desk:schools", query="?sort=direction")) == names(
        get("head", "desk:schools")
    )
    assert names(get("broker", "desk:schools", query="?sort=direction")) != names(
        get("broker", "desk:schools")
    )


def names(page: str) -> list[str]:
    """The addresses of the schools on a page of the list, in order."""
    return [part.split('"')[0] for part in page.split('href="/schools/9')[1:]]


def test_the_download_of_the_list_holds_published_figures_only(client: Client, site: Site):
    client.force_login(site.cast.broker)
    response = client.get(reverse("desk:schools-csv"))
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == len(site.urns) + 1
    assert "irection" not in text


def test_search_finds_by_name_town_postcode_and_urn(get: Get, site: Site):
    school = site.other_school
    for words in (school.name, school.name.split()[1].lower(), school.postcode, str(school.urn)):
        assert school.name in get("head", "desk:schools", query=f"?q={words}")


def test_a_search_without_result_says_what_to_do(get: Get):
    assert "No school fits what you ask" in get("head", "desk:schools", query="?q=zzzz")


@pytest.mark.parametrize(
    "query",
    ["?page=999", "?page=x", "?phase=nonsense&type=x&trust=y", "?sort=nonsense", "?figure=x"],
)
def test_nonsense_in_the_address_is_without_effect(get: Get, query):
    assert "<table" in get("head", "desk:schools", query=query)


def test_filters_narrow_the_list(get: Get):
    everyone = get("broker", "desk:schools")
    primaries = get("broker", "desk:schools", query="?phase=secondary")
    assert "fit what you ask" in primaries
    assert "fit what you ask" not in everyone


def test_an_old_urn_leads_to_the_newest_for_good(client: Client, site: Site):
    frame = site.picture.schools
    old, new = next(
        (row["urns"][0], row["urn"])
        for row in frame.iter_rows(named=True)
        if len(row["urns"]) > 1 and row["urn"] in site.urns
    )
    client.force_login(site.cast.broker)
    response = client.get(reverse("desk:school", args=[old]))
    assert (response.status_code, response["Location"]) == (
        301,
        reverse("desk:school", args=[new]),
    )


def test_a_school_outside_the_partnership_is_the_same_as_none(client: Client, site: Site):
    elsewhere = next(urn for urn in site.picture.schools["urn"] if urn not in site.urns)
    client.force_login(site.cast.broker)
    pages = [client.get(reverse("desk:school", args=[urn])) for urn in (elsewhere, 123)]
    assert [page.status_code for page in pages] == [404, 404]
    told = [TOKEN.sub("", page.content.decode()) for page in pages]
    assert told[0].replace(str(elsewhere), "") == told[1].replace("123", "")


def test_a_suppressed_figure_is_said_and_never_a_nought(get: Get, site: Site):
    urn, key, point = next(
        (urn, key, point)
        for urn in site.urns
        for key in ("ks2.rwm_expected.disadvantaged",)
        if key in site.picture.school(urn).series
        for point in site.picture.school(urn).series[key].points
        if point.reason is not None and point.reason.value == "suppressed"
    )
    page = get("broker", "desk:series", urn, key)
    assert "Hidden by the publisher because too few pupils are in it" in page
    assert f"printed as <code>{point.raw}</code>" in page


def test_sources_lead_back_to_row_column_and_raw_text(get: Get, site: Site):
    one = site.picture.school(site.other_school.urn).series["ks2.rwm_expected"].latest
    page = get("head", "desk:series", site.other_school.urn, "ks2.rwm_expected")
    for words in (one.column, f"row {one.row}", one.raw, one.release):
        assert words in page
    assert one.column in get("head", "desk:sources", site.other_school.urn)


def test_sources_are_folded_by_stage(get: Get, site: Site):
    page = get("head", "desk:sources", site.other_school.urn)
    folds = re.findall(r"<details[^>]*>.*?</details>", page, re.DOTALL)
    assert [f for f in folds if "Key stage 2" in f and "PTRWM_EXP" in f]
    assert not [f for f in folds if "Key stage 2" in f and "PERCTOT" in f]
    assert "PTRWM_EXP" not in re.sub(r"<details[^>]*>.*?</details>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("synthetic", [True, False])
def test_only_real_schools_lead_to_the_page_for_parents(
    get: Get, site: Site, monkeypatch, synthetic
):
    monkeypatch.setattr(site.picture, "synthetic", synthetic)
    page = get("head", "desk:school", site.school.urn)
    assert ("page for parents" in page) is not synthetic


def test_the_list_says_how_it_is_sorted_before_anybody_sorts(get: Get):
    assert re.search(r'aria-sort="ascending"><a[^>]*>School<', get("head", "desk:schools"))
    assert 'aria-sort="ascending"' not in get("broker", "desk:schools", query="?sort=-figure")


@pytest.mark.parametrize(
    ("who", "name"), [("head", "own"), ("governor", "own"), ("broker", "board")]
)
def test_everybody_finds_the_support_review_that_is_theirs(get: Get, who, name):
    link = f'href="{reverse(f"monitoring:{name}")}"'
    menu = get(who, "desk:home").partition("</nav>")[0]
    assert menu.count("Support review") == 1
    assert link in menu


def test_home_says_what_to_do_next_by_role(get: Get, site: Site):
    assert site.other_school.name in get("other_head", "desk:home")
    assert "Nothing waits for you" in get("governor", "desk:home")
    assert "Open a support review" in get("broker", "desk:home")
    assert "People and their roles" in get("administrator", "desk:home")
    board = get("board_member", "desk:home")
    assert "The area" in board
    assert "Support review" not in board


def test_data_says_what_is_loaded_and_why_something_is_not(get: Get, site: Site):
    page = get("administrator", "desk:data")
    assert "Tests were taken, but results were not published by school." in page
    release = site.picture.releases[0]
    assert release in get("administrator", "desk:release", release)
    get("administrator", "desk:release", "ffffffffffff", status=404)


def test_every_measure_has_a_page(get: Get):
    page = get("head", "desk:measure", "ks2.rwm_expected")
    assert "High is better." in page
    again = date.fromisoformat(measures()["ks2.rwm_expected"].review_by)
    assert f"to be looked at again by {again.day} {again:%B %Y}" in page
    assert "/measures/ks2.rwm_expected/" in get("head", "desk:measures")
    get("head", "desk:measure", "ks2.nothing", status=404)


def test_direction_and_accessibility_are_explained_to_everybody(client: Client, site: Site):
    for name in ("desk:direction", "desk:accessibility"):
        assert client.get(reverse(name)).status_code == 200


def test_without_a_picture_every_page_says_what_to_do(
    client: Client, small_site: Site, monkeypatch, tmp_path
):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    for who, words in (("administrator", "bridgehead load"), ("head", "nothing that you need")):
        client.force_login(getattr(small_site.cast, who))
        for name in ("desk:home", "desk:area", "desk:schools"):
            page = client.get(reverse(name))
            assert page.status_code == 200
            assert words in page.content.decode()


def test_somebody_without_a_role_is_told_so(client: Client, site: Site):
    site.cast.broker.appointments.all().update(ends=localdate() - timedelta(days=1))
    client.force_login(site.cast.broker)
    assert "You have no role here yet" in client.get(reverse("desk:home")).content.decode()


PAGES = [
    ("desk:home", ()),
    ("desk:area", ()),
    ("desk:schools", ()),
    ("desk:schools-csv", ()),
    ("desk:school", ("urn",)),
    ("desk:standards", ("urn",)),
    ("desk:inspections", ("urn",)),
    ("desk:inspections-csv", ("urn",)),
    ("desk:similar", ("urn",)),
    ("desk:sources", ("urn",)),
    ("desk:series", ("urn", "key")),
    ("desk:series-csv", ("urn", "key")),
    ("desk:data", ()),
    ("desk:measures", ()),
    ("brokerage:supporters", ("urn",)),
]


@pytest.mark.parametrize("schools", [12, 1000])
def test_no_page_takes_more_than_twelve_queries(
    client: Client, site: Site, schools, django_assert_max_num_queries
):
    keep_only(site, schools)
    given = {"urn": site.other_school.urn, "key": "ks2.rwm_expected"}
    for who in ("broker", "other_head"):
        client.force_login(getattr(site.cast, who))
        for name, wants in PAGES:
            address = reverse(name, args=[given[want] for want in wants])
            with django_assert_max_num_queries(MOST_QUERIES, info=f"{name} as {who}"):
                client.get(address)
