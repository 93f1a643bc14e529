package org.procmon.control.server.replies;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.config.NamePattern;

/** The names and globs of a call, compiled to match many processes. Immutable. */
public final class NameFilter {
    private final Set<String> names = new HashSet<>();
    private final List<NamePattern> globs = new ArrayList<>();

    /**
     * @param texts checked by {@link NameLookup#problem} before; none match everything
     */
    public NameFilter(List<String> texts) {
        for (String text : texts) {
            NamePattern pattern = NamePattern.of(text);
            if (pattern.isName()) {
                names.add(text);
            } else {
                globs.add(pattern);
            }
        }
    }

    /** Whether any of these names matches. */
    boolean meansAny(List<String> given) {
        if (names.isEmpty() && globs.isEmpty()) {
            return true;
        }
        for (String name : given) {
            if (names.contains(name)) {
                return true;
            }
            for (NamePattern glob : globs) {
                if (glob.matches(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether any of these names matches.
     *
     * @param used receives all names and globs of the call that match one of them
     */
    boolean meansAny(List<String> given, Set<String> used) {
        boolean any = false;
        for (String name : given) {
            if (names.contains(name)) {
                used.add(name);
                any = true;
            }
            for (NamePattern glob : globs) {
                if (glob.matches(name)) {
                    used.add(glob.toString());
                    any = true;
                }
            }
        }
        return any;
    }
}
