"""What the site's own copy of the widget manager leaves out."""

import pytest
from local_widgets import without_icons
from sphinx.errors import ExtensionError


def test_only_the_style_of_icons_is_left_out() -> None:
    manager = (
        'a.push(".fa,.fas{font-weight:900}.fab{font-family:\\"Brands\\"}.famous{color:red}");class B extends e.fa{}'
    )
    assert without_icons(manager) == 'a.push(".famous{color:red}");class B extends e.fa{}'


def test_a_manager_of_another_make_stops_the_build() -> None:
    with pytest.raises(ExtensionError, match="has it changed"):
        without_icons("class A{}")
