"""The bot under load: a local Discord whose crowd uses ``python -m bot``, and what is measured."""
