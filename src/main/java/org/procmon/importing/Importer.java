package org.procmon.importing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.command.JuliaFpmImporter;
import org.procmon.importing.command.SpawnFcgiImporter;
import org.procmon.importing.command.SpawnPhpImporter;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ConfigurationText;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportResult;
import org.procmon.importing.lighttpd.LighttpdImporter;
import org.procmon.importing.monofpm.MonoFpmImporter;
import org.procmon.importing.phpfpm.PhpFpmImporter;
import org.procmon.importing.procfile.ProcfileImporter;
import org.procmon.importing.supervisord.SupervisordImporter;
import org.procmon.importing.systemd.SystemdImporter;

/** Turns the files of another supervisor, or a command, into a configuration. */
public final class Importer {
    private Importer() {}

    /** A part of an import that can fail. */
    private interface Reading {
        ConfigDraft read(ImportContext importContext) throws ImportAborted;
    }

    /**
     * Reads the files, and those that they include.
     *
     * @param files at least one; more only if the format has one file for each process
     * @param environment the variables that are set where the monitor will run
     */
    public static ImportResult read(
            SourceFormat format, List<Path> files, Map<String, String> environment) {
        String more = files.size() == 1 ? "" : " and " + (files.size() - 1) + " more";
        return read(
                files.getFirst(),
                "Imported from " + files.getFirst() + more + " (" + format.word() + ").",
                context -> draft(format, files, context),
                environment);
    }

    private static ConfigDraft draft(
            SourceFormat format, List<Path> files, ImportContext importContext)
            throws ImportAborted {
        return switch (format) {
            case SUPERVISORD -> SupervisordImporter.read(files.getFirst(), importContext);
            case PROCFILE -> ProcfileImporter.read(files.getFirst(), importContext);
            case SYSTEMD -> SystemdImporter.read(files, importContext);
            case PHP_FPM -> PhpFpmImporter.read(files, importContext);
            case LIGHTTPD -> LighttpdImporter.read(files.getFirst(), importContext);
            case MONO_FPM -> MonoFpmImporter.read(files, importContext);
            case SPAWN_FCGI, SPAWN_PHP -> SpawnPhpImporter.read(files.getFirst(), importContext);
            case JULIA_FPM -> throw new IllegalArgumentException(format + " has no files");
        };
    }

    /**
     * Reads a command.
     *
     * @param words at least one: the whole command, which is split as a shell does, or its words;
     *     of spawn-fcgi also a script that has the command
     * @param environment the variables that are set where the monitor will run
     */
    public static ImportResult command(
            SourceFormat format, List<String> words, Map<String, String> environment) {
        boolean mayBeScript = format == SourceFormat.SPAWN_FCGI && words.size() == 1;
        if (mayBeScript && isFile(words.getFirst())) {
            return read(format, List.of(BytePath.named(words.getFirst())), environment);
        }
        return read(
                Path.of(format.word()),
                "Imported from the command: " + String.join(" ", words),
                context -> command(format, words, context),
                environment);
    }

    private static boolean isFile(String text) {
        try {
            return Files.isRegularFile(BytePath.named(text));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static ConfigDraft command(
            SourceFormat format, List<String> words, ImportContext importContext)
            throws ImportAborted {
        return switch (format) {
            case SPAWN_FCGI -> SpawnFcgiImporter.read(words, importContext);
            case JULIA_FPM -> JuliaFpmImporter.read(words, importContext);
            case SUPERVISORD, PROCFILE, SYSTEMD, PHP_FPM, SPAWN_PHP, LIGHTTPD, MONO_FPM ->
                    throw new IllegalArgumentException(format + " has files");
        };
    }

    private static ImportResult read(
            Path source, String comment, Reading reading, Map<String, String> environment) {
        try {
            ImportContext importContext = ImportContext.of(environment);
            ConfigDraft draft = reading.read(importContext);
            List<String> comments = new ArrayList<>(List.of(comment));
            comments.addAll(draft.comments());
            String text =
                    ConfigurationText.of(
                            new ConfigDraft(
                                    comments, draft.top(), draft.processes(), draft.pools()));
            return checked(source, text, importContext);
        } catch (ImportAborted e) {
            return e.result();
        } catch (InvalidPathException e) {
            return new ImportResult.Refused(
                    source, 1, "no file can be named '" + e.getInput() + "'");
        }
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
