"""The steps of the dial between familiar and adventurous, as members and admins see them."""

DIAL = (
    ("very familiar", -1.0),
    ("familiar", -0.5),
    ("balanced", 0.0),
    ("adventurous", 0.5),
    ("very adventurous", 1.0),
)
"""(what it is called, ``Recommender.similar``'s ``dial``), from one end to the other."""

BALANCED = 0.0
