"""The lists that a KoboToolbox has of sectors and countries: a few of them, shaped as a005."""

from __future__ import annotations

from typing import Any

ENVIRONMENT: dict[str, Any] = {
    "support_email": "help@kobotoolbox.org",
    "sector_choices": [
        [each, each] for each in ("Humanitarian - Protection", "Humanitarian - Education", "Private sector", "Other")
    ],
    "operational_purpose_choices": [["", ""]],
    "country_choices": [["JOR", "Jordan"], ["LBN", "Lebanon"], ["YEM", "Yemen"]],
    "interface_languages": [["ar", "العربيّة"], ["en", "English"], ["fr", "français"]],
    "mfa_enabled": True,
    "project_metadata_fields": [{"name": "sector", "required": False, "label": "Sector"}],
    "open_rosa_server": "http://localhost:58000",
}
