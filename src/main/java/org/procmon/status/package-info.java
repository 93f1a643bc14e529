/** The state of all processes at one moment, and the words for it. Immutable; any thread. */
@NullMarked
package org.procmon.status;

import org.jspecify.annotations.NullMarked;
