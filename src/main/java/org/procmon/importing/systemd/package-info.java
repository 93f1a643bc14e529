/** Reads services and timers of systemd. */
@NullMarked
package org.procmon.importing.systemd;

import org.jspecify.annotations.NullMarked;
