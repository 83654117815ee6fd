"""Expressions: names resolved, types checked, impossible conditions found, and XPath written."""
