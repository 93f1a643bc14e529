/** Static files, by Jetty. */
@NullMarked
package org.procmon.front.files;

import org.jspecify.annotations.NullMarked;
