"""What is proved of a form before anybody fills it in: what consent closes, what can be asked, and whom it leaves out."""
