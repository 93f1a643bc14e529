package org.procmon.config.reader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.procmon.config.ConfigBundle;
import org.procmon.config.Document;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;

/**
 * Reads a configuration file, and finds all its problems at once. No content of a file makes it
 * throw. It does not check whether programs, users and directories exist. It does check the group
 * for the monitor's socket, unless the configuration was accepted before.
 *
 * <p>Stateless; may be used from any thread. Reads the file to its end, and blocks as long as that
 * takes.
 */
public final class SpecReader {
    /** The size of the largest file, in bytes. */
    public static final int LARGEST_FILE = 16 << 20;

    /** How many problems are reported one by one. */
    static final int MOST_PROBLEMS = 100;

    private SpecReader() {}

    /** Reads a file; variables in it come from this program's own environment. */
    public static SpecResult read(Path file) {
        return read(file, System.getenv());
    }

    /**
     * Reads a file.
     *
     * @param environment the variables that values may use
     */
    public static SpecResult read(Path file, Map<String, String> environment) {
        try {
            return read(file, bytes(file), environment);
        } catch (IOException e) {
            return invalid(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * A file that was read, and, if it is valid, the places of its values.
     *
     * @param locations empty if the file cannot be used
     */
    public record Located(SpecResult result, Optional<Locations> locations) {}

    /**
     * Like {@link #read(Path, Map)}, for a caller that checks the values further.
     *
     * @param environment the variables that values may use
     */
    public static Located locate(Path file, Map<String, String> environment) {
        byte[] bytes;
        try {
            bytes = bytes(file);
        } catch (IOException e) {
            return new Located(
                    invalid(file.toString(), String.valueOf(e.getMessage())), Optional.empty());
        }
        Sources sources = new Sources();
        Locations locations = new Locations(sources);
        SpecResult result =
                read(
                        new Document(file.toString(), "", "", bytes),
                        folder(file),
                        IncludeResolver.disk(),
                        Groups.NOW,
                        environment,
                        Map.of(),
                        sources,
                        Optional.of(locations));
        return new Located(
                result,
                result instanceof SpecResult.Valid ? Optional.of(locations) : Optional.empty());
    }

    /**
     * The content of a file, or enough of it to show that it is too large.
     *
     * @throws IOException if it cannot be read; its message is suitable for a {@link Problem}
     */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST_FILE + 1);
        } catch (IOException e) {
            throw new IOException("cannot read the file: " + reason(file, e), e);
        }
    }

    /**
     * Reads a file, and what it includes.
     *
     * @param file for problems; relative paths are resolved against its directory
     * @param environment the variables that values may use
     */
    public static SpecResult read(Path file, byte[] bytes, Map<String, String> environment) {
        return read(file.toString(), bytes, folder(file), environment);
    }

    /**
     * Reads the content of a file, and what it includes.
     *
     * @param name of the file, for problems
     * @param folder against which relative paths are resolved
     * @param environment the variables that values may use
     */
    public static SpecResult read(
            String name, byte[] bytes, Path folder, Map<String, String> environment) {
        Document main = new Document(name, "", "", bytes);
        return read(main, folder, IncludeResolver.disk(), Groups.NOW, environment, Map.of());
    }

    /**
     * Reads a configuration that was kept.
     *
     * @param file from which it once came
     * @param environment the variables that values may use
     */
    public static SpecResult read(
            ConfigBundle configBundle, Path file, Map<String, String> environment) {
        return read(
                configBundle.main(),
                folder(file),
                new IncludeResolver.Kept(configBundle),
                Groups.ACCEPTED,
                environment,
                configBundle.scale());
    }

    /**
     * Reads a file when a monitor starts: a bad one among the files that are followed is left out.
     *
     * @param environment the variables that values may use
     * @param isBeingWritten whether a program in a folder is not whole yet
     */
    public static SpecResult start(
            Path file, Map<String, String> environment, Predicate<Path> isBeingWritten) {
        try {
            return read(
                    new Document(file.toString(), "", "", bytes(file)),
                    folder(file),
                    IncludeResolver.forgiving(isBeingWritten),
                    Groups.NOW,
                    environment,
                    Map.of());
        } catch (IOException e) {
            return invalid(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads again what is followed: files and folders that come and go. All else is as it was kept.
     *
     * @param file from which it once came
     * @param environment the variables that values may use
     * @param isBeingWritten whether a program in a folder is not whole yet
     */
    public static SpecResult follow(
            ConfigBundle configBundle,
            Path file,
            Map<String, String> environment,
            Predicate<Path> isBeingWritten) {
        return read(
                configBundle.main(),
                folder(file),
                new IncludeResolver.Followed(
                        new IncludeResolver.Kept(configBundle),
                        IncludeResolver.forgiving(isBeingWritten)),
                Groups.ACCEPTED,
                environment,
                configBundle.scale());
    }

    private static SpecResult read(
            Document main,
            Path folder,
            IncludeResolver includeResolver,
            Groups groups,
            Map<String, String> environment,
            Map<String, Integer> scale) {
        return read(
                main,
                folder,
                includeResolver,
                groups,
                environment,
                scale,
                new Sources(),
                Optional.empty());
    }

    private static SpecResult read(
            Document main,
            Path folder,
            IncludeResolver includeResolver,
            Groups groups,
            Map<String, String> environment,
            Map<String, Integer> scale,
            Sources sources,
            Optional<Locations> locations) {
        Problems problems = new Problems(sources, MOST_PROBLEMS);
        JsonValue tree = new DocumentReader(sources, problems).read(main);
        if (tree == null) {
            return new SpecResult.Invalid(problems.inFileOrder());
        }
        Folders folders = new Folders(includeResolver, sources, problems);
        ProcessesReader processes =
                new ProcessesReader(sources, includeResolver, environment, problems, folders);
        ReadContext readContext = new ReadContext(folder, environment);
        MonitorSpec spec =
                new MonitorSpecReader(readContext, problems, processes, folders, groups)
                        .read(tree, scale);
        if (!problems.isEmpty()) {
            return new SpecResult.Invalid(problems.inFileOrder());
        }
        locations.ifPresent(all -> processes.entries(scale).locate(all));
        List<Document> documents = new ArrayList<>();
        documents.add(main);
        documents.addAll(processes.included());
        return new SpecResult.Valid(spec, new ConfigBundle(documents, scale, folders.found()));
    }

    /** The directory that a file is in. */
    static Path folder(Path file) {
        Path absolute = file.toAbsolutePath();
        @Nullable Path folder = absolute.getParent();
        return folder == null ? absolute : folder;
    }

    private static SpecResult invalid(String name, String message) {
        return new SpecResult.Invalid(List.of(new Problem(name, 1, 1, message)));
    }

    /** Why a file or a directory cannot be read. */
    static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        @Nullable String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : Problems.harmless(message);
    }
}
