"""Loopback stand-ins for the outside services, with their shapes, errors and bad manners."""
