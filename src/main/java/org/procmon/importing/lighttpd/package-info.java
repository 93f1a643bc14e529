/** Reads the FastCGI applications that lighttpd starts. */
@NullMarked
package org.procmon.importing.lighttpd;

import org.jspecify.annotations.NullMarked;
