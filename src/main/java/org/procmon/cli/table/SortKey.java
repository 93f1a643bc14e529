package org.procmon.cli.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the table is sorted by; among equals, in the order of the configuration. */
public enum SortKey {
    /** The most processor time first. */
    CPU,
    /** The most memory first. */
    MEM,
    NAME,
    /** The oldest run first. */
    UP;

    Comparator<StateRow> order() {
        return switch (this) {
            case CPU -> Comparator.comparingDouble(row -> -row.cpu().orElse(-1.0));
            case MEM -> Comparator.comparingLong(row -> -row.rss().orElse(-1));
            case NAME -> Comparator.comparing(StateRow::name);
            case UP -> Comparator.comparingLong(row -> -row.upMs().orElse(-1));
        };
    }

    /** The words of the option. */
    public static List<String> words() {
        List<String> words = new ArrayList<>();
        for (SortKey key : values()) {
            words.add(key.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    public static Optional<SortKey> of(String word) {
        int at = words().indexOf(word);
        return at < 0 ? Optional.empty() : Optional.of(values()[at]);
    }
}
