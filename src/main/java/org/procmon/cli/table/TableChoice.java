package org.procmon.cli.table;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.cli.console.UsageException;
import org.procmon.config.reader.Suggestion;

/**
 * What of the table is shown, and how.
 *
 * @param states only rows in one of these; empty for all
 * @param sort empty for: what has failed first, then what waits for its next try, then the rest
 * @param wide whether nothing is cut, and the command is shown too
 */
public record TableChoice(Set<String> states, Optional<SortKey> sort, boolean wide) {
    /** All rows in the usual order. */
    public static final TableChoice USUAL = new TableChoice(Set.of(), Optional.empty(), false);

    /** The states of processes, and of pools. */
    public static final List<String> STATES =
            List.of(
                    "stopped",
                    "waiting",
                    "starting",
                    "running",
                    "stopping",
                    "backoff",
                    "completed",
                    "failed",
                    "serving");

    public TableChoice {
        states = Set.copyOf(states);
    }

    /**
     * Reads the values of options.
     *
     * @param state names of states with commas; null for all
     * @param sort the word of a {@link SortKey}; null for the usual order
     */
    public static TableChoice of(@Nullable String state, @Nullable String sort, boolean wide)
            throws UsageException {
        List<String> wanted = state == null ? List.of() : List.of(state.split(",", -1));
        for (String one : wanted) {
            if (!STATES.contains(one)) {
                throw new UsageException(
                        "there is no state '" + one + "'" + near(one, STATES, "the states are"));
            }
        }
        Optional<SortKey> key = Optional.ofNullable(sort).flatMap(SortKey::of);
        if (sort != null && key.isEmpty()) {
            throw new UsageException(
                    "the table cannot be sorted by '"
                            + sort
                            + "'"
                            + near(sort, SortKey.words(), "the keys are"));
        }
        return new TableChoice(Set.copyOf(wanted), key, wide);
    }

    private static String near(String word, List<String> words, String all) {
        String suggestion = Suggestion.forWord(word, words);
        return suggestion.isEmpty() ? "; " + all + " " + String.join(", ", words) : suggestion;
    }
}
