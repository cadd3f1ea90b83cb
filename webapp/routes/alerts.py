"""What the rules found, and the rules."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from ..alerts.monitor import as_json
from ..alerts.rules import KINDS
from ..context import get_site
from ..json_answers import json_answer

__all__ = ["routes"]

routes = Blueprint("alerts", __name__)


@routes.get("/api/alerts")
def alerts() -> Response:
    """Alerts, active ones first, newest first; rules with all their options; the kinds of rules there are.

    Rules are changed in the user state, section `alerts`.
    """
    monitor = get_site().alerts
    now = monitor.list
    problems = [*now.problems, *([monitor.notifier.problem] if monitor.notifier.problem else [])]
    return json_answer(
        {
            "version": now.version,
            "rules": [rule.as_json() for rule in now.rules],
            "kinds": [{**asdict(kind), "name": kind.name} for kind in KINDS.values()],
            "problems": problems,
            "alerts": [as_json(alert) for alert in now.alerts],
            "left_out": now.left_out,
            "tells": monitor.notifier.tells,
        }
    )
