/**
 * Reads JSON into the values of a configuration, and reports all problems of all files at once,
 * each with its line and column. One reader for each key.
 *
 * <p>The only user of the JSON parser for configurations. Nothing here is shared between threads.
 */
@NullMarked
package org.procmon.config.reader;

import org.jspecify.annotations.NullMarked;
