"""What the phone does with a form: one interface to the engines of the clients, scenarios, promises and walks."""
