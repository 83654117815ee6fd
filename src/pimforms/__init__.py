"""pimforms: protection forms in a small text language, compiled to XLSForms for KoboToolbox and ODK Central."""

__version__ = "0.1.0"
