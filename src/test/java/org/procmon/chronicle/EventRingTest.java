package org.procmon.chronicle;

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

    private final Chronicle chronicle =
            new Chronicle(() -> new Ticks(7), InstantSource.fixed(Instant.ofEpochSecond(1)));
    private final long begin = chronicle.last();

    static List<Happening> kinds() {
        Optional<Caller.Web> web = Optional.of(new Caller.Web("ada", "10.0.0.1"));
        List<String> names = List.of("a", "b*", "\u00e4\u20ac\ud83d\ude00\u0000");
        return List.of(
                new Happening.Changed(
                        "web",
                        Phase.RUNNING,
                        Phase.BACKOFF,
                        "why \u20ac",
                        42,
                        Long.MAX_VALUE,
                        Optional.of(new ExitStatus.Exited(255))),
                new Happening.Changed(
                        "web",
                        Phase.STOPPED,
                        Phase.FAILED,
                        "",
                        0,
                        0,
                        Optional.of(new ExitStatus.Signaled(9))),
                new Happening.Changed(
                        "",
                        Phase.WAITING,
                        Phase.STARTING,
                        "",
                        -1,
                        1,
                        Optional.of(new ExitStatus.Unknown())),
                new Happening.Changed(
                        "x", Phase.COMPLETED, Phase.STOPPING, "", 1, 1, Optional.empty()),
                new Happening.Commanded(
                        "Stop", names, new Caller("bob", web), Happening.Outcome.REFUSED, "no"),
                new Happening.Commanded(
                        "Reload",
                        List.of(),
                        new Caller("bob", Optional.empty()),
                        Happening.Outcome.DONE,
                        ""),
                new Happening.Signaled("Reload", "SIGHUP", Happening.Outcome.FAILED, "why"),
                new Happening.Noticed("web", Notice.SIGNALED, "by HUP"),
                new Happening.OfMonitor("procmon1", "took over", "why"),
                new Happening.OutputLost("web", "full", 1L << 40, true),
                new Happening.HookFailed("web", "on_failure", "why"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEventIsReadAsItWasWritten(Happening what) {
        chronicle.add(what);
        assertThat(chronicle.after(begin, 9).happenings())
                .containsExactly(new Noted(begin + 1, new Ticks(7), 1000, what));
    }

    @Test
    void noEventIsLargerThanSomeKibibytesAndTextIsCutBetweenCharacters() {
        EventEncoder encoder = new EventEncoder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            names.add(i % 2 == 0 ? LONG : "n" + i);
        }
        Optional<Caller.Web> web = Optional.of(new Caller.Web(LONG, LONG));
        for (Happening large :
                List.of(
                        new Happening.Changed(
                                LONG, Phase.STOPPED, Phase.FAILED, LONG, 1, 1, Optional.empty()),
                        new Happening.Commanded(
                                LONG, names, new Caller(LONG, web), Happening.Outcome.DONE, LONG),
                        new Happening.Commanded(
                                "Stop",
                                names.subList(1, 2).stream()
                                        .flatMap(_ -> names.stream().filter(n -> n.length() < 9))
                                        .toList(),
                                new Caller("", web),
                                Happening.Outcome.DONE,
                                ""),
                        new Happening.Signaled(LONG, LONG, Happening.Outcome.DONE, LONG),
                        new Happening.Noticed(LONG, Notice.HEALTHY, LONG),
                        new Happening.OfMonitor(LONG, LONG, LONG),
                        new Happening.OutputLost(LONG, LONG, 1, false),
                        new Happening.HookFailed(LONG, LONG, LONG))) {
            assertThat(encoder.encode(new Ticks(1), 1, large))
                    .isLessThan(EventEncoder.LARGEST - 500);
            chronicle.add(large);
        }
        for (Noted noted : chronicle.after(begin, 99).happenings()) {
            assertThat(noted.what().text()).hasSizeLessThan(5_000).doesNotContain("\ufffd");
            assertThat(noted.what().names().toString()).hasSizeLessThan(2_000);
        }
        assertThat(chronicle.after(begin, 1).happenings().getFirst().what().text()).endsWith("...");
    }

    @Test
    void halfAPairBecomesTheReplacementCharacter() {
        chronicle.add(new Happening.OfMonitor("a\ud800b", "x", "\udc00"));
        assertThat(chronicle.after(begin, 1).happenings().getFirst().what().text())
                .isEqualTo("a\ufffdb: x, \ufffd");
    }

    @Test
    void largeEventsTakeNoMoreRoomThanThereIsAndTheOldestGo() {
        String cause = "x".repeat(1_000);
        for (int i = 0; i < ALL; i++) {
            chronicle.add(new Happening.OfMonitor("procmon1", "event " + i, cause));
        }
        Chronicle.Part part = chronicle.after(begin, ALL);
        assertThat(part.missed()).isTrue();
        assertThat(part.happenings().size()).isBetween(1_400, 1_536);
        assertThat(part.last()).isEqualTo(begin + ALL);
        assertThat(part.happenings().getFirst().what().text())
                .startsWith("procmon1: event " + (ALL - part.happenings().size()) + ", xxx");
    }

    @Test
    void aPartHasNoMoreBytesThanAskedForButAtLeastOneEvent() {
        for (int i = 0; i < 10; i++) {
            chronicle.add(new Happening.OfMonitor("procmon1", "event", "x".repeat(1_000)));
        }
        assertThat(chronicle.after(begin, 99, 3_500).happenings()).hasSize(3);
        assertThat(chronicle.after(begin, 99, 1).happenings()).hasSize(1);
        assertThat(chronicle.after(begin + 9, 99, 1).last()).isEqualTo(begin + 10);
    }
}
