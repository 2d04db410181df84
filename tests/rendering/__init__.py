"""What Discord would show of a recorded message: a small HTML rendering, and photographs of it."""
