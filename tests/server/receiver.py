"""A receiver of alarms on loopback, and the notification block that tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from uuid import UUID

from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import server
from tests.server.site import Site, eventually
from tests.web_server import Exchange, WebServer

SECRET = "a-token-that-only-the-receiver-knows"
BLOCK = "custom-webhook/operators"


@dataclass
class Receiver:
    """What it heard."""

    web: WebServer
    heard: list[dict[str, str]] = field(default_factory=list)

    def introduce(self, site: Site) -> None:
        """Make the block on the site's server, a restarted one too, and listen."""
        self.web.reply(f"/{SECRET}", self.hear)
        block = CustomWebhookNotificationBlock.model_validate(
            {
                "name": "operators",
                "url": self.web.url("/{{token}}"),
                "json_data": {"subject": "{{subject}}", "body": "{{body}}"},
                "secrets": {"token": SECRET},
            }
        )
        with temporary_settings({PREFECT_API_URL: f"http://{server.HOST}:{site.port}/api"}):
            block.save("operators", overwrite=True)

    def hear(self, exchange: Exchange) -> None:
        self.heard.append(json.loads(_read(exchange)))
        exchange.answer(200)

    def refuse(self, exchange: Exchange) -> None:
        _read(exchange)
        exchange.answer(503)

    def told(self, run: UUID) -> dict[str, str]:
        """What was told of a run, once it is."""
        return eventually(f"an alarm of run {run}", lambda: next(iter(self.about(run)), None))

    def about(self, run: UUID) -> list[dict[str, str]]:
        return [each for each in self.heard if str(run) in each["body"]]


def _read(exchange: Exchange) -> bytes:
    return exchange.rfile.read(int(exchange.headers["Content-Length"]))
