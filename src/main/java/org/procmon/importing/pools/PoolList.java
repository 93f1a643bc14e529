package org.procmon.importing.pools;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ConfigurationText;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.SourceLocation;

/** The pools of a configuration under construction, in the order of their sources. */
public final class PoolList {
    /** More pools than anybody configures by hand. */
    private static final int MOST = 2000;

    private final Map<String, String> environment;
    private final List<ProcessDraft> drafts = new ArrayList<>();
    private final List<SourceLocation> spots = new ArrayList<>();

    public PoolList(ImportContext importContext) {
        this.environment = importContext.environment();
    }

    /**
     * Adds a pool.
     *
     * @param spot where the source says that there is one
     */
    public void add(SourceLocation spot, ProcessDraft draft) throws ImportAborted {
        if (drafts.size() == MOST) {
            throw ImportAborted.at(spot, "more than " + MOST + " pools are too many");
        }
        drafts.add(draft);
        spots.add(spot);
    }

    public boolean isEmpty() {
        return drafts.isEmpty();
    }

    /**
     * The pools, all together a valid configuration.
     *
     * @throws ImportAborted with the place of the first pool that cannot be added to those before
     *     it, such as one that listens where another one does
     */
    public List<ProcessDraft> checked() throws ImportAborted {
        if (problem(drafts.size()).isEmpty()) {
            return List.copyOf(drafts);
        }
        int valid = 0;
        int invalid = drafts.size();
        while (invalid - valid > 1) {
            int middle = (valid + invalid) >>> 1;
            if (problem(middle).isEmpty()) {
                valid = middle;
            } else {
                invalid = middle;
            }
        }
        // The lines in it are those of a text that nobody sees.
        String problem = problem(invalid).replaceAll(" in line \\d+", "");
        throw ImportAborted.at(spots.get(invalid - 1), "this cannot be a pool here: " + problem);
    }

    /** Why the first pools make no valid configuration; empty if they do. */
    private String problem(int count) {
        return count == 0 ? "" : problem(drafts.subList(0, count), environment);
    }

    static String problem(List<ProcessDraft> pools, Map<String, String> environment) {
        String text = ConfigurationText.of(ConfigDraft.ofPools(List.of(), pools));
        SpecResult result =
                SpecReader.read(
                        "", text.getBytes(StandardCharsets.UTF_8), Path.of("/"), environment);
        return switch (result) {
            case SpecResult.Valid _ -> "";
            case SpecResult.Invalid invalid ->
                    invalid.problems().stream().findFirst().map(Problem::message).orElse("?");
        };
    }
}
