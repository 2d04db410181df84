"""Artists, reasons and strengths in plain words, not yet escaped; the same for every front end."""

from collections.abc import Sequence
from functools import lru_cache

from bot.language import (
    gettext,
    lazy_gettext,
    listed,
    listed_as_choice,
    ngettext,
    number,
)
from bot.recommend.dial import BALANCED_STEP, DIAL
from bot.recommend.records import Answer, Recommended, Source
from bot.text import clean, cut
from model.catalogue import Artist
from model.reasons import NearestAsked, Reason, SharedListeners, SharedTags
from model.recommender import Recommendation

SHOWN_NAME = 80
_SHOWN_OF_SEVERAL = 40
_SHOWN_TYPED = 60
_SHOWN_TAGS = 3
_BAR = 5
# A single listener who plays both says more about that listener than about the artists.
_TELLING_LISTENERS = 2
_CONFIDENCE = {
    str(words): words
    for words in (
        lazy_gettext("a safe bet"),
        lazy_gettext("worth a try"),
        lazy_gettext("a long shot"),
    )
}


def name_of(artist: Artist, limit: int = SHOWN_NAME) -> str:
    """The name, or the id of an artist whose name shows nothing."""
    return cut(_cleaned(artist.name), limit) or f"id:{artist.id}"


def names_of(artists: Sequence[Artist]) -> str:
    """One or several names: ``A, B and C``."""
    if len(artists) == 1:
        return name_of(artists[0])
    return listed([name_of(artist, _SHOWN_OF_SEVERAL) for artist in artists])


def quoted(typed: Sequence[str]) -> str:
    """What was typed, in quotation marks."""
    shown = [cut(clean(text), _SHOWN_TYPED) for text in typed]
    return listed_as_choice([gettext("“{text}”", text=text) for text in shown])


def listeners_of(artist: Artist) -> str:
    """How many play the artist."""
    return ngettext("{count} listener", "{count} listeners", artist.listeners)


def confidence_of(item: Recommendation) -> str:
    """How sure a result is, in a few words."""
    return _CONFIDENCE[item.in_words].spoken()


def strength(item: Recommendation, best: float) -> str:
    """How strong a result is beside the best one of the answer, as a bar of five."""
    share = min(max(item.score / best, 0.0), 1.0) if best > 0 else 0.0
    full = max(round(share * _BAR), 1)
    return "▰" * full + "▱" * (_BAR - full)


def reasons_of(item: Recommendation) -> list[str]:
    """The reasons that tell something, each in a few words."""
    # Beside the one that is closest there is room for fewer tags in a line.
    several = any(isinstance(reason, NearestAsked) for reason in item.reasons)
    tags = _SHOWN_TAGS - several
    return [words for reason in item.reasons if (words := _reason(reason, tags))]


def footnote(answer: Answer) -> str:
    """The credit line under every answer, with how it was asked where that is not usual."""
    parts = [source_note(answer.source)]
    if isinstance(answer, Recommended):
        if answer.terms.step != BALANCED_STEP:
            parts.append(gettext("dial: {step}", step=DIAL[answer.terms.step][0]))
        if answer.newer:
            parts.append(gettext("from a newer model"))
    return " · ".join(parts)


def source_note(source: Source) -> str:
    """Where an answer comes from."""
    if source.demo:
        return gettext("DEMO CATALOGUE: simulated listeners, not real listening data")
    return gettext("From listening data of Last.fm users, 2011 (HetRec 2011)")


def reach(source: Source) -> str:
    """Why an artist may be missing."""
    if source.demo:
        return gettext("The demo catalogue knows only some well-known artists.")
    return gettext(
        "My data ends in 2011, so newer artists are missing. Check the spelling, or try another."
    )


def in_sentences(item: Recommendation, asked: Artist) -> str:
    """Everything that speaks for a result, in sentences.

    Args:
        item: the result.
        asked: the only artist asked about, or any of several.
    """
    nearest = next((one.asked for one in item.reasons if isinstance(one, NearestAsked)), None)
    known, name = name_of(nearest or asked, 40), name_of(item.artist, 40)
    said: list[str] = []
    if nearest:
        said.append(gettext("Of those you named, {artist} is the closest.", artist=known))
    for reason in item.reasons:
        if isinstance(reason, SharedTags) and (tags := _distinct(reason.tags)):
            said.append(
                gettext(
                    "Listeners call both {known} and {artist} {tags}.",
                    known=known,
                    artist=name,
                    tags=listed(tags),
                )
            )
        elif isinstance(reason, SharedListeners):
            said.append(
                ngettext(
                    "{count} of the {listeners} listeners of {known} also plays {artist}.",
                    "{count} of the {listeners} listeners of {known} also play {artist}.",
                    reason.together,
                    listeners=number(reason.of),
                    known=known,
                    artist=name,
                )
            )
    if len(said) == bool(nearest):
        said.append(
            gettext("No tag and no listener links the two; all the listening together does.")
        )
    return " ".join((*said, _chance(item)))


# The same few thousand names and tags come again and again, and cleaning them is half the work.
@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    return clean(text)


@lru_cache(maxsize=4096)
def _spelling(tag: str) -> tuple[str, str]:
    """What tells a tag from others, and the tag as shown."""
    shown = cut(clean(tag), 30)
    return "".join(filter(str.isalnum, shown.casefold())) or shown, shown


def _chance(item: Recommendation) -> str:
    sure = confidence_of(item)
    sure = sure[:1].upper() + sure[1:]
    hits = round(100 * item.confidence)
    if not hits:
        return gettext("{confidence}: fewer than 1 in 100 such answers hit.", confidence=sure)
    return ngettext(
        "{confidence}: {count} in 100 such answers hit.",
        "{confidence}: {count} in 100 such answers hit.",
        hits,
        confidence=sure,
    )


def _reason(reason: Reason, most: int) -> str:
    match reason:
        case SharedTags(tags):
            shown = _distinct(tags)[:most]
            return gettext("also {tags}", tags=", ".join(shown)) if shown else ""
        case SharedListeners(together, of):
            if together < _TELLING_LISTENERS:
                return ""
            return ngettext(
                "{count} of {listeners} listeners plays both",
                "{count} of {listeners} listeners play both",
                together,
                listeners=number(of),
            )
        case NearestAsked(asked):
            return gettext("closest to {artist}", artist=name_of(asked, 40))


def _distinct(tags: Sequence[str]) -> list[str]:
    """The tags as shown, the first spelling of each: "post-rock" and "post rock" are one."""
    spelt: dict[str, str] = {}
    for tag in tags:
        letters, shown = _spelling(tag)
        if shown:
            spelt.setdefault(letters, shown)
    return list(spelt.values())
