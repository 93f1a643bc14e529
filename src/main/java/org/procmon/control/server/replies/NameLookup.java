package org.procmon.control.server.replies;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.procmon.config.Instance;
import org.procmon.config.NamePattern;
import org.procmon.config.ProcessName;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;

/** The names and patterns that a call gives, checked and looked up. */
public final class NameLookup {
    /** The monitor that serves. */
    static final String PRIMARY = "procmon1";

    /** The monitor that stands by. */
    public static final String BACKUP = "procmon2";

    /** How many globs a call gives at most: each of them is held against all processes. */
    static final int MOST_GLOBS = 64;

    /** What a name and its place in a list take, beside its characters, in bytes. */
    private static final int NAME_BYTES = 64;

    /** What a glob takes for each 64 of its characters when it is made ready, in bytes. */
    private static final int GLOB_BYTES = 2048;

    private static final int LONGEST_PATTERN = Call.LONGEST_TEXT;
    private static final int LONGEST_SHOWN = 64;

    private NameLookup() {}

    /** The error that the first bad one deserves, if any is bad. */
    public static Optional<CallReply> problem(List<String> names) {
        int globs = 0;
        for (String name : names) {
            globs += isWild(name) ? 1 : 0;
            if (globs > MOST_GLOBS) {
                return Optional.of(tooLarge("a call gives at most %d globs".formatted(MOST_GLOBS)));
            }
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
    public static Optional<CallReply> problemOfCommand(Command command, List<String> names) {
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
     * @param namesOf the names that an item goes by
     * @param unmatched takes each name that means none
     */
    public static <T> List<T> select(
            List<T> items,
            Function<T, List<String>> namesOf,
            List<String> names,
            Collection<String> unmatched) {
        NameFilter filter = new NameFilter(names);
        Set<String> used = new HashSet<>();
        List<T> selected = new ArrayList<>();
        for (T item : items) {
            if (filter.meansAny(namesOf.apply(item), used)) {
                selected.add(item);
            }
        }
        for (String name : names) {
            if (!used.contains(name)) {
                unmatched.add(name);
            }
        }
        return selected;
    }

    /** The names that a process goes by. */
    public static List<String> of(ProcessView view) {
        Optional<Instance> instance = view.spec().instance();
        return instance.isPresent()
                ? List.of(view.name(), instance.get().group())
                : List.of(view.name());
    }

    /** About how much memory the names of a call take while it is answered, in bytes. */
    public static long weight(Call call) {
        long bytes = NAME_BYTES;
        for (String name : call.names()) {
            bytes += NAME_BYTES + (long) Character.BYTES * name.length();
            bytes += isWild(name) ? GLOB_BYTES * (1L + name.length() / Long.SIZE) : 0;
        }
        return bytes;
    }

    private static boolean isWild(String name) {
        return name.equals(NamePattern.EVERY_NAME)
                || name.indexOf('*') >= 0
                || name.indexOf('?') >= 0
                || name.indexOf('[') >= 0;
    }

    /** Globs may hold what names hold, and {@code * ? [ ] ! ^}. */
    private static boolean isPattern(String text) {
        if (text.isEmpty() || text.length() > LONGEST_PATTERN) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("*?[]!^._@:-".indexOf(c) < 0 && !(c < 128 && Character.isLetterOrDigit(c))) {
                return false;
            }
        }
        return isWild(text);
    }

    private static CallReply tooLarge(String reason) {
        return CallReply.TextReply.error(ErrorName.TOO_LARGE, "reason", reason);
    }

    public static CallReply invalid(String name, String reason) {
        return CallReply.TextReply.error(ErrorName.INVALID_NAME, "name", name, "reason", reason);
    }

    private static String shown(String name) {
        return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
    }
}
