package org.procmon.importing;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ConfigurationText;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportResult;
import org.procmon.importing.procfile.ProcfileImporter;
import org.procmon.importing.supervisord.SupervisordImporter;
import org.procmon.importing.systemd.SystemdImporter;

/** Turns the files of another supervisor into a configuration. */
public final class Importer {
    private Importer() {}

    /**
     * Reads the files, and those that they include.
     *
     * @param files at least one; more only if the format has one file for each process
     * @param environment the variables that are set where the monitor will run
     */
    public static ImportResult read(
            SourceFormat format, List<Path> files, Map<String, String> environment) {
        try {
            ImportContext importContext = ImportContext.of(environment);
            ConfigDraft configDraft =
                    switch (format) {
                        case SUPERVISORD ->
                                SupervisordImporter.read(files.getFirst(), importContext);
                        case PROCFILE -> ProcfileImporter.read(files.getFirst(), importContext);
                        case SYSTEMD -> SystemdImporter.read(files, importContext);
                    };
            String text = ConfigurationText.of(headed(format, files, configDraft));
            return checked(files.getFirst(), text, importContext);
        } catch (ImportAborted e) {
            return e.result();
        } catch (InvalidPathException e) {
            return new ImportResult.Refused(
                    files.getFirst(), 1, "no file can be named '" + e.getInput() + "'");
        }
    }

    private static ConfigDraft headed(
            SourceFormat format, List<Path> files, ConfigDraft configDraft) {
        List<String> comments = new ArrayList<>();
        String more = files.size() == 1 ? "" : " and " + (files.size() - 1) + " more";
        comments.add("Imported from " + files.getFirst() + more + " (" + format.word() + ").");
        comments.addAll(configDraft.comments());
        return new ConfigDraft(comments, configDraft.top(), configDraft.processes());
    }

    /** Returns only a configuration that a monitor accepts. */
    private static ImportResult checked(Path file, String text, ImportContext importContext) {
        SpecResult result =
                SpecReader.read(
                        file.toString(),
                        text.getBytes(StandardCharsets.UTF_8),
                        Path.of("/"),
                        importContext.environment());
        return switch (result) {
            case SpecResult.Valid _ ->
                    new ImportResult.Imported(text, importContext.notes().lines());
            case SpecResult.Invalid invalid ->
                    new ImportResult.Refused(
                            file,
                            1,
                            "what it says is no valid configuration here: "
                                    + invalid.problems().getFirst().message());
        };
    }
}
