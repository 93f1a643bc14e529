package org.procmon.config.reader;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Strings;

/** Reads users and groups: names and numbers. A later check finds whether they exist. */
final class AccountReader {
    static final String USER = "the name of a user or a uid";
    static final String GROUP = "the name of a group or a gid";

    /** The next number is the kernel's "none". */
    private static final long LARGEST_ID = 0xffff_fffeL;

    private static final int MOST_DIGITS = 10;

    private final Problems problems;

    AccountReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param what the value, for messages
     * @param expected {@link #USER} or {@link #GROUP}
     */
    Optional<String> read(@Nullable JsonValue node, String what, String expected) {
        if (node instanceof JsonValue.Numeral id && isId(id.text())) {
            return Optional.of(id.text());
        }
        if (node instanceof JsonValue.Text text) {
            String name = text.value();
            boolean good =
                    Strings.isDigits(name)
                            ? isId(name)
                            : !name.startsWith("@") && ControlReader.isAccount(name);
            if (good) {
                return Optional.of(name);
            }
            problems.badText(what, expected, text);
        } else if (node instanceof JsonValue.Numeral id) {
            problems.add(
                    id.offset(),
                    () -> what + " must be " + expected + ", found " + Problems.shown(id.text()));
        } else if (node != null) {
            problems.wrongKind(what, expected, node);
        }
        return Optional.empty();
    }

    private static boolean isId(String text) {
        return Strings.isDigits(text)
                && text.length() <= MOST_DIGITS
                && Long.parseLong(text) <= LARGEST_ID;
    }
}
