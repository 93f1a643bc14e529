/** Reads the applications that mono-fpm starts. */
@NullMarked
package org.procmon.importing.monofpm;

import org.jspecify.annotations.NullMarked;
