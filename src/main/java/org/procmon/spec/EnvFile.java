package org.procmon.spec;

import java.nio.file.Path;

/**
 * A file with variables, read at each start; see {@link EnvText}.
 *
 * @param optional whether it may be missing
 * @param isPublic whether others may read it: it holds no secrets
 */
public record EnvFile(Path path, boolean optional, boolean isPublic) {
    /** One with secrets. */
    public EnvFile(Path path, boolean optional) {
        this(path, optional, false);
    }
}
