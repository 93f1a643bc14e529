package org.procmon.config;

import java.nio.file.Path;

/**
 * A file with variables, read at each start; see {@link EnvText} and {@link UnitEnvText}.
 *
 * @param path for a file of systemd's syntax it may be a pattern of several
 * @param optional whether it may be missing
 * @param isPublic whether others may read it: it holds no secrets
 * @param overrides whether it beats the key {@code env}
 * @param ofSystemd whether it is written as systemd's EnvironmentFile has it
 */
public record EnvFile(
        Path path, boolean optional, boolean isPublic, boolean overrides, boolean ofSystemd) {
    /** One with secrets. */
    public EnvFile(Path path, boolean optional) {
        this(path, optional, false);
    }

    /** One of the plain syntax that {@code env} beats. */
    public EnvFile(Path path, boolean optional, boolean isPublic) {
        this(path, optional, isPublic, false, false);
    }

    /**
     * By which a later monitor finds that a run began with the same; what is as usual is left out,
     * so that an older one found it too.
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
                + "]";
    }
}
