package org.procmon.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalSafeTest {
    @ParameterizedTest
    @CsvSource({
        "0000, \\u0000",
        "001b, \\u001b",
        "007f, \\u007f",
        "009b, \\u009b",
        "061c, \\u061c",
        "200b, \\u200b",
        "202e, \\u202e",
        "2028, \\u2028",
        "2066, \\u2066",
        "3164, \\u3164",
        "feff, \\ufeff",
        "e000, \\ue000",
        "d800, \\ud800",
        "dc41, \\udc41",
        "0378, \\u0378",
        "e0041, \\U000e0041",
        "e0100, \\U000e0100",
        "10ffff, \\U0010ffff"
    })
    void whatSteersOrHidesIsShownByItsCodePoint(String hex, String shown) {
        String text = Character.toString(Integer.parseInt(hex, 16));
        assertThat(TerminalSafe.text("a" + text + "b")).isEqualTo("a" + shown + "b");
        assertThat(TerminalSafe.lines("a" + text + "b")).isEqualTo("a" + shown + "b");
    }

    @Test
    void whatCanBeSeenIsLeft() {
        String text = "~ \u00e4 \u20ac \u4e2d \ud83d\ude00 e\u0301";
        assertThat(TerminalSafe.text(text)).isEqualTo(text);
        assertThat(TerminalSafe.text("a\tb\nc")).isEqualTo("a\\u0009b\\u000ac");
        assertThat(TerminalSafe.lines("a\tb\nc\r")).isEqualTo("a\tb\nc\\u000d");
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(TerminalSafe.text("abcdef", 6)).isEqualTo("abcdef");
        assertThat(TerminalSafe.text("abcdef", 5)).isEqualTo("abcde...");
        assertThat(TerminalSafe.text("abcd\ud83d\ude00", 5)).isEqualTo("abcd...");
        assertThat(TerminalSafe.text("\u001b".repeat(1_000_000), 100))
                .hasSizeLessThanOrEqualTo(103);
    }

    @Test
    void noCodePointStartsALineOrSteersATerminal() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = TerminalSafe.text(Character.toString(c));
            int shown = text.codePointAt(0);
            assertThat(shown == '\\' || (shown == c && Character.isDefined(c) && c >= ' '))
                    .as("U+%x", c)
                    .isTrue();
            if (Character.getType(c) == Character.FORMAT || Character.isISOControl(c)) {
                assertThat(text).as("U+%x", c).startsWith("\\");
            }
        }
    }
}
