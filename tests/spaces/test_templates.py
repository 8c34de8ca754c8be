"""Templates: what a space made from one begins with, and who makes them."""

import pytest

from rse.feed.models import Post
from rse.identity.models import Account
from rse.kernel import i18n
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.spaces import actions, templates
from rse.spaces.drafts import SpaceDraft, TemplateDraft
from rse.spaces.models import Space, SpaceTemplate
from rse.spaces.shipped import SHIPPED
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("shipped", [one.key for one in SHIPPED])
@pytest.mark.parametrize("language", ["en", "fr", "de"])
async def test_each_shipped_template_makes_a_space_in_the_makers_language(
    shipped: str, language: str
) -> None:
    person = await make.person()
    with i18n.using(language):
        space = await actions.create(person, SpaceDraft(name="Essai", template=shipped))
        wanted = templates.draft_of(await templates.chosen(shipped))
    assert space.rules_text == wanted.rules_text
    assert space.posting == wanted.posting
    posts = await Post.filter(space_id=space.id)
    assert [post.title for post in posts] == ([wanted.welcome_title] if wanted.welcome_body else [])
    assert not any(post.is_waiting for post in posts)


async def test_the_shipped_words_are_translated() -> None:
    english = [(one.name, one.summary, one.description) for one in SHIPPED]
    for language in ("fr", "de"):
        with i18n.using(language):
            for words in english:
                assert all(i18n.gettext(word) != word for word in words), (language, words)


async def test_what_a_space_is_becomes_a_template_and_a_space_again(browser: Browser) -> None:
    owner = await make.account("Hanna Reuter")
    space = await make.space(owner.person, "Labor", access="request")
    await Space.filter(id=space.id).update(
        rules_text="Kittel an.", questions=["Kennst du die Regeln?"], posting="approval",
        entry_role="reader", switched_off=["pins"],
    )  # fmt: skip
    await browser.sign_in(owner)
    form = await browser.text(f"/spaces/templates/new?space={to_public(space.id)}")
    assert "Kittel an." in form
    await browser.post(
        "/spaces/templates",
        {
            "name": "Labor", "summary": "Für Labore", "access": "request", "category": "4",
            "rules_text": "Kittel an.", "questions": "Kennst du die Regeln?",
            "posting": "approval", "entry_role": "reader",
            "offered": ["files", "announcements"], "members_comment": "on",
            "welcome_title": "Willkommen", "welcome_body": "Bitte stellt euch vor.",
        },
    )  # fmt: skip
    row = await SpaceTemplate.get(name="Labor")
    person = await make.person()
    made = await actions.create(person, SpaceDraft(name="Labor 2", template=to_public(row.id)))
    assert (made.rules_text, made.posting, made.entry_role) == ("Kittel an.", "approval", "reader")
    assert (made.questions, made.switched_off) == (["Kennst du die Regeln?"], ["pins"])
    assert (await Post.get(space_id=made.id)).author_id == person.id


async def test_templates_are_made_by_owners_and_administrators_and_changed_by_their_makers() -> (
    None
):
    draft = TemplateDraft(name="Vorlage")
    with pytest.raises(NotAllowed):
        await actions.make_template(await make.person(), draft)
    admin = (await make.account(admin=True)).person
    owner = await make.person()
    await make.space(owner)
    mine = await actions.make_template(owner, draft)
    other = await make.person()
    await make.space(other)
    with pytest.raises(NotAllowed):
        await actions.change_template(other, mine.id, draft)
    await actions.change_template(admin, mine.id, TemplateDraft(name="Besser"))
    await actions.delete_template(owner, mine.id)
    with pytest.raises(NotFound):
        await actions.create(owner, SpaceDraft(name="Neu", template=to_public(mine.id)))


async def test_the_way_from_the_choice_to_the_space(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    assert "/spaces/new?template=project" in await browser.text("/spaces/new")
    form = await browser.text("/spaces/new?template=project")
    assert 'value="project"' in form
    answer = await browser.post(
        "/spaces", {"name": "Quai 4", "access": "request", "template": "project"}
    )
    assert "How we work here" in await browser.text(answer.headers["Location"])
    refused = await browser.post("/spaces", {"name": "Q", "template": "project"})
    assert refused.status_code == 422
    assert 'value="project"' in await refused.get_data(as_text=True)
    assert (await Account.get(id=account.id)).id
