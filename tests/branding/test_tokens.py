"""Colours: whatever a brand brings, what is read can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse.branding.colour import Oklch, contrast, from_hex, max_chroma, to_hex
from rse.branding.tokens import CATEGORIES, PAIRS, Faint, Palette, category, prove, roles

DIGITS = st.text("0123456789abcdef", min_size=6, max_size=6)


@given(DIGITS)
def test_a_colour_survives_the_way_through_oklch(digits: str) -> None:
    there_and_back = to_hex(from_hex(f"#{digits}"))
    assert all(
        abs(int(digits[at : at + 2], 16) - int(there_and_back[at + 1 : at + 3], 16)) <= 1
        for at in (0, 2, 4)
    )


def test_contrast_is_that_of_the_recommendation() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


def test_too_much_chroma_is_cut_and_lightness_stays() -> None:
    green = from_hex(to_hex(Oklch(0.52, 0.4, 150)))
    assert green.lightness == pytest.approx(0.52, abs=0.005)
    assert green.chroma <= max_chroma(0.52, 150) + 0.005


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("brand_bar", [False, True])
def test_every_hue_and_chroma_gives_readable_pairs(dark: bool, brand_bar: bool) -> None:
    for hue in range(0, 360, 10):
        for chroma in (0.0, 0.05, 0.12, 0.4):
            for tint in (0.0, 0.4):
                palette = Palette.of(
                    accent=Oklch(0.5, chroma, hue),
                    brand=Oklch(0.5, chroma, (hue + 180) % 360),
                    neutral=Oklch(0.5, tint, hue),
                    brand_bar=brand_bar,
                )
                roles(palette, dark=dark)  # raises Faint when a pair is not


@pytest.mark.parametrize("dark", [False, True])
def test_category_hues_are_readable(dark: bool) -> None:
    for hue in CATEGORIES:
        made = category(hue, dark=dark)
        assert contrast(made["fg"], made["bg"]) >= 4.5


def test_a_pair_that_cannot_be_read_is_named() -> None:
    made = roles(Palette(0, 0, 0, 0, 0, 0), dark=False)
    made["text-3"] = "#bbbbbb"
    with pytest.raises(Faint, match=r"text-3 on canvas \(light\) is 1\.\d\d:1, needs 4\.6:1"):
        prove(made, "light")


def test_the_pairs_of_the_design_are_all_proven() -> None:
    proven = {(pair.front, pair.back) for pair in PAIRS}
    for back in ("canvas", "surface", "raised", "sunken", "accent-soft"):
        assert {("text", back), ("text-2", back), ("text-3", back)} <= proven
