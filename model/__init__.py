"""From listening data to an artifact that answers questions about artists."""
