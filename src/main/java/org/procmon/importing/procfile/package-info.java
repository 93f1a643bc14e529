/** Reads a Procfile with the files beside it, as foreman does. */
@NullMarked
package org.procmon.importing.procfile;

import org.jspecify.annotations.NullMarked;
