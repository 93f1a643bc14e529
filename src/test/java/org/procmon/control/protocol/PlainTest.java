package org.procmon.control.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTest {
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
        assertThat(Plain.text("a" + text + "b")).isEqualTo("a" + shown + "b");
        assertThat(Plain.lines("a" + text + "b")).isEqualTo("a" + shown + "b");
    }

    @Test
    void whatCanBeSeenIsLeft() {
        String text = "~ \u00e4 \u20ac \u4e2d \ud83d\ude00 e\u0301";
        assertThat(Plain.text(text)).isEqualTo(text);
        assertThat(Plain.text("a\tb\nc")).isEqualTo("a\\u0009b\\u000ac");
        assertThat(Plain.lines("a\tb\nc\r")).isEqualTo("a\tb\nc\\u000d");
    }

    @Test
    void whatIsTooLongIsCutBetweenCharacters() {
        assertThat(Plain.text("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Plain.text("abcdef", 5)).isEqualTo("abcde...");
        assertThat(Plain.text("abcd\ud83d\ude00", 5)).isEqualTo("abcd...");
        assertThat(Plain.text("\u001b".repeat(1_000_000), 100)).hasSizeLessThanOrEqualTo(103);
    }
}
