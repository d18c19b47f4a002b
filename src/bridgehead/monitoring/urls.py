"""Addresses of the support review."""

from django.urls import URLPattern, URLResolver, path, re_path

from bridgehead.monitoring.views import board, policy, reviews, rounds, steps

app_name = "monitoring"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.board, name="board"),
    path("support-review.csv", board.board_csv, name="board-csv"),
    path("how-proposals-are-made/", policy.how, name="how"),
    path("my-school/", reviews.own, name="own"),
    path("open/", rounds.open_round, name="open"),
    path("rounds/", rounds.all_rounds, name="rounds"),
    path("rounds/<int:round_id>/", rounds.one_round, name="round"),
    path("rounds/<int:round_id>/send/", rounds.send_round, name="send-round"),
    path("schools/<int:urn>/", reviews.school, name="school"),
    path("<int:review_id>/", reviews.review, name="review"),
    path("<int:review_id>/tell/", steps.tell, name="tell"),
    path("<int:review_id>/send/", steps.send, name="send"),
    path("<int:review_id>/reply/", steps.reply, name="reply"),
    path("<int:review_id>/judge/", steps.judge, name="judge"),
    path("<int:review_id>/support/", steps.decide, name="decide"),
    re_path(
        r"^(?P<review_id>\d{1,18})/(?P<what>told|sent|replied|judged|decided)/$",
        steps.done,
        name="done",
    ),
]
