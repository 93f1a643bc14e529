package org.procmon.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void whatCanBeSeenStaysAsItIs() {
        String text = "plain {} \\ \u00e9 \u4e2d \ud83d\ude00 e\u0301";
        assertThat(LogText.of(text, 100)).isEqualTo(text);
    }

    @Test
    void everyOtherCodePointIsShownByItsNumber() {
        assertThat(LogText.of("\0a\n\r\t\u001b[2J\u007f\u009b", 100))
                .isEqualTo("\\u0000a\\u000a\\u000d\\u0009\\u001b[2J\\u007f\\u009b");
        assertThat(LogText.of("\u202e\u2028\u2029\u200b\ufeff\u00ad", 100))
                .isEqualTo("\\u202e\\u2028\\u2029\\u200b\\ufeff\\u00ad");
        assertThat(LogText.of(Character.toString(0xe0041) + Character.toString(0xe0100), 100))
                .isEqualTo("\\U000e0041\\U000e0100");
        assertThat(LogText.of("\ud800x\udc00 \uffff \ue000 \u0378", 100))
                .isEqualTo("\\ud800x\\udc00 \\uffff \\ue000 \\u0378");
        assertThat(LogText.of(Character.toString(0x10fffe), 100)).isEqualTo("\\U0010fffe");
    }

    @Test
    void noCodePointStartsALineOrSteersATerminal() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = LogText.of(Character.toString(c), 10);
            int shown = text.codePointAt(0);
            assertThat(shown == '\\' || (shown == c && Character.isDefined(c) && c >= ' '))
                    .as("U+%x", c)
                    .isTrue();
            if (Character.getType(c) == Character.FORMAT || Character.isISOControl(c)) {
                assertThat(text).as("U+%x", c).startsWith("\\");
            }
        }
    }

    @Test
    void whatIsTooLongIsCutBetweenCodePoints() {
        assertThat(LogText.of("\ud83d\ude00".repeat(3), 2))
                .isEqualTo("\ud83d\ude00".repeat(2) + "\u2026 (2 more)");
        assertThat(LogText.of("x".repeat(1_000_000), 10))
                .isEqualTo("xxxxxxxxxx\u2026 (999990 more)");
    }
}
