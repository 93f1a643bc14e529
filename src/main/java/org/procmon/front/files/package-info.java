/** Files: those of a route, and those that applications have the front send. Blocking code. */
@NullMarked
package org.procmon.front.files;

import org.jspecify.annotations.NullMarked;
