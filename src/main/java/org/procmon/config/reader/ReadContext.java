package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.Map;

/**
 * The context of a configuration file.
 *
 * @param folder against which its relative paths are resolved
 * @param environment the variables that its values may use
 */
record ReadContext(Path folder, Map<String, String> environment) {}
