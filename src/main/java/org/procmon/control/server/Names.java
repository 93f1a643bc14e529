package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.procmon.control.protocol.ErrorName;
import org.procmon.spec.NamePattern;
import org.procmon.spec.ProcessName;
import org.procmon.supervise.Command;

/** The names and patterns that a call gives, checked and looked up. */
final class Names {
    /** The monitor that serves. */
    static final String PRIMARY = "procmon1";

    /** The monitor that stands by. */
    static final String BACKUP = "procmon2";

    private static final int LONGEST_PATTERN = 256;
    private static final int LONGEST_SHOWN = 64;

    private Names() {}

    /** The error that the first bad one deserves, if any is bad. */
    static Optional<Answer> problem(List<String> names) {
        for (String name : names) {
            if (!ProcessName.isValid(name) && !isPattern(name)) {
                return Optional.of(
                        invalid(
                                shown(name),
                                "a name is letters, digits, '.', '_', '@', ':' and '-', at most "
                                        + ProcessName.MAX_LENGTH
                                        + " of them"));
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #problem}, for a command: of the monitors only the backup takes one, to be
     * restarted.
     */
    static Optional<Answer> problemOfCommand(Command command, List<String> names) {
        boolean restarts = command instanceof Command.Restart || command instanceof Command.Roll;
        for (String name : names) {
            if (name.equals(PRIMARY)) {
                return Optional.of(
                        invalid(
                                name,
                                restarts
                                        ? "procmon1 is the monitor itself; procmon upgrade replaces"
                                                + " it"
                                        : "procmon1 is the monitor itself; procmon -x stops it"));
            }
            if (name.equals(BACKUP) && !restarts) {
                return Optional.of(
                        invalid(
                                name,
                                "procmon2 is the backup of the monitor; it can only be restarted"));
            }
        }
        return problem(names);
    }

    /**
     * Those of the items that at least one of the names means, in the order of the items.
     *
     * @param unmatched takes each name that means none
     */
    static <T> List<T> select(
            List<T> items,
            BiPredicate<T, NamePattern> isMeant,
            List<String> names,
            List<String> unmatched) {
        List<NamePattern> patterns = new ArrayList<>(names.size());
        for (String name : names) {
            patterns.add(NamePattern.of(name));
        }
        boolean[] used = new boolean[patterns.size()];
        List<T> selected = new ArrayList<>();
        for (T item : items) {
            boolean wanted = false;
            for (int i = 0; i < used.length; i++) {
                if (isMeant.test(item, patterns.get(i))) {
                    used[i] = true;
                    wanted = true;
                }
            }
            if (wanted) {
                selected.add(item);
            }
        }
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                unmatched.add(names.get(i));
            }
        }
        return selected;
    }

    /** Globs may hold what names hold, and {@code * ? [ ] ! ^}. */
    private static boolean isPattern(String text) {
        if (text.isEmpty() || text.length() > LONGEST_PATTERN) {
            return false;
        }
        boolean wild = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            wild |= c == '*' || c == '?' || c == '[';
            if ("*?[]!^._@:-".indexOf(c) < 0 && !(c < 128 && Character.isLetterOrDigit(c))) {
                return false;
            }
        }
        return wild;
    }

    static Answer invalid(String name, String reason) {
        return Answer.Texts.error(ErrorName.INVALID_NAME, "name", name, "reason", reason);
    }

    private static String shown(String name) {
        return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
    }
}
