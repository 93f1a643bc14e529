package org.procmon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

/** What a message may consist of. */
final class Legibility {
    private Legibility() {}

    /** Expects one line without anything that a terminal would obey, or not show. */
    static void check(String message) {
        assertThat(message.codePoints().allMatch(Legibility::isHarmless)).as(message).isTrue();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
