/**
 * What the user configured: immutable records, read from JSON, with all problems of a file reported
 * at once.
 *
 * <p>May use Jackson's streaming parser and nothing of procmon. Everything here is immutable and
 * may be used from any thread.
 */
@NullMarked
package org.procmon.config;

import org.jspecify.annotations.NullMarked;
