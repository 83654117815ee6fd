"""Model to rows to workbook, and the last gate."""
