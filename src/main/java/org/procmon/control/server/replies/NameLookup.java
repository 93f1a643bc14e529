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

/** The names and patterns of a call, checked and resolved. */
public final class NameLookup {
    /** The monitor that serves. */
    static final String PRIMARY = "procmon1";

    /** The monitor on standby. */
    public static final String BACKUP = "procmon2";

    /** The most globs in a call: each is matched against all processes. */
    static final int MOST_GLOBS = 64;

    /** The memory of a name and its place in a list, without its characters, in bytes. */
    private static final int NAME_BYTES = 64;

    /** The memory of a compiled glob for each 64 of its characters, in bytes. */
    private static final int GLOB_BYTES = 2048;

    private static final int LONGEST_PATTERN = Call.LONGEST_TEXT;
    private static final int LONGEST_SHOWN = 64;

    private NameLookup() {}

    /** The error for the first invalid name, if any is invalid. */
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
     * As {@link #problem}, for a command: of the monitors it accepts only the backup, and only to
     * restart it.
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
     * The items that match at least one of the names, in the order of the items.
     *
     * @param namesOf the names of an item
     * @param unmatched receives each name that matches no item
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

    /** The names of a process. */
    public static List<String> of(ProcessView view) {
        Optional<Instance> instance = view.spec().instance();
        return instance.isPresent()
                ? List.of(view.name(), instance.get().group())
                : List.of(view.name());
    }

    /** The approximate memory of a call's names while it is in progress, in bytes. */
    public static long weight(Call call) {
        long bytes = NAME_BYTES;
        for (String name : call.names()) {
            bytes += NAME_BYTES + (long) Character.BYTES * name.length();
            bytes += isWild(name) ? GLOB_BYTES * (1L + name.length() / Long.SIZE) : 0;
        }
        return bytes;
    }

    static boolean isWild(String name) {
        return name.equals(NamePattern.EVERY_NAME)
                || name.indexOf('*') >= 0
                || name.indexOf('?') >= 0
                || name.indexOf('[') >= 0;
    }

    /** Globs may contain the characters of names, and {@code * ? [ ] ! ^}. */
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
