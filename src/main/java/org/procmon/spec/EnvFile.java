package org.procmon.spec;

import java.nio.file.Path;

/**
 * A file with variables, read at each start; see {@link EnvText}.
 *
 * @param optional whether it may be missing
 */
public record EnvFile(Path path, boolean optional) {}
