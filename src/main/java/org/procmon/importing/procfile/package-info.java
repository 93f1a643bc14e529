/** Reads a Procfile with the files next to it, as foreman does. */
@NullMarked
package org.procmon.importing.procfile;

import org.jspecify.annotations.NullMarked;
