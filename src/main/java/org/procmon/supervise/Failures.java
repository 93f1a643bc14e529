package org.procmon.supervise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.supervise.port.Reply;

/** The processes for which a command failed, and why. Loop thread only. */
final class Failures {
    /** The length limits of the names in a reply, and of the reasons. */
    private static final int MOST_SHOWN = 10;

    /** The names, grouped by their reason. */
    private final Map<String, List<String>> failed = new LinkedHashMap<>();

    void add(String name, String reason) {
        failed.computeIfAbsent(reason, _ -> new ArrayList<>()).add(name);
    }

    /** The reply, with the first of them as its name; empty if there is none. */
    Optional<Reply.Failed> reply() {
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<String, List<String>> first = failed.entrySet().iterator().next();
        String name = first.getValue().getFirst();
        boolean isAlone = failed.size() == 1 && first.getValue().size() == 1;
        return Optional.of(new Reply.Failed(name, isAlone ? first.getKey() : text()));
    }

    private String text() {
        List<String> shown = new ArrayList<>();
        List<String> others = new ArrayList<>();
        failed.forEach((reason, names) -> {
            if (shown.size() < MOST_SHOWN) {
                shown.add(listed(names) + ": " + reason);
            } else {
                others.addAll(names);
            }
        });
        String text = String.join("; ", shown);
        return others.isEmpty() ? text : text + "; also " + listed(others);
    }

    /** Names for people, shortened to a readable number. */
    static String listed(List<String> names) {
        int shown = Math.min(names.size(), MOST_SHOWN);
        String some = String.join(", ", names.subList(0, shown));
        return shown == names.size() ? some : some + " and %d more".formatted(names.size() - shown);
    }
}
