package org.procmon.config;

import java.nio.file.Path;

/**
 * A file with variables, read at each start; see {@link EnvText} and {@link UnitEnvText}.
 *
 * @param path for a file in systemd's syntax it may be a glob
 * @param optional whether it may be missing
 * @param isPublic whether others may read it: it holds no secrets
 * @param overrides whether it beats the key {@code env}
 * @param ofSystemd whether it has the syntax of systemd's EnvironmentFile
 * @param ofProgram whether it stands beside a program, and is its owner's: it may belong to any
 *     user, and is never read through a link
 */
public record EnvFile(
        Path path,
        boolean optional,
        boolean isPublic,
        boolean overrides,
        boolean ofSystemd,
        boolean ofProgram) {
    /** A file with secrets. */
    public EnvFile(Path path, boolean optional) {
        this(path, optional, false);
    }

    /** A file that is not that of a program. */
    public EnvFile(
            Path path, boolean optional, boolean isPublic, boolean overrides, boolean ofSystemd) {
        this(path, optional, isPublic, overrides, ofSystemd, false);
    }

    /** A file of the plain syntax that {@code env} beats. */
    public EnvFile(Path path, boolean optional, boolean isPublic) {
        this(path, optional, isPublic, false, false, false);
    }

    /**
     * A later monitor compares this text to see whether a run started with the same file. Defaults
     * are left out, so that older monitors found the same text.
     */
    @Override
    public String toString() {
        return "EnvFile[path="
                + path
                + ", optional="
                + optional
                + (isPublic ? ", public" : "")
                + (overrides ? ", override" : "")
                + (ofSystemd ? ", systemd" : "")
                + (ofProgram ? ", program" : "")
                + "]";
    }
}
