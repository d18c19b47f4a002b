"""What is made when it is first read."""

from bridgehead.picture.slices import WhenRead


def test_a_sequence_is_made_once_and_only_when_it_is_read():
    made = []

    def make():
        made.append(1)
        return ("near", "far")

    some = WhenRead(2, make)
    assert len(some) == 2
    assert some
    assert not WhenRead(0, make)
    assert not made
    assert some[0] == "near"
    assert some[:1] == ("near",)
    assert list(some) == ["near", "far"]
    assert made == [1]
