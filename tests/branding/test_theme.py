"""Themes: two colours, a name and a mark are enough; a mistake is answered with its place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rse.branding.brand import build
from rse.branding.theme import ThemeError, find_theme, read_theme

THEMES = Path(__file__).parents[2] / "themes"
SOUND = """\
[brand]
product_name = "Quintessence"

[color]
brand = "#ff7300"
accent = "#0057b8"
"""
MARK = '<svg viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(toml: str = SOUND, mark: str = MARK) -> Path:
        (tmp_path / "assets").mkdir(exist_ok=True)
        (tmp_path / "assets" / "mark.svg").write_text(mark)
        (tmp_path / "theme.toml").write_text(toml)
        return tmp_path

    return make


@pytest.mark.parametrize("name", ["default", "ostrelle", "brumelis", "quintarel"])
def test_the_shipped_themes_compile(name: str) -> None:
    made = build(read_theme(find_theme(name, THEMES)))
    assert made.stylesheet.count("light-dark(") > 40
    assert "oklch" not in made.stylesheet


def test_two_demo_brands_look_like_two_companies() -> None:
    one, other = (build(read_theme(THEMES / name)) for name in ("ostrelle", "brumelis"))
    assert one.theme_color_light != other.theme_color_light
    assert one.mail_colours["accent"] != other.mail_colours["accent"]
    assert one.mark != other.mark
    assert "Source Serif 4" in other.stylesheet
    assert "Source Serif 4" not in one.stylesheet


def test_two_colours_a_name_and_a_mark_are_enough(write: Write) -> None:
    made = build(read_theme(write()))
    assert made.name == made.short_name == "Quintessence"
    assert made.css_href == f"/brand/{made.digest}.css"
    assert re.fullmatch(r"#[0-9a-f]{6}", made.mail_colours["accent"])


def test_another_colour_gives_another_address(write: Write) -> None:
    before = build(read_theme(write())).digest
    assert build(read_theme(write(SOUND.replace("0057b8", "b80057")))).digest != before


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("[brand]\nproduct_name = \n", r"THM100 .*theme\.toml:2 "),
        (SOUND + 'neutrl = "#888888"\n', r'THM101 .*:7 color\.neutrl: .* Did you mean "neutral"\?'),
        (SOUND + "[shap]\nradius = 1\n", r'THM101 .*:7 shap: unknown key\. Did you mean "shape"\?'),
        (SOUND.replace('brand = "#ff7300"', ""), r"THM102 .*:4 color\.brand: is missing"),
        (SOUND + "[shape]\nradius = 9\n", r"THM103 .*:8 shape\.radius: "),
        (SOUND.replace("#0057b8", "teal"), r'THM201 .*:6 color\.accent: "teal" is not a colour'),
        (SOUND + '[logo]\nmark = "../../mark.svg"\n', r"THM003 .*:8 logo\.mark: .*leads out"),
        (SOUND + '[logo]\nmark = "assets/none.svg"\n', r"THM301 .*:8 logo\.mark: "),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_code_file_line_and_likely_key(
    write: Write, toml: str, expected: str
) -> None:
    with pytest.raises(ThemeError, match=expected):
        build(read_theme(write(toml)))


def test_a_colour_that_may_not_be_adjusted_is_refused_when_it_cannot_carry_text(
    write: Write,
) -> None:
    toml = SOUND.replace('accent = "#0057b8"', "allow_adjust = false")
    with pytest.raises(
        ThemeError, match=r'THM204 .*:5 color\.brand: "#ff7300": white text is 2\.7'
    ):
        read_theme(write(toml))


def test_a_theme_that_does_not_exist_is_answered_with_the_likely_one() -> None:
    with pytest.raises(ThemeError, match='Did you mean "ostrelle"'):
        find_theme("ostrele", THEMES)


@pytest.mark.parametrize("name", ["../themes", "", "/etc", "a/b", ".hidden"])
def test_a_theme_is_the_name_of_a_folder(name: str) -> None:
    with pytest.raises(ThemeError, match="THM002"):
        find_theme(name, THEMES)
