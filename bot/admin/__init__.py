"""``/settings``: what a server's admins choose."""
