package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.DurationText;
import org.procmon.config.ProcessName;
import org.procmon.config.Signal;
import org.procmon.config.SizeText;

/** Durations, suggestions, names and signals. */
class SmallReadersTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,1000",
        "1.5,1500",
        "500ms,500",
        "0.5ms,0",
        "5m,300000",
        "1h30m,5400000",
        "2d3h4m5s6ms,183845006",
        "1.5h,5400000",
        "007,7000",
        "0s,0",
        "365d,31536000000"
    })
    void aDurationIsSecondsOrNumbersWithUnits(String text, long millis) {
        assertThat(DurationText.ofSeconds(DurationText.seconds(text)).toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "s",
                "1x",
                "1 s",
                " 1",
                "1.",
                ".5",
                "1..2",
                "1h1h",
                "1m1h",
                "1h30",
                "1e3",
                "1f",
                "0x1",
                "NaN",
                "Infinity",
                "+1",
                "1S",
                "1h-2m",
                "١"
            })
    void anythingElseIsNoDuration(String text) {
        assertThat(DurationText.seconds(text)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1234,1234",
        "5B,5",
        "1kB,1000",
        "1KB,1000",
        "10MB,10000000",
        "2GB,2000000000",
        "1TB,1000000000000",
        "64KiB,65536",
        "1.5MiB,1572864",
        "1GiB,1073741824",
        "1TiB,1099511627776"
    })
    void aSizeIsBytesOrANumberWithAUnit(String text, double bytes) {
        assertThat(SizeText.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "MB", "10M", "10mb", "10 MB", "1.", ".5MB", "1.5", "-1", "1e3", "1.MB", "1MB1",
                "1kib", "1KIB", "٣MB"
            })
    void anythingElseIsNoSize(String text) {
        assertThat(SizeText.bytes(text)).isNaN();
    }

    @Test
    void aTenthOfASecondIsExact() {
        assertThat(DurationText.ofSeconds(DurationText.seconds("100ms")))
                .isEqualTo(Duration.ofMillis(100));
        assertThat(DurationText.ofSeconds(0.1)).isEqualTo(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @CsvSource({
        "dependz,depends",
        "wiat,wait",
        "EXEC,exec",
        "restartdelay,restart_delay",
        "exe,exec"
    })
    void aSlipIsRecognised(String word, String meant) {
        assertThat(Suggestion.forWord(word, Keys.PROCESS.known()))
                .isEqualTo(", did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ab", "frobnicate", "executed", "restarts_delayed"})
    void suggestsNothingForADistantWord(String word) {
        assertThat(Suggestion.forWord(word, Keys.PROCESS.known())).isEmpty();
    }

    @Test
    void theNearestWordIsThatOfTheFullTable() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String word = letters(random);
            String other = letters(random);
            boolean near = distance(word, other) <= Math.min(2, word.length() / 3);
            assertThat(Suggestion.forWord(word, List.of(other)))
                    .as("%s and %s, seed %s", word, other, seed)
                    .isEqualTo(near ? ", did you mean '" + other + "'?" : "");
        }
    }

    private static String letters(Random random) {
        StringBuilder out = new StringBuilder("x");
        for (int i = 3 + random.nextInt(5); i > 0; i--) {
            out.append("ab".charAt(random.nextInt(2)));
        }
        return out.toString();
    }

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "web-1", "a.b_c@d:e-f", "procmon1", "all"})
    void aNameFollowsTheRule(String name) {
        assertThat(ProcessName.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".", "..", "_a", "a b", "a/b", "ä", "a\n", "a%2e", "a*"})
    void otherTextIsNoName(String name) {
        assertThat(ProcessName.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"procmon1", "procmon2", "procmon-keeper", "procmon-keeper2", "all"})
    void aNameOfTheMonitorsOwnIsTaken(String name) {
        assertThat(ProcessName.isReserved(name)).isTrue();
        assertThat(ProcessName.isReserved(name + "x")).isFalse();
    }

    @Test
    void aNameHasAtMost128Characters() {
        assertThat(ProcessName.isValid("a".repeat(128))).isTrue();
        assertThat(ProcessName.isValid("a".repeat(129))).isFalse();
    }

    @Test
    void aSignalHasANameInAnyCaseWithOrWithoutSigOrANumber() {
        for (String text : List.of("TERM", "SIGTERM", "term", "sigterm", "15")) {
            assertThat(Signal.parse(text)).contains(Signal.TERM);
        }
        for (String text : List.of("", "SIG", "0", "015", "32", "33", "65", "TERMINATE", "SIG15")) {
            assertThat(Signal.parse(text)).isEmpty();
        }
        for (Signal signal : Signal.values()) {
            assertThat(Signal.ofNumber(signal.number())).contains(signal);
        }
        assertThat(Signal.ofNumber(0)).isEmpty();
    }

    @Test
    void aRealTimeSignalIsCountedFromTheFirstOrTheLast() {
        for (String text : List.of("RTMIN+3", "SIGRTMIN+3", "sigrtmin+3", "RTMAX-27", "37")) {
            assertThat(Signal.parse(text)).contains(Signal.RTMIN_3);
        }
        assertThat(Signal.parse("RTMIN")).contains(Signal.RTMIN);
        assertThat(Signal.parse("RTMIN+0")).contains(Signal.RTMIN);
        assertThat(Signal.parse("RTMIN+30")).contains(Signal.RTMAX);
        assertThat(Signal.parse("RTMAX-0")).contains(Signal.RTMAX);
        for (String text :
                List.of("RTMIN+31", "RTMAX-31", "RTMIN-1", "RTMIN+", "RTMIN+x", "RTMIN_3")) {
            assertThat(Signal.parse(text)).as(text).isEmpty();
        }
        for (Signal signal : Signal.values()) {
            assertThat(Signal.parse(signal.word())).contains(signal);
        }
        assertThat(Signal.RTMIN_15.word()).isEqualTo("RTMIN+15");
        assertThat(Signal.RTMAX_14.word()).isEqualTo("RTMAX-14");
        assertThat(Signal.RTMAX_14.number()).isEqualTo(50);
    }
}
