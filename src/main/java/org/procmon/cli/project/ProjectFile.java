package org.procmon.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.config.Problem;
import org.procmon.config.reader.ProjectReader;
import org.procmon.config.reader.ProjectReader.Project;

/**
 * Finds and merges the files of a project. If the result differs from the first file, it is written
 * beside that, so that relative paths keep their meaning.
 */
public final class ProjectFile {
    /** What is looked for. */
    public static final String NAME = "procmon.json";

    /** The result, beside the first file. */
    static final String MERGED = ".procmon.up.json";

    private ProjectFile() {}

    /** What came of it. */
    public sealed interface Result {
        /** The configuration to run. */
        record Good(Path file) implements Result {}

        record Bad(List<Problem> problems) implements Result {
            public Bad {
                problems = List.copyOf(problems);
            }
        }
    }

    /** The file of a project in a directory, or in the nearest one above that has any. */
    public static Optional<Path> find(Path from) {
        @Nullable Path folder = from.toAbsolutePath().normalize();
        while (folder != null) {
            Path file = folder.resolve(NAME);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
            folder = folder.getParent();
        }
        return Optional.empty();
    }

    /**
     * Merges files.
     *
     * @param files at least one; the later ones over the earlier ones
     * @param environment the variables of the caller, which win over those of {@code .env}
     * @param profiles whose processes are wanted
     * @throws IOException if the result cannot be written; its message names the file
     */
    public static Result merge(
            List<Path> files, Map<String, String> environment, Set<String> profiles)
            throws IOException {
        Path first = BytePath.absolute(files.getFirst());
        Path dotEnv = first.resolveSibling(ProjectEnv.NAME);
        Map<String, String> variables = new HashMap<>();
        if (Files.isRegularFile(dotEnv)) {
            switch (ProjectEnv.read(dotEnv)) {
                case ProjectEnv.Read.Good(Map<String, String> found) -> variables.putAll(found);
                case ProjectEnv.Read.Bad(Problem problem) -> {
                    return new Result.Bad(List.of(problem));
                }
            }
        }
        variables.putAll(environment);
        return switch (ProjectReader.read(files, variables, profiles)) {
            case Project.Invalid(List<Problem> problems) -> new Result.Bad(problems);
            case Project.Merged merged ->
                    new Result.Good(merged.isAsWritten() ? first : written(merged.json(), first));
        };
    }

    /** With the rights of nobody else: strings may have got secrets. */
    private static Path written(String json, Path first) throws IOException {
        Path file = first.resolveSibling(MERGED);
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("cannot write " + file + ": it has no directory");
        }
        try {
            Path fresh =
                    Files.createTempFile(
                            folder,
                            MERGED,
                            "",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, json);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
