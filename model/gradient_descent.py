"""Full-batch gradient descent on the objective, as the published notebook runs it."""

# TensorFlow's published stubs are partial, so what it returns is unknown to the type checker.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUntypedFunctionDecorator=false
# pyright: reportArgumentType=false, reportOperatorIssue=false

import numpy as np
import tensorflow as tf

from model.configuration import Configuration
from model.errors import TrainingError
from model.factors import Floats, Watch
from model.objective import Problem, curve_point, losses

# Steps between two looks at the loss; a whole stretch is one compiled call.
STRETCH = 20
# Ending above this multiple of the first loss is divergence; rounding alone stays below it.
_RISEN = 1.01


def descend(of: Problem, configuration: Configuration, watch: Watch) -> tuple[Floats, Floats]:
    """Minimise the objective from a normal draw with a constant step size.

    Args:
        of: the objective.
        configuration: dimension, steps, learning rate, initial standard deviation and seed.
        watch: told the loss before the first step, every ``STRETCH`` steps and after the last.

    Returns:
        U float32 [R, d], tags below the listeners, and V float32 [M, d].

    Raises:
        TrainingError: the loss stopped being a finite number, or ended higher than it began.
    """
    r, m = of.row_scale.size, of.artist_scale.size
    draw = np.random.default_rng(configuration.seed)
    shape_u, shape_v = (r, configuration.dimension), (m, configuration.dimension)
    u = tf.Variable(draw.normal(0, configuration.initial_sd, shape_u).astype(np.float32))
    v = tf.Variable(draw.normal(0, configuration.initial_sd, shape_v).astype(np.float32))
    rate = tf.constant(configuration.learning_rate, tf.float32)

    @tf.function
    def descend_by(steps: tf.Tensor) -> None:
        for _ in tf.range(steps):
            with tf.GradientTape() as tape:
                total = tf.add_n(losses(u, v, of))
            by_u, by_v = tape.gradient(total, [u, v])
            u.assign_sub(rate * by_u)
            v.assign_sub(rate * by_v)

    start = point = curve_point(0, u, v, of)
    watch(start)
    for upto in (*range(STRETCH, configuration.steps, STRETCH), configuration.steps):
        descend_by(tf.constant(upto - point.step))
        point = curve_point(upto, u, v, of)
        # A run whose steps end while it diverges is still finite. Only the end is compared,
        # because the loss may rise for a while and fall again.
        risen = upto == configuration.steps and point.total > _RISEN * start.total
        if risen or not np.isfinite(point.total):
            raise TrainingError(
                f"gradient descent diverged within {upto} steps",
                where=configuration.preset,
                mend=f"lower the learning rate, it is {configuration.learning_rate:g}",
            )
        watch(point)
    return u.numpy(), v.numpy()
