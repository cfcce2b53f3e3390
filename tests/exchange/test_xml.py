"""Texts in XML."""

from engagement.exchange.xml import holdable


def test_what_xml_cannot_hold_is_left_out_and_nothing_else() -> None:
    assert holdable("a\x00b\ufffec\ud800d\te\nf\U0010fffdg😀") == "abcd\te\nf\U0010fffdg😀"
