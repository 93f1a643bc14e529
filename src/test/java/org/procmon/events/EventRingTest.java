package org.procmon.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Ticks;

/** How events are kept as bytes. */
class EventRingTest {
    private static final String LONG = "\u20ac\ud83d\ude00x\u001b".repeat(100_000);
    private static final int ALL = 20_000;

    private final EventLog eventLog =
            new EventLog(() -> new Ticks(7), InstantSource.fixed(Instant.ofEpochSecond(1)));
    private final long begin = eventLog.last();

    static List<MonitorEvent> kinds() {
        Optional<Actor.Web> web = Optional.of(new Actor.Web("ada", "10.0.0.1"));
        List<String> names = List.of("a", "b*", "\u00e4\u20ac\ud83d\ude00\u0000");
        return List.of(
                new MonitorEvent.Changed(
                        "web",
                        Phase.RUNNING,
                        Phase.BACKOFF,
                        "why \u20ac",
                        42,
                        Long.MAX_VALUE,
                        Optional.of(new ExitStatus.Exited(255))),
                new MonitorEvent.Changed(
                        "web",
                        Phase.STOPPED,
                        Phase.FAILED,
                        "",
                        0,
                        0,
                        Optional.of(new ExitStatus.Signaled(9))),
                new MonitorEvent.Changed(
                        "",
                        Phase.WAITING,
                        Phase.STARTING,
                        "",
                        -1,
                        1,
                        Optional.of(new ExitStatus.Unknown())),
                new MonitorEvent.Changed(
                        "x", Phase.COMPLETED, Phase.STOPPING, "", 1, 1, Optional.empty()),
                new MonitorEvent.Commanded(
                        "Stop", names, new Actor("bob", web), MonitorEvent.Outcome.REFUSED, "no"),
                new MonitorEvent.Commanded(
                        "Reload",
                        List.of(),
                        new Actor("bob", Optional.empty()),
                        MonitorEvent.Outcome.DONE,
                        ""),
                new MonitorEvent.Signaled("Reload", "SIGHUP", MonitorEvent.Outcome.FAILED, "why"),
                new MonitorEvent.Noticed("web", Notice.SIGNALED, "by HUP"),
                new MonitorEvent.OfMonitor("procmon1", "took over", "why"),
                new MonitorEvent.OutputLost("web", "full", 1L << 40, true),
                new MonitorEvent.HookFailed("web", "on_failure", "why"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEventIsReadAsItWasWritten(MonitorEvent what) {
        eventLog.add(what);
        assertThat(eventLog.after(begin, 9).events())
                .containsExactly(new NumberedEvent(begin + 1, new Ticks(7), 1000, what));
    }

    @Test
    void noEventIsLargerThanSomeKibibytesAndTextIsCutBetweenCharacters() {
        EventEncoder encoder = new EventEncoder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            names.add(i % 2 == 0 ? LONG : "n" + i);
        }
        Optional<Actor.Web> web = Optional.of(new Actor.Web(LONG, LONG));
        for (MonitorEvent large :
                List.of(
                        new MonitorEvent.Changed(
                                LONG, Phase.STOPPED, Phase.FAILED, LONG, 1, 1, Optional.empty()),
                        new MonitorEvent.Commanded(
                                LONG, names, new Actor(LONG, web), MonitorEvent.Outcome.DONE, LONG),
                        new MonitorEvent.Commanded(
                                "Stop",
                                names.subList(1, 2).stream()
                                        .flatMap(_ -> names.stream().filter(n -> n.length() < 9))
                                        .toList(),
                                new Actor("", web),
                                MonitorEvent.Outcome.DONE,
                                ""),
                        new MonitorEvent.Signaled(LONG, LONG, MonitorEvent.Outcome.DONE, LONG),
                        new MonitorEvent.Noticed(LONG, Notice.HEALTHY, LONG),
                        new MonitorEvent.OfMonitor(LONG, LONG, LONG),
                        new MonitorEvent.OutputLost(LONG, LONG, 1, false),
                        new MonitorEvent.HookFailed(LONG, LONG, LONG))) {
            assertThat(encoder.encode(new Ticks(1), 1, large))
                    .isLessThan(EventEncoder.LARGEST - 500);
            eventLog.add(large);
        }
        for (NumberedEvent numberedEvent : eventLog.after(begin, 99).events()) {
            assertThat(numberedEvent.what().text()).hasSizeLessThan(5_000).doesNotContain("\ufffd");
            assertThat(numberedEvent.what().names().toString()).hasSizeLessThan(2_000);
        }
        assertThat(eventLog.after(begin, 1).events().getFirst().what().text()).endsWith("...");
    }

    @Test
    void halfAPairBecomesTheReplacementCharacter() {
        eventLog.add(new MonitorEvent.OfMonitor("a\ud800b", "x", "\udc00"));
        assertThat(eventLog.after(begin, 1).events().getFirst().what().text())
                .isEqualTo("a\ufffdb: x, \ufffd");
    }

    @Test
    void largeEventsTakeNoMoreRoomThanThereIsAndTheOldestGo() {
        String cause = "x".repeat(1_000);
        for (int i = 0; i < ALL; i++) {
            eventLog.add(new MonitorEvent.OfMonitor("procmon1", "event " + i, cause));
        }
        EventLog.Part part = eventLog.after(begin, ALL);
        assertThat(part.missed()).isTrue();
        assertThat(part.events().size()).isBetween(1_400, 1_536);
        assertThat(part.last()).isEqualTo(begin + ALL);
        assertThat(part.events().getFirst().what().text())
                .startsWith("procmon1: event " + (ALL - part.events().size()) + ", xxx");
    }

    @Test
    void aPartHasNoMoreBytesThanAskedForButAtLeastOneEvent() {
        for (int i = 0; i < 10; i++) {
            eventLog.add(new MonitorEvent.OfMonitor("procmon1", "event", "x".repeat(1_000)));
        }
        assertThat(eventLog.after(begin, 99, 3_500).events()).hasSize(3);
        assertThat(eventLog.after(begin, 99, 1).events()).hasSize(1);
        assertThat(eventLog.after(begin + 9, 99, 1).last()).isEqualTo(begin + 10);
    }
}
