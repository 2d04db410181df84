"""The map of a trained store as a picture of the exploration."""

from pathlib import Path

from model.artifact import load_artifact
from model.artist_map import PLACED_FROM, map_positions
from model.errors import ArtifactFormatError
from model.explore_figures import Picture
from model.map_picture import STYLES, draw_map
from model.map_tags import main_tags
from model.store import version_folder

_TITLE = "A map of the artists"


def map_picture(store: Path, *, compute: bool, seed: int = 0) -> Picture:
    """The map of the version that a store has in use.

    Args:
        store: a store folder or a version folder.
        compute: work out positions anew instead of taking those that training stored.
        seed: of working them out.

    Raises:
        ArtifactError: the store cannot be used, or holds no positions and ``compute`` is not set.
    """
    folder = version_folder(store)
    artifact = load_artifact(folder)
    catalogue = artifact.catalogue
    positions = catalogue.positions
    if compute:
        positions = map_positions(artifact.artist_embeddings, catalogue.listeners, seed=seed)
    elif not len(positions):
        raise ArtifactFormatError(
            "has no positions on a map",
            where=str(folder),
            mend="train again with scripts/train.py, or give --map to work them out",
        )
    known = catalogue.listeners >= PLACED_FROM
    tags = main_tags(catalogue.top_tags, catalogue.tag_names.texts(), known, most=len(STYLES))
    names = catalogue.names.texts()
    png = draw_map(positions, names, catalogue.listeners, tags, title=_TITLE)
    text = (
        f"Artists whose embeddings point the same way lie together; version {folder.name}, trained "
        f"on {artifact.manifest.dataset['name']}. {int(known.sum()):,} artists with {PLACED_FROM} "
        f"or more listeners are placed by t-SNE, {int((~known).sum()):,} others among their "
        f"nearest neighbours. An artist's colour is its most applied tag among those named below "
        f"the map. Distances between far regions mean little."
    )
    best = sorted(range(len(names)), key=lambda row: -int(catalogue.listeners[row]))[:3]
    known_best = ", ".join(names[row] for row in best)
    return Picture("map", _TITLE, f"Scatter plot. Best known: {known_best}. {text}", text, png)
