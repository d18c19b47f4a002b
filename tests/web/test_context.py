"""What the frame of every page knows, and what it leaves out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from bridgehead.accounts.rules import ANONYMOUS, Grant, Permission, Reader
from bridgehead.web import context

pytestmark = pytest.mark.urls("tests.web.gallery.urls")
NAVIGATION = [
    ("Components", "components", None),
    ("School", "school", "SEE_PUBLISHED"),
    ("Review", "review", "SEE_SUPPORT_REVIEW"),
    ("Gone", "no-such-page", None),
    ("Review", "errors", "SEE_OWN_SCHOOL", "components"),
]


def reader(*permissions: Permission) -> Reader:
    """Somebody signed in who holds these permissions."""
    return Reader(7, "Priya Nair", 1, "broker", "broker", frozenset(map(Grant, permissions)))


def request(path: str = "/", **parts: Any) -> HttpRequest:
    """A request on which middleware has put these parts."""
    made = RequestFactory().get(path)
    for name, value in parts.items():
        setattr(made, name, value)
    return made


@pytest.fixture(autouse=True)
def _navigation(settings: Any) -> None:
    settings.BRIDGEHEAD_NAVIGATION = NAVIGATION


def labels(asked: HttpRequest) -> list[str]:
    """The entries offered."""
    return [item.label for item in context.navigation(asked)]


def test_only_what_the_reader_may_follow_is_offered() -> None:
    assert labels(request(reader=reader())) == ["Components"]
    assert labels(request(reader=reader(Permission.SEE_PUBLISHED))) == ["Components", "School"]


def test_a_grant_at_one_school_is_enough_to_be_offered_the_page() -> None:
    somebody = Reader(7, "A", 1, "head", "head", frozenset([Grant(Permission.SEE_PUBLISHED, 9)]))
    assert "School" in labels(request(reader=somebody))


def test_nobody_who_is_signed_out_is_offered_anything() -> None:
    assert labels(request(reader=ANONYMOUS)) == []
    assert labels(request()) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/gallery/school/", "page"),
        ("/gallery/school/dials/", "true"),
        ("/gallery/review/", ""),
        ("/", ""),
    ],
)
def test_the_present_page_is_marked(path: str, said: str) -> None:
    asked = request(path, reader=reader(Permission.SEE_PUBLISHED))
    assert {i.label: i.current for i in context.navigation(asked)}["School"] == said


def test_one_label_leads_each_reader_to_the_page_that_is_theirs() -> None:
    """A head's own review and the board bear one name; the head's is marked below the board's."""
    head, broker = Permission.SEE_OWN_SCHOOL, Permission.SEE_SUPPORT_REVIEW

    def review(path: str, *held: Permission) -> list[tuple[str, str]]:
        asked = request(path, reader=reader(*held))
        return [(i.href, i.current) for i in context.navigation(asked) if i.label == "Review"]

    assert review("/gallery/components/7/", head) == [("/gallery/errors/", "true")]
    assert review("/", broker, head) == [("/gallery/review/", "")]


def test_the_front_page_is_not_above_every_page() -> None:
    assert context.current("/", "/", "/") == "page"
    assert context.current("/schools/", "/", "/") == ""


def test_everything_has_a_fall_back() -> None:
    known = context.site(request())
    assert not known["navigation"]
    assert not known["reader"]
    assert known["partnership_name"] == ""
    assert not known["synthetic"]
    assert known["links"] == {}


def test_the_frame_says_whose_site_it_is_who_reads_and_that_a_demo_is_one() -> None:
    html = render_to_string(
        "message.html",
        {"title": "Saved", "words": "Done.", "synthetic": True},
        request(
            reader=reader(Permission.SEE_PUBLISHED),
            partnership=SimpleNamespace(name="Bridgeshire Learning Partnership"),
        ),
    )
    assert "<title>Saved – Bridgeshire Learning Partnership – Bridgehead</title>" in html
    assert "Priya Nair" in html
    assert "broker" in html
    assert "every school and figure here is synthetic" in html
    assert "Open Government Licence v3.0" in html
    assert html.index("Skip to main content") < html.index("<header")


def test_a_real_site_is_not_called_a_demonstration() -> None:
    assert "synthetic" not in render_to_string("message.html", {"title": "Saved"}, request())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_but_itself(name: str) -> None:
    """Django draws some of them without a request or a context."""
    html = render_to_string(f"{name}.html")
    assert "<h1" in html
    assert "– Bridgehead</title>" in html


def test_a_refusal_says_its_reason() -> None:
    html = render_to_string("403.html", {"exception": "Only the school may reply."})
    assert "Only the school may reply." in html
