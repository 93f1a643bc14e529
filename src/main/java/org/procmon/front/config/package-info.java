/**
 * What the HTTP front serves: immutable records, read from the file that the monitor writes for it.
 */
@NullMarked
package org.procmon.front.config;

import org.jspecify.annotations.NullMarked;
