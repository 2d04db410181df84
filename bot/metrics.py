"""What Prometheus is told; every label is a word of ours, none comes from outside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.counts import Counts
from bot.handled import Handled

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# In this format they would be series of their own beside each counter, of no use to anybody.
disable_created_metrics()

# Where what is promised lies (5 ms, 20 ms, 50 ms, Discord's 3 s), and some around.
_SECONDS = (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Sources:
    """Where what holds at the moment is read when Prometheus asks.

    Attributes:
        latencies: seconds between a heartbeat and its answer, by shard; those known.
        under_way: how many interactions are being handled.
        lag: seconds, how late the event loop was at worst in the last minute.
        model: what to tell of the model in use.
        reloads: how many newly published models were taken.
        failed_reloads: how often one could not be.
        remembered: how many answers are remembered, by the name of the service.
        counts: what else was counted.
    """

    latencies: Callable[[], Mapping[int, float]]
    under_way: Callable[[], int]
    lag: Callable[[], float]
    model: Callable[[], Mapping[str, str]]
    reloads: Callable[[], int]
    failed_reloads: Callable[[], int]
    remembered: Callable[[], Mapping[str, int]]
    counts: Counts


class Metrics:
    """Counts interactions, and reads the rest when it is asked.

    Args:
        sources: where to read it.
    """

    def __init__(self, sources: Sources) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Moment(sources))
        # Resident memory among them; on systems without /proc it tells nothing.
        ProcessCollector(registry=self._registry)
        self._handled = Counter(
            "crossfade_interactions",
            "Interactions handled, by command, what the member did, and outcome",
            ("command", "kind", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "crossfade_handler_seconds",
            "From an interaction's arrival here to the end of its answer",
            ("command", "kind"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._first = Histogram(
            "crossfade_first_response_seconds",
            "From the member's action (its snowflake) until Discord had the first response",
            ("command", "kind"),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def count(self, handled: Handled) -> None:
        """Count an interaction that was handled."""
        labels = (handled.name, handled.kind)
        self._handled.labels(*labels, handled.outcome.value).inc()
        self._seconds.labels(*labels).observe(handled.seconds)
        if handled.first_ms is not None:
            self._first.labels(*labels).observe(max(handled.first_ms, 0) / 1000)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _Moment(Collector):
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        read = self._sources
        gauge = GaugeMetricFamily
        latency = gauge(
            "crossfade_gateway_latency_seconds", "Heartbeat to its answer", labels=("shard",)
        )
        for shard, seconds in read.latencies().items():
            latency.add_metric((str(shard),), seconds)
        yield latency
        yield gauge("crossfade_under_way", "Interactions being handled", value=read.under_way())
        yield gauge(
            "crossfade_event_loop_lag_seconds", "Greatest in the last minute", value=read.lag()
        )
        yield InfoMetricFamily("crossfade_model", "The model in use", value=dict(read.model()))
        yield CounterMetricFamily(
            "crossfade_model_reloads", "Newly published models taken", value=read.reloads()
        )
        yield CounterMetricFamily(
            "crossfade_model_failed_reloads",
            "Looks at the store that found a model which cannot be used",
            value=read.failed_reloads(),
        )
        kept = gauge("crossfade_remembered_answers", "Answers in memory", labels=("service",))
        for name, count in read.remembered().items():
            kept.add_metric((name,), count)
        yield kept
        yield from _counted(read.counts)


def _counted(counts: Counts) -> Iterable[Metric]:
    yield _counter(
        "crossfade_retries",
        "Further attempts at what Discord or the network did not let through",
        ("what", "why"),
        counts.retries.items(),
    )
    yield _counter(
        "crossfade_provider_failures",
        "Times that a provider of lyrics, neighbours or previews gave no answer",
        ("provider", "kind"),
        counts.outages.items(),
    )
    yield _counter(
        "crossfade_gateway_connections",
        "Connections to the gateway, with a new session or a resumed one",
        ("shard", "session"),
        counts.connections.items(),
    )
    yield _counter(
        "crossfade_gateway_disconnections",
        "Connections to the gateway lost",
        ("shard",),
        (((shard,), count) for shard, count in counts.disconnections.items()),
    )


def _counter(
    name: str,
    meaning: str,
    labels: Sequence[str],
    counted: Iterable[tuple[Sequence[object], int]],
) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, count in counted:
        family.add_metric(tuple(map(str, values)), count)
    return family
