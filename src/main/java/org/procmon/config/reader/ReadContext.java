package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.Map;

/**
 * What surrounds a configuration file.
 *
 * @param folder against which its relative paths are resolved
 * @param environment whose variables its values may use
 */
record ReadContext(Path folder, Map<String, String> environment) {}
