"""What a form and an expression are: frozen records without behaviour."""
