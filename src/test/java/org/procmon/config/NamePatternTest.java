package org.procmon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    web,       web,       true
                    web,       web-1,     false
                    web,       we,        false
                    all,       anything,  true
                    ALL,       anything,  false
                    *,         a,         true
                    web-*,     web-,      true
                    web-*,     web-12,    true
                    web-*,     web,       false
                    *-1,       web-1-1,   true
                    *-1,       web-1-2,   false
                    w*b*1,     webbb-1,   true
                    w**1,      web-1,     true
                    web-?,     web-1,     true
                    web-?,     web-,      false
                    web-?,     web-12,    false
                    web-[13],  web-3,     true
                    web-[13],  web-2,     false
                    web-[1-3], web-2,     true
                    web-[!1-3],web-2,     false
                    web-[^1-3],web-4,     true
                    web-[3-1], web-2,     false
                    [a-],      -,         true
                    []a],      ],         true
                    [!]a],     b,         true
                    [!]a],     ],         false
                    web-[1,    web-[1,    true
                    web-[1,    web-1,     false
                    [],        [],        true
                    [*],       *,         true
                    a.b,       aXb,       false
                    """)
    void aPatternMatchesWhatItMeans(String pattern, String name, boolean expected) {
        assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(expected);
    }

    @Test
    void thePatternOfNothingMatchesNothingElse() {
        assertThat(NamePattern.of("").matches("")).isTrue();
        assertThat(NamePattern.of("").matches("a")).isFalse();
        assertThat(NamePattern.of("*").matches("")).isTrue();
    }

    @Test
    @Timeout(10)
    void noPatternTakesLong() {
        NamePattern stars = NamePattern.of("*a".repeat(1000) + "b");
        assertThat(stars.matches("a".repeat(10_000))).isFalse();
    }

    @Test
    void aHundredHostilePatternsTakeMillisecondsForAThousandNames() {
        List<NamePattern> patterns = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            patterns.add(NamePattern.of("*zz[w]".repeat(21) + i % 10));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            names.add("zzw".repeat(42) + i % 7);
        }
        long begin = System.nanoTime();
        long matches =
                patterns.stream().mapToLong(p -> names.stream().filter(p::matches).count()).sum();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertThat(matches).isEqualTo(10_000);
        // Some 13 million steps; with every way tried one after the other it would be as many
        // billions.
        assertThat(millis).isLessThan(5_000);
    }

    @Test
    void longPatternsAndStrangeCharactersMatchToo() {
        String name = "a".repeat(63) + "b" + "c".repeat(63) + "d";
        assertThat(NamePattern.of("a*" + "?".repeat(100) + "*cd").matches(name)).isTrue();
        assertThat(NamePattern.of("?".repeat(128)).matches(name)).isTrue();
        assertThat(NamePattern.of("?".repeat(127)).matches(name)).isFalse();
        assertThat(NamePattern.of("?".repeat(64) + "[c]*").matches(name)).isTrue();
        assertThat(NamePattern.of("?".repeat(63) + "[c]*").matches(name)).isFalse();
        assertThat(NamePattern.of("[!a]\u20ac*").matches("\u20ac\u20ac x\n")).isTrue();
        assertThat(NamePattern.of("[!\u20ac]*").matches("\u20ac")).isFalse();
    }

    @Test
    void itAgreesWithTheSimplestMatcherThereIs() {
        for (long seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            String pattern = text(random, "ab*?");
            String name = text(random, "ab");
            assertThat(NamePattern.of(pattern).matches(name))
                    .as("%s on %s, seed %s", pattern, name, seed)
                    .isEqualTo(matches(pattern, name));
        }
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        if (pattern.charAt(0) == '*') {
            return matches(pattern.substring(1), name)
                    || (!name.isEmpty() && matches(pattern, name.substring(1)));
        }
        return !name.isEmpty()
                && (pattern.charAt(0) == '?' || pattern.charAt(0) == name.charAt(0))
                && matches(pattern.substring(1), name.substring(1));
    }

    private static String text(Random random, String alphabet) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }
}
