/**
 * What the monitor does for the HTTP front: it writes the file that says what to serve. {@code
 * http_proc} follows that file.
 */
@NullMarked
package org.procmon.front.publish;

import org.jspecify.annotations.NullMarked;
