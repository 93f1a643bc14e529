/** Reads the configuration of supervisord. */
@NullMarked
package org.procmon.importing.supervisord;

import org.jspecify.annotations.NullMarked;
