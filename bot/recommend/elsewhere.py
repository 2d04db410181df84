"""An artist that the model does not know: asking those who might."""

from dataclasses import replace

from bot.errors import NeighbourError
from bot.model_in_use import ModelInUse
from bot.neighbours.look_up import look_up
from bot.neighbours.records import Answer as NeighbourAnswer
from bot.neighbours.records import Borrowed, OtherName
from bot.neighbours.service import NeighbourService
from bot.recommend.dial import DIAL
from bot.recommend.question import Question, digest
from bot.recommend.records import Terms, UnknownArtist


class Elsewhere:
    """Looks artists up outside.

    Args:
        neighbours: who is asked; None: nobody.
        model: what answers from what they say.
    """

    def __init__(self, *, neighbours: NeighbourService | None, model: ModelInUse) -> None:
        self._neighbours = neighbours
        self._model = model

    def can_help(self, answer: UnknownArtist) -> bool:
        """Whether it is worth asking; several unknown artists at once are too many."""
        ready = self._neighbours is not None and self._neighbours.ready
        return ready and len(answer.names) == 1

    async def find(self, answer: UnknownArtist, terms: Terms) -> NeighbourAnswer | UnknownArtist:
        """A better answer, or the same with the reason why there is none; takes some seconds."""
        if self._neighbours is None:
            return answer
        try:
            return await look_up(
                answer.typed,
                neighbours=self._neighbours,
                model=self._model,
                results=terms.results,
                dial=DIAL[terms.step][1],
            )
        except NeighbourError as error:
            return replace(answer, elsewhere=error.spoken())

    def question(self, found: NeighbourAnswer, terms: Terms, owner: int) -> Question | None:
        """What a menu of the results goes on from; None when there are none."""
        if not isinstance(found, Borrowed | OtherName) or not found.results:
            return None
        near = found.used if isinstance(found, Borrowed) else (found.artist,)
        ids = tuple(one.id for one in near)
        return Question(ids, terms, owner, digest(self._model.version))
