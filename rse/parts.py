"""All parts of the product, and what each channel learns from them."""

from functools import cache

from rse.channels import CHANNELS
from rse.feature import Feature
from rse.features import FEATURES, installed_features
from rse.federation import registry as federation
from rse.kernel.db import configuration
from rse.kernel.events import subscriptions
from rse.kernel.schedule import Timed
from rse.mail.types import handlers, mail_actions
from rse.notifications.kinds import kinds
from rse.privacy.answers import answers
from rse.realtime.topics import topics
from rse.search.documents import declared
from rse.web.shell import contributors, unread_counter


@cache
def parts() -> tuple[Feature, ...]:
    """Channels first, then features, in dependency order."""
    return (*CHANNELS, *FEATURES, *installed_features())


def model_modules() -> list[str]:
    return ["rse.kernel.models", *(part.models for part in parts() if part.models)]


def schedule() -> list[Timed]:
    return [timed for part in parts() for timed in part.schedule]


def plug_in() -> None:
    """Hand each channel what the parts declare. Doing it twice changes nothing."""
    contributors.clear()
    unread_counter.clear()
    for part in parts():
        for event, subscribers in part.reactions.items():
            for subscriber in subscribers:
                subscriptions.add(event, subscriber)
        federation.inbox.update(part.inbox)
        federation.objects.update(part.objects)
        kinds.update({kind.name: kind for kind in part.notices})
        declared.update({document.kind: document for document in part.search})
        topics.update({topic.prefix: topic for topic in part.topics})
        handlers.update({handler.kind: handler for handler in part.mail})
        mail_actions.update({action.kind: action for action in part.mail_actions})
        contributors.extend(part.navigation)
        unread_counter.extend(part.counts)
        answers[part.name] = part.privacy


# For Tortoise's own command line: `tortoise -c rse.parts.SCHEMA makemigrations`.
SCHEMA = configuration("sqlite://:memory:", model_modules())
